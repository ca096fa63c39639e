// SPDX-License-Identifier: Apache-2.0
// Table checks by samples: the constants of a column cut its values into pieces on which no cell
// changes its mind, so one sample of each piece stands for all of it.
#include "engines/decisions/checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace city::decisions {
namespace {

using feel::Value;
using feel::ValueKind;

constexpr size_t kMaxSamples = 400;
constexpr int kMaxFindings = 100;
constexpr int kMaxSteps = 300'000;

/// A value strictly between two of the same kind, or beside one of them; null when there is none.
Value Between(const Value& a, const Value& b) {
  static const feel::Scope kScope = feel::Scope().Declare("a").Declare("b");
  static const feel::Expression kNumber = *feel::Compile("(a + b) / 2", kScope);
  static const feel::Expression kPoint = *feel::Compile("a + (b - a) / 2", kScope);
  Value pair[2] = {a, b};
  Value middle = feel::Evaluate(a.IsNumber() ? kNumber : kPoint, std::span<const Value>(pair));
  auto low = feel::Order(a, middle);
  auto high = feel::Order(middle, b);
  return low && high && *low < 0 && *high < 0 ? middle : Value();
}

Value Beside(const Value& v, bool above) {
  switch (v.kind()) {
    case ValueKind::kNumber:
      return Value::Of(feel::Add(v.number(), feel::Number(above ? 1 : -1)));
    case ValueKind::kDate: {
      auto moved = feel::AddDays(v.date(), above ? 1 : -1);
      return moved ? Value::Of(*moved) : Value();
    }
    case ValueKind::kDateTime: {
      auto moved = feel::AddNanos(v.date_time(), above ? feel::kNanosPerDay : -feel::kNanosPerDay);
      return moved ? Value::Of(*moved) : Value();
    }
    case ValueKind::kYearsMonths:
      return Value::Of(feel::YearsMonths{v.years_months().months + (above ? 1 : -1)});
    case ValueKind::kDaysTime:
      return Value::Of(
          feel::DaysTime{v.days_time().nanos + (above ? feel::kNanosPerDay : -feel::kNanosPerDay)});
    case ValueKind::kString:
      // One more letter is the next text; before a text there is always the empty one.
      return above ? Value::Of(std::string(v.text()) + "a") : Value::Of("");
    default:
      return Value();
  }
}

void AddSample(std::vector<Value>& samples, Value v) {
  if (v.IsNull()) return;
  for (const Value& other : samples)
    if (feel::Equal(other, v).IsTrue()) return;
  samples.push_back(std::move(v));
}

class Checker {
 public:
  explicit Checker(const TableView& table) : table_(table) {}

  std::vector<Finding> Run() {
    for (size_t c = 0; c < table_.inputs.size(); ++c)
      if (!Column(c)) return std::move(findings_);
    Boxes();
    Merge();
    std::string policy = table_.hit_policy;
    bool unique = policy.starts_with("UNIQUE") || policy == "U";
    bool any = policy.starts_with("ANY") || policy == "A";
    bool first = policy.starts_with("FIRST") || policy == "F";
    if (unique || any) Overlaps(any);
    Unreachable(first);
    Gaps();
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
      auto rank = [](Finding::Kind k) {
        return k == Finding::Kind::kContradiction ? 0
               : k == Finding::Kind::kUnreachable ? 1
               : k == Finding::Kind::kGap         ? 2
                                                  : 3;
      };
      return rank(a.kind) < rank(b.kind);
    });
    return std::move(findings_);
  }

 private:
  using Bits = std::vector<bool>;

  /// The samples of a column; false when there are too many.
  bool Column(size_t c) {
    std::vector<Value> constants;
    std::vector<int> open_rules;
    bool asks_null = false;
    for (size_t r = 0; r < table_.rules.size(); ++r) {
      if (c >= table_.rules[r].compiled.size()) continue;
      feel::CellShape shape = feel::ShapeOf(table_.rules[r].compiled[c]);
      if (!shape.closed) open_rules.push_back(static_cast<int>(r) + 1);
      for (Value& v : shape.constants) {
        // Where a rule speaks of null, null is a value like others.
        asks_null = asks_null || v.IsNull();
        AddSample(constants, std::move(v));
      }
    }
    if (!open_rules.empty())
      findings_.push_back({Finding::Kind::kUnchecked, open_rules, {{Label(c), Value()}}});
    std::vector<Value> samples;
    feel::Expression allowed;
    std::vector<Value> listed;
    if (!table_.inputs[c].allowed.empty()) {
      feel::Scope scope;
      scope.lenient = true;
      if (auto tests = feel::Compile(table_.inputs[c].allowed, scope, feel::Mode::kUnaryTests)) {
        allowed = *tests;
        for (const Value& v : feel::ShapeOf(allowed).constants) AddSample(constants, v);
      }
    }
    bool booleans = std::any_of(constants.begin(), constants.end(),
                                [](const Value& v) { return v.IsBoolean(); });
    const feel::Type* type = table_.inputs[c].type.get();
    if (booleans || (type != nullptr && type->form == feel::Type::Form::kBoolean)) {
      samples = {Value::Of(true), Value::Of(false)};
    } else {
      std::sort(constants.begin(), constants.end(), [](const Value& a, const Value& b) {
        if (a.kind() != b.kind()) return a.kind() < b.kind();
        auto order = feel::Order(a, b);
        return order && *order < 0;
      });
      for (size_t i = 0; i < constants.size(); ++i) {
        const Value& v = constants[i];
        bool starts = i == 0 || constants[i - 1].kind() != v.kind();
        bool ends = i + 1 == constants.size() || constants[i + 1].kind() != v.kind();
        if (starts) AddSample(samples, Beside(v, false));
        AddSample(samples, v);
        AddSample(samples, ends || v.IsString() ? Beside(v, true) : Between(v, constants[i + 1]));
      }
    }
    // Values that the input may not have are no gaps.
    if (type != nullptr && type->allowed)
      std::erase_if(samples, [&](const Value& v) { return !type->allowed(v); });
    if (allowed)
      std::erase_if(samples, [&](const Value& v) { return !feel::Test(allowed, v, {}).IsTrue(); });
    if (samples.empty() || asks_null) samples.push_back(Value());
    if (samples.size() > kMaxSamples) {
      findings_.push_back({Finding::Kind::kTooLarge, {}, {}});
      return false;
    }
    samples_.push_back(std::move(samples));
    return true;
  }

  std::string Label(size_t c) const {
    const auto& input = table_.inputs[c];
    return input.label.empty() ? input.text : input.label;
  }

  void Boxes() {
    for (const auto& rule : table_.rules) {
      std::vector<Bits> box;
      for (size_t c = 0; c < samples_.size(); ++c) {
        Bits bits(samples_[c].size());
        bool present = c < rule.compiled.size();
        bool closed = present && feel::ShapeOf(rule.compiled[c]).closed;
        for (size_t s = 0; s < bits.size(); ++s)
          bits[s] =
              !present || (closed && feel::Test(rule.compiled[c], samples_[c][s], {}).IsTrue());
        box.push_back(std::move(bits));
      }
      boxes_.push_back(std::move(box));
    }
  }

  /// Keeps one of the samples that no rule tells apart: an example for each says nothing new.
  void Merge() {
    for (size_t c = 0; c < samples_.size(); ++c) {
      std::vector<Bits> seen;
      std::vector<size_t> kept;
      for (size_t s = 0; s < samples_[c].size(); ++s) {
        Bits column;
        for (const auto& box : boxes_) column.push_back(box[c][s]);
        if (std::find(seen.begin(), seen.end(), column) != seen.end()) continue;
        seen.push_back(std::move(column));
        kept.push_back(s);
      }
      if (kept.size() == samples_[c].size()) continue;
      std::vector<Value> samples;
      for (size_t s : kept) samples.push_back(samples_[c][s]);
      samples_[c] = std::move(samples);
      for (auto& box : boxes_) {
        Bits bits;
        for (size_t s : kept) bits.push_back(box[c][s]);
        box[c] = std::move(bits);
      }
    }
  }

  static int Meet(const Bits& a, const Bits& b) {
    for (size_t i = 0; i < a.size(); ++i)
      if (a[i] && b[i]) return static_cast<int>(i);
    return -1;
  }

  void Report(Finding::Kind kind, std::vector<int> rules, const std::vector<int>& at) {
    if (findings_.size() >= kMaxFindings) return;
    Finding finding{kind, std::move(rules), {}};
    for (size_t c = 0; c < at.size(); ++c)
      if (at[c] >= 0)
        finding.example.emplace_back(Label(c), samples_[c][static_cast<size_t>(at[c])]);
    findings_.push_back(std::move(finding));
  }

  void Overlaps(bool any) {
    for (size_t i = 0; i < boxes_.size(); ++i) {
      for (size_t j = i + 1; j < boxes_.size(); ++j) {
        std::vector<int> at;
        for (size_t c = 0; c < samples_.size(); ++c) {
          int meet = Meet(boxes_[i][c], boxes_[j][c]);
          if (meet < 0) break;
          at.push_back(meet);
        }
        if (at.size() < samples_.size()) continue;
        bool same = table_.rules[i].outputs == table_.rules[j].outputs;
        if (any && same) continue;
        Report(same ? Finding::Kind::kOverlap : Finding::Kind::kContradiction,
               {static_cast<int>(i) + 1, static_cast<int>(j) + 1}, at);
      }
    }
  }

  /// A point of the box that none of `rules` covers; false when they cover all of it.
  bool Uncovered(const std::vector<Bits>* box, std::vector<size_t> rules, size_t column,
                 std::vector<int>& at) {
    if (++steps_ > kMaxSteps) return false;
    if (rules.empty()) {
      for (size_t c = column; c < samples_.size(); ++c) at.push_back(Meet((*box)[c], (*box)[c]));
      return std::none_of(at.begin(), at.end(), [](int i) { return i < 0; });
    }
    if (column == samples_.size()) return false;
    std::vector<std::vector<size_t>> seen;
    for (size_t s = 0; s < samples_[column].size(); ++s) {
      if (!(*box)[column][s]) continue;
      std::vector<size_t> left;
      for (size_t r : rules)
        if (boxes_[r][column][s]) left.push_back(r);
      if (std::find(seen.begin(), seen.end(), left) != seen.end()) continue;
      at.push_back(static_cast<int>(s));
      if (Uncovered(box, left, column + 1, at)) return true;
      at.resize(column);
      seen.push_back(std::move(left));
    }
    return false;
  }

  void Unreachable(bool first) {
    for (size_t r = 0; r < boxes_.size(); ++r) {
      bool empty = false;
      for (size_t c = 0; c < samples_.size(); ++c)
        empty = empty || Meet(boxes_[r][c], boxes_[r][c]) < 0;
      if (empty) {
        bool open = std::any_of(findings_.begin(), findings_.end(), [&](const Finding& f) {
          return f.kind == Finding::Kind::kUnchecked &&
                 std::find(f.rules.begin(), f.rules.end(), static_cast<int>(r) + 1) !=
                     f.rules.end();
        });
        if (!open) Report(Finding::Kind::kUnreachable, {static_cast<int>(r) + 1}, {});
        continue;
      }
      if (!first) continue;
      std::vector<size_t> earlier;
      for (size_t i = 0; i < r; ++i) earlier.push_back(i);
      std::vector<int> at;
      steps_ = 0;
      if (!Uncovered(&boxes_[r], earlier, 0, at) && steps_ <= kMaxSteps)
        Report(Finding::Kind::kUnreachable, {static_cast<int>(r) + 1}, {});
    }
  }

  void Gaps() {
    if (samples_.empty()) return;
    std::vector<Bits> all;
    for (const auto& samples : samples_) all.emplace_back(samples.size(), true);
    std::vector<size_t> rules(boxes_.size());
    for (size_t i = 0; i < rules.size(); ++i) rules[i] = i;
    // One example for each sample of the first column that has one keeps the list readable.
    for (size_t s = 0; s < samples_[0].size() && findings_.size() < kMaxFindings; ++s) {
      std::vector<Bits> slice = all;
      slice[0].assign(slice[0].size(), false);
      slice[0][s] = true;
      std::vector<int> at;
      steps_ = 0;
      if (Uncovered(&slice, rules, 0, at)) {
        Report(Finding::Kind::kGap, {}, at);
      } else if (steps_ > kMaxSteps) {
        findings_.push_back({Finding::Kind::kTooLarge, {}, {}});
        return;
      }
    }
  }

  const TableView& table_;
  std::vector<std::vector<Value>> samples_;
  std::vector<std::vector<Bits>> boxes_;
  std::vector<Finding> findings_;
  int steps_ = 0;
};

}  // namespace

std::vector<Finding> CheckTable(const TableView& table) { return Checker(table).Run(); }

std::string Describe(const Finding& finding, Language language) {
  bool zh = language == Language::kChinese;
  std::string rules;
  for (int r : finding.rules) rules += (rules.empty() ? "" : zh ? "、" : ", ") + std::to_string(r);
  std::string example;
  for (const auto& [name, value] : finding.example)
    example += (example.empty() ? "" : zh ? "，" : ", ") + name + " = " + feel::ToLiteral(value);
  switch (finding.kind) {
    case Finding::Kind::kGap:
      return zh ? fmt::format("没有规则覆盖：{}", example)
                : fmt::format("No rule covers: {}", example);
    case Finding::Kind::kOverlap:
      return zh ? fmt::format("规则 {} 重叠，例如 {}", rules, example)
                : fmt::format("Rules {} overlap, for example at {}", rules, example);
    case Finding::Kind::kContradiction:
      return zh ? fmt::format("规则 {} 相互矛盾，例如 {}", rules, example)
                : fmt::format("Rules {} contradict each other, for example at {}", rules, example);
    case Finding::Kind::kUnreachable:
      return zh ? fmt::format("规则 {} 永远不会命中", rules)
                : fmt::format("Rule {} can never match", rules);
    case Finding::Kind::kUnchecked:
      return zh ? fmt::format("规则 {} 在“{}”列用了函数或其他变量，未纳入检查", rules,
                              finding.example.empty() ? "" : finding.example[0].first)
                : fmt::format(
                      "Rules {} use functions or other variables in column \"{}\" and were not "
                      "checked",
                      rules, finding.example.empty() ? "" : finding.example[0].first);
    case Finding::Kind::kTooLarge:
      return zh ? "决策表过大，未能检查完" : "The table is too large to be checked completely";
  }
  return {};
}

}  // namespace city::decisions
