// SPDX-License-Identifier: Apache-2.0
// Item definitions as FEEL types. Source: DMN 1.5, 7.3.2 and 7.3.3.
#include "base/text.h"
#include "engines/decisions/errors.h"
#include "engines/decisions/internal/loader.h"

namespace city::decisions {

using feel::Type;
using feel::TypePtr;

namespace {

constexpr int kMaxTypeDepth = 24;

std::string ReferenceOf(pugi::xml_node node) {
  if (const char* attribute = node.attribute("typeRef").as_string(nullptr)) return attribute;
  return std::string(Trim(TextOf(ChildOf(node, "typeRef"))));
}

}  // namespace

/// A type with a rule on top: for `each` item of a list, or for the value as a whole.
TypePtr Loader::Constrained(int document, TypePtr base, pugi::xml_node rule, bool each) {
  std::string text(Trim(TextOf(rule)));
  if (text.empty()) return base;
  feel::Scope scope;
  scope.lenient = true;
  scope.types = documents_[static_cast<size_t>(document)]->types;
  auto tests = feel::Compile(text, scope, feel::Mode::kUnaryTests);
  if (!tests) {
    Complain({document, text}, rule, error::kBadExpression,
             {{"reason_zh", tests.error().SaysZh()}, {"reason_en", tests.error().SaysEn()}});
    return base;
  }
  auto type = std::make_shared<Type>(base != nullptr ? *base : Type());
  type->allowed = [tests = *tests, each, before = type->allowed](const feel::Value& value) {
    if (before && !before(value)) return false;
    if (!each || !value.IsList()) return feel::Test(tests, value, {}).IsTrue();
    for (const feel::Value& item : value.items())
      if (!item.IsNull() && !feel::Test(tests, item, {}).IsTrue()) return false;
    return true;
  };
  return type;
}

TypePtr Loader::BuildItem(int document, pugi::xml_node node, int depth) {
  if (depth > kMaxTypeDepth) return nullptr;
  std::string name = feel::NormalizedName(node.attribute("name").as_string());
  bool collection = node.attribute("isCollection").as_bool();
  TypePtr type;
  auto components = ChildrenOf(node, "itemComponent");
  pugi::xml_node function = ChildOf(node, "functionItem");
  if (!components.empty()) {
    std::vector<Type::Member> members;
    for (pugi::xml_node component : components)
      members.push_back({feel::NormalizedName(component.attribute("name").as_string()),
                         BuildItem(document, component, depth + 1)});
    type = Type::ContextOf(std::move(members), name);
  } else if (function) {
    auto made = std::make_shared<Type>();
    made->form = Type::Form::kFunction;
    made->name = name;
    for (pugi::xml_node parameter : ChildrenOf(function, "parameters"))
      made->parameters.push_back(
          TypeOf(document, parameter.attribute("typeRef").as_string(), name, parameter, depth + 1));
    made->result = TypeOf(document, function.attribute("outputTypeRef").as_string(), name, function,
                          depth + 1);
    type = made;
  } else {
    std::string reference = ReferenceOf(node);
    if (!reference.empty()) type = TypeOf(document, reference, name, node, depth + 1);
  }
  if (type != nullptr && type->name.empty() && depth == 0) {
    auto named = std::make_shared<Type>(*type);
    named->name = name;
    type = named;
  }
  pugi::xml_node allowed = ChildOf(node, "allowedValues");
  pugi::xml_node constraint = ChildOf(node, "typeConstraint");
  // Allowed values speak of the items of a collection; a type constraint of the whole value.
  if (allowed)
    type = Constrained(document, type, allowed, type != nullptr && type->form == Type::Form::kList);
  if (collection) type = Type::ListOf(type);
  if (constraint) type = Constrained(document, type, constraint, false);
  return type;
}

TypePtr Loader::TypeOf(int index, std::string_view reference, const std::string& element,
                       pugi::xml_node node, int depth) {
  std::string name = feel::NormalizedName(reference);
  if (name.empty() || depth > kMaxTypeDepth) return nullptr;
  Document& document = *documents_[static_cast<size_t>(index)];
  auto own = [&](Document& d, int number, const std::string& wanted, bool& known) -> TypePtr {
    auto found = d.items.find(wanted);
    if (found == d.items.end()) return nullptr;
    known = true;
    ItemDefinition& item = found->second;
    if (item.built) return item.type;
    if (item.building) return nullptr;  // a type that contains itself is open at that place
    item.building = true;
    item.type = BuildItem(number, item.node, depth);
    item.building = false;
    item.built = true;
    return item.type;
  };
  bool known = false;
  TypePtr type = own(document, index, name, known);
  if (known) return type;
  for (const Import& import : document.imports) {
    std::string prefix = import.name + ".";
    std::string rest = import.name.empty()        ? name
                       : name.starts_with(prefix) ? name.substr(prefix.size())
                                                  : std::string();
    if (rest.empty()) continue;
    type = own(*documents_[static_cast<size_t>(import.model)], import.model, rest, known);
    if (known) return type;
  }
  // DMN 1.1 writes "feel:string"; a prefix may also stand for an imported model.
  std::string plain = name;
  if (size_t colon = plain.find(':'); colon != std::string::npos) plain = plain.substr(colon + 1);
  if (TypePtr builtin = feel::NamedType(plain))
    return builtin->form == Type::Form::kAny ? nullptr : builtin;
  if (plain != name) {
    for (auto& other : documents_) {
      type = own(*other, static_cast<int>(&other - documents_.data()), plain, known);
      if (known) return type;
    }
  }
  Complain({index, element}, node, error::kUnknownType, {{"type", name}});
  return nullptr;
}

TypePtr Loader::TypeAt(const Place& place, pugi::xml_node node) {
  std::string reference = ReferenceOf(node);
  if (reference.empty()) return nullptr;
  return TypeOf(place.document, reference, place.element, node);
}

void Loader::BuildTypes(int index) {
  Document& document = *documents_[static_cast<size_t>(index)];
  std::vector<std::string> names;
  for (const auto& [name, item] : document.items) names.push_back(name);
  for (const std::string& name : names)
    document.types[feel::NormalizedName(name)] =
        TypeOf(index, name, name, document.items[name].node);
  for (const Import& import : document.imports)
    for (const auto& [name, type] : documents_[static_cast<size_t>(import.model)]->types)
      document.types[import.name.empty() ? name : import.name + "." + name] = type;
}

}  // namespace city::decisions
