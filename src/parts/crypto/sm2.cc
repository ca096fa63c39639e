// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The signer's identity is always set: left out, the library would sign with
// an empty one, which nobody else verifies.
#include "parts/crypto/sm2.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

constexpr size_t kMostPlain = 1 << 20;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* thing) const { free(thing); }
};
using PkeyCtx = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP, EC_GROUP_free>>;
using EcPoint = std::unique_ptr<EC_POINT, Freed<EC_POINT, EC_POINT_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_vfree>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM, OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG, ECDSA_SIG_free>>;

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

std::string LastReason() {
  char text[256];
  unsigned long code = ERR_peek_last_error();
  ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return text;
}

tl::unexpected<Error> Failed() { return error::kFailed({{"reason", LastReason()}}); }

bool IsSm2(const EVP_PKEY* key) { return key && EVP_PKEY_is_a(key, "SM2") == 1; }

Result<std::shared_ptr<EVP_PKEY>> Decode(std::string_view text, int selection) {
  EVP_PKEY* key = nullptr;
  OSSL_DECODER_CTX* decoder =
      OSSL_DECODER_CTX_new_for_pkey(&key, nullptr, nullptr, nullptr, selection, nullptr, nullptr);
  const unsigned char* data = Bytes(text);
  size_t size = text.size();
  if (decoder) OSSL_DECODER_from_data(decoder, &data, &size);
  OSSL_DECODER_CTX_free(decoder);
  ERR_clear_error();
  std::shared_ptr<EVP_PKEY> owned = Own(key);
  if (!IsSm2(key)) return error::kBadKey({{"reason", "no SM2 key could be read"}});
  return owned;
}

// A key from its point (04 x y) and, for a pair, its scalar.
Result<std::shared_ptr<EVP_PKEY>> Assemble(std::string_view point, const BIGNUM* scalar) {
  Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  if (scalar) OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar);
  Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  PkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  const int selection = scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
    return error::kBadKey({{"reason", LastReason()}});
  }
  return Own(key);
}

std::string Drained(BIO* memory) {
  char* data = nullptr;
  long size = BIO_get_mem_data(memory, &data);
  std::string out(data, static_cast<size_t>(size));
  OPENSSL_cleanse(data, static_cast<size_t>(size));
  return out;
}

// A context for signing or verifying with the signer's identity set.
struct Identified {
  PkeyCtx key;
  MdCtx digest;
  bool ready = false;

  Identified(EVP_PKEY* pkey, std::string_view user_id)
      : key(EVP_PKEY_CTX_new(pkey, nullptr)), digest(EVP_MD_CTX_new()) {
    ready = key && digest &&
            EVP_PKEY_CTX_set1_id(key.get(), user_id.data(), static_cast<int>(user_id.size())) == 1;
    if (ready) EVP_MD_CTX_set_pkey_ctx(digest.get(), key.get());
  }
};

}  // namespace

Result<Sm2PublicKey> Sm2PublicKey::FromPoint(std::string_view point) {
  if (point.size() != 65 || point[0] != 4) {
    return error::kBadKey({{"reason", "a public key has 65 bytes and begins with 04"}});
  }
  TRY(std::shared_ptr<EVP_PKEY> key, Assemble(point, nullptr));
  PkeyCtx check(EVP_PKEY_CTX_new(key.get(), nullptr));
  if (EVP_PKEY_public_check(check.get()) != 1) return error::kBadKey({{"reason", LastReason()}});
  return Sm2PublicKey(std::move(key));
}

Result<Sm2PublicKey> Sm2PublicKey::Parse(std::string_view der_or_pem) {
  TRY(std::shared_ptr<EVP_PKEY> key, Decode(der_or_pem, EVP_PKEY_PUBLIC_KEY));
  return Sm2PublicKey(std::move(key));
}

std::string Sm2PublicKey::Point() const {
  std::string out(65, '\0');
  size_t size = 0;
  EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, Bytes(out), out.size(),
                                  &size);
  CHECK(size == 65 && out[0] == 4);
  return out;
}

std::string Sm2PublicKey::ToDer() const {
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(key_.get(), &der);
  CHECK(size > 0);
  std::string out(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

std::string Sm2PublicKey::ToPem() const {
  Memory memory(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_PUBKEY(memory.get(), key_.get()) == 1);
  return Drained(memory.get());
}

std::string Sm2PublicKey::Fingerprint() const { return ToHex(Sm3(Point())).substr(0, 16); }

bool Sm2PublicKey::Verify(std::string_view message, std::string_view signature,
                          std::string_view user_id) const {
  Identified context(key_.get(), user_id);
  if (!context.ready ||
      EVP_DigestVerifyInit(context.digest.get(), nullptr, EVP_sm3(), nullptr, key_.get()) != 1) {
    ERR_clear_error();
    return false;
  }
  int verdict = EVP_DigestVerify(context.digest.get(), Bytes(signature), signature.size(),
                                 Bytes(message), message.size());
  ERR_clear_error();
  return verdict == 1;
}

Result<std::string> Sm2PublicKey::Encrypt(std::string_view plain) const {
  if (plain.empty() || plain.size() > kMostPlain) {
    return error::kFailed({{"reason", "SM2 encrypts 1 byte to 1 MiB"}});
  }
  PkeyCtx context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  size_t size = 0;
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, Bytes(plain), plain.size()) != 1) {
    return Failed();
  }
  std::string out(size, '\0');
  if (EVP_PKEY_encrypt(context.get(), Bytes(out), &size, Bytes(plain), plain.size()) != 1) {
    return Failed();
  }
  out.resize(size);
  return out;
}

Sm2PrivateKey Sm2PrivateKey::Generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2");
  CHECK(key != nullptr);
  return Sm2PrivateKey(Own(key));
}

Result<Sm2PrivateKey> Sm2PrivateKey::Parse(std::string_view der_or_pem) {
  TRY(std::shared_ptr<EVP_PKEY> key, Decode(der_or_pem, EVP_PKEY_KEYPAIR));
  PkeyCtx check(EVP_PKEY_CTX_new(key.get(), nullptr));
  if (EVP_PKEY_pairwise_check(check.get()) != 1) return error::kBadKey({{"reason", LastReason()}});
  return Sm2PrivateKey(std::move(key));
}

Result<Sm2PrivateKey> Sm2PrivateKey::FromScalar(std::string_view d) {
  Group group(EC_GROUP_new_by_curve_name(NID_sm2));
  Number scalar(BN_bin2bn(Bytes(d), static_cast<int>(d.size()), nullptr));
  if (d.size() != 32 || BN_is_zero(scalar.get()) ||
      BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0) {
    return error::kBadKey({{"reason", "the private number is out of range"}});
  }
  EcPoint point(EC_POINT_new(group.get()));
  std::string octets(65, '\0');
  if (EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, Bytes(octets),
                         octets.size(), nullptr) != octets.size()) {
    return Failed();
  }
  TRY(std::shared_ptr<EVP_PKEY> key, Assemble(octets, scalar.get()));
  return Sm2PrivateKey(std::move(key));
}

Secret Sm2PrivateKey::ToDer() const {
  Memory memory(BIO_new(BIO_s_mem()));
  CHECK(i2d_PKCS8PrivateKey_bio(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
        1);
  return Secret(Drained(memory.get()));
}

Secret Sm2PrivateKey::ToPem() const {
  Memory memory(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_PKCS8PrivateKey(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) == 1);
  return Secret(Drained(memory.get()));
}

Result<std::string> Sm2PrivateKey::Sign(std::string_view message, std::string_view user_id) const {
  Identified context(key_.get(), user_id);
  size_t size = 80;  // SEQUENCE of two INTEGERs of at most 33 bytes
  std::string out(size, '\0');
  if (!context.ready ||
      EVP_DigestSignInit(context.digest.get(), nullptr, EVP_sm3(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.digest.get(), Bytes(out), &size, Bytes(message), message.size()) !=
          1) {
    return Failed();
  }
  out.resize(size);
  return out;
}

Result<std::string> Sm2PrivateKey::SignDigest(const Digest& e) const {
  PkeyCtx context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  size_t size = 80;
  std::string out(size, '\0');
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), Bytes(out), &size, e.data(), e.size()) != 1) {
    return Failed();
  }
  out.resize(size);
  return out;
}

Result<Secret> Sm2PrivateKey::Decrypt(std::string_view ciphertext) const {
  PkeyCtx context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  size_t size = 0;
  std::string out;
  bool good =
      context && EVP_PKEY_decrypt_init(context.get()) == 1 &&
      EVP_PKEY_decrypt(context.get(), nullptr, &size, Bytes(ciphertext), ciphertext.size()) == 1;
  if (good) {
    out.resize(size);
    good = EVP_PKEY_decrypt(context.get(), Bytes(out), &size, Bytes(ciphertext),
                            ciphertext.size()) == 1;
  }
  ERR_clear_error();
  if (!good) {
    Wipe(out);
    return error::kAltered;
  }
  out.resize(size);
  return Secret(std::move(out));
}

Result<std::string> RawFromDerSignature(std::string_view der) {
  const unsigned char* data = Bytes(der);
  Signature signature(d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size())));
  ERR_clear_error();
  std::string out(64, '\0');
  if (!signature || data != Bytes(der) + der.size() ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Bytes(out), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Bytes(out) + 32, 32) != 32) {
    return error::kBadEncoding({{"form", "SM2 signature"}});
  }
  return out;
}

Result<std::string> DerFromRawSignature(std::string_view raw) {
  if (raw.size() != 64) return error::kBadEncoding({{"form", "SM2 signature"}});
  Signature signature(ECDSA_SIG_new());
  CHECK(ECDSA_SIG_set0(signature.get(), BN_bin2bn(Bytes(raw), 32, nullptr),
                       BN_bin2bn(Bytes(raw) + 32, 32, nullptr)) == 1);
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(signature.get(), &der);
  CHECK(size > 0);
  std::string out(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace city::crypto
