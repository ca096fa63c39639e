// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/inputs.h"

#include <algorithm>

#include "engines/decisions/table_view.h"

namespace city::decisions {
namespace {

std::string_view FormName(const feel::Type* type) {
  using Form = feel::Type::Form;
  if (type == nullptr) return "any";
  switch (type->form) {
    case Form::kBoolean:
      return "boolean";
    case Form::kNumber:
      return "number";
    case Form::kString:
      return "string";
    case Form::kDate:
      return "date";
    case Form::kTime:
      return "time";
    case Form::kDateTime:
      return "date-time";
    case Form::kList:
      return type->element != nullptr && type->element->form == Form::kString ? "texts" : "list";
    case Form::kContext:
      return "context";
    case Form::kYearsMonths:
    case Form::kDaysTime:
      return "duration";
    default:
      return "any";
  }
}

constexpr size_t kMostOptions = 60;

}  // namespace

Result<feel::Value> InputsFrom(const Model& model, std::string_view decision,
                               const json::object& given) {
  feel::ContextBuilder context;
  auto declared = model.InputsOf(decision);
  for (const auto& entry : given) {
    std::string_view name(entry.key().data(), entry.key().size());
    feel::TypePtr type;
    for (const auto& input : declared)
      if (input.name == name) type = input.type;
    if (type == nullptr) {
      context.Add(name, feel::FromJson(entry.value()));
    } else {
      TRY(feel::Value value, feel::FromJson(entry.value(), *type));
      context.Add(name, std::move(value));
    }
  }
  return context.Build();
}

json::array QuestionsOf(const Model& model, std::string_view decision) {
  json::array out;
  std::vector<TableView> tables = model.tables();
  for (const ElementInfo& input : model.InputsOf(decision)) {
    std::string label = input.name;
    json::array options;
    for (const TableView& table : tables) {
      for (size_t c = 0; c < table.inputs.size(); ++c) {
        const TableView::Input& column = table.inputs[c];
        if (feel::NormalizedName(column.text) != input.name) continue;
        if (!column.label.empty()) label = column.label;
        for (const TableView::Rule& rule : table.rules) {
          if (c >= rule.compiled.size() || !rule.compiled[c]) continue;
          for (const feel::Value& value : feel::ShapeOf(rule.compiled[c]).constants) {
            json::value shown = feel::ToJson(value);
            if (!shown.is_null() && options.size() < kMostOptions &&
                std::find(options.begin(), options.end(), shown) == options.end())
              options.push_back(std::move(shown));
          }
        }
      }
    }
    if (!input.question.empty()) label = input.question;
    out.push_back(json::object{{"name", input.name},
                               {"label", label},
                               {"type", FormName(input.type.get())},
                               {"description", input.description},
                               {"options", std::move(options)}});
  }
  // The order in which they were drawn is the order in which people think of them.
  std::vector<ElementInfo> all = model.elements();
  auto place = [&](const json::value& question) {
    std::string_view name = TextAt(question.get_object(), "name");
    for (size_t i = 0; i < all.size(); ++i)
      if (all[i].kind == ElementKind::kInput && all[i].name == name) return i;
    return all.size();
  };
  std::stable_sort(out.begin(), out.end(),
                   [&](const json::value& a, const json::value& b) { return place(a) < place(b); });
  return out;
}

std::string MainDecision(const Model& model, std::string_view wanted) {
  std::string last;
  std::vector<ElementInfo> all = model.elements();
  for (const ElementInfo& element : all) {
    if (element.kind != ElementKind::kDecision && element.kind != ElementKind::kService) continue;
    if (!wanted.empty() && (element.name == wanted || element.id == wanted)) return element.name;
    if (element.kind == ElementKind::kDecision) last = element.name;
  }
  if (!wanted.empty()) return {};
  size_t most = 0;
  // Whichever rests on the most inputs stands on top; drawn later wins among equals.
  for (const ElementInfo& element : all) {
    if (element.kind != ElementKind::kDecision) continue;
    size_t rests_on = model.InputsOf(element.name).size();
    if (rests_on < most) continue;
    most = rests_on;
    last = element.name;
  }
  return last;
}

}  // namespace city::decisions
