// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The token is a SignedData of GM/T 0010's shape with the content types of
// RFC 3161, which international readers know.
#include "parts/crypto/time_stamp.h"

#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

constexpr std::string_view kSm3 = "1.2.156.10197.1.401", kSm2WithSm3 = "1.2.156.10197.1.501",
                           kSignedData = "1.2.840.113549.1.7.2",
                           kTstInfo = "1.2.840.113549.1.9.16.1.4",
                           kContentType = "1.2.840.113549.1.9.3",
                           kMessageDigest = "1.2.840.113549.1.9.4", kPolicy = "1.3.6.1.4.1.13762.3";

tl::unexpected<Error> Bad() { return error::kBadEncoding({{"form", "RFC 3161"}}); }

std::string Sm3Algorithm() { return der::Sequence({der::Oid(kSm3)}); }
std::string Imprint(std::string_view digest) {
  return der::Sequence({Sm3Algorithm(), der::Octets(digest)});
}

Result<std::string> ReadImprint(der::Reader& reader) {
  TRY(der::Reader imprint, reader.Enter(der::kSequence));
  TRY(der::Reader algorithm, imprint.Enter(der::kSequence));
  TRY(std::string oid, algorithm.TakeOid());
  TRY(std::string_view digest, imprint.Take(der::kOctets));
  if (oid != kSm3 || digest.size() != 32) return Bad();
  return std::string(digest);
}

}  // namespace

std::string TimeStampRequest(std::string_view digest, std::string_view nonce) {
  return der::Sequence({der::Integer(1), Imprint(digest),
                        nonce.empty() ? "" : der::BigInteger(nonce), der::Boolean(true)});
}

Result<std::string> AnswerTimeStampRequest(std::string_view request, const Certificate& authority,
                                           Time now, const SignMessage& sign) {
  der::Reader outer(request);
  TRY(der::Reader parts, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(int64_t version, parts.TakeInteger());
  if (version != 1) return Bad();
  TRY(std::string digest, ReadImprint(parts));
  std::string policy(kPolicy), nonce;
  if (parts.Is(der::kOid)) {
    TRY(policy, parts.TakeOid());
  }
  if (parts.Is(der::kInteger)) {
    TRY(der::Element element, parts.Next());
    if (element.whole.size() > 34) return Bad();
    nonce = element.whole;
  }
  std::string serial = RandomBytes(16);
  serial[0] = static_cast<char>((serial[0] & 0x7f) | 0x40);
  const std::string info = der::Sequence({der::Integer(1), der::Oid(policy), Imprint(digest),
                                          der::BigInteger(serial), der::GeneralTime(now), nonce});
  const Digest info_digest = Sm3(info);
  const std::string attributes =
      der::Sequence({der::Oid(kContentType), der::Set({der::Oid(kTstInfo)})}) +
      der::Sequence({der::Oid(kMessageDigest), der::Set({der::Octets(View(info_digest))})});
  // Signed as a SET, stored under [0] (RFC 5652, 5.4).
  TRY(std::string signature, sign(der::Tlv(der::kSet, attributes)));
  TRY(std::string serial_of_authority, FromHex(authority.serial()));
  const std::string signer =
      der::Sequence({der::Integer(1),
                     der::Sequence({authority.issuer_der(), der::BigInteger(serial_of_authority)}),
                     Sm3Algorithm(), der::Tlv(0xa0, attributes),
                     der::Sequence({der::Oid(kSm2WithSm3)}), der::Octets(signature)});
  const std::string data =
      der::Sequence({der::Integer(3), der::Set({Sm3Algorithm()}),
                     der::Sequence({der::Oid(kTstInfo), der::Explicit(0, der::Octets(info))}),
                     der::Tlv(0xa0, authority.der()), der::Set({signer})});
  const std::string token = der::Sequence({der::Oid(kSignedData), der::Explicit(0, data)});
  return der::Sequence({der::Sequence({der::Integer(0)}), token});
}

Result<std::string> TokenOf(std::string_view response) {
  der::Reader outer(response);
  TRY(der::Reader parts, outer.Enter(der::kSequence));
  TRY(der::Reader status, parts.Enter(der::kSequence));
  TRY(int64_t code, status.TakeInteger());
  if (code > 1 || parts.AtEnd()) return Bad();
  TRY(der::Element token, parts.Next());
  return std::string(token.whole);
}

Result<TimeStamp> CheckTimeStamp(std::string_view token, std::string_view digest) {
  der::Reader outer(token);
  TRY(der::Reader content, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(std::string type, content.TakeOid());
  if (type != kSignedData) return Bad();
  TRY(der::Reader wrapped, content.Enter(0xa0));
  TRY(der::Reader data, wrapped.Enter(der::kSequence));
  TRY_VOID(data.TakeInteger());
  TRY_VOID(data.Take(der::kSet));
  TRY(der::Reader encapsulated, data.Enter(der::kSequence));
  TRY(std::string content_type, encapsulated.TakeOid());
  if (content_type != kTstInfo) return Bad();
  TRY(der::Reader octets, encapsulated.Enter(0xa0));
  TRY(std::string_view info_bytes, octets.Take(der::kOctets));
  TRY(std::string_view certificates, data.Take(0xa0));
  Result<Certificate> certificate = Certificate::Parse(certificates);
  if (!certificate) return Bad();
  TRY(der::Reader signers, data.Enter(der::kSet));
  TRY(der::Reader signer, signers.Enter(der::kSequence));
  TRY_VOID(signer.TakeInteger());
  TRY_VOID(signer.Take(der::kSequence));
  TRY_VOID(signer.Take(der::kSequence));
  TRY(std::string_view attributes, signer.Take(0xa0));
  TRY_VOID(signer.Take(der::kSequence));
  TRY(std::string_view signature, signer.Take(der::kOctets));

  // The attributes must name this content and its hash.
  const Digest info_digest = Sm3(info_bytes);
  const std::string named =
      der::Sequence({der::Oid(kMessageDigest), der::Set({der::Octets(View(info_digest))})});
  const std::string typed = der::Sequence({der::Oid(kContentType), der::Set({der::Oid(kTstInfo)})});
  if (attributes.find(named) == std::string_view::npos ||
      attributes.find(typed) == std::string_view::npos ||
      !certificate->key().Verify(der::Tlv(der::kSet, attributes), signature) ||
      !certificate->Allows(CertificateUse::kTimeStamp)) {
    return error::kAltered;
  }
  der::Reader info_outer(info_bytes);
  TRY(der::Reader info, info_outer.Enter(der::kSequence));
  TRY_VOID(info.TakeInteger());
  TimeStamp out{.signer = std::move(*certificate)};
  TRY(out.policy, info.TakeOid());
  TRY(out.digest, ReadImprint(info));
  TRY(std::string_view serial, info.Take(der::kInteger));
  out.serial = ToHex(serial);
  TRY(out.at, info.TakeTime());
  while (!info.AtEnd()) {
    TRY(der::Element element, info.Next());
    if (element.tag == der::kInteger) out.nonce = element.whole;
  }
  if (out.digest != digest) return error::kAltered;
  return out;
}

}  // namespace city::crypto
