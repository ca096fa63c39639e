// SPDX-License-Identifier: Apache-2.0
// Decision tables from XML.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/decisions/errors.h"
#include "engines/decisions/internal/loader.h"
#include "engines/decisions/internal/table_index.h"

namespace city::decisions {

using feel::Scope;

namespace {

TableLogic::Policy PolicyOf(const std::string& text) {
  std::string t = LowerAscii(text);
  if (t == "first" || t == "f") return TableLogic::Policy::kFirst;
  if (t == "priority" || t == "p") return TableLogic::Policy::kPriority;
  if (t == "any" || t == "a") return TableLogic::Policy::kAny;
  if (t == "collect" || t == "c") return TableLogic::Policy::kCollect;
  if (t == "rule order" || t == "r") return TableLogic::Policy::kRuleOrder;
  if (t == "output order" || t == "o") return TableLogic::Policy::kOutputOrder;
  return TableLogic::Policy::kUnique;
}

TableLogic::Aggregation AggregationOf(const std::string& text) {
  std::string t = LowerAscii(text);
  if (t == "count" || t == "#") return TableLogic::Aggregation::kCount;
  if (t == "sum" || t == "+") return TableLogic::Aggregation::kSum;
  if (t == "min" || t == "<") return TableLogic::Aggregation::kMin;
  if (t == "max" || t == ">") return TableLogic::Aggregation::kMax;
  return TableLogic::Aggregation::kNone;
}

/// A list of output values, "a", "b", "c", as values in their order.
std::vector<feel::Value> OrderOf(const std::string& text, const Scope& scope) {
  auto list = feel::Compile("[" + text + "]", scope);
  if (!list) return {};
  std::vector<feel::Value> none(scope.names.size());
  feel::Value value = feel::Evaluate(*list, std::span<const feel::Value>(none));
  if (!value.IsList()) return {};
  return {value.items().begin(), value.items().end()};
}

}  // namespace

LogicPtr Loader::ReadTable(const Place& place, pugi::xml_node node, const Scope& scope) {
  auto table = std::make_shared<TableLogic>();
  table->name = place.element;
  std::string policy = node.attribute("hitPolicy").as_string("UNIQUE");
  std::string aggregation = node.attribute("aggregation").as_string();
  table->policy = PolicyOf(policy);
  table->aggregation = AggregationOf(aggregation);
  table->policy_text = aggregation.empty() ? policy : policy + " " + aggregation;
  feel::TypePtr own = TypeAt(place, node);
  for (pugi::xml_node child : ChildrenOf(node, "input")) {
    TableLogic::Input input;
    pugi::xml_node expression = ChildOf(child, "inputExpression");
    input.label = feel::NormalizedName(child.attribute("label").as_string());
    input.text = std::string(Trim(TextOf(expression)));
    if (!ChildOf(expression, "text")) input.text.clear();
    input.type = TypeAt(place, expression);
    input.expression = Literal(place, expression, input.text, scope);
    if (const auto* literal = dynamic_cast<const LiteralLogic*>(input.expression.get()))
      if (input.type == nullptr) input.type = literal->expression.type();
    if (pugi::xml_node values = ChildOf(child, "inputValues"))
      input.values = std::string(Trim(TextOf(values)));
    table->inputs.push_back(std::move(input));
  }
  auto outputs = ChildrenOf(node, "output");
  for (pugi::xml_node child : outputs) {
    TableLogic::Output output;
    output.name = feel::NormalizedName(child.attribute("name").as_string());
    if (output.name.empty())
      output.name = feel::NormalizedName(child.attribute("label").as_string());
    output.label = child.attribute("label").as_string();
    output.key = feel::Value::Of(output.name);
    output.type = TypeAt(place, child);
    if (output.type == nullptr && outputs.size() > 1 && own != nullptr)
      if (const auto* member = own->FindMember(output.name)) output.type = member->type;
    if (pugi::xml_node values = ChildOf(child, "outputValues"))
      output.order = OrderOf(std::string(Trim(TextOf(values))), scope);
    if (pugi::xml_node fallback = ChildOf(child, "defaultOutputEntry"))
      output.fallback = Literal(place, fallback, TextOf(fallback), scope);
    table->outputs.push_back(std::move(output));
  }
  for (pugi::xml_node child : ChildrenOf(node, "annotation"))
    table->annotation_names.emplace_back(child.attribute("name").as_string());
  ReadRules(place, node, scope, *table);
  return table;
}

void Loader::ReadRules(const Place& place, pugi::xml_node node, const Scope& scope,
                       TableLogic& table) {
  TableView view;
  view.element = place.element;
  view.hit_policy = table.policy_text;
  for (const auto& input : table.inputs)
    view.inputs.push_back({input.label, input.text, input.values, input.type});
  for (const auto& output : table.outputs)
    view.outputs.push_back(output.label.empty() ? output.name : output.label);
  std::vector<Scope> cells;
  for (const auto& input : table.inputs) {
    cells.push_back(scope);
    cells.back().tested = input.type;
  }
  for (pugi::xml_node child : ChildrenOf(node, "rule")) {
    TableLogic::Rule rule;
    TableView::Rule row;
    rule.id = child.attribute("id").as_string();
    row.id = rule.id;
    size_t column = 0;
    for (pugi::xml_node entry : ChildrenOf(child, "inputEntry")) {
      if (column >= cells.size()) break;
      std::string text(Trim(TextOf(entry)));
      auto test = feel::Compile(text.empty() ? "-" : text, cells[column], feel::Mode::kUnaryTests);
      if (!test)
        Complain(place, entry, error::kBadExpression,
                 {{"reason_zh", test.error().SaysZh()}, {"reason_en", test.error().SaysEn()}});
      auto& known = table.inputs[column].tests;
      auto same = std::find_if(known.begin(), known.end(), [&](const feel::Expression& e) {
        return test && e && e.text() == test->text();
      });
      rule.cells.push_back(static_cast<uint32_t>(same - known.begin()));
      if (same == known.end()) known.push_back(test ? *test : feel::Expression());
      row.compiled.push_back(known[rule.cells.back()]);
      row.tests.push_back(text.empty() ? "-" : text);
      ++column;
    }
    for (pugi::xml_node entry : ChildrenOf(child, "outputEntry")) {
      std::string text = TextOf(entry);
      rule.outputs.push_back(Literal(place, entry, text, scope));
      row.outputs.emplace_back(Trim(text));
    }
    for (pugi::xml_node entry : ChildrenOf(child, "annotationEntry"))
      rule.annotations.emplace_back(Trim(TextOf(entry)));
    // Some modellers keep the annotation of a rule as its description.
    if (!TextOf(ChildOf(child, "description")).empty())
      if (pugi::xml_node text = ChildOf(child, "description"))
        rule.annotations.emplace_back(Trim(TextOf(text)));
    row.annotations = rule.annotations;
    table.rules.push_back(std::move(rule));
    view.rules.push_back(std::move(row));
  }
  for (auto& input : table.inputs) {
    input.first_memo = table.memo_size;
    table.memo_size += input.tests.size();
  }
  table.index = TableIndex::Make(table);
  if (place.document == 0) tables_.push_back(std::move(view));
}

}  // namespace city::decisions
