// SPDX-License-Identifier: Apache-2.0
// Splits FEEL text into tokens; names of several words are put together by the parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city::feel {

enum class TokenKind : uint8_t { kName, kNumber, kString, kSign, kEnd };

struct Token {
  TokenKind kind;
  bool space_before;
  uint32_t start;
  uint32_t end;
  std::string_view text;  // in the source
};

/// All tokens of a text, ending with kEnd. Errors: feel.syntax.
Result<std::vector<Token>> Tokenize(std::string_view source);
/// The value of a string literal with its quotes; escapes that FEEL does not know stay as written.
std::string Unescape(std::string_view literal);
/// One space between words, none at the ends.
std::string NormalizeName(std::string_view name);
bool IsKeyword(std::string_view word);
/// The error of an unexpected place.
Error SyntaxError(std::string_view source, size_t offset, std::string_view found,
                  std::string_view expected_zh, std::string_view expected_en);
/// Line and column (both from 1, column in code points) as parameters of an error.
ErrorParams PlaceOf(std::string_view source, size_t offset);

}  // namespace city::feel
