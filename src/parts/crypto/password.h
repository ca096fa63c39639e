// SPDX-License-Identifier: Apache-2.0
// Why: what people sign in with: passwords and one-time codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace city::crypto {

/// How much work a guess costs. The default takes about 30 ms and 19 MiB.
struct PasswordCost {
  uint32_t memory_kib = 19456;
  uint32_t passes = 2;
  uint32_t lanes = 1;
};

/// Argon2id hash (RFC 9106) with a fresh salt, as "$argon2id$v=19$m=…".
/// `password`: 1 to 1024 bytes. Errors: crypto.password_length.
Result<std::string> HashPassword(std::string_view password, PasswordCost cost = {});
/// Whether `password` made `hash`; false too for a hash that cannot be read or costs more than
/// 256 MiB.
bool VerifyPassword(std::string_view hash, std::string_view password);
/// Whether `hash` was made at less than `cost`, so that it should be made anew at the next sign-in.
bool IsCheaperThan(std::string_view hash, PasswordCost cost = {});

/// Which hash a one-time code is made with; authenticator apps expect SHA-1.
enum class TotpHash { kSha1, kSha256, kSha512 };

/// The code for a period of 30 s, counted from 1970. Source: RFC 6238, RFC 4226.
/// `digits`: 6 to 8.
std::string TotpCode(std::string_view secret, int64_t step, int digits = 6,
                     TotpHash hash = TotpHash::kSha1);
/// The period that `now` lies in.
int64_t TotpStep(Time now);
/// The period that `code` belongs to, when that is the present one or `slack` around it and later
/// than `last_used` (a code works once); nothing otherwise.
std::optional<int64_t> CheckTotp(std::string_view secret, std::string_view code, Time now,
                                 int64_t last_used = -1, int slack = 1);
/// What an authenticator app reads from a QR code. `secret` as bytes.
std::string TotpAddress(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace city::crypto
