// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The library has the curve but not the exchange.
#include "parts/crypto/sm2_exchange.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <memory>

#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* thing) const { free(thing); }
};
using Number = std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_clear_free>>;
using Scratch = std::unique_ptr<BN_CTX, Freed<BN_CTX, BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP, EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT, EC_POINT_clear_free>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

tl::unexpected<Error> Failed() { return error::kFailed({{"reason", "SM2 key exchange"}}); }

std::string Fixed(const BIGNUM* number) {
  std::string out(32, '\0');
  CHECK(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), 32) == 32);
  return out;
}

// 2^127 + the lower 127 bits of the x of `point` (65 bytes), step 2 of the algorithm.
Number HalfX(std::string_view point) {
  std::string half(point.substr(1 + 16, 16));
  half[0] = static_cast<char>(half[0] | 0x80);
  return Number(BN_bin2bn(Bytes(half), 16, nullptr));
}

Number ScalarOf(const Sm2PrivateKey& key) {
  BIGNUM* out = nullptr;
  CHECK(EVP_PKEY_get_bn_param(key.handle(), OSSL_PKEY_PARAM_PRIV_KEY, &out) == 1);
  return Number(out);
}

// Key derivation of GM/T 0003.4, 5.4.3.
std::string Derive(std::string_view seed, size_t bytes) {
  std::string out;
  for (uint32_t counter = 1; out.size() < bytes; ++counter) {
    std::string block(seed);
    for (int shift = 24; shift >= 0; shift -= 8)
      block += static_cast<char>(counter >> shift & 0xff);
    const Digest digest = Sm3(block);
    out += View(digest);
    Wipe(block);
  }
  out.resize(bytes);
  return out;
}

}  // namespace

Digest Sm2IdentityHash(const Sm2PublicKey& key, std::string_view user_id) {
  static const std::string kCurve = [] {
    Group group(EC_GROUP_new_by_curve_name(NID_sm2));
    Scratch scratch(BN_CTX_new());
    Number p(BN_new()), a(BN_new()), b(BN_new()), x(BN_new()), y(BN_new());
    CHECK(EC_GROUP_get_curve(group.get(), p.get(), a.get(), b.get(), scratch.get()) == 1);
    CHECK(EC_POINT_get_affine_coordinates(group.get(), EC_GROUP_get0_generator(group.get()),
                                          x.get(), y.get(), scratch.get()) == 1);
    return Fixed(a.get()) + Fixed(b.get()) + Fixed(x.get()) + Fixed(y.get());
  }();
  const size_t bits = user_id.size() * 8;
  const char length[] = {static_cast<char>(bits >> 8 & 0xff), static_cast<char>(bits & 0xff)};
  Sm3Hasher hasher;
  return hasher.Update(std::string_view(length, 2))
      .Update(user_id)
      .Update(kCurve)
      .Update(key.Point().substr(1))
      .Finish();
}

Result<AgreedKey> Sm2Exchange::Agree(const Sm2PublicKey& peer,
                                     std::string_view peer_ephemeral_point, size_t key_bytes,
                                     std::string_view peer_id) const {
  if (key_bytes < 1 || key_bytes > 1024) return Failed();
  TRY(Sm2PublicKey peer_ephemeral, Sm2PublicKey::FromPoint(peer_ephemeral_point));
  Group group(EC_GROUP_new_by_curve_name(NID_sm2));
  Scratch scratch(BN_CTX_new());
  const BIGNUM* order = EC_GROUP_get0_order(group.get());
  const std::string own_point = EphemeralPoint();

  // t = d + x'·r mod n
  Number secret = ScalarOf(own_), ephemeral = ScalarOf(ephemeral_), t(BN_new());
  const Number own_half = HalfX(own_point), peer_half = HalfX(peer_ephemeral_point);
  bool good = BN_mod_mul(t.get(), own_half.get(), ephemeral.get(), order, scratch.get()) == 1 &&
              BN_mod_add(t.get(), t.get(), secret.get(), order, scratch.get()) == 1;
  BN_set_flags(t.get(), BN_FLG_CONSTTIME);
  // U = t · (P + x'·R); the cofactor of the curve is 1
  Point p(EC_POINT_new(group.get())), r(EC_POINT_new(group.get())), u(EC_POINT_new(group.get()));
  const std::string peer_point = peer.Point();
  good =
      good && EC_POINT_oct2point(group.get(), p.get(), Bytes(peer_point), 65, scratch.get()) == 1 &&
      EC_POINT_oct2point(group.get(), r.get(), Bytes(peer_ephemeral_point), 65, scratch.get()) ==
          1 &&
      EC_POINT_mul(group.get(), r.get(), nullptr, r.get(), peer_half.get(), scratch.get()) == 1 &&
      EC_POINT_add(group.get(), p.get(), p.get(), r.get(), scratch.get()) == 1 &&
      EC_POINT_mul(group.get(), u.get(), nullptr, p.get(), t.get(), scratch.get()) == 1;
  if (!good || EC_POINT_is_at_infinity(group.get(), u.get())) return Failed();
  Number x(BN_new()), y(BN_new());
  if (EC_POINT_get_affine_coordinates(group.get(), u.get(), x.get(), y.get(), scratch.get()) != 1) {
    return Failed();
  }

  const bool first = side_ == Side::kInitiator;
  const Digest own_z = Sm2IdentityHash(own_.PublicKey(), own_id_);
  const Digest peer_z = Sm2IdentityHash(peer, peer_id);
  const std::string both_z = first ? std::string(View(own_z)) + std::string(View(peer_z))
                                   : std::string(View(peer_z)) + std::string(View(own_z));
  const std::string_view own_r = std::string_view(own_point).substr(1);
  const std::string_view peer_r = peer_ephemeral_point.substr(1);
  std::string seed = Fixed(x.get()) + Fixed(y.get()) + both_z;
  AgreedKey out;
  out.key = Secret(Derive(seed, key_bytes));
  Wipe(seed);
  Sm3Hasher hasher;
  std::string xs = Fixed(x.get()), ys = Fixed(y.get());
  const Digest inner = hasher.Update(xs)
                           .Update(both_z)
                           .Update(first ? own_r : peer_r)
                           .Update(first ? peer_r : own_r)
                           .Finish();
  auto proof = [&](char side) {
    const Digest digest =
        hasher.Update(std::string_view(&side, 1)).Update(ys).Update(View(inner)).Finish();
    return std::string(View(digest));
  };
  // 02 is the responder's, 03 the initiator's.
  out.own_proof = proof(first ? 3 : 2);
  out.peer_proof = proof(first ? 2 : 3);
  Wipe(xs);
  Wipe(ys);
  return out;
}

}  // namespace city::crypto
