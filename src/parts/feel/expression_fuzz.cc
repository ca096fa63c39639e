// SPDX-License-Identifier: Apache-2.0
// Any bytes as an expression or a cell: refused with words, or evaluated within limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parts/feel/feel.h"
#include "parts/feel/sql.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::feel;
  if (size < 1) return 0;
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  static const Scope* scope = [] {
    auto* s = new Scope;
    s->Declare("x", Type::Of(Type::Form::kNumber));
    s->Declare("name of it");
    s->Declare("list", Type::ListOf(Type::ContextOf({{"a", nullptr}, {"b c", nullptr}})));
    return s;
  }();
  Scope own = *scope;
  own.lenient = (data[0] & 2) != 0;
  auto expression = Compile(text, own, (data[0] & 1) != 0 ? Mode::kUnaryTests : Mode::kExpression);
  if (!expression) {
    if (expression.error().SaysEn().empty() || expression.error().SaysZh().empty()) std::abort();
    return 0;
  }
  Settings settings;
  settings.limits = {100'000, 10'000, 1u << 20, 500};
  ContextBuilder item;
  item.Add("a", Value::Of(1));
  item.Add("b c", Value::Of("two"));
  Value inputs[] = {Value::Of(7), Value::Of("text"), Value::List({item.Build()})};
  Diagnostics diagnostics;
  Value value = (data[0] & 1) != 0
                    ? Test(*expression, inputs[0], inputs, settings, &diagnostics)
                    : Evaluate(*expression, std::span<const Value>(inputs), settings, &diagnostics);
  ToText(value, 1u << 16);
  (void)Equal(value, value);
  SqlColumns columns{{"x", {"x", SqlType::kInteger}}, {"name of it", {"n", SqlType::kText}}};
  (void)ToSql(*expression, columns, SqlDialect::kSqlite, 1, inputs, settings);
  return 0;
}
