// SPDX-License-Identifier: Apache-2.0
// Any bytes as pattern, flags and text: an answer or an error, never a long wait.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parts/feel/regex.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using city::feel::Regex;
  if (size < 2) return 0;
  static constexpr std::string_view kFlags[] = {"", "i", "s", "m", "x", "q", "smix", "z"};
  std::string_view flags = kFlags[data[0] % 8];
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  size_t cut = rest.find('\n');
  std::string_view pattern = rest.substr(0, cut);
  std::string_view text = cut == std::string_view::npos ? "" : rest.substr(cut + 1);
  auto regex = Regex::Compile(pattern, flags);
  if (!regex) return 0;
  (void)(*regex)->Matches(text);
  (void)(*regex)->Replace(text, "[$1]", 1u << 20);
  (void)(*regex)->Split(text, 1000);
  return 0;
}
