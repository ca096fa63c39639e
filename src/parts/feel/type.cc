// SPDX-License-Identifier: Apache-2.0
// Types at run time.
#include "parts/feel/type.h"

#include <algorithm>
#include <array>

namespace city::feel {
namespace {

using Form = Type::Form;

Form FormOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return Form::kNull;
    case ValueKind::kBoolean:
      return Form::kBoolean;
    case ValueKind::kNumber:
      return Form::kNumber;
    case ValueKind::kDate:
      return Form::kDate;
    case ValueKind::kTime:
      return Form::kTime;
    case ValueKind::kDateTime:
      return Form::kDateTime;
    case ValueKind::kYearsMonths:
      return Form::kYearsMonths;
    case ValueKind::kDaysTime:
      return Form::kDaysTime;
    case ValueKind::kString:
      return Form::kString;
    case ValueKind::kList:
      return Form::kList;
    case ValueKind::kContext:
      return Form::kContext;
    case ValueKind::kRange:
      return Form::kRange;
    case ValueKind::kFunction:
      return Form::kFunction;
  }
  return Form::kAny;
}

bool IsFunctionOf(const Function& f, const Type& type) {
  if (type.any_function) return true;
  if (f.parameters.size() != type.parameters.size()) return false;
  for (size_t i = 0; i < type.parameters.size(); ++i) {
    const Type* declared = i < f.parameter_types.size() ? f.parameter_types[i].get() : nullptr;
    // Parameters are contravariant: the function must take all that the type promises.
    if (declared != nullptr && !Conforms(type.parameters[i].get(), declared)) return false;
  }
  if (f.result_type == nullptr) return true;
  return Conforms(f.result_type.get(), type.result.get());
}

/// Conformance of a value that may be null anywhere (null is a value of every declared type).
bool Fits(const Value& v, const Type& type) {
  if (v.IsNull()) return true;
  // Most declarations are of plain kinds without a rule.
  if (v.IsString() && type.form == Form::kString && !type.allowed) return true;
  if (v.IsNumber() && type.form == Form::kNumber && !type.allowed) return true;
  if (type.form == Form::kAny) return !type.allowed || type.allowed(v);
  if (type.form == Form::kNull || FormOf(v.kind()) != type.form) return false;
  switch (type.form) {
    case Form::kList:
      if (type.element != nullptr)
        for (const Value& item : v.items())
          if (!Fits(item, *type.element)) return false;
      break;
    case Form::kContext:
      for (const auto& member : type.members) {
        const Value* found = v.context().Find(member.name);
        if (found == nullptr) return false;
        if (member.type != nullptr && !Fits(*found, *member.type)) return false;
      }
      break;
    case Form::kRange:
      if (type.element != nullptr &&
          (!Fits(v.range().low, *type.element) || !Fits(v.range().high, *type.element)))
        return false;
      break;
    case Form::kFunction:
      if (!IsFunctionOf(v.function(), type)) return false;
      break;
    default:
      break;
  }
  return !type.allowed || type.allowed(v);
}

}  // namespace

bool Accepts(const Type& type, const Value& value) { return Fits(value, type); }

TypePtr Type::Of(Form form) {
  static const auto kTypes = [] {
    std::array<TypePtr, 14> types;
    for (size_t i = 0; i < types.size(); ++i) {
      auto type = std::make_shared<Type>();
      type->form = static_cast<Form>(i);
      type->open = true;
      type->any_function = true;
      types[i] = type;
    }
    return types;
  }();
  return kTypes[static_cast<size_t>(form)];
}

TypePtr Type::ListOf(TypePtr element) {
  auto type = std::make_shared<Type>();
  type->form = Form::kList;
  type->element = std::move(element);
  return type;
}

TypePtr Type::RangeOf(TypePtr element) {
  auto type = std::make_shared<Type>();
  type->form = Form::kRange;
  type->element = std::move(element);
  return type;
}

TypePtr Type::ContextOf(std::vector<Member> members, std::string name) {
  auto type = std::make_shared<Type>();
  type->form = Form::kContext;
  type->members = std::move(members);
  type->name = std::move(name);
  return type;
}

const Type::Member* Type::FindMember(std::string_view member) const {
  for (const Member& m : members)
    if (m.name == member) return &m;
  return nullptr;
}

TypePtr NamedType(std::string_view name) {
  static constexpr std::pair<std::string_view, Form> kNames[] = {
      {"Any", Form::kAny},
      {"Null", Form::kNull},
      {"boolean", Form::kBoolean},
      {"number", Form::kNumber},
      {"string", Form::kString},
      {"date", Form::kDate},
      {"time", Form::kTime},
      {"date and time", Form::kDateTime},
      {"dateTime", Form::kDateTime},
      {"years and months duration", Form::kYearsMonths},
      {"yearMonthDuration", Form::kYearsMonths},
      {"days and time duration", Form::kDaysTime},
      {"dayTimeDuration", Form::kDaysTime},
      {"list", Form::kList},
      {"context", Form::kContext},
      {"range", Form::kRange},
      {"function", Form::kFunction},
  };
  for (const auto& [known, form] : kNames)
    if (known == name) return Type::Of(form);
  return nullptr;
}

bool IsInstance(const Value& v, const Type& type) {
  if (v.IsNull()) return type.form == Form::kNull;
  if (type.form == Form::kAny) return true;
  if (FormOf(v.kind()) != type.form) return false;
  if (type.form == Form::kList && type.element != nullptr) {
    return std::all_of(v.items().begin(), v.items().end(), [&](const Value& item) {
      return item.IsNull() || IsInstance(item, *type.element);
    });
  }
  if (type.form == Form::kContext) {
    for (const auto& member : type.members) {
      const Value* found = v.context().Find(member.name);
      if (found == nullptr) return false;
      if (member.type != nullptr && !found->IsNull() && !IsInstance(*found, *member.type))
        return false;
    }
    return true;
  }
  if (type.form == Form::kRange && type.element != nullptr) {
    const Range& r = v.range();
    return (r.low.IsNull() || IsInstance(r.low, *type.element)) &&
           (r.high.IsNull() || IsInstance(r.high, *type.element));
  }
  return Fits(v, type);
}

bool Conforms(const Type* sub, const Type* super) {
  if (super == nullptr || super->form == Form::kAny) return true;
  if (sub == nullptr) return false;
  if (sub->form == Form::kNull) return true;
  if (sub->form != super->form) return false;
  switch (super->form) {
    case Form::kList:
    case Form::kRange:
      return Conforms(sub->element.get(), super->element.get());
    case Form::kContext:
      return std::all_of(super->members.begin(), super->members.end(), [&](const Type::Member& m) {
        const Type::Member* mine = sub->FindMember(m.name);
        return mine != nullptr && Conforms(mine->type.get(), m.type.get());
      });
    case Form::kFunction:
      if (super->any_function) return true;
      if (sub->any_function || sub->parameters.size() != super->parameters.size()) return false;
      for (size_t i = 0; i < sub->parameters.size(); ++i)
        if (!Conforms(super->parameters[i].get(), sub->parameters[i].get())) return false;
      return Conforms(sub->result.get(), super->result.get());
    default:
      return true;
  }
}

std::optional<Value> Coerce(const Value& v, const Type& type) {
  if (Fits(v, type)) return v;
  if (v.kind() == ValueKind::kDate && type.form == Form::kDateTime) {
    DateTime midnight;
    midnight.days = v.date().days;
    midnight.zoning.form = Zoning::Form::kOffset;
    Value converted = Value::Of(midnight);
    if (Fits(converted, type)) return converted;
    return std::nullopt;
  }
  if (type.form == Form::kList && !v.IsList()) {
    Value list = Value::List({v});
    if (Fits(list, type)) return list;
    return std::nullopt;
  }
  if (v.IsList() && type.form != Form::kList && v.items().size() == 1) {
    Value only = v.items()[0];
    if (Fits(only, type)) return only;
  }
  return std::nullopt;
}

}  // namespace city::feel
