// SPDX-License-Identifier: Apache-2.0
// Why a decision came out as it did: kept with the case, told to official and citizen.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "parts/feel/value.h"

namespace city::decisions {

/// One rule of a table in one evaluation.
struct RuleTrace {
  int number = 0;  // from 1
  bool matched = false;
  int failed_input = -1;    // which column said no (or null), from 0
  std::string failed_test;  // the text of that cell
  std::vector<feel::Value> outputs;
  std::vector<std::pair<std::string, std::string>> annotations;  // heading and text: legal basis
};

struct TableTrace {
  std::string name;
  std::string hit_policy;
  std::vector<std::pair<std::string, feel::Value>> inputs;  // expression text (or label) and value
  std::vector<std::string> outputs;
  std::vector<RuleTrace> rules;
  bool defaulted = false;  // no rule matched and the default outputs were taken
};

struct DecisionTrace {
  std::string name;
  std::string id;
  std::vector<std::pair<std::string, feel::Value>> inputs;
  std::vector<TableTrace> tables;
  feel::Value value;
};

/// One run, decisions in the order in which they were finished.
struct Trace {
  std::string model;
  std::string version;
  std::vector<DecisionTrace> decisions;
};

enum class Language { kChinese, kEnglish };

/// The trace in sentences, one a line. With `all_rules` also why each other rule did not match.
std::string Explain(const Trace& trace, Language language, bool all_rules = true);
/// The trace for storing with the case.
json::value ToJson(const Trace& trace);

}  // namespace city::decisions
