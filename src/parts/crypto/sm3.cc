// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The algorithm is fetched once and contexts are used again, which is half the
// cost of a short hash.
#include "parts/crypto/sm3.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <utility>

namespace city::crypto {
namespace {

const EVP_MD* Algorithm() {
  static const EVP_MD* const kSm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  CHECK(kSm3 != nullptr);
  return kSm3;
}

EVP_MD_CTX* NewContext() {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  CHECK(context && EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1);
  return context;
}

EVP_MD_CTX* As(void* context) { return static_cast<EVP_MD_CTX*>(context); }

// One context a thread for short work.
EVP_MD_CTX* Scratch() {
  struct Owner {
    EVP_MD_CTX* context = NewContext();
    ~Owner() { EVP_MD_CTX_free(context); }
  };
  thread_local Owner owner;
  return owner.context;
}

void Add(EVP_MD_CTX* context, std::string_view data) {
  CHECK(EVP_DigestUpdate(context, data.data(), data.size()) == 1);
}

Digest Take(EVP_MD_CTX* context) {
  Digest out;
  CHECK(EVP_DigestFinal_ex(context, out.data(), nullptr) == 1);
  return out;
}

}  // namespace

Digest Sm3(std::string_view data) {
  EVP_MD_CTX* context = Scratch();
  CHECK(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1);
  Add(context, data);
  return Take(context);
}

Sm3Hasher::Sm3Hasher() : context_(NewContext()) {}
Sm3Hasher::~Sm3Hasher() { EVP_MD_CTX_free(As(context_)); }
Sm3Hasher::Sm3Hasher(Sm3Hasher&& other) noexcept
    : context_(std::exchange(other.context_, nullptr)) {}
Sm3Hasher& Sm3Hasher::operator=(Sm3Hasher&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

Sm3Hasher& Sm3Hasher::Update(std::string_view data) {
  Add(As(context_), data);
  return *this;
}

Digest Sm3Hasher::Finish() {
  Digest out = Take(As(context_));
  CHECK(EVP_DigestInit_ex2(As(context_), Algorithm(), nullptr) == 1);
  return out;
}

Sm3Hasher Sm3Hasher::Fork() const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  CHECK(context && EVP_MD_CTX_copy_ex(context, As(context_)) == 1);
  return Sm3Hasher(context);
}

HmacSm3Key::HmacSm3Key(std::string_view key) : inner_(NewContext()), outer_(NewContext()) {
  constexpr size_t kBlock = 64;
  std::string block(key);
  if (block.size() > kBlock) {
    Digest digest = Sm3(key);
    block.assign(View(digest));
  }
  block.resize(kBlock, '\0');
  for (char& c : block) c = static_cast<char>(c ^ 0x36);
  Add(As(inner_), block);
  for (char& c : block) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  Add(As(outer_), block);
  Wipe(block);
}

HmacSm3Key::~HmacSm3Key() {
  EVP_MD_CTX_free(As(inner_));
  EVP_MD_CTX_free(As(outer_));
}

HmacSm3Key::HmacSm3Key(HmacSm3Key&& other) noexcept
    : inner_(std::exchange(other.inner_, nullptr)), outer_(std::exchange(other.outer_, nullptr)) {}

HmacSm3Key& HmacSm3Key::operator=(HmacSm3Key&& other) noexcept {
  std::swap(inner_, other.inner_);
  std::swap(outer_, other.outer_);
  return *this;
}

Digest HmacSm3Key::Of(std::initializer_list<std::string_view> parts) const {
  EVP_MD_CTX* context = Scratch();
  CHECK(EVP_MD_CTX_copy_ex(context, As(inner_)) == 1);
  for (std::string_view part : parts) Add(context, part);
  Digest inner = Take(context);
  CHECK(EVP_MD_CTX_copy_ex(context, As(outer_)) == 1);
  Add(context, View(inner));
  Digest out = Take(context);
  // The scratch context must not keep the state of a key.
  CHECK(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1);
  return out;
}

Digest HmacSm3(std::string_view key, std::string_view data) { return HmacSm3Key(key).Of(data); }

Secret DeriveKey(std::string_view key, std::string_view purpose) {
  // HKDF-Expand (RFC 5869) of one block with HMAC-SM3; `key` is uniformly random already.
  Digest derived = HmacSm3Key(key).Of({"yiwang key:", purpose, std::string_view("\x01", 1)});
  Secret out{std::string(View(derived))};
  OPENSSL_cleanse(derived.data(), derived.size());
  return out;
}

}  // namespace city::crypto
