// SPDX-License-Identifier: Apache-2.0
// The allow-list of native functions: pure arithmetic of java.lang.Math and conversions of numbers.
#include "engines/decisions/internal/native.h"

#include <cmath>
#include <string>

#include "base/text.h"

namespace city::decisions {
namespace {

using feel::Number;
using feel::Value;
using Native = std::function<Value(std::span<const Value>, feel::CallFrame&)>;

struct Unary {
  std::string_view signature;
  double (*code)(double);
};
struct Binary {
  std::string_view signature;
  double (*code)(double, double);
};

constexpr Unary kUnary[] = {
    {"abs(double)", [](double x) { return std::fabs(x); }},
    {"acos(double)", [](double x) { return std::acos(x); }},
    {"asin(double)", [](double x) { return std::asin(x); }},
    {"atan(double)", [](double x) { return std::atan(x); }},
    {"cbrt(double)", [](double x) { return std::cbrt(x); }},
    {"ceil(double)", [](double x) { return std::ceil(x); }},
    {"cos(double)", [](double x) { return std::cos(x); }},
    {"exp(double)", [](double x) { return std::exp(x); }},
    {"floor(double)", [](double x) { return std::floor(x); }},
    {"log(double)", [](double x) { return std::log(x); }},
    {"log10(double)", [](double x) { return std::log10(x); }},
    {"sin(double)", [](double x) { return std::sin(x); }},
    {"sqrt(double)", [](double x) { return std::sqrt(x); }},
    {"tan(double)", [](double x) { return std::tan(x); }},
};

constexpr Binary kBinary[] = {
    {"atan2(double,double)", [](double x, double y) { return std::atan2(x, y); }},
    {"hypot(double,double)", [](double x, double y) { return std::hypot(x, y); }},
    {"max(double,double)", [](double x, double y) { return std::fmax(x, y); }},
    {"min(double,double)", [](double x, double y) { return std::fmin(x, y); }},
    {"pow(double,double)", [](double x, double y) { return std::pow(x, y); }},
};

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '\t' && c != '\n') out += c;
  return out;
}

struct Whole {
  std::string_view owner;
  std::string_view primitive;
  int64_t low;
  int64_t high;
};

constexpr Whole kWhole[] = {
    {"java.lang.Byte", "byte", -128, 127},
    {"java.lang.Short", "short", -32768, 32767},
    {"java.lang.Integer", "int", INT32_MIN, INT32_MAX},
    {"java.lang.Long", "long", INT64_MIN, INT64_MAX},
};

/// valueOf of the number classes and of String: texts and numbers as numbers within their ranges.
Native Conversion(std::string_view owner, const std::string& signature) {
  bool from_text = signature == "valueOf(java.lang.String)";
  for (const Whole& row : kWhole) {
    if (row.owner != owner) continue;
    if (!from_text && signature != "valueOf(" + std::string(row.primitive) + ")") return nullptr;
    return [row, from_text](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 1 || (from_text ? !a[0].IsString() : !a[0].IsNumber())) return Value();
      auto n = from_text ? Number::Parse(a[0].text()) : std::optional<Number>(a[0].number());
      auto whole = n ? n->ToInteger() : std::nullopt;
      if (!whole || *whole < row.low || *whole > row.high) return Value();
      return Value::Of(*whole);
    };
  }
  if ((owner == "java.lang.Double" || owner == "java.lang.Float") && from_text)
    return [](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 1 || !a[0].IsString()) return Value();
      auto n = Number::Parse(a[0].text());
      return n ? Value::Of(*n) : Value();
    };
  if (owner == "java.lang.String" && signature == "valueOf(char)")
    return [](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 1 || !a[0].IsString() || LengthOf(a[0].text()) != 1) return Value();
      return a[0];
    };
  return nullptr;
}

}  // namespace

Native NativeFunction(const Value& declaration) {
  if (!declaration.IsContext()) return nullptr;
  const Value* java = declaration.context().Find("java");
  if (java == nullptr || !java->IsContext()) return nullptr;
  const Value* owner = java->context().Find("class");
  const Value* method = java->context().Find("method signature");
  if (owner == nullptr || !owner->IsString()) return nullptr;
  if (method == nullptr || !method->IsString()) return nullptr;
  std::string signature = WithoutSpaces(method->text());
  if (owner->text() != "java.lang.Math") return Conversion(owner->text(), signature);
  if (signature == "max(int,int)" || signature == "max(long,long)" ||
      signature == "max(float,float)" || signature == "min(int,int)" ||
      signature == "min(long,long)" || signature == "min(float,float)") {
    // Whole numbers stay exact: the larger or smaller argument itself.
    return [largest = signature.starts_with("max")](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 2 || !a[0].IsNumber() || !a[1].IsNumber()) return Value();
      return (a[0].number() > a[1].number()) == largest ? a[0] : a[1];
    };
  }
  for (const Unary& row : kUnary) {
    if (row.signature != signature) continue;
    return [code = row.code](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 1 || !a[0].IsNumber()) return Value();
      return Value::Of(Number::FromDouble(code(a[0].number().ToDouble())));
    };
  }
  for (const Binary& row : kBinary) {
    if (row.signature != signature) continue;
    return [code = row.code](std::span<const Value> a, feel::CallFrame&) {
      if (a.size() != 2 || !a[0].IsNumber() || !a[1].IsNumber()) return Value();
      return Value::Of(
          Number::FromDouble(code(a[0].number().ToDouble(), a[1].number().ToDouble())));
    };
  }
  return nullptr;
}

}  // namespace city::decisions
