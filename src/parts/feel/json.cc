// SPDX-License-Identifier: Apache-2.0
// FEEL values from JSON and back.
#include "parts/feel/errors.h"
#include "parts/feel/feel.h"

namespace city::feel {
namespace {

using Form = Type::Form;

template <class T>
std::optional<Value> Read(std::optional<T> parsed) {
  if (!parsed) return std::nullopt;
  return Value::Of(*parsed);
}

std::optional<Value> FromText(std::string_view text, Form form) {
  switch (form) {
    case Form::kString:
    case Form::kAny:
      return Value::Of(text);
    case Form::kDate:
      return Read(ParseDate(text));
    case Form::kTime:
      return Read(ParseTime(text));
    case Form::kDateTime:
      return Read(ParseDateTime(text));
    case Form::kYearsMonths:
      return Read(ParseYearsMonths(text));
    case Form::kDaysTime:
      return Read(ParseDaysTime(text));
    case Form::kNumber:
      return Read(Number::Parse(text));
    default:
      return std::nullopt;
  }
}

std::string TypeText(const Type& type) {
  static constexpr const char* kNames[] = {"Any",
                                           "Null",
                                           "boolean",
                                           "number",
                                           "string",
                                           "date",
                                           "time",
                                           "date and time",
                                           "years and months duration",
                                           "days and time duration",
                                           "list",
                                           "context",
                                           "range",
                                           "function"};
  return type.name.empty() ? kNames[static_cast<size_t>(type.form)] : type.name;
}

Result<Value> Convert(const json::value& value, const Type& type, const std::string& path) {
  auto wrong = [&]() -> Result<Value> {
    return error::kBadJson({{"path", path.empty() ? "/" : path}, {"type", TypeText(type)}});
  };
  if (value.is_null()) return Value();
  if (type.form == Form::kAny) return FromJson(value);
  if (type.form == Form::kList) {
    if (!value.is_array()) {
      if (type.element == nullptr) return wrong();
      TRY(Value only, Convert(value, *type.element, path));
      return Value::List({only});
    }
    std::vector<Value> items;
    size_t i = 0;
    for (const json::value& item : value.as_array()) {
      if (type.element == nullptr) {
        items.push_back(FromJson(item));
      } else {
        TRY(Value one, Convert(item, *type.element, path + "/" + std::to_string(i)));
        items.push_back(std::move(one));
      }
      ++i;
    }
    return Value::List(std::move(items));
  }
  if (type.form == Form::kContext) {
    if (!value.is_object()) return wrong();
    ContextBuilder builder;
    for (const auto& entry : value.as_object()) {
      std::string_view key(entry.key().data(), entry.key().size());
      const Type::Member* member = type.FindMember(key);
      if (member == nullptr || member->type == nullptr) {
        builder.Add(key, FromJson(entry.value()));
      } else {
        TRY(Value one, Convert(entry.value(), *member->type, path + "/" + std::string(key)));
        builder.Add(key, std::move(one));
      }
    }
    return builder.Build();
  }
  if (value.is_array() && value.as_array().size() == 1)
    return Convert(value.as_array()[0], type, path);
  std::optional<Value> made;
  if (value.is_string()) {
    made =
        FromText(std::string_view(value.as_string().data(), value.as_string().size()), type.form);
  } else if (value.is_bool()) {
    if (type.form == Form::kBoolean) made = FromJson(value);
  } else if (value.is_number()) {
    if (type.form == Form::kNumber) made = FromJson(value);
  }
  if (!made) return wrong();
  return *made;
}

}  // namespace

Value FromJson(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return Value();
    case json::kind::bool_:
      return Value::Of(value.get_bool());
    case json::kind::int64:
      return Value::Of(value.get_int64());
    case json::kind::uint64:
      return Value::Of(Number::FromWords(value.get_uint64(), Number().high()));
    case json::kind::double_:
      return Value::Of(Number::FromDouble(value.get_double()));
    case json::kind::string:
      return Value::Of(std::string_view(value.get_string().data(), value.get_string().size()));
    case json::kind::array: {
      std::vector<Value> items;
      items.reserve(value.get_array().size());
      for (const json::value& item : value.get_array()) items.push_back(FromJson(item));
      return Value::List(std::move(items));
    }
    case json::kind::object: {
      ContextBuilder builder;
      builder.Reserve(value.get_object().size());
      for (const auto& entry : value.get_object())
        builder.Add(std::string_view(entry.key().data(), entry.key().size()),
                    FromJson(entry.value()));
      return builder.Build();
    }
  }
  return Value();
}

Result<Value> FromJson(const json::value& value, const Type& type) {
  return Convert(value, type, "");
}

json::value ToJson(const Value& v) {
  switch (v.kind()) {
    case ValueKind::kNull:
      return nullptr;
    case ValueKind::kBoolean:
      return v.boolean();
    case ValueKind::kNumber: {
      if (auto whole = v.number().ToInteger()) return *whole;
      return v.number().ToDouble();
    }
    case ValueKind::kString:
      return json::value(v.text());
    case ValueKind::kList: {
      json::array items;
      items.reserve(v.items().size());
      for (const Value& item : v.items()) items.push_back(ToJson(item));
      return items;
    }
    case ValueKind::kContext: {
      json::object object;
      for (const auto& entry : v.context().entries()) object[entry.name()] = ToJson(entry.value);
      return object;
    }
    default:
      return json::value(ToText(v));
  }
}

}  // namespace city::feel
