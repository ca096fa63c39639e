// SPDX-License-Identifier: Apache-2.0
// One evaluation of a model: which elements have a value already, and what is told about it.
#pragma once

#include <string>
#include <vector>

#include "engines/decisions/internal/logic.h"

namespace city::decisions {

/// What an element sees: a name with the element behind it, or an imported model with several.
struct Visible {
  std::string name;
  int element = -1;
  std::vector<std::pair<std::string, int>> members;  // for an import
};

struct Element {
  ElementKind kind = ElementKind::kInput;
  std::string id;
  std::string name;
  int model = 0;
  feel::TypePtr type;
  std::string question;
  std::string description;
  std::string logic_text;
  int line = 0;
  std::vector<Visible> visible;
  LogicPtr logic;        // decisions and knowledge; null when there is none
  feel::Value function;  // knowledge and services
  // services:
  std::vector<int> outputs, input_data, input_decisions;
  feel::TypePtr output_type;
};

class LoadedModel;

class Run {
 public:
  Run(const LoadedModel& model, feel::CallFrame& frame, Trace* trace);
  /// The value of an element in this run, evaluated when needed.
  feel::Value ValueOf(int element);
  void Set(int element, feel::Value value);
  feel::CallFrame& frame() { return frame_; }
  /// Where tables write what they did; null when nobody asks.
  std::vector<TableTrace>* tables() { return tables_; }
  /// Values of what an element sees, in the order of its scope.
  std::vector<feel::Value> Gather(const Element& element);

 private:
  enum class State : uint8_t { kOpen, kRunning, kDone };
  const LoadedModel& model_;
  feel::CallFrame& frame_;
  Trace* trace_;
  std::vector<TableTrace>* tables_ = nullptr;
  struct Slot {
    feel::Value value;
    State state = State::kOpen;
  };
  std::vector<Slot> slots_;
};

}  // namespace city::decisions
