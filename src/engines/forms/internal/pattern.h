// SPDX-License-Identifier: Apache-2.0
// Patterns as browsers read them (ECMAScript, flag u), matched by PCRE2 within bounds.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct pcre2_real_code_8;

namespace city::forms {

/// Compiled patterns of one form, by their text. Filled while loading, then only read.
class Patterns {
 public:
  /// Whether `text` is a pattern both browsers and PCRE2 read; keeps it when it is.
  bool Add(std::string_view text);
  /// Whether a part of `subject` matches. A pattern never added, or a match past the bounds of
  /// work, does not match.
  bool Match(std::string_view text, std::string_view subject) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::map<std::string, std::unique_ptr<pcre2_real_code_8, Free>, std::less<>> compiled_;
};

}  // namespace city::forms
