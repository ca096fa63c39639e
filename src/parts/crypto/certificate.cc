// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Certificates are read with the library's own parser and written with ours.
#include "parts/crypto/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

constexpr std::string_view kSm2WithSm3 = "1.2.156.10197.1.501";

tl::unexpected<Error> Bad(const std::string& reason) {
  return error::kBadCertificate({{"reason", reason}});
}

std::string Algorithm() { return der::Sequence({der::Oid(kSm2WithSm3)}); }

std::string NameDer(const DistinguishedName& name) {
  std::string out;
  auto add = [&](std::string_view oid, const std::string& value, bool printable = false) {
    if (value.empty()) return;
    out += der::Set(
        {der::Sequence({der::Oid(oid), printable ? der::Printable(value) : der::Utf8(value)})});
  };
  add("2.5.4.6", name.country, true);
  add("2.5.4.8", name.province);
  add("2.5.4.7", name.locality);
  add("2.5.4.10", name.organization);
  add("2.5.4.11", name.unit);
  add("2.5.4.3", name.common_name);
  return der::Tlv(der::kSequence, out);
}

std::string KeyId(const Sm2PublicKey& key) {
  return std::string(View(Sm3(key.Point())).substr(0, 20));
}

std::string Extension(std::string_view oid, bool critical, std::string_view value) {
  return der::Sequence({der::Oid(oid), critical ? der::Boolean(true) : "", der::Octets(value)});
}

// Key usage bits from the most significant one of the first byte (RFC 5280, 4.2.1.3).
std::string UsageBits(CertificateUse use) {
  uint8_t bits = 0;
  int unused = 0;
  switch (use) {
    case CertificateUse::kAuthority:
      bits = 0x06;  // keyCertSign, cRLSign
      unused = 1;
      break;
    case CertificateUse::kSign:
      bits = 0xc0;  // digitalSignature, nonRepudiation
      unused = 6;
      break;
    case CertificateUse::kEncrypt:
      bits = 0x38;  // keyEncipherment, dataEncipherment, keyAgreement
      unused = 3;
      break;
    case CertificateUse::kTimeStamp:
    case CertificateUse::kStatus:
      bits = 0x80;
      unused = 7;
      break;
  }
  const char content[] = {static_cast<char>(unused), static_cast<char>(bits)};
  return der::Tlv(der::kBits, std::string_view(content, 2));
}

std::string Extensions(const CertificateOrder& order, const Sm2PublicKey& issuer_key) {
  std::string out;
  const bool authority = order.use == CertificateUse::kAuthority;
  out += Extension("2.5.29.19", true,
                   authority ? der::Sequence({der::Boolean(true)}) : der::Sequence({}));
  out += Extension("2.5.29.15", true, UsageBits(order.use));
  if (order.use == CertificateUse::kTimeStamp) {
    out += Extension("2.5.29.37", true, der::Sequence({der::Oid("1.3.6.1.5.5.7.3.8")}));
  }
  if (order.use == CertificateUse::kStatus) {
    out += Extension("2.5.29.37", false, der::Sequence({der::Oid("1.3.6.1.5.5.7.3.9")}));
    out += Extension("1.3.6.1.5.5.7.48.1.5", false, der::Null());  // no status of the answerer
  }
  out += Extension("2.5.29.14", false, der::Octets(KeyId(order.key)));
  out += Extension("2.5.29.35", false, der::Sequence({der::Tlv(0x80, KeyId(issuer_key))}));
  if (!order.crl_address.empty()) {
    const std::string address = der::Tlv(0x86, order.crl_address);
    out += Extension("2.5.29.31", false,
                     der::Sequence({der::Sequence({der::Explicit(0, der::Explicit(0, address))})}));
  }
  if (!order.status_address.empty()) {
    out += Extension("1.3.6.1.5.5.7.1.1", false,
                     der::Sequence({der::Sequence(
                         {der::Oid("1.3.6.1.5.5.7.48.1"), der::Tlv(0x86, order.status_address)})}));
  }
  return der::Explicit(3, der::Tlv(der::kSequence, out));
}

std::string NameText(const X509_NAME* name) {
  std::unique_ptr<BIO, void (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_vfree);
  X509_NAME_print_ex(memory.get(), name, 0,
                     ASN1_STRFLGS_UTF8_CONVERT | XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string NameBytes(X509_NAME* name) {
  unsigned char* data = nullptr;
  const int size = i2d_X509_NAME(name, &data);
  std::string out(reinterpret_cast<char*>(data), static_cast<size_t>(std::max(size, 0)));
  OPENSSL_free(data);
  return out;
}

Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_days(std::chrono::year(parts.tm_year + 1900) / (parts.tm_mon + 1) /
                               parts.tm_mday) +
         std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

std::string Pem(std::string_view label, std::string_view der) {
  const std::string text = ToBase64(der);
  std::string out = "-----BEGIN " + std::string(label) + "-----\n";
  for (size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
  return out + "-----END " + std::string(label) + "-----\n";
}

// DER as it is, or from PEM with this label.
Result<std::string> DerOf(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const size_t start = text.find(begin);
  if (start == std::string_view::npos) return std::string(text);
  const size_t end = text.find("-----END", start);
  if (end == std::string_view::npos) return Bad("PEM");
  std::string body;
  for (char c : text.substr(start + begin.size(), end - start - begin.size())) {
    if (!std::isspace(static_cast<unsigned char>(c))) body += c;
  }
  return FromBase64(body);
}

// The three parts of a signed structure; the signature must be SM2 with SM3.
struct Signed {
  std::string tbs, signature;
};

Result<Signed> SignedParts(std::string_view bytes) {
  der::Reader outer(bytes);
  TRY(der::Reader parts, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(der::Element tbs, parts.Next());
  TRY(der::Reader algorithm, parts.Enter(der::kSequence));
  TRY(std::string oid, algorithm.TakeOid());
  TRY(std::string_view signature, parts.TakeBits());
  TRY_VOID(parts.Finish());
  if (oid != kSm2WithSm3) return Bad("signature algorithm " + oid);
  return Signed{std::string(tbs.whole), std::string(signature)};
}

std::string Hex(std::string_view number) {
  while (number.size() > 1 && number[0] == 0) number.remove_prefix(1);
  return ToHex(number);
}

}  // namespace

Result<Certificate> Certificate::Parse(std::string_view der_or_pem) {
  TRY(std::string bytes, DerOf(der_or_pem, "CERTIFICATE"));
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::unique_ptr<X509, void (*)(X509*)> x509(
      d2i_X509(nullptr, &data, static_cast<long>(bytes.size())), X509_free);
  ERR_clear_error();
  if (!x509 || data != reinterpret_cast<const unsigned char*>(bytes.data()) + bytes.size()) {
    return Bad("no X.509 certificate");
  }
  Result<Signed> parts = SignedParts(bytes);
  if (!parts) return Bad("not signed with SM2 and SM3");
  unsigned char* spki = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509.get()), &spki);
  std::string key_der(reinterpret_cast<char*>(spki), static_cast<size_t>(std::max(size, 0)));
  OPENSSL_free(spki);
  auto key = Sm2PublicKey::Parse(key_der);
  if (!key) return Bad("its key is not of SM2");
  Certificate out(std::move(*key));
  out.der_ = std::move(bytes);
  out.tbs_ = std::move(parts->tbs);
  out.signature_ = std::move(parts->signature);
  X509_NAME* subject = X509_get_subject_name(x509.get());
  X509_NAME* issuer = X509_get_issuer_name(x509.get());
  out.subject_ = NameText(subject);
  out.issuer_ = NameText(issuer);
  out.subject_der_ = NameBytes(subject);
  out.issuer_der_ = NameBytes(issuer);
  if (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0) {
    unsigned char* text = nullptr;
    const int length =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (length > 0)
      out.common_name_.assign(reinterpret_cast<char*>(text), static_cast<size_t>(length));
    OPENSSL_free(text);
  }
  const ASN1_INTEGER* serial = X509_get0_serialNumber(x509.get());
  out.serial_ = Hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                     static_cast<size_t>(ASN1_STRING_length(serial))});
  out.from_ = TimeOf(X509_get0_notBefore(x509.get()));
  out.to_ = TimeOf(X509_get0_notAfter(x509.get()));
  out.usage_ = X509_get_key_usage(x509.get());
  out.extended_ = X509_get_extended_key_usage(x509.get());
  out.authority_ = (X509_get_extension_flags(x509.get()) & EXFLAG_CA) != 0;
  if (X509_get_extension_flags(x509.get()) & (EXFLAG_INVALID | EXFLAG_CRITICAL)) {
    return Bad("an extension that is wrong or unknown");
  }
  ERR_clear_error();
  return out;
}

std::string Certificate::ToPem() const { return Pem("CERTIFICATE", der_); }

bool Certificate::Allows(CertificateUse use) const {
  switch (use) {
    case CertificateUse::kAuthority:
      return authority_ && (usage_ & KU_KEY_CERT_SIGN);
    case CertificateUse::kSign:
      return !authority_ && (usage_ & KU_DIGITAL_SIGNATURE) && extended_ == UINT32_MAX;
    case CertificateUse::kEncrypt:
      return !authority_ && (usage_ & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT));
    case CertificateUse::kTimeStamp:
      return extended_ != UINT32_MAX && (extended_ & XKU_TIMESTAMP);
    case CertificateUse::kStatus:
      return extended_ != UINT32_MAX && (extended_ & XKU_OCSP_SIGN);
  }
  return false;
}

bool Certificate::SignedBy(const Sm2PublicKey& issuer) const {
  return issuer.Verify(tbs_, signature_);
}

Result<Certificate> IssueCertificate(const CertificateOrder& order, const Certificate* issuer,
                                     const SignMessage& sign) {
  if (order.subject.common_name.empty()) return Bad("the name is empty");
  std::string serial = RandomBytes(16);
  serial[0] = static_cast<char>((serial[0] & 0x7f) | 0x40);
  const std::string subject = NameDer(order.subject);
  const std::string tbs = der::Sequence(
      {der::Explicit(0, der::Integer(2)), der::BigInteger(serial), Algorithm(),
       issuer ? issuer->subject_der() : subject,
       der::Sequence({der::CertificateTime(order.from), der::CertificateTime(order.to)}), subject,
       order.key.ToDer(), Extensions(order, issuer ? issuer->key() : order.key)});
  TRY(std::string signature, sign(tbs));
  return Certificate::Parse(der::Sequence({tbs, Algorithm(), der::Bits(signature)}));
}

Result<RevocationList> RevocationList::Parse(std::string_view der_or_pem) {
  RevocationList out;
  TRY(out.der, DerOf(der_or_pem, "X509 CRL"));
  TRY(Signed parts, SignedParts(out.der));
  der::Reader outer(parts.tbs);
  TRY(der::Reader tbs, outer.Enter(der::kSequence));
  TRY(int64_t version, tbs.TakeInteger());
  if (version != 1) return Bad("revocation list version");
  TRY_VOID(tbs.Next());
  TRY(der::Element issuer, tbs.Next());
  out.issuer_der = issuer.whole;
  TRY(out.this_update, tbs.TakeTime());
  TRY(out.next_update, tbs.TakeTime());
  if (tbs.Is(der::kSequence)) {
    TRY(der::Reader list, tbs.Enter(der::kSequence));
    while (!list.AtEnd()) {
      TRY(der::Reader entry, list.Enter(der::kSequence));
      TRY(std::string_view serial, entry.Take(der::kInteger));
      Revocation one;
      TRY(one.at, entry.TakeTime());
      while (!entry.AtEnd()) {
        TRY(der::Reader extensions, entry.Enter(der::kSequence));
        while (!extensions.AtEnd()) {
          TRY(der::Reader extension, extensions.Enter(der::kSequence));
          TRY(std::string oid, extension.TakeOid());
          if (extension.Is(der::kBoolean)) TRY_VOID(extension.Next());
          TRY(der::Reader value, extension.Enter(der::kOctets));
          if (oid != "2.5.29.21") continue;
          TRY(std::string_view reason, value.Take(der::kEnumerated));
          if (reason.size() == 1) one.reason = reason[0];
        }
      }
      out.revoked[Hex(serial)] = one;
    }
  }
  if (!tbs.AtEnd()) {
    TRY(der::Reader wrapped, tbs.Enter(0xa0));
    TRY(der::Reader extensions, wrapped.Enter(der::kSequence));
    while (!extensions.AtEnd()) {
      TRY(der::Reader extension, extensions.Enter(der::kSequence));
      TRY(std::string oid, extension.TakeOid());
      if (extension.Is(der::kBoolean)) return Bad("a critical extension of a revocation list");
      TRY(der::Reader value, extension.Enter(der::kOctets));
      if (oid == "2.5.29.20") {
        TRY(out.number, value.TakeInteger());
      }
    }
  }
  return out;
}

std::string RevocationList::ToPem() const { return Pem("X509 CRL", der); }

bool RevocationList::SignedBy(const Sm2PublicKey& issuer) const {
  Result<Signed> parts = SignedParts(der);
  return parts && issuer.Verify(parts->tbs, parts->signature);
}

Result<RevocationList> IssueRevocationList(const Certificate& issuer,
                                           const std::map<std::string, Revocation>& revoked,
                                           int64_t number, Time this_update, Time next_update,
                                           const SignMessage& sign) {
  std::string entries;
  for (const auto& [serial, revocation] : revoked) {
    TRY(std::string bytes, FromHex(serial));
    const char reason = static_cast<char>(revocation.reason);
    const std::string extensions = der::Sequence(
        {Extension("2.5.29.21", false, der::Tlv(der::kEnumerated, std::string_view(&reason, 1)))});
    entries += der::Sequence({der::BigInteger(bytes), der::CertificateTime(revocation.at),
                              revocation.reason ? extensions : ""});
  }
  const std::string extensions = der::Explicit(
      0, der::Sequence(
             {Extension("2.5.29.35", false, der::Sequence({der::Tlv(0x80, KeyId(issuer.key()))})),
              Extension("2.5.29.20", false, der::Integer(number))}));
  const std::string tbs =
      der::Sequence({der::Integer(1), Algorithm(), issuer.subject_der(),
                     der::CertificateTime(this_update), der::CertificateTime(next_update),
                     entries.empty() ? "" : der::Tlv(der::kSequence, entries), extensions});
  TRY(std::string signature, sign(tbs));
  return RevocationList::Parse(der::Sequence({tbs, Algorithm(), der::Bits(signature)}));
}

Result<void> CheckChain(const Certificate& leaf, std::span<const Certificate> others,
                        std::span<const Certificate> roots, Time at,
                        std::span<const RevocationList> lists) {
  auto untrusted = [](const Certificate& one, const char* zh, const char* en) {
    return error::kUntrusted({{"subject", one.subject()}, {"reason_zh", zh}, {"reason_en", en}});
  };
  const Certificate* one = &leaf;
  for (int depth = 0; depth < 8; ++depth) {
    if (at < one->from()) return untrusted(*one, "尚未生效", "it was not valid yet");
    if (at > one->to()) return untrusted(*one, "已过期", "it had expired");
    const Certificate* parent = nullptr;
    bool root = false;
    auto look = [&](std::span<const Certificate> pool, bool are_roots) {
      for (const Certificate& candidate : pool) {
        if (parent || candidate.subject_der() != one->issuer_der()) continue;
        if (!one->SignedBy(candidate.key())) continue;
        parent = &candidate;
        root = are_roots;
      }
    };
    look(roots, true);
    if (!parent) look(others, false);
    if (!parent) {
      return untrusted(*one, "找不到可信的签发机构", "no trusted authority signed it");
    }
    if (!parent->Allows(CertificateUse::kAuthority)) {
      return untrusted(*parent, "不是签发机构的证书", "it is not that of an authority");
    }
    for (const RevocationList& list : lists) {
      if (list.issuer_der != parent->subject_der() || !list.SignedBy(parent->key())) continue;
      auto found = list.revoked.find(one->serial());
      if (found != list.revoked.end() && found->second.at <= at) {
        return untrusted(*one, "已被吊销", "it had been revoked");
      }
    }
    if (root) {
      if (at < parent->from() || at > parent->to()) {
        return untrusted(*parent, "根证书不在有效期内", "the root was not valid then");
      }
      return {};
    }
    one = parent;
  }
  return untrusted(leaf, "证书链过长", "its chain is too long");
}

}  // namespace city::crypto
