// SPDX-License-Identifier: Apache-2.0
// The allow-list of native functions: pure arithmetic of java.lang.Math.
#include "engines/decisions/internal/native.h"

#include <cmath>
#include <string>

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

}  // namespace

Native NativeFunction(const Value& declaration) {
  if (!declaration.IsContext()) return nullptr;
  const Value* java = declaration.context().Find("java");
  if (java == nullptr || !java->IsContext()) return nullptr;
  const Value* owner = java->context().Find("class");
  const Value* method = java->context().Find("method signature");
  if (owner == nullptr || !owner->IsString() || owner->text() != "java.lang.Math") return nullptr;
  if (method == nullptr || !method->IsString()) return nullptr;
  std::string signature = WithoutSpaces(method->text());
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
      return Value::Of(Number::FromDouble(code(a[0].number().ToDouble(), a[1].number().ToDouble())));
    };
  }
  return nullptr;
}

}  // namespace city::decisions
