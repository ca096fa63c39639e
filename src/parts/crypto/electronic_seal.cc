// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The maker signs DER(SES_SealInfo) alone and the signer DER(TBS_Sign), as the
// signed documents in circulation do.
#include "parts/crypto/electronic_seal.h"

#include <algorithm>

#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"
#include "parts/crypto/sm2_exchange.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

constexpr std::string_view kSm2WithSm3 = "1.2.156.10197.1.501";
constexpr int64_t kVersion = 4;

tl::unexpected<Error> Bad(const std::string& reason) {
  return error::kBadSeal({{"reason", reason}});
}

Result<SealFacts> ReadFacts(std::string_view info_der) {
  der::Reader outer(info_der);
  TRY(der::Reader info, outer.Enter(der::kSequence));
  SealFacts out;
  TRY(der::Reader header, info.Enter(der::kSequence));
  TRY(std::string_view mark, header.Take(der::kIa5));
  TRY(int64_t version, header.TakeInteger());
  if (mark != "ES" || version != kVersion) {
    return Bad("header version " + std::to_string(version));
  }
  TRY(std::string_view vendor, header.Take(der::kIa5));
  out.vendor = vendor;
  TRY(std::string_view id, info.Take(der::kIa5));
  out.id = id;
  TRY(der::Reader property, info.Enter(der::kSequence));
  TRY(int64_t kind, property.TakeInteger());
  out.kind = static_cast<SealKind>(kind);
  TRY(std::string_view name, property.Take(der::kUtf8));
  out.name = name;
  TRY(int64_t list_type, property.TakeInteger());
  if (list_type != 1) return Bad("list of digests");
  TRY(der::Reader list, property.Enter(der::kSequence));
  while (!list.AtEnd()) {
    TRY(std::string_view bytes, list.Take(der::kOctets));
    TRY(Certificate user, Certificate::Parse(bytes));
    out.users.push_back(std::move(user));
  }
  TRY(out.made_at, property.TakeTime());
  TRY(out.from, property.TakeTime());
  TRY(out.to, property.TakeTime());
  TRY(der::Reader picture, info.Enter(der::kSequence));
  TRY(std::string_view format, picture.Take(der::kIa5));
  TRY(std::string_view bytes, picture.Take(der::kOctets));
  out.picture_format = format;
  out.picture = bytes;
  TRY(int64_t width, picture.TakeInteger());
  TRY(int64_t height, picture.TakeInteger());
  if (width < 1 || width > 1000 || height < 1 || height > 1000) return Bad("picture size");
  out.width_mm = static_cast<int>(width);
  out.height_mm = static_cast<int>(height);
  return out;
}

struct Signature {
  std::string tbs, seal, data_hash, property_info, signature, stamp;
  Time signed_at{};
  std::optional<Certificate> signer;
};

Result<Signature> ReadSignature(std::string_view bytes) {
  Signature out;
  der::Reader outer(bytes);
  TRY(der::Reader parts, outer.Enter(der::kSequence));
  TRY_VOID(outer.Finish());
  TRY(der::Element tbs, parts.Next());
  out.tbs = tbs.whole;
  TRY(std::string_view certificate, parts.Take(der::kOctets));
  TRY(out.signer, Certificate::Parse(certificate));
  TRY(std::string oid, parts.TakeOid());
  if (oid != kSm2WithSm3) return Bad("algorithm " + oid);
  TRY(std::string_view signature, parts.TakeBits());
  out.signature = signature;
  if (!parts.AtEnd()) {
    TRY(der::Reader stamp, parts.Enter(0xa0));
    TRY(std::string_view token, stamp.TakeBits());
    out.stamp = token;
  }
  TRY_VOID(parts.Finish());
  der::Reader tbs_outer(out.tbs);
  TRY(der::Reader fields, tbs_outer.Enter(der::kSequence));
  TRY(int64_t version, fields.TakeInteger());
  if (version != kVersion) return Bad("version " + std::to_string(version));
  TRY(der::Element seal, fields.Next());
  out.seal = seal.whole;
  TRY(out.signed_at, fields.TakeTime());
  TRY(std::string_view hash, fields.TakeBits());
  TRY(std::string_view property, fields.Take(der::kIa5));
  out.data_hash = hash;
  out.property_info = property;
  return out;
}

Result<void> MayUse(const ElectronicSeal& seal, const Certificate& signer) {
  const auto& users = seal.facts.users;
  if (std::find(users.begin(), users.end(), signer) != users.end()) return {};
  return Bad("the signer is not in the seal's list");
}

// What stands in TBS_Sign after the seal.
std::string TailOf(std::string_view data_hash, std::string_view property_info, Time now) {
  return der::GeneralTime(now) + der::Bits(data_hash) + der::Ia5(property_info);
}

// TBS_Sign.
std::string ToBeSigned(const ElectronicSeal& seal, std::string_view tail) {
  return der::Sequence({der::Integer(kVersion), seal.der, tail});
}

// SES_Signature.
Result<std::string> SignatureOf(std::string_view tbs, const Certificate& signer,
                                std::string_view signature, const StampDigest& stamp) {
  std::string token;
  if (stamp) {
    const Digest digest = Sm3(signature);
    TRY(std::string made, stamp(View(digest)));
    token = der::Explicit(0, der::Bits(made));
  }
  return der::Sequence(
      {tbs, der::Octets(signer.der()), der::Oid(kSm2WithSm3), der::Bits(signature), token});
}

}  // namespace

Result<std::string> MakeSeal(const SealFacts& facts, const Certificate& maker,
                             const SignMessage& sign) {
  if (facts.users.empty()) return Bad("nobody may use it");
  std::string users;
  for (const Certificate& user : facts.users) users += der::Octets(user.der());
  const std::string info = der::Sequence(
      {der::Sequence({der::Ia5("ES"), der::Integer(kVersion), der::Ia5(facts.vendor)}),
       der::Ia5(facts.id),
       der::Sequence({der::Integer(static_cast<int>(facts.kind)), der::Utf8(facts.name),
                      der::Integer(1), der::Tlv(der::kSequence, users),
                      der::GeneralTime(facts.made_at), der::GeneralTime(facts.from),
                      der::GeneralTime(facts.to)}),
       der::Sequence({der::Ia5(facts.picture_format), der::Octets(facts.picture),
                      der::Integer(facts.width_mm), der::Integer(facts.height_mm)})});
  TRY(std::string signature, sign(info));
  return der::Sequence(
      {info, der::Octets(maker.der()), der::Oid(kSm2WithSm3), der::Bits(signature)});
}

Result<ElectronicSeal> ReadSeal(std::string_view bytes) {
  der::Reader outer(bytes);
  auto read = [&]() -> Result<ElectronicSeal> {
    TRY(der::Reader parts, outer.Enter(der::kSequence));
    TRY(der::Element info, parts.Next());
    TRY(SealFacts facts, ReadFacts(info.whole));
    TRY(std::string_view certificate, parts.Take(der::kOctets));
    TRY(Certificate maker, Certificate::Parse(certificate));
    TRY(std::string oid, parts.TakeOid());
    if (oid != kSm2WithSm3) return Bad("algorithm " + oid);
    TRY(std::string_view signature, parts.TakeBits());
    const bool good = maker.key().Verify(info.whole, signature);
    return ElectronicSeal{std::move(facts), std::move(maker), std::string(bytes), good};
  };
  Result<ElectronicSeal> out = read();
  if (!out && !out.error().Is(error::kBadSeal)) return Bad(out.error().SaysEn());
  return out;
}

Result<std::string> SignWithSeal(std::string_view seal, std::string_view data_hash,
                                 std::string_view property_info, Time now,
                                 const Certificate& signer, const SignMessage& sign,
                                 const StampDigest& stamp) {
  TRY(ElectronicSeal read, ReadSeal(seal));
  TRY_VOID(MayUse(read, signer));
  const std::string tbs = ToBeSigned(read, TailOf(data_hash, property_info, now));
  TRY(std::string signature, sign(tbs));
  return SignatureOf(tbs, signer, signature, stamp);
}

Result<SealInHand> SealInHand::Take(ElectronicSeal seal, Certificate signer) {
  TRY_VOID(MayUse(seal, signer));
  SealInHand out(std::move(seal), std::move(signer));
  // Moments and hashes are always as long, and the path nearly always: that of an only signature.
  const std::string usual =
      TailOf(std::string(32, '\0'), "/Doc_0/Signs/Sign_0/Signature.xml", Time{});
  const std::string tbs = ToBeSigned(out.seal_, usual);
  out.begun_size_ = tbs.size() - usual.size();
  out.head_ = tbs.substr(0, out.begun_size_ - out.seal_.der.size());
  const Digest identity = Sm2IdentityHash(out.signer_.key(), kDefaultUserId);
  out.identity_ = View(identity);
  out.begun_.Update(out.identity_).Update(std::string_view(tbs).substr(0, out.begun_size_));
  return out;
}

Result<std::string> SealInHand::Sign(std::string_view data_hash, std::string_view property_info,
                                     Time now, const SignDigest& sign,
                                     const StampDigest& stamp) const {
  const std::string tbs = ToBeSigned(seal_, TailOf(data_hash, property_info, now));
  // The head tells the length of all that follows, so where it is the same the seal stands where
  // it stood.
  const bool usual = tbs.starts_with(head_);
  Sm3Hasher hasher = usual ? begun_.Fork() : Sm3Hasher();
  if (!usual) hasher.Update(identity_);
  hasher.Update(std::string_view(tbs).substr(usual ? begun_size_ : 0));
  TRY(std::string signature, sign(hasher.Finish()));
  return SignatureOf(tbs, signer_, signature, stamp);
}

bool SealReport::passed() const {
  return !checks.empty() &&
         std::all_of(checks.begin(), checks.end(), [](const SealCheck& c) { return c.passed; });
}

SealReport CheckSealSignature(std::string_view signature, std::string_view data_hash,
                              std::string_view property_info, std::span<const Certificate> others,
                              std::span<const Certificate> roots,
                              std::span<const RevocationList> lists) {
  SealReport out;
  auto add = [&](const char* name, bool passed, std::string zh, std::string en) {
    out.checks.push_back({name, passed, std::move(zh), std::move(en)});
    return passed;
  };
  auto chain = [&](const char* name, const Certificate& leaf, Time at) {
    Result<void> checked = CheckChain(leaf, others, roots, at, lists);
    return checked ? add(name, true, leaf.common_name(), leaf.common_name())
                   : add(name, false, checked.error().SaysZh(), checked.error().SaysEn());
  };
  Result<Signature> read = ReadSignature(signature);
  Result<ElectronicSeal> seal = read ? ReadSeal(read->seal) : Fail(read.error());
  if (!seal) {
    add("structure", false, seal.error().SaysZh(), seal.error().SaysEn());
    return out;
  }
  add("structure", true, "符合 GB/T 38540", "as GB/T 38540 says");
  out.signed_at = read->signed_at;
  out.signer = read->signer;
  out.seal = *seal;
  add("seal signature", seal->signed_by_maker,
      seal->signed_by_maker ? "印章未被改动" : "印章被改动",
      seal->signed_by_maker ? "the seal is unaltered" : "the seal was altered");
  chain("maker", seal->maker, seal->facts.made_at);
  const bool in_time = out.signed_at >= seal->facts.from && out.signed_at <= seal->facts.to;
  add("seal period", in_time, in_time ? "签章时印章有效" : "签章时印章不在有效期内",
      in_time ? "the seal was valid" : "the seal was not valid at the time of signing");
  const auto& users = seal->facts.users;
  const bool listed = std::find(users.begin(), users.end(), *read->signer) != users.end();
  add("seal user", listed, listed ? "签章人有权使用该印章" : "签章人不在印章的使用人之列",
      listed ? "the signer may use the seal" : "the signer is not among the users of the seal");
  chain("signer", *read->signer, out.signed_at);
  const bool true_signature = read->signer->key().Verify(read->tbs, read->signature);
  add("signature", true_signature, true_signature ? "签名值正确" : "签名值不正确",
      true_signature ? "the signature holds" : "the signature does not hold");
  const bool same = read->data_hash == data_hash && read->property_info == property_info;
  add("document", same, same ? "签章对应本文件" : "签章不是对本文件所加，或文件被改动",
      same ? "it is over this document" : "it is over another document, or this one was altered");
  if (!read->stamp.empty()) {
    const Digest digest = Sm3(read->signature);
    Result<TimeStamp> stamp = CheckTimeStamp(read->stamp, View(digest));
    if (!stamp) {
      add("time stamp", false, stamp.error().SaysZh(), stamp.error().SaysEn());
    } else {
      out.stamped = chain("time stamp", stamp->signer, stamp->at);
      if (out.stamped) out.signed_at = std::max(out.signed_at, stamp->at);
    }
  }
  return out;
}

}  // namespace city::crypto
