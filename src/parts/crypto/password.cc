// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/crypto/password.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <chrono>

#include "parts/crypto/bytes.h"
#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr size_t kSaltSize = 16, kHashSize = 32, kLongest = 1024;
constexpr uint32_t kMostMemoryKib = 256 * 1024;

// The number after `key` in "$argon2id$v=19$m=19456,t=2,p=1$salt$hash"; 0 when it is not there.
uint32_t Field(std::string_view hash, std::string_view key) {
  size_t at = hash.find(key);
  uint32_t out = 0;
  if (at == std::string_view::npos) return 0;
  std::from_chars(hash.data() + at + key.size(), hash.data() + hash.size(), out);
  return out;
}

std::string PercentEncoded(std::string_view text) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += "0123456789ABCDEF"[c >> 4];
      out += "0123456789ABCDEF"[c & 15];
    }
  }
  return out;
}

}  // namespace

Result<std::string> HashPassword(std::string_view password, PasswordCost cost) {
  if (password.empty() || password.size() > kLongest) return error::kPasswordLength;
  const std::string salt = RandomBytes(kSaltSize);
  std::string out(
      argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, kSaltSize, kHashSize, Argon2_id),
      '\0');
  int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(),
                                   password.size(), salt.data(), salt.size(), kHashSize, out.data(),
                                   out.size());
  if (code != ARGON2_OK) return error::kFailed({{"reason", argon2_error_message(code)}});
  out.resize(out.find('\0'));
  return out;
}

bool VerifyPassword(std::string_view hash, std::string_view password) {
  if (password.empty() || password.size() > kLongest) return false;
  if (!hash.starts_with("$argon2id$") || Field(hash, "m=") > kMostMemoryKib) return false;
  std::string text(hash);
  return argon2id_verify(text.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool IsCheaperThan(std::string_view hash, PasswordCost cost) {
  return Field(hash, "m=") < cost.memory_kib || Field(hash, "t=") < cost.passes ||
         !hash.starts_with("$argon2id$");
}

std::string TotpCode(std::string_view secret, int64_t step, int digits, TotpHash hash) {
  std::array<unsigned char, 8> counter{};
  for (int i = 7; i >= 0; --i, step >>= 8) counter[static_cast<size_t>(i)] = step & 0xff;
  const EVP_MD* algorithm = hash == TotpHash::kSha1     ? EVP_sha1()
                            : hash == TotpHash::kSha256 ? EVP_sha256()
                                                        : EVP_sha512();
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  CHECK(HMAC(algorithm, secret.data(), static_cast<int>(secret.size()), counter.data(),
             counter.size(), mac.data(), &size) != nullptr);
  const size_t offset = mac[size - 1] & 15;
  uint32_t number = (mac[offset] & 0x7fu) << 24 | static_cast<uint32_t>(mac[offset + 1]) << 16 |
                    static_cast<uint32_t>(mac[offset + 2]) << 8 | mac[offset + 3];
  std::string out(static_cast<size_t>(digits), '0');
  for (size_t i = out.size(); i-- > 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return out;
}

int64_t TotpStep(Time now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / 30;
}

std::optional<int64_t> CheckTotp(std::string_view secret, std::string_view code, Time now,
                                 int64_t last_used, int slack) {
  const int64_t present = TotpStep(now);
  std::optional<int64_t> out;
  for (int64_t step = present - slack; step <= present + slack; ++step) {
    bool same = EqualInConstantTime(TotpCode(secret, step), code);
    if (same && step > last_used && !out) out = step;
  }
  return out;
}

std::string TotpAddress(std::string_view secret, std::string_view issuer,
                        std::string_view account) {
  return "otpauth://totp/" + PercentEncoded(issuer) + ":" + PercentEncoded(account) +
         "?secret=" + ToBase32(secret) + "&issuer=" + PercentEncoded(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace city::crypto
