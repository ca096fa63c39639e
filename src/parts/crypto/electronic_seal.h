// SPDX-License-Identifier: Apache-2.0
// Why: electronic seals and what they sign (GB/T 38540-2020), header version 4.
//
//   SESeal        = SEQ { SES_SealInfo, maker's certificate, 1.2.156.10197.1.501, signature }
//   SES_SealInfo  = SEQ { header { "ES", 4, vendor }, id, property, picture, [0] extensions? }
//   property      = SEQ { type, name, list type 1, list of certificates, created, from, to }
//   picture       = SEQ { format, bytes, width mm, height mm }
//   SES_Signature = SEQ { TBS_Sign, signer's certificate, algorithm, signature, [0] time stamp? }
//   TBS_Sign      = SEQ { 4, SESeal, moment, hash, property info, [0] extensions? }
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parts/crypto/certificate.h"
#include "parts/crypto/sm3.h"
#include "parts/crypto/time_stamp.h"

namespace city::crypto {

/// Kinds of seals as GB/T 38540 numbers them in practice.
enum class SealKind { kOfficial = 1, kFinance = 2, kBusiness = 3, kLegalPerson = 4, kPerson = 5 };

/// What a seal says about itself.
struct SealFacts {
  std::string id;    ///< unique with the maker
  std::string name;  ///< shown with it
  SealKind kind = SealKind::kOfficial;
  std::string vendor = "YW";
  std::vector<Certificate> users;  ///< who may sign with it
  Time made_at{}, from{}, to{};
  std::string picture_format = "PNG";  ///< PNG, SVG, …
  std::string picture;
  int width_mm = 42, height_mm = 42;
};

/// A seal that was read, with its maker's certificate.
struct ElectronicSeal {
  SealFacts facts;
  Certificate maker;
  std::string der;
  bool signed_by_maker = false;  ///< whether the maker's signature over it holds
};

/// A seal, DER. `sign` is the maker's key. Errors: those of `sign`; crypto.bad_seal when nobody
/// may use it.
Result<std::string> MakeSeal(const SealFacts& facts, const Certificate& maker,
                             const SignMessage& sign);
/// Reads a seal. Errors: crypto.bad_seal.
Result<ElectronicSeal> ReadSeal(std::string_view der);

/// Makes a time stamp token over an SM3.
using StampDigest = std::function<Result<std::string>(std::string_view digest)>;

/// An SES_Signature (what OFD calls SignedValue.dat) over a document's hash. `property_info` says
/// where the hash comes from, in OFD the path of Signature.xml. `signer` must be in the seal's
/// list; `sign` is its key. `stamp`, when set, makes a time stamp token over the SM3 of the
/// signature. Errors: crypto.bad_seal, those of `sign` and `stamp`.
Result<std::string> SignWithSeal(std::string_view seal, std::string_view data_hash,
                                 std::string_view property_info, Time now,
                                 const Certificate& signer, const SignMessage& sign,
                                 const StampDigest& stamp = nullptr);

/// Signs what was hashed already, see Sm2PrivateKey::SignDigest.
using SignDigest = std::function<Result<std::string>(const Digest& e)>;

/// A seal in a signer's hand, for many signatures. All of them begin with the seal, its picture and
/// all: some 9 KB, which are hashed here once and for all. Threads: any for Sign.
class SealInHand {
 public:
  /// Errors: crypto.bad_seal when `signer` is not in the seal's list.
  static Result<SealInHand> Take(ElectronicSeal seal, Certificate signer);

  const ElectronicSeal& seal() const { return seal_; }
  const Certificate& signer() const { return signer_; }
  /// The same as SignWithSeal. `sign` is the signer's key.
  Result<std::string> Sign(std::string_view data_hash, std::string_view property_info, Time now,
                           const SignDigest& sign, const StampDigest& stamp = nullptr) const;

 private:
  SealInHand(ElectronicSeal seal, Certificate signer)
      : seal_(std::move(seal)), signer_(std::move(signer)) {}

  ElectronicSeal seal_;
  Certificate signer_;
  std::string identity_;  ///< of the signer, hashed before every message
  std::string head_;      ///< what stands before the seal, for a tail as long as most are
  size_t begun_size_ = 0;
  Sm3Hasher begun_;  ///< has seen identity, head and seal
};

/// One step of checking a signature and how it came out.
struct SealCheck {
  std::string name;  ///< "structure", "seal signature", "maker", "seal period", "seal user",
                     ///< "signer", "signature", "document", "time stamp"
  bool passed = false;
  std::string says_zh, says_en;  ///< why not, or whom it names
};

/// Everything found out about a signature, for a page that explains each check.
struct SealReport {
  std::vector<SealCheck> checks;  ///< in the order of the standard
  std::optional<ElectronicSeal> seal;
  std::optional<Certificate> signer;
  Time signed_at{};
  bool stamped = false;  ///< a trusted time stamp says when
  bool passed() const;
};

/// Checks an SES_Signature against the document's hash and its property info. `roots`, `others`,
/// `lists`: as in CheckChain. Never fails: what cannot be read is a check that did not pass.
SealReport CheckSealSignature(std::string_view signature, std::string_view data_hash,
                              std::string_view property_info, std::span<const Certificate> others,
                              std::span<const Certificate> roots,
                              std::span<const RevocationList> lists = {});

}  // namespace city::crypto
