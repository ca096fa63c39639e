// SPDX-License-Identifier: Apache-2.0
// FEEL types, conformance, `instance of`, and the coercions between them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parts/feel/value.h"

namespace city::feel {

class CallFrame;

/// A FEEL type. Immutable once shared. Source: DMN 1.5, 10.3.2.9.
class Type {
 public:
  enum class Form : uint8_t {
    kAny,
    kNull,
    kBoolean,
    kNumber,
    kString,
    kDate,
    kTime,
    kDateTime,
    kYearsMonths,
    kDaysTime,
    kList,
    kContext,
    kRange,
    kFunction,
  };
  struct Member {
    std::string name;
    TypePtr type;  // null for Any
  };

  Form form = Form::kAny;
  std::string name;                 // as declared, for messages
  TypePtr element;                  // kList, kRange: null for Any
  std::vector<Member> members;      // kContext
  bool open = false;                // kContext without declared members: any context
  std::vector<TypePtr> parameters;  // kFunction
  TypePtr result;                   // kFunction
  bool any_function = false;        // kFunction without a signature
  /// A further rule, such as the allowed values of an item definition; null values pass.
  std::function<bool(const Value&)> allowed;

  static TypePtr Of(Form form);
  static TypePtr ListOf(TypePtr element);
  static TypePtr RangeOf(TypePtr element);
  static TypePtr ContextOf(std::vector<Member> members, std::string name = {});
  const Member* FindMember(std::string_view member) const;
};

/// The built-in type of a name such as "days and time duration" or "dateTime"; null for none.
TypePtr NamedType(std::string_view name);

/// Whether a value belongs to a type as `instance of` sees it; null belongs to Null alone.
bool IsInstance(const Value& value, const Type& type);
/// Whether a value may stand where a type is declared: like IsInstance, but null always may, and
/// the type's own rule (such as allowed values) counts.
bool Accepts(const Type& type, const Value& value);
/// Whether each value of `sub` is also one of `super`.
bool Conforms(const Type* sub, const Type* super);

/// The value as the type wants it: itself when it conforms, otherwise changed by the implicit
/// conversions (a list of one and its element, a date and its midnight in UTC), otherwise nothing.
/// Null conforms to every type. Source: DMN 1.5, 10.3.2.9.4.
std::optional<Value> Coerce(const Value& value, const Type& type);

}  // namespace city::feel
