// SPDX-License-Identifier: Apache-2.0
// Variables, mappings, jobs and incidents.
#include <algorithm>

#include "base/text.h"
#include "engines/flow/errors.h"
#include "engines/flow/internal/run.h"

namespace city::flow {

Result<json::value> Run::Evaluate(Index expression, Key at) {
  if (expression == kNone) return json::value();
  return definition_->expression(expression).Evaluate(instance_->Scopes(at), now_);
}

bool Run::Truth(Index expression, Key at, bool& problem, std::string& why) {
  auto value = Evaluate(expression, at);
  if (!value) {
    problem = true;
    why = value.error().SaysEn();
    return false;
  }
  if (value->is_bool()) return value->get_bool();
  problem = true;
  why = std::string(value->is_null() ? "null, a variable may be missing / 结果为空，可能缺少变量: "
                                     : "no truth value / 结果不是真假值: ") +
        definition_->expression_texts[static_cast<std::size_t>(expression)];
  return false;
}

void Run::OwnScope(Key key, bool isolated) {
  if (live(key)->has_scope) return;
  LogLine line;
  line.kind = LogKind::kScope;
  line.key = key;
  line.a = isolated ? 1 : 0;
  Emit(std::move(line));
}

void Run::SetVariable(Key scope, std::string_view name, const json::value& value) {
  LogLine line;
  line.kind = LogKind::kVariable;
  line.key = scope;
  line.name = std::string(name);
  line.value = value;
  Emit(std::move(line));
  variables_changed_ = true;
}

void Run::Propagate(Key from, std::string_view name, const json::value& value) {
  Key target = 0;
  for (const Live* l = live(from); l != nullptr; l = live(l->parent)) {
    if (!l->has_scope) continue;
    target = l->key;
    if (l->isolated || (l->extra && l->extra->variables.contains(name))) break;
  }
  if (target != 0) SetVariable(target, name, value);
}

void Run::PropagateAll(Key from, const json::object& variables) {
  for (const auto& m : variables) Propagate(from, m.key(), m.value());
}

void Run::SetPath(Key scope, const std::string& path, json::value value, bool own) {
  auto dot = path.find('.');
  if (dot == path.npos) {
    if (own) {
      SetVariable(scope, path, value);
    } else {
      Propagate(scope, path, value);
    }
    return;
  }
  auto parts = Split(path, '.');
  json::value whole = json::object();
  auto variables = instance_->Scopes(scope);
  if (const auto* old = variables.Find(parts[0]); old != nullptr && old->is_object()) whole = *old;
  json::value* at = &whole;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!at->is_object()) *at = json::object();
    at = &at->get_object()[parts[i]];
  }
  *at = std::move(value);
  if (own) {
    SetVariable(scope, parts[0], whole);
  } else {
    Propagate(scope, parts[0], whole);
  }
}

bool Run::MapIn(Key key, std::string& problem) {
  const Node& n = node(live(key)->node);
  if (n.inputs.empty() && n.data_inputs.empty()) return true;
  OwnScope(key, false);
  for (const auto& [from, to] : n.data_inputs) {
    auto variables = instance_->Scopes(key);
    const auto* value = variables.Find(from);
    if (value != nullptr && from != to) SetVariable(key, to, json::value(*value));
  }
  for (const auto& m : n.inputs) {
    auto value = Evaluate(m.source, key);
    if (!value) {
      problem = value.error().SaysEn();
      return false;
    }
    SetPath(key, m.target, std::move(*value), true);
  }
  return true;
}

bool Run::MapOut(Key key, const json::object& result, std::string& problem) {
  const Live* l = live(key);
  if (l == nullptr) return true;
  const Node& n = node(l->node);
  Key up = l->parent;
  if (n.outputs.empty() && n.data_outputs.empty()) {
    if (!result.empty()) PropagateAll(l->has_scope && l->loop == 0 ? up : key, result);
    return true;
  }
  OwnScope(key, false);
  for (const auto& m : result) SetVariable(key, m.key(), m.value());
  for (const auto& [from, to] : n.data_outputs) {
    auto variables = instance_->Scopes(key);
    const auto* value = variables.Find(from);
    if (value != nullptr) Propagate(up, to, json::value(*value));
  }
  for (const auto& m : n.outputs) {
    auto value = Evaluate(m.source, key);
    if (!value) {
      problem = value.error().SaysEn();
      return false;
    }
    SetPath(up, m.target, std::move(*value), false);
  }
  if (n.outputs.empty()) PropagateAll(up, result);
  return true;
}

void Run::AskHost(Key key) {
  Index index = live(key)->node;
  const Node& n = node(index);
  if (!n.decision.empty()) {
    auto answer = host_->Decide(n.decision, instance_->Scopes(key));
    if (!answer) {
      Incident(key, "decision", answer.error().SaysEn(), Phase::kWork);
      return;
    }
    json::object result;
    if (!n.result_variable.empty()) {
      result.emplace(n.result_variable, std::move(*answer));
    } else if (answer->is_object()) {
      result = std::move(answer->get_object());
    }
    FinishWork(key, result);
    return;
  }
  if (n.job) {
    std::string type = n.job->type_text;
    if (n.job->type != kNone) {
      auto value = Evaluate(n.job->type, key);
      if (!value || !value->is_string()) {
        Incident(key, "expression", value ? "the job type is no text" : value.error().SaysEn(),
                 Phase::kWork);
        return;
      }
      type = std::string(value->get_string());
    }
    LogLine line;
    line.kind = LogKind::kJob;
    line.key = key;
    line.text = type.empty() ? n.id : type;
    line.a = n.job->retries;
    Emit(std::move(line));
    MarkWaiting(key);
    return;
  }
  if (n.kind == NodeKind::kSend) {
    ++live(key)->moving;
    throws_.push_back({index, key, kNone});
    return;
  }
  if (n.script_expression != kNone) {
    auto value = Evaluate(n.script_expression, key);
    if (!value) {
      Incident(key, "expression", value.error().SaysEn(), Phase::kWork);
      return;
    }
    json::object result;
    if (!n.result_variable.empty()) {
      result.emplace(n.result_variable, std::move(*value));
    } else if (value->is_object()) {
      result = std::move(value->get_object());
    }
    FinishWork(key, result);
    return;
  }
  auto outcome = host_->Run(*definition_, index, instance_->Scopes(key));
  switch (outcome.kind) {
    case ScriptOutcome::Kind::kDone:
      FinishWork(key, outcome.variables);
      return;
    case ScriptOutcome::Kind::kLater: {
      LogLine line;
      line.kind = LogKind::kJob;
      line.key = key;
      line.text = outcome.text.empty() ? n.id : outcome.text;
      line.a = 3;
      Emit(std::move(line));
      MarkWaiting(key);
      return;
    }
    case ScriptOutcome::Kind::kError:
      if (!RaiseError(key, outcome.text, {}, outcome.variables, index)) {
        Incident(key, "unhandled-error", outcome.text, Phase::kWork);
      }
      return;
    case ScriptOutcome::Kind::kFailed:
      Incident(key, "script", outcome.text, Phase::kWork);
      return;
  }
}

void Run::Incident(Key key, std::string code, std::string message, Phase phase) {
  LogLine line;
  line.kind = LogKind::kIncident;
  line.key = key;
  line.name = std::move(code);
  line.text = std::move(message);
  line.a = static_cast<int>(phase);
  Emit(std::move(line));
}

Key Run::IncidentAt(Index index, Key scope, std::string code, std::string message, Phase phase) {
  const Live* at = live(scope);
  Key key = at != nullptr && at->node == index ? scope : Enter(index, scope);
  Incident(key, std::move(code), std::move(message), phase);
  return key;
}

void Run::Retry(Key key) {
  Live* l = live(key);
  auto phase = static_cast<Phase>(l->extra->phase);
  std::string code = l->extra->text;
  LogLine line;
  line.kind = LogKind::kSolved;
  line.key = key;
  Emit(std::move(line));
  l = live(key);
  Index index = l->node;
  Key scope = l->parent;
  const Node& n = node(index);
  switch (phase) {
    case Phase::kLeave:
      if (n.kind == NodeKind::kEnd || n.kind == NodeKind::kThrow) {
        Exit(key, "completed");
        PassOn(index, scope);
      } else if (n.kind < NodeKind::kExclusive && !l->body) {
        FinishWork(key, {});
      } else {
        CompleteWork(key);
      }
      break;
    case Phase::kLoop:
      if (l->created == 0) {
        BeginLoop(key);
      } else {
        FinishLoop(key);
      }
      break;
    case Phase::kError: {
      if (Live* s = live(scope)) ++s->moving;
      Exit(key, "completed");
      throws_.push_back({index, scope, kNone});
      break;
    }
    default:
      if (l->body) {
        BeginLoop(key);
      } else if (n.kind == NodeKind::kCatch) {
        Exit(key, "completed");
        if (Live* s = live(scope)) ++s->moving;
        moves_.push_back({index, scope, kNone});
      } else if (n.kind >= NodeKind::kExclusive || l->active > 0) {
        Exit(key, "completed");
        if (Live* s = live(scope)) ++s->moving;
        moves_.push_back({index, scope, kNone});
      } else {
        BeginWork(key);
      }
      break;
  }
}

void Run::Skip(const Command& command) {
  Key key = command.key;
  Live* l = live(key);
  Index index = l->node;
  Key scope = l->parent;
  PropagateAll(scope != 0 ? scope : key, command.variables);
  LogLine line;
  line.kind = LogKind::kSolved;
  line.key = key;
  Emit(std::move(line));
  const Node& n = node(index);
  ClearLevel(key, 0);
  if (live(key)->loop > 0) {
    LoopDone(key);
    return;
  }
  // A named flow or target wins; else what needs no condition, else the first way out.
  std::vector<Index> ways;
  for (Index f : n.out) {
    const auto& flow = definition_->flow(f);
    if (!command.name.empty() &&
        (flow.id == command.name || node(flow.target).id == command.name)) {
      ways.assign(1, f);
      break;
    }
  }
  if (ways.empty() && n.fallback != kNone) ways.push_back(n.fallback);
  if (ways.empty()) {
    for (Index f : n.out) {
      if (definition_->flow(f).condition == kNone) ways.push_back(f);
    }
  }
  if (ways.empty() && !n.out.empty()) ways.push_back(n.out.front());
  if (n.kind == NodeKind::kExclusive && ways.size() > 1) ways.resize(1);
  Exit(key, "skipped");
  for (Index f : ways) Take(f, scope);
  AfterChild(scope);
}

}  // namespace city::flow
