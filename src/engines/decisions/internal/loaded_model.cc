// SPDX-License-Identifier: Apache-2.0
// Running decisions, knowledge and services of a loaded model.
#include "engines/decisions/internal/loaded_model.h"

#include <set>

#include "engines/decisions/errors.h"

namespace city::decisions {

using feel::Value;

Run::Run(const LoadedModel& model, feel::CallFrame& frame, Trace* trace)
    : model_(model), frame_(frame), trace_(trace), slots_(model.size()) {}

void Run::Set(int element, Value value) {
  Slot& slot = slots_[static_cast<size_t>(element)];
  slot.value = std::move(value);
  slot.state = State::kDone;
}

std::vector<Value> Run::Gather(const Element& element) {
  std::vector<Value> values;
  values.reserve(element.visible.size() + 8);
  for (const Visible& v : element.visible) {
    if (v.element >= 0) {
      values.push_back(ValueOf(v.element));
      continue;
    }
    feel::ContextBuilder builder;
    for (const auto& [name, index] : v.members) builder.Add(name, ValueOf(index));
    values.push_back(builder.Build());
  }
  return values;
}

Value Run::ValueOf(int index) {
  auto i = static_cast<size_t>(index);
  if (slots_[i].state == State::kDone) return slots_[i].value;
  const Element& element = model_.element(index);
  if (element.kind == ElementKind::kKnowledge || element.kind == ElementKind::kService)
    return element.function;
  if (slots_[i].state == State::kRunning || element.logic == nullptr) return Value();
  if (!frame_.Enter()) {
    frame_.Leave();
    return Value();
  }
  slots_[i].state = State::kRunning;
  Env env{frame_, this, Gather(element)};
  std::vector<TableTrace> tables;
  std::vector<TableTrace>* outer = tables_;
  if (trace_ != nullptr) tables_ = &tables;
  std::vector<std::pair<std::string, Value>> inputs;
  if (trace_ != nullptr)
    for (size_t k = 0; k < element.visible.size(); ++k)
      if (!env.values[k].IsFunction()) inputs.emplace_back(element.visible[k].name, env.values[k]);
  Value value = ToType(RunTyped(*element.logic, env), element.type, element.name, env);
  tables_ = outer;
  if (trace_ != nullptr)
    trace_->decisions.push_back(
        {element.name, element.id, std::move(inputs), std::move(tables), value});
  frame_.Leave();
  Set(index, value);
  return value;
}

std::vector<ElementInfo> LoadedModel::elements() const {
  std::vector<ElementInfo> out;
  for (const Element& e : elements_)
    if (e.model == 0)
      out.push_back({e.kind, e.id, e.name, e.type, e.question, e.description, e.logic_text});
  return out;
}

std::vector<ElementInfo> LoadedModel::InputsOf(std::string_view decision) const {
  std::vector<ElementInfo> out;
  int start = Find(decision, ElementKind::kDecision, ElementKind::kService);
  std::set<int> seen;
  std::vector<int> open;
  if (start >= 0) open.push_back(start);
  while (!open.empty()) {
    int index = open.back();
    open.pop_back();
    if (!seen.insert(index).second) continue;
    const Element& e = element(index);
    if (e.kind == ElementKind::kInput)
      out.push_back({e.kind, e.id, e.name, e.type, e.question, e.description, e.logic_text});
    if (e.kind == ElementKind::kService) {
      open.insert(open.end(), e.input_data.begin(), e.input_data.end());
      continue;
    }
    for (const Visible& v : e.visible) {
      if (v.element >= 0) open.push_back(v.element);
      for (const auto& member : v.members) open.push_back(member.second);
    }
  }
  return out;
}

int LoadedModel::Find(std::string_view name, ElementKind kind, ElementKind other) const {
  for (ElementKind wanted : {kind, other})
    for (size_t i = 0; i < elements_.size(); ++i)
      if (elements_[i].model == 0 && elements_[i].kind == wanted &&
          (elements_[i].name == name || elements_[i].id == name))
        return static_cast<int>(i);
  return -1;
}

std::string LoadedModel::KnownNames() const {
  std::string out;
  for (const Element& e : elements_)
    if (e.model == 0 && (e.kind == ElementKind::kDecision || e.kind == ElementKind::kService))
      out += (out.empty() ? "" : ", ") + e.name;
  return out;
}

void LoadedModel::Fill(Run& run, const Value& inputs, feel::CallFrame& frame,
                       const std::vector<int>& overridden) const {
  if (!inputs.IsContext()) return;
  for (size_t i = 0; i < elements_.size(); ++i) {
    const Element& e = elements_[i];
    int index = static_cast<int>(i);
    bool wanted =
        e.kind == ElementKind::kInput || (e.kind == ElementKind::kDecision && e.logic == nullptr);
    for (int o : overridden) wanted = wanted || o == index;
    if (!wanted) continue;
    const Value* given = inputs.context().Find(e.name);
    if (given == nullptr) continue;
    if (e.type == nullptr || feel::Accepts(*e.type, *given)) {
      run.Set(index, *given);
      continue;
    }
    auto converted = feel::Coerce(*given, *e.type);
    if (!converted && frame.listening())
      frame.Tell(error::kWrongInput, {{"element", e.name}, {"value", feel::ToText(*given, 200)}});
    run.Set(index, converted ? std::move(*converted) : Value());
  }
}

namespace {

Outcome Finish(Value value, feel::Diagnostics diagnostics, std::optional<Trace> trace) {
  Outcome outcome;
  outcome.value = std::move(value);
  for (auto& entry : diagnostics.entries) outcome.remarks.push_back(std::move(entry.error));
  outcome.limit_exceeded = diagnostics.limit_exceeded;
  outcome.trace = std::move(trace);
  return outcome;
}

}  // namespace

void LoadedModel::Bind() {
  for (const Element& e : elements_) {
    if (e.model != 0 || e.kind != ElementKind::kDecision) continue;
    // The same name may stand for a service or twice: whichever is found first decides.
    if (&e != &element(Find(e.name, ElementKind::kDecision, ElementKind::kService))) continue;
    if (auto fast = FastDecision::Make(e, elements_)) fast_.emplace(e.name, std::move(fast));
  }
}

Result<Outcome> LoadedModel::Decide(std::string_view decision, const Value& inputs,
                                    const DecideOptions& options) const {
  constexpr uint64_t kFewSteps = 1000;
  if (!options.trace && options.settings.limits.max_steps >= kFewSteps) {
    auto fast = fast_.find(decision);
    Outcome outcome;
    if (fast != fast_.end() && fast->second->Decide(inputs, outcome.value)) return outcome;
  }
  int index = Find(decision, ElementKind::kDecision, ElementKind::kService);
  if (index < 0)
    return error::kNoDecision({{"name", std::string(decision)}, {"known", KnownNames()}});
  if (element(index).kind == ElementKind::kService) return Serve(decision, inputs, options);
  feel::Diagnostics diagnostics;
  std::optional<Trace> trace;
  if (options.trace) trace = Trace{name_, version_, {}};
  feel::CallFrame frame(options.settings, &diagnostics);
  Run run(*this, frame, trace ? &*trace : nullptr);
  frame.host = &run;
  Fill(run, inputs, frame, {});
  Value value = run.ValueOf(index);
  if (frame.stopped()) value = Value();
  return Finish(std::move(value), std::move(diagnostics), std::move(trace));
}

Result<Outcome> LoadedModel::Serve(std::string_view service, const Value& inputs,
                                   const DecideOptions& options) const {
  int index = Find(service, ElementKind::kService, ElementKind::kService);
  if (index < 0)
    return error::kNoDecision({{"name", std::string(service)}, {"known", KnownNames()}});
  feel::Diagnostics diagnostics;
  std::optional<Trace> trace;
  if (options.trace) trace = Trace{name_, version_, {}};
  feel::CallFrame frame(options.settings, &diagnostics);
  const Element& e = element(index);
  Run run(*this, frame, trace ? &*trace : nullptr);
  frame.host = &run;
  for (int decision : e.input_decisions) run.Set(decision, Value());
  Fill(run, inputs, frame, e.input_decisions);
  Env env{frame, &run, {}};
  Value value;
  if (e.outputs.size() == 1) {
    value = ToType(run.ValueOf(e.outputs[0]), e.output_type, e.name, env);
  } else {
    feel::ContextBuilder builder;
    for (int output : e.outputs) builder.Add(element(output).name, run.ValueOf(output));
    value = ToType(builder.Build(), e.output_type, e.name, env);
  }
  if (frame.stopped()) value = Value();
  return Finish(std::move(value), std::move(diagnostics), std::move(trace));
}

Value LoadedModel::RunService(int service, std::span<const Value> arguments,
                              feel::CallFrame& frame) const {
  const Element& e = element(service);
  if (!frame.Enter()) {
    frame.Leave();
    return Value();
  }
  Run run(*this, frame, nullptr);
  void* host = std::exchange(frame.host, &run);
  size_t at = 0;
  for (int input : e.input_data) run.Set(input, arguments[at++]);
  for (int decision : e.input_decisions) run.Set(decision, arguments[at++]);
  Value value;
  if (e.outputs.size() == 1) {
    value = run.ValueOf(e.outputs[0]);
  } else {
    feel::ContextBuilder builder;
    for (int output : e.outputs) builder.Add(element(output).name, run.ValueOf(output));
    value = builder.Build();
  }
  frame.host = host;
  frame.Leave();
  return value;
}

Value LoadedModel::RunKnowledge(int knowledge, std::span<const Value> arguments,
                                feel::CallFrame& frame) const {
  const Element& e = element(knowledge);
  if (e.logic == nullptr || !frame.Enter()) {
    if (e.logic != nullptr) frame.Leave();
    return Value();
  }
  // Knowledge sees other knowledge only; these values are the same in every run.
  Run inner(*this, frame, nullptr);
  Env env{frame, static_cast<Run*>(frame.host), inner.Gather(e)};
  env.values.insert(env.values.end(), arguments.begin(), arguments.end());
  Value value = RunTyped(*e.logic, env);
  frame.Leave();
  return value;
}

}  // namespace city::decisions
