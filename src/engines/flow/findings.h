// SPDX-License-Identifier: Apache-2.0
// What is wrong with a model: the static rules of BPMN 2.0 (OMG formal/2013-12-09, ISO 19510).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engines/flow/document.h"

namespace city::flow {

enum class Severity : std::uint8_t {
  kWarning,  ///< style, or something this engine reads in its own way; may be deployed
  kError,    ///< breaks the standard; is refused at deployment
};

/// A named rule with its clause and words in two languages.
struct Rule {
  const char* id;
  Severity severity;
  const char* clause;  ///< clause of formal/2013-12-09
  const char* says_zh;
  const char* says_en;
  const char* then_zh;
  const char* then_en;
};

/// One rule broken at one place.
struct Finding {
  const Rule* rule = nullptr;
  std::string element;       ///< id, or a path for an element without one
  std::string element_kind;  ///< local name, such as `startEvent`
  int line = 0;
  std::string detail;     ///< what exactly: the missing id, the wrong value
  std::string detail_zh;  ///< the same in Chinese where it is words; empty: as `detail`
  bool is_error() const { return rule->severity == Severity::kError; }
  /// One line for a terminal: severity, element, rule, both languages, remedy.
  std::string ToLine(std::string_view file) const;
};

/// Every rule this library knows, for the documentation page.
std::span<const Rule* const> AllRules();

/// All findings of a file, ordered by line then rule. Pure.
std::vector<Finding> Lint(const Document& document);

}  // namespace city::flow
