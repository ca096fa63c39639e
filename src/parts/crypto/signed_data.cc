// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/crypto/signed_data.h"

#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr std::string_view kSm3 = "1.2.156.10197.1.401", kSm2WithSm3 = "1.2.156.10197.1.501",
                           kData = "1.2.840.113549.1.7.1", kSignedData = "1.2.840.113549.1.7.2",
                           kContentType = "1.2.840.113549.1.9.3",
                           kMessageDigest = "1.2.840.113549.1.9.4",
                           kSigningTime = "1.2.840.113549.1.9.5";

tl::unexpected<Error> Bad() { return error::kBadEncoding({{"form", "SignedData"}}); }

std::string Attribute(std::string_view oid, std::string_view value) {
  return der::Sequence({der::Oid(oid), der::Set({value})});
}

}  // namespace

Result<std::string> SignDetached(std::string_view digest, Time now, const Certificate& signer,
                                 const SignMessage& sign) {
  const std::string algorithm = der::Sequence({der::Oid(kSm3)});
  // Members of a SET stand in the order of their bytes (X.690, 11.6): shortest first here.
  const std::string attributes = Attribute(kContentType, der::Oid(kData)) +
                                 Attribute(kSigningTime, der::CertificateTime(now)) +
                                 Attribute(kMessageDigest, der::Octets(digest));
  TRY(std::string signature, sign(der::Tlv(der::kSet, attributes)));
  TRY(std::string serial, FromHex(signer.serial()));
  const std::string info = der::Sequence(
      {der::Integer(1), der::Sequence({signer.issuer_der(), der::BigInteger(serial)}), algorithm,
       der::Tlv(0xa0, attributes), der::Sequence({der::Oid(kSm2WithSm3)}), der::Octets(signature)});
  return der::Sequence(
      {der::Oid(kSignedData),
       der::Explicit(0, der::Sequence({der::Integer(1), der::Set({algorithm}),
                                       der::Sequence({der::Oid(kData)}),
                                       der::Tlv(0xa0, signer.der()), der::Set({info})}))});
}

Result<DetachedSignature> CheckDetached(std::string_view signed_data, std::string_view digest) {
  der::Reader outer(signed_data);
  TRY(der::Reader content, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(std::string type, content.TakeOid());
  if (type != kSignedData) return Bad();
  TRY(der::Reader wrapped, content.Enter(0xa0));
  TRY(der::Reader data, wrapped.Enter(der::kSequence));
  TRY_VOID(data.TakeInteger());
  TRY_VOID(data.Take(der::kSet));
  TRY_VOID(data.Take(der::kSequence));
  TRY(std::string_view certificate, data.Take(0xa0));
  Result<Certificate> signer = Certificate::Parse(certificate);
  if (!signer) return Bad();
  TRY(der::Reader infos, data.Enter(der::kSet));
  TRY(der::Reader info, infos.Enter(der::kSequence));
  TRY_VOID(info.TakeInteger());
  TRY_VOID(info.Take(der::kSequence));
  TRY_VOID(info.Take(der::kSequence));
  TRY(std::string_view attributes, info.Take(0xa0));
  TRY_VOID(info.Take(der::kSequence));
  TRY(std::string_view signature, info.Take(der::kOctets));

  DetachedSignature out{.signer = std::move(*signer)};
  bool same = false;
  der::Reader list(attributes);
  while (!list.AtEnd()) {
    TRY(der::Reader attribute, list.Enter(der::kSequence));
    TRY(std::string oid, attribute.TakeOid());
    TRY(der::Reader values, attribute.Enter(der::kSet));
    if (oid == kMessageDigest) {
      TRY(std::string_view value, values.Take(der::kOctets));
      same = value == digest;
    } else if (oid == kSigningTime) {
      TRY(out.signed_at, values.TakeTime());
    }
  }
  if (!same || !out.signer.key().Verify(der::Tlv(der::kSet, attributes), signature)) {
    return error::kAltered;
  }
  return out;
}

}  // namespace city::crypto
