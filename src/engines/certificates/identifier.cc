// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/identifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
constexpr std::string_view kSigns = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool AllSigns(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kSigns) == std::string_view::npos;
}
}  // namespace

std::optional<char> IdentifierCheck(std::string_view body) {
  int p = 36;
  for (char c : body) {
    size_t value = kSigns.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    p = (p + static_cast<int>(value)) % 36;
    if (p == 0) p = 36;
    p = p * 2 % 37;
  }
  return kSigns[static_cast<size_t>((37 - p) % 36)];
}

std::string Identifier::ToText() const {
  if (type_code.size() != 21 || (issuer_code.size() != 18 && issuer_code.size() != 6) ||
      serial.size() > 32 || version < 1 || version > 999 || !AllSigns(type_code) ||
      !AllSigns(issuer_code) || !AllSigns(serial))
    return {};
  std::string number = fmt::format("{:03}", version);
  std::optional<char> check = IdentifierCheck(type_code + issuer_code + serial + number);
  return fmt::format("{}.{}.{}.{}.{}.{}", kIdentifierRoot, type_code, issuer_code, serial, number,
                     *check);
}

Result<Identifier> ParseIdentifier(std::string_view text) {
  std::string_view rest = Trim(text);
  if (!rest.starts_with(kIdentifierRoot) || rest.size() > 160) return error::kBadIdentifier;
  rest.remove_prefix(kIdentifierRoot.size());
  std::vector<std::string_view> parts = Split(rest, '.');
  if (parts.size() != 6 || !parts[0].empty()) return error::kBadIdentifier;
  Identifier out{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), 0};
  if (parts[4].size() != 3 ||
      !std::all_of(parts[4].begin(), parts[4].end(), [](char c) { return c >= '0' && c <= '9'; }))
    return error::kBadIdentifier;
  out.version = std::stoi(std::string(parts[4]));
  if (out.ToText() != Trim(text)) return error::kBadIdentifier;
  return out;
}
}  // namespace city::certificates
