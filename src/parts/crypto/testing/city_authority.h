// SPDX-License-Identifier: Apache-2.0
// Why: tests need a city's authority with certificates of every use; other libraries' tests too.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "parts/crypto/certificate.h"

namespace city::crypto::testing {

/// A key with its certificate.
struct Holder {
  Sm2PrivateKey key;
  Certificate certificate;
  SignMessage sign() const {
    return [key = key](std::string_view message) { return key.Sign(message); };
  }
};

/// A root, an issuing authority below it, and whoever is asked for. Valid 2026 to 2036.
struct CityAuthority {
  static Time At(int year, int month = 1, int day = 1) {
    return std::chrono::sys_days(std::chrono::year(year) / month / day);
  }

  static Holder Make(const std::string& name, CertificateUse use, const Holder* issuer,
                     Time from = At(2026), Time to = At(2036)) {
    Sm2PrivateKey key = Sm2PrivateKey::Generate();
    CertificateOrder order{.subject = {.organization = "明月市", .common_name = name},
                           .key = key.PublicKey(),
                           .use = use,
                           .from = from,
                           .to = to,
                           .crl_address = "http://ca.example/list.crl",
                           .status_address = "http://ca.example/status"};
    auto own = [key](std::string_view message) { return key.Sign(message); };
    auto made = IssueCertificate(order, issuer ? &issuer->certificate : nullptr,
                                 issuer ? issuer->sign() : SignMessage(own));
    EXPECT_TRUE(made) << made.error().ToLine();
    return {key, std::move(*made)};
  }

  Holder root = Make("明月市根证书", CertificateUse::kAuthority, nullptr);
  Holder issuing = Make("明月市签发机构", CertificateUse::kAuthority, &root);
};

/// A folder in which the command line of OpenSSL works.
class OpenSslFolder {
 public:
  OpenSslFolder() {
    char name[] = "/tmp/yiwang-crypto-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~OpenSslFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  void Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(path_ + "/" + name, std::ios::binary);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }
  /// Whether `openssl WORDS` ended well; what it said is in out.txt.
  bool Run(const std::string& words) const {
    return system(("cd " + path_ + " && openssl " + words + " >out.txt 2>&1").c_str()) == 0;
  }

 private:
  std::string path_;
};

}  // namespace city::crypto::testing
