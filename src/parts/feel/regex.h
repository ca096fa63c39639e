// SPDX-License-Identifier: Apache-2.0
// Regular expressions as XPath and XQuery write them, run by PCRE2 within limits.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city::feel {

/// A compiled pattern. Immutable and thread-safe.
class Regex {
 public:
  /// `flags` out of s m i x q. Errors: feel.bad_pattern.
  /// Source: W3C XQuery and XPath Functions and Operators 3.1, 5.6.
  static Result<std::shared_ptr<const Regex>> Compile(std::string_view pattern,
                                                      std::string_view flags);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  /// Whether the pattern is found anywhere. Empty when the match limit was reached.
  std::optional<bool> Matches(std::string_view text) const;
  /// Every match replaced; `$1` is a group, `\$` a dollar sign. Errors: feel.bad_pattern for a bad
  /// replacement or a pattern that matches nothing at all, feel.limit.
  Result<std::string> Replace(std::string_view text, std::string_view replacement,
                              size_t max_bytes) const;
  /// The text between the matches. Errors as for Replace().
  Result<std::vector<std::string>> Split(std::string_view text, size_t max_items) const;

 private:
  Regex() = default;
  struct Code;
  std::unique_ptr<Code> code_;
  std::string pattern_;
  bool literal_ = false;
};

/// The pattern in the syntax of PCRE2. Errors: feel.bad_pattern.
Result<std::string> TranslatePattern(std::string_view pattern, bool dot_all, bool extended);

}  // namespace city::feel
