// SPDX-License-Identifier: Apache-2.0
// Boxed expressions from XML.
#include <fmt/format.h>

#include "base/text.h"
#include "engines/decisions/errors.h"
#include "engines/decisions/internal/loader.h"
#include "engines/decisions/internal/native.h"

namespace city::decisions {

using feel::Scope;

namespace {

constexpr std::string_view kLogicNames[] = {
    "literalExpression",  "context",    "list",          "relation",
    "functionDefinition", "invocation", "decisionTable", "filter",
    "conditional",        "for",        "some",          "every"};

bool IsLogic(pugi::xml_node node) {
  for (std::string_view name : kLogicNames)
    if (IsNamed(node, name)) return true;
  return false;
}

pugi::xml_node FirstLogic(pugi::xml_node parent) {
  for (pugi::xml_node child : parent.children())
    if (IsLogic(child)) return child;
  return {};
}

template <class T>
std::shared_ptr<T> Named(const std::string& element) {
  auto logic = std::make_shared<T>();
  logic->name = element;
  return logic;
}

}  // namespace

Scope Loader::ScopeOf(const Element& element) {
  Scope scope;
  scope.lenient = true;
  scope.external = NativeFunction;
  scope.types = documents_[static_cast<size_t>(element.model)]->types;
  auto type_of = [&](int index) -> feel::TypePtr {
    const Element& e = elements_[static_cast<size_t>(index)];
    if (e.kind == ElementKind::kInput || e.kind == ElementKind::kDecision) return e.type;
    auto function = std::make_shared<feel::Type>();
    function->form = feel::Type::Form::kFunction;
    function->any_function = true;
    function->result =
        e.type != nullptr && e.type->form == feel::Type::Form::kFunction ? e.type->result : e.type;
    return function;
  };
  for (const Visible& v : element.visible) {
    if (v.element >= 0) {
      scope.Declare(v.name, type_of(v.element));
      continue;
    }
    std::vector<feel::Type::Member> members;
    for (const auto& [name, index] : v.members) members.push_back({name, type_of(index)});
    scope.Declare(v.name, feel::Type::ContextOf(std::move(members)));
  }
  return scope;
}

LogicPtr Loader::Compiled(const Place& place, pugi::xml_node node, const std::string& text,
                          const Scope& scope) {
  auto expression = feel::Compile(text, scope);
  if (!expression) {
    Complain(
        place, node, error::kBadExpression,
        {{"reason_zh", expression.error().SaysZh()}, {"reason_en", expression.error().SaysEn()}});
    auto broken = Named<BrokenLogic>(place.element);
    broken->error = expression.error();
    return broken;
  }
  auto literal = Named<LiteralLogic>(place.element);
  literal->expression = std::move(*expression);
  return literal;
}

LogicPtr Loader::Literal(const Place& place, pugi::xml_node node, std::string_view text,
                         const Scope& scope) {
  std::string trimmed(Trim(text));
  if (trimmed.empty()) return nullptr;
  return Compiled(place, node, trimmed, scope);
}

/// The boxed expression among the children of a node; null when there is none.
LogicPtr Loader::ReadAny(const Place& place, pugi::xml_node parent, const Scope& scope) {
  pugi::xml_node node = FirstLogic(parent);
  if (!node) return nullptr;
  return ReadLogic(place, node, scope);
}

LogicPtr Loader::ReadLogic(const Place& place, pugi::xml_node node, const Scope& scope) {
  LogicPtr logic;
  std::string_view local = LocalName(node.name());
  if (local == "literalExpression") {
    std::string language = node.attribute("expressionLanguage").as_string();
    if (!language.empty() && language.find("FEEL") == std::string::npos &&
        LowerAscii(language).find("feel") == std::string::npos) {
      Complain(place, node, error::kUnknownLogic, {{"what", language}});
      return Named<BrokenLogic>(place.element);
    }
    logic = Literal(place, node, TextOf(node), scope);
  } else if (local == "context") {
    logic = ReadContext(place, node, scope);
  } else if (local == "list") {
    auto list = Named<ListLogic>(place.element);
    for (pugi::xml_node child : node.children()) {
      if (!IsLogic(child)) continue;
      LogicPtr item = ReadLogic(place, child, scope);
      list->items.push_back(item != nullptr ? item : Named<BrokenLogic>(place.element));
    }
    logic = list;
  } else if (local == "relation") {
    logic = ReadRelation(place, node, scope);
  } else if (local == "functionDefinition") {
    logic = ReadFunction(place, node, scope);
  } else if (local == "invocation") {
    logic = ReadInvocation(place, node, scope);
  } else if (local == "decisionTable") {
    logic = ReadTable(place, node, scope);
  } else if (local == "conditional") {
    auto conditional = Named<ConditionalLogic>(place.element);
    auto part = [&](const char* name) -> LogicPtr {
      LogicPtr found = ReadAny(place, ChildOf(node, name), scope);
      return found != nullptr ? found : Named<BrokenLogic>(place.element);
    };
    conditional->condition = part("if");
    conditional->then = part("then");
    conditional->otherwise = part("else");
    logic = conditional;
  } else if (local == "filter") {
    logic = ReadFilter(place, node, scope);
  } else {
    logic = ReadIterator(place, node, scope);
  }
  if (logic == nullptr) return nullptr;
  if (feel::TypePtr type = TypeAt(place, node)) {
    // A function's type is checked when it is called, not when it is made.
    bool table = local == "decisionTable" || local == "functionDefinition";
    if (!table) std::const_pointer_cast<Logic>(logic)->type = type;
  }
  return logic;
}

LogicPtr Loader::ReadContext(const Place& place, pugi::xml_node node, const Scope& outer) {
  auto context = Named<ContextLogic>(place.element);
  Scope scope = outer;
  for (pugi::xml_node child : ChildrenOf(node, "contextEntry")) {
    ContextLogic::Entry entry;
    pugi::xml_node variable = ChildOf(child, "variable");
    std::string name = feel::NormalizedName(variable.attribute("name").as_string());
    if (variable) entry.type = TypeAt(place, variable);
    pugi::xml_node body = FirstLogic(child);
    std::string text = body ? TextOf(body) : std::string();
    text = std::string(Trim(text));
    if (!name.empty() && body && IsNamed(body, "functionDefinition")) {
      entry.logic = ReadFunction(place, body, scope, name);
    } else if (!name.empty() && name.find('"') == std::string::npos && body &&
               IsNamed(body, "literalExpression") && text.starts_with("function")) {
      // A function may call itself by the name of its entry, as in a FEEL context.
      entry.logic = Compiled(
          place, body, fmt::format("get value({{\"{0}\": {1}\n}}, \"{0}\")", name, text), scope);
    } else {
      entry.logic = ReadAny(place, child, scope);
    }
    if (!name.empty()) {
      entry.key = feel::Value::Of(name);
      feel::TypePtr known = entry.type;
      if (known == nullptr && entry.logic != nullptr) {
        known = entry.logic->type;
        if (const auto* literal = dynamic_cast<const LiteralLogic*>(entry.logic.get()))
          if (known == nullptr) known = literal->expression.type();
      }
      scope.Declare(name, known);
    }
    context->entries.push_back(std::move(entry));
  }
  return context;
}

LogicPtr Loader::ReadRelation(const Place& place, pugi::xml_node node, const Scope& scope) {
  auto relation = Named<RelationLogic>(place.element);
  for (pugi::xml_node column : ChildrenOf(node, "column")) {
    relation->columns.push_back(
        feel::Value::Of(feel::NormalizedName(column.attribute("name").as_string())));
    relation->types.push_back(TypeAt(place, column));
  }
  for (pugi::xml_node row : ChildrenOf(node, "row")) {
    std::vector<LogicPtr> cells;
    for (pugi::xml_node child : row.children()) {
      if (!IsLogic(child)) continue;
      LogicPtr cell = ReadLogic(place, child, scope);
      cells.push_back(cell != nullptr ? cell : Named<BrokenLogic>(place.element));
    }
    relation->rows.push_back(std::move(cells));
  }
  return relation;
}

LogicPtr Loader::ReadFunction(const Place& place, pugi::xml_node node, const Scope& outer,
                              const std::string& own_name) {
  auto function = Named<FunctionLogic>(place.element);
  Scope scope = outer;
  std::string list;
  for (pugi::xml_node parameter : ChildrenOf(node, "formalParameter")) {
    std::string name = feel::NormalizedName(parameter.attribute("name").as_string());
    feel::TypePtr type = TypeAt(place, parameter);
    function->parameters.push_back(name);
    function->types.push_back(type);
    scope.Declare(name, type);
    list += (list.empty() ? "" : ", ") + name;
  }
  std::string kind = node.attribute("kind").as_string("FEEL");
  if (kind == "FEEL") {
    if (!own_name.empty()) {
      scope.Declare(own_name, feel::Type::Of(feel::Type::Form::kFunction));
      function->sees_itself = true;
    }
    function->body = ReadAny(place, node, scope);
    return function;
  }
  // {java: {class, method signature}} is read as FEEL reads `function(…) external {…}`.
  std::string inside;
  for (pugi::xml_node entry : ChildrenOf(ChildOf(node, "context"), "contextEntry")) {
    std::string key = ChildOf(entry, "variable").attribute("name").as_string();
    std::string text(Trim(TextOf(ChildOf(entry, "literalExpression"))));
    inside += fmt::format("{}\"{}\": {}", inside.empty() ? "" : ", ", key, text);
  }
  function->external = Compiled(
      place, node,
      fmt::format("function({}) external {{{}: {{{}}}}}", list, LowerAscii(kind), inside), outer);
  return function;
}

LogicPtr Loader::ReadInvocation(const Place& place, pugi::xml_node node, const Scope& scope) {
  auto invocation = Named<InvocationLogic>(place.element);
  invocation->callee = ReadAny(place, node, scope);
  for (pugi::xml_node binding : ChildrenOf(node, "binding")) {
    pugi::xml_node parameter = ChildOf(binding, "parameter");
    invocation->bindings.emplace_back(feel::NormalizedName(parameter.attribute("name").as_string()),
                                      ReadAny(place, binding, scope));
  }
  return invocation;
}

LogicPtr Loader::ReadFilter(const Place& place, pugi::xml_node node, const Scope& scope) {
  pugi::xml_node in = FirstLogic(ChildOf(node, "in"));
  pugi::xml_node match = FirstLogic(ChildOf(node, "match"));
  LogicPtr domain = in ? ReadLogic(place, in, scope) : nullptr;
  if (domain == nullptr) return Named<BrokenLogic>(place.element);
  feel::TypePtr item;
  if (const auto* literal = dynamic_cast<const LiteralLogic*>(domain.get()))
    if (feel::TypePtr type = literal->expression.type()) item = type->element;
  if (domain->type != nullptr && domain->type->element != nullptr) item = domain->type->element;
  auto iterator = Named<IteratorLogic>(place.element);
  iterator->form = IteratorLogic::Form::kFilter;
  iterator->domain = domain;
  Scope inner = scope;
  inner.Declare("item", item);
  if (match && IsNamed(match, "literalExpression")) {
    // The members of an item are names of their own in a filter: written as a filter of one item.
    iterator->body =
        Compiled(place, match, fmt::format("[item][{}\n]", Trim(TextOf(match))), inner);
    iterator->filtered = true;
  } else {
    iterator->body = match ? ReadLogic(place, match, inner) : nullptr;
  }
  if (iterator->body == nullptr) return Named<BrokenLogic>(place.element);
  return iterator;
}

LogicPtr Loader::ReadIterator(const Place& place, pugi::xml_node node, const Scope& outer) {
  auto iterator = Named<IteratorLogic>(place.element);
  std::string_view local = LocalName(node.name());
  iterator->form = local == "for"    ? IteratorLogic::Form::kFor
                   : local == "some" ? IteratorLogic::Form::kSome
                                     : IteratorLogic::Form::kEvery;
  std::string variable = feel::NormalizedName(node.attribute("iteratorVariable").as_string());
  pugi::xml_node in = FirstLogic(ChildOf(node, "in"));
  if (!in) return Named<BrokenLogic>(place.element);
  std::string text(Trim(TextOf(in)));
  if (IsNamed(in, "literalExpression") && !feel::Compile(text, outer) &&
      feel::Compile("for i in " + text + " return i", outer)) {
    // "1..10" is a domain though not an expression.
    iterator->domain = Compiled(place, in, "for i in " + text + " return i", outer);
  } else {
    iterator->domain = ReadLogic(place, in, outer);
  }
  if (iterator->domain == nullptr) return Named<BrokenLogic>(place.element);
  feel::TypePtr item;
  if (iterator->domain->type != nullptr) item = iterator->domain->type->element;
  if (const auto* literal = dynamic_cast<const LiteralLogic*>(iterator->domain.get()))
    if (item == nullptr && literal->expression.type() != nullptr)
      item = literal->expression.type()->element;
  Scope scope = outer;
  scope.Declare(variable, item);
  if (iterator->form == IteratorLogic::Form::kFor) scope.Declare("partial");
  iterator->body = ReadAny(place, ChildOf(node, local == "for" ? "return" : "satisfies"), scope);
  if (iterator->body == nullptr) return Named<BrokenLogic>(place.element);
  return iterator;
}

}  // namespace city::decisions
