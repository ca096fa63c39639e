// SPDX-License-Identifier: Apache-2.0
// Why: whether a certificate still holds can be asked one at a time (RFC 6960).
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "parts/crypto/certificate.h"
#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

std::string DigestBy(const EVP_MD* algorithm, std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
                   algorithm, nullptr) == 1);
  out.resize(size);
  return out;
}

// One question: the identity of a certificate, as it was asked and as its serial when it is ours.
struct Question {
  std::string identity;
  std::string serial;
  bool ours = false;
};

Result<Question> ReadQuestion(der::Reader& request, const Certificate& issuer) {
  Question out;
  TRY(der::Element identity, request.Next());
  out.identity = identity.whole;
  der::Reader outer(identity.whole);
  TRY(der::Reader parts, outer.Enter(der::kSequence));
  TRY(der::Reader algorithm, parts.Enter(der::kSequence));
  TRY(std::string oid, algorithm.TakeOid());
  TRY(std::string_view name_hash, parts.Take(der::kOctets));
  TRY(std::string_view key_hash, parts.Take(der::kOctets));
  TRY(std::string_view serial, parts.Take(der::kInteger));
  while (serial.size() > 1 && serial[0] == 0) serial.remove_prefix(1);
  out.serial = ToHex(serial);
  const EVP_MD* digest = EVP_get_digestbyname(oid.c_str());
  if (!digest) digest = EVP_get_digestbynid(OBJ_txt2nid(oid.c_str()));
  out.ours = digest && DigestBy(digest, issuer.subject_der()) == name_hash &&
             DigestBy(digest, issuer.key().Point()) == key_hash;
  return out;
}

std::string StatusDer(const std::optional<Revocation>& known) {
  if (!known) return der::Tlv(0x82, "");
  if (known->at == Time::max()) return der::Tlv(0x80, "");
  const char reason = static_cast<char>(known->reason);
  const std::string why =
      der::Explicit(0, der::Tlv(der::kEnumerated, std::string_view(&reason, 1)));
  return der::Explicit(1, der::GeneralTime(known->at) + (known->reason ? why : ""));
}

}  // namespace

Result<std::string> AnswerStatusRequest(
    std::string_view request, const Certificate& issuer, const Certificate& responder, Time now,
    const std::function<std::optional<Revocation>(const std::string& serial)>& status,
    const SignMessage& sign) {
  der::Reader outer(request);
  TRY(der::Reader whole, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(der::Reader tbs, whole.Enter(der::kSequence));
  if (tbs.Is(0xa0)) TRY_VOID(tbs.Next());  // version
  if (tbs.Is(0xa1)) TRY_VOID(tbs.Next());  // who asks
  TRY(der::Reader list, tbs.Enter(der::kSequence));
  std::string answers;
  for (int count = 0; !list.AtEnd(); ++count) {
    if (count == 100) return error::kBadEncoding({{"form", "OCSP"}});
    TRY(der::Reader one, list.Enter(der::kSequence));
    TRY(Question question, ReadQuestion(one, issuer));
    std::optional<Revocation> known;
    if (question.ours) known = status(question.serial);
    answers += der::Sequence({question.identity, StatusDer(known), der::GeneralTime(now)});
  }
  // What the asker put in against old answers comes back (RFC 8954).
  std::string extensions;
  if (tbs.Is(0xa2)) {
    TRY(der::Reader wrapped, tbs.Enter(0xa2));
    TRY(der::Reader all, wrapped.Enter(der::kSequence));
    while (!all.AtEnd()) {
      TRY(der::Element extension, all.Next());
      der::Reader outside(extension.whole);
      TRY(der::Reader inside, outside.Enter(der::kSequence));
      TRY(std::string oid, inside.TakeOid());
      if (oid == "1.3.6.1.5.5.7.48.1.2" && extension.whole.size() <= 128) {
        extensions = der::Explicit(1, der::Sequence({extension.whole}));
      }
    }
  }
  const std::string data =
      der::Sequence({der::Explicit(1, responder.subject_der()), der::GeneralTime(now),
                     der::Tlv(der::kSequence, answers), extensions});
  TRY(std::string signature, sign(data));
  const std::string basic =
      der::Sequence({data, der::Sequence({der::Oid("1.2.156.10197.1.501")}), der::Bits(signature),
                     der::Explicit(0, der::Sequence({responder.der()}))});
  const char successful = 0;
  return der::Sequence(
      {der::Tlv(der::kEnumerated, std::string_view(&successful, 1)),
       der::Explicit(0, der::Sequence({der::Oid("1.3.6.1.5.5.7.48.1.1"), der::Octets(basic)}))});
}

}  // namespace city::crypto
