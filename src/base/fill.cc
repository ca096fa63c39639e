// SPDX-License-Identifier: Apache-2.0
#include "base/fill.h"

namespace city {

std::string FillIn(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    auto found = end == std::string_view::npos
                     ? values.end()
                     : values.find(std::string(text.substr(at + 1, end - at - 1)));
    if (found == values.end()) {
      out += text[at++];
      continue;
    }
    out += found->second;
    at = end + 1;
  }
  return out;
}
}  // namespace city
