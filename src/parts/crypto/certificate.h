// SPDX-License-Identifier: Apache-2.0
// Why: X.509 certificates with SM2 keys (RFC 5280, GB/T 20518), and a city's own authority for
// them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "parts/crypto/sm2.h"

namespace city::crypto {

/// Signs a message with an SM2 key and the default identity; DER. A KeyDevice's Sign fits.
using SignMessage = std::function<Result<std::string>(std::string_view message)>;

/// Who a certificate is about.
struct DistinguishedName {
  std::string country = "CN";
  std::string province, locality, organization, unit, common_name;
};

/// What a certificate's key may do.
enum class CertificateUse {
  kAuthority,  ///< issue certificates and revocation lists
  kSign,       ///< sign documents, seal
  kEncrypt,    ///< receive encrypted keys
  kTimeStamp,  ///< sign time stamps, and nothing else
  kStatus,     ///< answer questions about revocation
};

/// A certificate to be issued.
struct CertificateOrder {
  DistinguishedName subject;
  Sm2PublicKey key;
  CertificateUse use = CertificateUse::kSign;
  Time from{}, to{};
  std::string crl_address, status_address;  ///< where revocation can be asked; may be empty
};

/// A certificate that was read. Copies are cheap enough. Threads: any.
class Certificate {
 public:
  /// From DER or PEM. Errors: crypto.bad_certificate, also for keys other than SM2.
  static Result<Certificate> Parse(std::string_view der_or_pem);

  const std::string& der() const { return der_; }
  std::string ToPem() const;
  /// "CN=…, O=…".
  const std::string& subject() const { return subject_; }
  const std::string& issuer() const { return issuer_; }
  const std::string& common_name() const { return common_name_; }
  const std::string& subject_der() const { return subject_der_; }
  const std::string& issuer_der() const { return issuer_der_; }
  /// Lower-case hex, no leading noughts in front of whole bytes.
  const std::string& serial() const { return serial_; }
  Time from() const { return from_; }
  Time to() const { return to_; }
  bool is_authority() const { return authority_; }
  /// Whether the key usages (and, for special uses, the extended ones) allow `use`.
  bool Allows(CertificateUse use) const;
  const Sm2PublicKey& key() const { return key_; }
  /// Whether the holder of `issuer` signed this certificate.
  bool SignedBy(const Sm2PublicKey& issuer) const;
  friend bool operator==(const Certificate& a, const Certificate& b) { return a.der_ == b.der_; }

 private:
  explicit Certificate(Sm2PublicKey key) : key_(std::move(key)) {}

  std::string der_, subject_, issuer_, common_name_, subject_der_, issuer_der_, serial_, tbs_,
      signature_;
  Time from_{}, to_{};
  bool authority_ = false;
  uint32_t usage_ = 0, extended_ = 0;
  Sm2PublicKey key_;
};

/// A new certificate. `issuer` null: signed by the key itself (a root). The serial number is
/// random, 127 bits. Errors: those of `sign`; crypto.bad_certificate when the name is empty.
Result<Certificate> IssueCertificate(const CertificateOrder& order, const Certificate* issuer,
                                     const SignMessage& sign);

/// A certificate that is no longer good, and since when.
struct Revocation {
  Time at{};
  int reason = 0;  ///< RFC 5280, 5.3.1: 0 unspecified, 1 key compromise, 4 superseded, 5 ended …
};

/// A revocation list (RFC 5280, 5).
struct RevocationList {
  std::string issuer_der;
  Time this_update{}, next_update{};
  int64_t number = 0;
  std::map<std::string, Revocation> revoked;  ///< by serial
  std::string der;
  /// Errors: crypto.bad_certificate.
  static Result<RevocationList> Parse(std::string_view der_or_pem);
  std::string ToPem() const;
  bool SignedBy(const Sm2PublicKey& issuer) const;
};

/// A new list of `revoked` serials. Errors: those of `sign`.
Result<RevocationList> IssueRevocationList(const Certificate& issuer,
                                           const std::map<std::string, Revocation>& revoked,
                                           int64_t number, Time this_update, Time next_update,
                                           const SignMessage& sign);

/// Whether `leaf` was good at the moment `at`: a chain over `others` to one of `roots`, each
/// signature, validity, authority and length, and that no list in `lists` names any of them as
/// revoked by then. Errors: crypto.untrusted with the certificate and the reason.
Result<void> CheckChain(const Certificate& leaf, std::span<const Certificate> others,
                        std::span<const Certificate> roots, Time at,
                        std::span<const RevocationList> lists = {});

/// Answers a question about revocation (RFC 6960). `request`: DER. `status`: what is known of a
/// serial: nothing for unknown, a Revocation whose `at` is Time::max() for good.
/// `responder` is the issuer itself or was issued by it for kStatus; `sign` its key.
/// Errors: crypto.bad_encoding for what is no question.
Result<std::string> AnswerStatusRequest(
    std::string_view request, const Certificate& issuer, const Certificate& responder, Time now,
    const std::function<std::optional<Revocation>(const std::string& serial)>& status,
    const SignMessage& sign);

}  // namespace city::crypto
