// SPDX-License-Identifier: Apache-2.0
// Words with places in them, filled: notices, papers, letters.
#pragma once
#include <map>
#include <string>
#include <string_view>

namespace city {

/// `text` with each {word} replaced by its value, once, from left to right: what stands in a value
/// is never read as a word. Words without a value stay as they are.
std::string FillIn(std::string_view text, const std::map<std::string, std::string>& values);
}  // namespace city
