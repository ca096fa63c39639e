// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/compare.h"

#include <algorithm>

#include "engines/decisions/table_view.h"

namespace city::decisions {
namespace {

constexpr const char* kSame = "same";
constexpr const char* kAdded = "added";
constexpr const char* kRemoved = "removed";
constexpr const char* kChanged = "changed";

std::vector<std::string> Cells(const TableView::Rule& rule) {
  std::vector<std::string> out = rule.tests;
  out.insert(out.end(), rule.outputs.begin(), rule.outputs.end());
  out.insert(out.end(), rule.annotations.begin(), rule.annotations.end());
  return out;
}

std::vector<std::string> Heads(const TableView& table, const TableView::Rule& rule) {
  std::vector<std::string> out;
  for (const auto& input : table.inputs)
    out.push_back(input.label.empty() ? input.text : input.label);
  out.insert(out.end(), table.outputs.begin(), table.outputs.end());
  out.resize(out.size() + rule.annotations.size());
  return out;
}

json::array Names(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  json::array out;
  auto has = [](const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  for (const std::string& name : after)
    out.push_back(json::object{{"name", name}, {"change", has(before, name) ? kSame : kAdded}});
  for (const std::string& name : before)
    if (!has(after, name)) out.push_back(json::object{{"name", name}, {"change", kRemoved}});
  return out;
}

std::vector<std::string> InputNames(const TableView& table) {
  std::vector<std::string> out;
  for (const auto& input : table.inputs)
    out.push_back(input.label.empty() ? input.text : input.label);
  return out;
}

/// For each rule of `after` the place of the rule of `before` that it grew out of, or -1.
std::vector<int> Origins(const TableView& before, const TableView& after) {
  std::vector<int> out(after.rules.size(), -1);
  std::vector<bool> taken(before.rules.size(), false);
  auto take = [&](auto&& fits) {
    for (size_t i = 0; i < after.rules.size(); ++i) {
      if (out[i] >= 0) continue;
      for (size_t j = 0; j < before.rules.size(); ++j) {
        if (taken[j] || !fits(before.rules[j], after.rules[i])) continue;
        out[i] = static_cast<int>(j);
        taken[j] = true;
        break;
      }
    }
  };
  take([](const auto& a, const auto& b) { return !a.id.empty() && a.id == b.id; });
  take([](const auto& a, const auto& b) { return Cells(a) == Cells(b); });
  return out;
}

json::object CompareTables(const TableView& before, const TableView& after, bool& same) {
  json::array rules;
  std::vector<int> origins = Origins(before, after);
  int furthest = -1;
  for (size_t i = 0; i < after.rules.size(); ++i) {
    const TableView::Rule& now = after.rules[i];
    json::object row{{"after", static_cast<int>(i) + 1}};
    if (origins[i] < 0) {
      row["change"] = kAdded;
      json::array cells;
      std::vector<std::string> heads = Heads(after, now), texts = Cells(now);
      for (size_t c = 0; c < texts.size(); ++c)
        cells.push_back(
            json::object{{"column", heads[c]}, {"before", nullptr}, {"after", texts[c]}});
      row["cells"] = std::move(cells);
      rules.push_back(std::move(row));
      continue;
    }
    const TableView::Rule& then = before.rules[static_cast<size_t>(origins[i])];
    row["before"] = origins[i] + 1;
    std::vector<std::string> heads = Heads(after, now), old = Cells(then), fresh = Cells(now);
    json::array cells;
    bool aligned =
        then.tests.size() == now.tests.size() && then.outputs.size() == now.outputs.size();
    for (size_t c = 0; c < std::max(old.size(), fresh.size()); ++c) {
      json::value a = c < old.size() ? json::value(old[c]) : json::value();
      json::value b = c < fresh.size() ? json::value(fresh[c]) : json::value();
      if (a == b && aligned) continue;
      cells.push_back(json::object{
          {"column", c < heads.size() ? heads[c] : std::string()}, {"before", a}, {"after", b}});
    }
    // The order of rules counts for several hit policies.
    bool moved = origins[i] < furthest;
    furthest = std::max(furthest, origins[i]);
    row["change"] = !cells.empty() || moved ? kChanged : kSame;
    row["moved"] = moved;
    row["cells"] = std::move(cells);
    rules.push_back(std::move(row));
  }
  for (size_t j = 0; j < before.rules.size(); ++j) {
    if (std::find(origins.begin(), origins.end(), static_cast<int>(j)) != origins.end()) continue;
    json::array cells;
    std::vector<std::string> heads = Heads(before, before.rules[j]), texts = Cells(before.rules[j]);
    for (size_t c = 0; c < texts.size(); ++c)
      cells.push_back(json::object{{"column", heads[c]}, {"before", texts[c]}, {"after", nullptr}});
    rules.push_back(json::object{
        {"change", kRemoved}, {"before", static_cast<int>(j) + 1}, {"cells", std::move(cells)}});
  }
  json::array inputs = Names(InputNames(before), InputNames(after));
  json::array outputs = Names(before.outputs, after.outputs);
  auto quiet = [](const json::array& rows) {
    return std::all_of(rows.begin(), rows.end(), [](const json::value& row) {
      return TextAt(row.get_object(), "change") == kSame;
    });
  };
  same = quiet(rules) && quiet(inputs) && quiet(outputs) && before.hit_policy == after.hit_policy;
  return {{"name", after.element},
          {"change", same ? kSame : kChanged},
          {"hit_policy", json::object{{"before", before.hit_policy}, {"after", after.hit_policy}}},
          {"inputs", std::move(inputs)},
          {"outputs", std::move(outputs)},
          {"rules", std::move(rules)}};
}

const char* KindName(ElementKind kind) {
  switch (kind) {
    case ElementKind::kInput:
      return "input";
    case ElementKind::kDecision:
      return "decision";
    case ElementKind::kKnowledge:
      return "knowledge";
    case ElementKind::kService:
      return "service";
  }
  return "";
}

}  // namespace

json::object Compare(const Model& before, const Model& after) {
  bool all_same = true;
  json::array elements;
  std::vector<ElementInfo> old = before.elements(), fresh = after.elements();
  auto find = [](const std::vector<ElementInfo>& list, const ElementInfo& one) {
    return std::find_if(list.begin(), list.end(), [&](const ElementInfo& other) {
      return other.kind == one.kind && other.name == one.name;
    });
  };
  for (const ElementInfo& element : fresh) {
    auto origin = find(old, element);
    const char* change = kSame;
    if (origin == old.end()) {
      change = kAdded;
    } else if (feel::Conforms(origin->type.get(), element.type.get()) !=
                   feel::Conforms(element.type.get(), origin->type.get()) ||
               origin->question != element.question || origin->description != element.description ||
               origin->logic != element.logic) {
      change = kChanged;
    }
    all_same = all_same && change == kSame;
    json::object row{{"name", element.name}, {"kind", KindName(element.kind)}, {"change", change}};
    if (change == kChanged && origin->logic != element.logic) {
      row["before"] = origin->logic;
      row["after"] = element.logic;
    }
    elements.push_back(std::move(row));
  }
  for (const ElementInfo& element : old) {
    if (find(fresh, element) != fresh.end()) continue;
    all_same = false;
    elements.push_back(json::object{
        {"name", element.name}, {"kind", KindName(element.kind)}, {"change", kRemoved}});
  }
  json::array tables;
  std::vector<TableView> old_tables = before.tables(), fresh_tables = after.tables();
  for (const TableView& table : fresh_tables) {
    auto origin = std::find_if(old_tables.begin(), old_tables.end(),
                               [&](const TableView& t) { return t.element == table.element; });
    if (origin == old_tables.end()) {
      all_same = false;
      tables.push_back(json::object{{"name", table.element}, {"change", kAdded}});
      continue;
    }
    bool same = true;
    tables.push_back(CompareTables(*origin, table, same));
    all_same = all_same && same;
  }
  return {{"same", all_same}, {"elements", std::move(elements)}, {"tables", std::move(tables)}};
}

}  // namespace city::decisions
