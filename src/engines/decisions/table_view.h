// SPDX-License-Identifier: Apache-2.0
// A decision table as text, for editors and checks.
#pragma once

#include <string>
#include <vector>

#include "parts/feel/feel.h"

namespace city::decisions {

struct TableView {
  std::string element;  // the decision or knowledge model it belongs to
  std::string hit_policy;
  struct Input {
    std::string label;
    std::string text;
    std::string allowed;  // unary tests, may be empty
    feel::TypePtr type;
  };
  struct Rule {
    std::string id;  // of the rule in its file
    std::vector<std::string> tests;
    std::vector<std::string> outputs;
    std::vector<std::string> annotations;
    std::vector<feel::Expression> compiled;  // the tests; empty where broken
  };
  std::vector<Input> inputs;
  std::vector<std::string> outputs;
  std::vector<Rule> rules;
};

}  // namespace city::decisions
