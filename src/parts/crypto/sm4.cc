// SPDX-License-Identifier: Apache-2.0
// Why: see the header. GCM with SM4 is absent from the library we link, hence CTR with HMAC.
#include "parts/crypto/sm4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr size_t kChunk = 65536, kTag = 32, kFieldHeader = 21, kFileHeader = 24;
constexpr std::string_view kFileMagic = "YWS1";
constexpr char kFieldVersion = 1;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const EVP_CIPHER* Fetched(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  CHECK(cipher != nullptr);
  return cipher;
}

EVP_CIPHER_CTX* Scratch() {
  struct Owner {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    ~Owner() { EVP_CIPHER_CTX_free(context); }
  };
  thread_local Owner owner;
  CHECK(owner.context != nullptr);
  return owner.context;
}

// SM4-CTR of `size` bytes from `in` to `out`; they may be the same.
void Xor(std::string_view key, std::string_view counter, const unsigned char* in, size_t size,
         unsigned char* out) {
  static const EVP_CIPHER* const kCtr = Fetched("SM4-CTR");
  CHECK(key.size() == 16 && counter.size() == 16);
  EVP_CIPHER_CTX* context = Scratch();
  CHECK(EVP_EncryptInit_ex2(context, kCtr, Bytes(key), Bytes(counter), nullptr) == 1);
  constexpr size_t kStep = 1 << 30;
  for (size_t done = 0; done < size;) {
    int part = static_cast<int>(std::min(size - done, kStep));
    int written = 0;
    CHECK(EVP_EncryptUpdate(context, out + done, &written, in + done, part) == 1);
    done += static_cast<size_t>(part);
  }
  EVP_CIPHER_CTX_reset(context);  // the key does not stay behind
}

std::string BigEndian(uint64_t number, int bytes) {
  std::string out(static_cast<size_t>(bytes), '\0');
  for (int i = bytes; i-- > 0; number >>= 8) {
    out[static_cast<size_t>(i)] = static_cast<char>(number & 0xff);
  }
  return out;
}

// A fresh nonce of 16 bytes. It is no secret, and drawing many at once costs a tenth of drawing
// each.
std::string_view FreshNonce() {
  thread_local std::string drawn;
  thread_local size_t at = 0;
  if (at + 16 > drawn.size()) {
    drawn = RandomBytes(1024);
    at = 0;
  }
  at += 16;
  return std::string_view(drawn).substr(at - 16, 16);
}

// `counter` + `blocks`, as a number of 128 bits.
std::string Advanced(std::string_view counter, uint64_t blocks) {
  std::string out(counter);
  unsigned carry = 0;
  for (size_t i = 16; i-- > 0;) {
    unsigned sum =
        static_cast<unsigned char>(out[i]) + static_cast<unsigned>(blocks & 0xff) + carry;
    out[i] = static_cast<char>(sum & 0xff);
    carry = sum >> 8;
    blocks >>= 8;
  }
  return out;
}

}  // namespace

std::string Sm4Ctr(std::string_view key, std::string_view counter, std::string_view data) {
  std::string out(data.size(), '\0');
  Xor(key, counter, Bytes(data), data.size(), Bytes(out));
  return out;
}

std::string Sm4CbcEncrypt(std::string_view key, std::string_view iv, std::string_view plain) {
  static const EVP_CIPHER* const kCbc = Fetched("SM4-CBC");
  CHECK(key.size() == 16 && iv.size() == 16);
  EVP_CIPHER_CTX* context = Scratch();
  std::string out(plain.size() + 16, '\0');
  int head = 0, tail = 0;
  CHECK(EVP_EncryptInit_ex2(context, kCbc, Bytes(key), Bytes(iv), nullptr) == 1 &&
        EVP_EncryptUpdate(context, Bytes(out), &head, Bytes(plain),
                          static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context, Bytes(out) + head, &tail) == 1);
  EVP_CIPHER_CTX_reset(context);
  out.resize(static_cast<size_t>(head + tail));
  return out;
}

Result<std::string> Sm4CbcDecrypt(std::string_view key, std::string_view iv,
                                  std::string_view cipher) {
  static const EVP_CIPHER* const kCbc = Fetched("SM4-CBC");
  CHECK(key.size() == 16 && iv.size() == 16);
  EVP_CIPHER_CTX* context = Scratch();
  std::string out(cipher.size() + 16, '\0');
  int head = 0, tail = 0;
  bool good = EVP_DecryptInit_ex2(context, kCbc, Bytes(key), Bytes(iv), nullptr) == 1 &&
              EVP_DecryptUpdate(context, Bytes(out), &head, Bytes(cipher),
                                static_cast<int>(cipher.size())) == 1 &&
              EVP_DecryptFinal_ex(context, Bytes(out) + head, &tail) == 1;
  EVP_CIPHER_CTX_reset(context);
  if (!good) return error::kAltered;
  out.resize(static_cast<size_t>(head + tail));
  return out;
}

Sealer::Sealer(std::string_view key, uint32_t number)
    : cipher_key_(std::string(DeriveKey(key, "SM4-CTR").view().substr(0, 16))),
      tag_key_(DeriveKey(key, "HMAC-SM3").view()),
      number_(number) {
  CHECK(key.size() == 32);
}

Sealer::~Sealer() = default;

std::string Sealer::Seal(std::string_view plain, std::string_view context) const {
  std::string out;
  out.reserve(plain.size() + kOverhead);
  out += kFieldVersion;
  out += BigEndian(number_, 4);
  out += FreshNonce();
  const std::string nonce = out.substr(5);
  out.resize(kFieldHeader + plain.size());
  Xor(cipher_key_.view(), nonce, Bytes(plain), plain.size(), Bytes(out) + kFieldHeader);
  out += View(tag_key_.Of({BigEndian(context.size(), 8), context, out}));
  return out;
}

Result<std::string> Sealer::Open(std::string_view sealed, std::string_view context) const {
  if (sealed.size() < kOverhead || sealed[0] != kFieldVersion ||
      sealed.substr(1, 4) != BigEndian(number_, 4)) {
    return error::kAltered;
  }
  std::string_view body = sealed.substr(0, sealed.size() - kTag);
  Digest tag = tag_key_.Of({BigEndian(context.size(), 8), context, body});
  if (!EqualInConstantTime(View(tag), sealed.substr(body.size()))) return error::kAltered;
  return Sm4Ctr(cipher_key_.view(), sealed.substr(5, 16), body.substr(kFieldHeader));
}

Result<uint32_t> Sealer::KeyNumberOf(std::string_view sealed) {
  size_t at = 0;
  if (sealed.size() >= kOverhead && sealed[0] == kFieldVersion) {
    at = 1;
  } else if (sealed.size() >= kFileHeader && sealed.starts_with(kFileMagic)) {
    at = 4;
  } else {
    return error::kAltered;
  }
  uint32_t out = 0;
  for (size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(sealed[at + i]);
  return out;
}

FileSealer::FileSealer(const Sealer& sealer, std::string_view context, Sink sink)
    : sealer_(sealer),
      context_(context),
      sink_(std::move(sink)),
      header_(std::string(kFileMagic) + BigEndian(sealer.number_, 4) + RandomBytes(16)) {}

FileSealer::~FileSealer() { Wipe(held_); }

Result<void> FileSealer::Update(std::string_view plain) {
  held_ += plain;
  // A chunk goes out once something follows it, so the last one is known as such.
  size_t at = 0;
  for (; held_.size() - at > kChunk; at += kChunk) {
    TRY_VOID(Chunk(std::string_view(held_).substr(at, kChunk), false));
  }
  held_.erase(0, at);
  return {};
}

Result<void> FileSealer::Finish() { return Chunk(held_, true); }

Result<void> FileSealer::Chunk(std::string_view plain, bool last) {
  if (index_ == 0) TRY_VOID(sink_(header_));
  std::string out = Sm4Ctr(sealer_.cipher_key_.view(),
                           Advanced(header_.substr(8), index_ * (kChunk / 16)), plain);
  out += View(
      sealer_.tag_key_.Of({BigEndian(context_.size(), 8), context_, header_, BigEndian(index_, 8),
                           last ? "\x01" : std::string_view("\0", 1), out}));
  ++index_;
  return sink_(out);
}

FileOpener::FileOpener(const Sealer& sealer, std::string_view context, Sink sink)
    : sealer_(sealer), context_(context), sink_(std::move(sink)) {}

Result<void> FileOpener::Update(std::string_view sealed) {
  held_ += sealed;
  size_t at = 0;
  if (header_.empty()) {
    if (held_.size() < kFileHeader) return {};
    header_ = held_.substr(0, kFileHeader);
    at = kFileHeader;
    if (!header_.starts_with(kFileMagic) || header_.substr(4, 4) != BigEndian(sealer_.number_, 4)) {
      return error::kAltered;
    }
  }
  for (; held_.size() - at > kChunk + kTag; at += kChunk + kTag) {
    TRY_VOID(Chunk(std::string_view(held_).substr(at, kChunk + kTag), false));
  }
  held_.erase(0, at);
  return {};
}

Result<void> FileOpener::Finish() {
  if (header_.empty() || held_.size() < kTag) return error::kAltered;
  return Chunk(held_, true);
}

Result<void> FileOpener::Chunk(std::string_view sealed, bool last) {
  std::string_view body = sealed.substr(0, sealed.size() - kTag);
  Digest tag =
      sealer_.tag_key_.Of({BigEndian(context_.size(), 8), context_, header_, BigEndian(index_, 8),
                           last ? "\x01" : std::string_view("\0", 1), body});
  if (!EqualInConstantTime(View(tag), sealed.substr(body.size()))) return error::kAltered;
  std::string plain =
      Sm4Ctr(sealer_.cipher_key_.view(), Advanced(header_.substr(8), index_ * (kChunk / 16)), body);
  ++index_;
  return sink_(plain);
}

}  // namespace city::crypto
