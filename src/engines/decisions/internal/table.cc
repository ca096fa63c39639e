// SPDX-License-Identifier: Apache-2.0
// How decision tables run. Source: DMN 1.5, 8.2.
#include <algorithm>

#include "engines/decisions/errors.h"
#include "engines/decisions/internal/run.h"
#include "engines/decisions/internal/table_index.h"

namespace city::decisions {

using feel::Value;

namespace {

const feel::Expression& Aggregate(TableLogic::Aggregation how) {
  static const feel::Scope kScope = feel::Scope().Declare("list");
  static const feel::Expression kSum = *feel::Compile("sum(list)", kScope);
  static const feel::Expression kMin = *feel::Compile("min(list)", kScope);
  static const feel::Expression kMax = *feel::Compile("max(list)", kScope);
  switch (how) {
    case TableLogic::Aggregation::kMin:
      return kMin;
    case TableLogic::Aggregation::kMax:
      return kMax;
    default:
      return kSum;
  }
}

size_t RankOf(const Value& value, const std::vector<Value>& order) {
  for (size_t i = 0; i < order.size(); ++i)
    if (feel::In(value, order[i]).IsTrue()) return i;
  return order.size();
}

bool SameOutputs(const std::vector<Value>& a, const std::vector<Value>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!feel::Equal(a[i], b[i]).IsTrue()) return false;
  return true;
}

}  // namespace

bool TableLogic::Matches(const Rule& rule, size_t first, uint8_t* memo, Env& env,
                         int& failed) const {
  enum : uint8_t { kNew, kYes, kNo };
  for (size_t i = 0; i < rule.cells.size(); ++i) {
    const Input& input = inputs[i];
    uint8_t& known = memo[input.first_memo + rule.cells[i]];
    if (known == kNew) {
      const feel::Expression& test = input.tests[rule.cells[i]];
      bool yes = test &&
                 (test.IsAny() || env.frame.Test(test, env.values[first + i], env.values).IsTrue());
      known = yes ? kYes : kNo;
    }
    if (known == kNo) {
      failed = static_cast<int>(i);
      return false;
    }
  }
  return true;
}

bool TableLogic::MatchByIndex(size_t first, bool first_only, Env& env,
                              std::vector<size_t>& hits) const {
  constexpr size_t kFewWords = 8;
  const uint64_t* few[kFewWords];
  std::vector<const uint64_t*> many;
  const uint64_t** sets = few;
  if (index->indexed.size() > kFewWords) {
    many.resize(index->indexed.size());
    sets = many.data();
  }
  for (size_t i = 0; i < index->indexed.size(); ++i) {
    size_t column = index->indexed[i];
    sets[i] = index->columns[column].Find(env.values[first + column]);
    if (sets[i] == nullptr) return false;
  }
  env.frame.Step();
  std::vector<int8_t> memo;  // of open columns: what each different cell said
  if (!index->open.empty()) memo.assign(memo_size, -1);
  for (size_t word = 0; word < index->words; ++word) {
    size_t left = rules.size() - word * 64;
    uint64_t bits = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
    for (size_t i = 0; i < index->indexed.size(); ++i) bits &= sets[i][word];
    for (; bits != 0; bits &= bits - 1) {
      size_t r = word * 64 + static_cast<size_t>(__builtin_ctzll(bits));
      bool matched = true;
      for (uint32_t column : index->open) {
        if (column >= rules[r].cells.size()) continue;
        const Input& input = inputs[column];
        int8_t& known = memo[input.first_memo + rules[r].cells[column]];
        if (known < 0) {
          if (!env.frame.Step()) return true;
          const feel::Expression& test = input.tests[rules[r].cells[column]];
          known = test && (test.IsAny() ||
                           env.frame.Test(test, env.values[first + column], env.values).IsTrue());
        }
        matched = known > 0;
        if (!matched) break;
      }
      if (!matched) continue;
      hits.push_back(r);
      if (first_only) return true;
    }
  }
  return true;
}

std::vector<Value> TableLogic::OutputsOf(const Rule& rule, Env& env) const {
  std::vector<Value> out;
  out.reserve(outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    Value value = i < rule.outputs.size() && rule.outputs[i] != nullptr
                      ? rule.outputs[i]->Evaluate(env)
                      : Value();
    out.push_back(ToType(std::move(value), outputs[i].type, name, env));
  }
  return out;
}

Value TableLogic::Assemble(std::vector<Value> values) const {
  if (outputs.size() == 1) return std::move(values[0]);
  feel::ContextBuilder builder;
  for (size_t i = 0; i < outputs.size(); ++i) builder.Add(outputs[i].key, std::move(values[i]));
  return builder.Build();
}

bool TableLogic::HigherPriority(const std::vector<Value>& a, const std::vector<Value>& b) const {
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].order.empty()) continue;
    size_t x = RankOf(a[i], outputs[i].order);
    size_t y = RankOf(b[i], outputs[i].order);
    if (x != y) return x < y;
  }
  return false;
}

Value TableLogic::Collect(std::vector<std::vector<Value>> hits, Env& env) const {
  if (aggregation == Aggregation::kCount) return Value::Of(static_cast<int64_t>(hits.size()));
  if (aggregation == Aggregation::kNone) {
    std::vector<Value> items;
    for (auto& hit : hits) items.push_back(Assemble(std::move(hit)));
    return Value::List(std::move(items));
  }
  std::vector<Value> folded;
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::vector<Value> column;
    for (const auto& hit : hits) column.push_back(hit[i]);
    Value list = Value::List(std::move(column));
    folded.push_back(env.frame.Evaluate(Aggregate(aggregation), std::span<const Value>(&list, 1)));
  }
  return Assemble(std::move(folded));
}

Value TableLogic::Evaluate(Env& env) const {
  // The values of the inputs lie behind the environment, which is large enough in the common case.
  size_t first = env.values.size();
  for (const Input& input : inputs)
    env.values.push_back(input.expression != nullptr ? input.expression->Evaluate(env) : Value());
  struct Shrink {
    std::vector<Value>& values;
    size_t size;
    ~Shrink() { values.resize(size); }
  } shrink{env.values, first};
  std::vector<TableTrace>* traces = env.run != nullptr ? env.run->tables() : nullptr;
  TableTrace trace;
  if (traces != nullptr) {
    trace.name = name;
    trace.hit_policy = policy_text;
    for (size_t i = 0; i < inputs.size(); ++i)
      trace.inputs.emplace_back(inputs[i].label.empty() ? inputs[i].text : inputs[i].label,
                                env.values[first + i]);
    for (const Output& output : outputs)
      trace.outputs.push_back(output.label.empty() ? output.name : output.label);
  }
  constexpr size_t kFewCells = 256;
  uint8_t few_memo[kFewCells];
  std::vector<uint8_t> many_memo;
  uint8_t* memo = few_memo;
  if (memo_size > kFewCells) {
    many_memo.resize(memo_size);
    memo = many_memo.data();
  } else {
    std::fill_n(few_memo, memo_size, uint8_t{0});
  }
  bool first_only = policy == Policy::kFirst;
  std::vector<size_t> hit_rules;
  std::vector<std::vector<Value>> hits;
  size_t only = rules.size();  // the single hit so far, kept without a list
  size_t count = 0;
  // Whoever asks why wants each rule's own answer; otherwise the index is quicker.
  if (traces == nullptr && index != nullptr && MatchByIndex(first, first_only, env, hit_rules)) {
    count = hit_rules.size();
    if (count == 1) {
      only = hit_rules[0];
      hit_rules.clear();
    }
    if (env.frame.stopped()) return Value();
  } else {
    for (size_t r = 0; r < rules.size(); ++r) {
      if (!env.frame.Step()) return Value();
      int failed = -1;
      bool matched = Matches(rules[r], first, memo, env, failed);
      if (traces != nullptr) {
        RuleTrace row;
        row.number = static_cast<int>(r) + 1;
        row.matched = matched;
        row.failed_input = failed;
        if (failed >= 0) {
          auto column = static_cast<size_t>(failed);
          const feel::Expression& test = inputs[column].tests[rules[r].cells[column]];
          if (test) row.failed_test = test.text();
        }
        trace.rules.push_back(std::move(row));
      }
      if (!matched) continue;
      if (count++ == 0) {
        only = r;
        if (first_only) break;
      } else {
        if (hit_rules.empty()) hit_rules.push_back(only);
        hit_rules.push_back(r);
      }
    }
  }
  bool single = policy == Policy::kUnique || policy == Policy::kFirst || policy == Policy::kAny ||
                policy == Policy::kPriority;
  if (count == 1 && single && traces == nullptr && outputs.size() == 1) {
    // The common case needs no lists.
    const Rule& rule = rules[only];
    if (rule.outputs.empty() || rule.outputs[0] == nullptr) return Value();
    return ToType(rule.outputs[0]->Evaluate(env), outputs[0].type, name, env);
  }
  if (count == 1) hit_rules.push_back(only);
  for (size_t r : hit_rules) {
    hits.push_back(OutputsOf(rules[r], env));
    if (traces != nullptr) {
      RuleTrace& row = trace.rules[r];
      row.outputs = hits.back();
      for (size_t i = 0; i < rules[r].annotations.size(); ++i)
        row.annotations.emplace_back(
            i < annotation_names.size() ? annotation_names[i] : std::string(),
            rules[r].annotations[i]);
    }
  }
  Value result;
  if (count == 0) {
    bool any_default = std::any_of(outputs.begin(), outputs.end(),
                                   [](const Output& o) { return o.fallback != nullptr; });
    if (any_default) {
      std::vector<Value> defaults;
      for (const Output& output : outputs)
        defaults.push_back(
            ToType(output.fallback != nullptr ? output.fallback->Evaluate(env) : Value(),
                   output.type, name, env));
      trace.defaulted = true;
      result = Assemble(std::move(defaults));
      bool list = policy == Policy::kRuleOrder || policy == Policy::kOutputOrder ||
                  (policy == Policy::kCollect && aggregation == Aggregation::kNone);
      if (list && !result.IsList()) result = Value::List({result});
    } else if (policy == Policy::kCollect && aggregation == Aggregation::kCount) {
      result = Value::Of(0);
    }
  } else {
    switch (policy) {
      case Policy::kUnique:
        if (count > 1) {
          std::string numbers;
          for (size_t r : hit_rules)
            numbers += (numbers.empty() ? "" : ", ") + std::to_string(r + 1);
          env.frame.Tell(error::kSeveralRules, {{"table", name}, {"rules", numbers}});
        } else {
          result = Assemble(std::move(hits[0]));
        }
        break;
      case Policy::kFirst:
        result = Assemble(std::move(hits[0]));
        break;
      case Policy::kAny: {
        bool same = std::all_of(hits.begin(), hits.end(),
                                [&](const auto& hit) { return SameOutputs(hits[0], hit); });
        if (same) {
          result = Assemble(std::move(hits[0]));
        } else {
          env.frame.Tell(error::kSeveralRules, {{"table", name}, {"rules", "-"}});
        }
        break;
      }
      case Policy::kPriority: {
        size_t best = 0;
        for (size_t i = 1; i < hits.size(); ++i)
          if (HigherPriority(hits[i], hits[best])) best = i;
        result = Assemble(std::move(hits[best]));
        break;
      }
      case Policy::kOutputOrder:
        std::stable_sort(hits.begin(), hits.end(),
                         [&](const auto& a, const auto& b) { return HigherPriority(a, b); });
        [[fallthrough]];
      case Policy::kRuleOrder: {
        std::vector<Value> items;
        for (auto& hit : hits) items.push_back(Assemble(std::move(hit)));
        result = Value::List(std::move(items));
        break;
      }
      case Policy::kCollect:
        result = Collect(std::move(hits), env);
        break;
    }
  }
  if (traces != nullptr) traces->push_back(std::move(trace));
  return result;
}

}  // namespace city::decisions
