// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/authority.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engines/certificates/errors.h"

namespace city::certificates {
namespace fs = std::filesystem;
namespace {
using crypto::CertificateUse;

struct Wanted {
  const char* name;
  const char* words;
  CertificateUse use;
  const char* issuer;  ///< empty: itself
  int years;
};
constexpr Wanted kWanted[] = {
    {"root", "根证书", CertificateUse::kAuthority, "", 30},
    {"issuing", "签发机构", CertificateUse::kAuthority, "root", 20},
    {"seal-maker", "电子印章制作系统", CertificateUse::kSign, "issuing", 10},
    {"time-stamp", "时间戳服务", CertificateUse::kTimeStamp, "issuing", 10},
};
constexpr auto kYear = std::chrono::hours(24) * 365;

std::string KeyOf(std::string_view who) { return "authority-" + std::string(who); }
}  // namespace

crypto::SignMessage Authority::SignerOfKey(const std::string& key_name) const {
  crypto::KeyDevice* keys = &keys_;
  return [keys, key_name](std::string_view message) { return keys->Sign(key_name, message); };
}
crypto::SignDigest Authority::DigestSignerOfKey(const std::string& key_name) const {
  crypto::KeyDevice* keys = &keys_;
  return [keys, key_name](const crypto::Digest& e) { return keys->SignDigest(key_name, e); };
}
crypto::SignMessage Authority::SignerOf(const std::string& who) const {
  return SignerOfKey(KeyOf(who));
}

Result<std::unique_ptr<Authority>> Authority::Open(const std::string& folder,
                                                   crypto::KeyDevice& keys, const std::string& city,
                                                   Time now) {
  auto made = std::unique_ptr<Authority>(new Authority(keys));
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return error::kBadFolder;
  for (const Wanted& wanted : kWanted) {
    TRY_VOID(keys.Ensure(KeyOf(wanted.name), crypto::Purpose::kSign, now));
    TRY(crypto::Sm2PublicKey key, keys.PublicKey(KeyOf(wanted.name)));
    fs::path path = fs::path(folder) / (std::string(wanted.name) + ".pem");
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    // A certificate that belongs to another key (an old folder with a new key store) is made anew.
    if (auto found = crypto::Certificate::Parse(text.str());
        found && found->key().Point() == key.Point() && found->to() > now && found->from() <= now) {
      made->certificates_.emplace(wanted.name, std::move(*found));
      continue;
    }
    const crypto::Certificate* issuer =
        *wanted.issuer ? &made->certificates_.at(wanted.issuer) : nullptr;
    crypto::CertificateOrder order{
        .subject = {.organization = city, .common_name = city + wanted.words},
        .key = key,
        .use = wanted.use,
        .from = now - std::chrono::hours(24 * 400),  // stories and imports look back a year
        .to = now + kYear * wanted.years,
        .crl_address = "",
        .status_address = ""};
    TRY(crypto::Certificate certificate,
        crypto::IssueCertificate(order, issuer,
                                 made->SignerOf(*wanted.issuer ? wanted.issuer : wanted.name)));
    std::ofstream out(path, std::ios::binary);
    out << certificate.ToPem();
    if (!out.flush()) return error::kBadFolder;
    made->certificates_.emplace(wanted.name, std::move(certificate));
  }
  return made;
}

Result<crypto::Certificate> Authority::Certify(const std::string& key_name,
                                               const std::string& organisation,
                                               const std::string& name, Time from, Time to) const {
  TRY(crypto::Sm2PublicKey key, keys_.PublicKey(key_name));
  crypto::CertificateOrder order{.subject = {.organization = organisation, .common_name = name},
                                 .key = key,
                                 .use = CertificateUse::kSign,
                                 .from = from,
                                 .to = to,
                                 .crl_address = "",
                                 .status_address = ""};
  return crypto::IssueCertificate(order, &issuing(), SignerOf("issuing"));
}

Result<std::string> Authority::Stamp(std::string_view digest, Time now) const {
  TRY(std::string answer,
      crypto::AnswerTimeStampRequest(crypto::TimeStampRequest(digest, crypto::RandomBytes(8)),
                                     stamper(), now, SignerOf("time-stamp")));
  return crypto::TokenOf(answer);
}

Result<crypto::RevocationList> Authority::Revocations(
    const std::map<std::string, crypto::Revocation>& revoked, Time now) const {
  return crypto::IssueRevocationList(
      issuing(), revoked, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count(),
      now, now + std::chrono::hours(24), SignerOf("issuing"));
}
}  // namespace city::certificates
