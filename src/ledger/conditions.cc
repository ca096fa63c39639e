// SPDX-License-Identifier: Apache-2.0
#include "ledger/conditions.h"

#include "ledger/errors.h"
#include "parts/feel/feel.h"
#include "parts/feel/sql.h"

namespace city::ledger {
namespace {
using feel::SqlType;
using feel::Type;

struct Kept {
  SqlType sql;
  feel::TypePtr type;
};

/// How a field stands in SQL and in FEEL; nothing for what no condition looks into.
std::optional<Kept> KeptAs(const Field& field) {
  if (field.sealed) {
    if (!field.Hashed()) return std::nullopt;
    return Kept{SqlType::kHashed, Type::Of(field.meaning == Meaning::kDate ? Type::Form::kDate
                                                                           : Type::Form::kString)};
  }
  if (field.list_of) return Kept{SqlType::kTextList, Type::ListOf(Type::Of(Type::Form::kString))};
  switch (field.meaning) {
    case Meaning::kJson:
    case Meaning::kGeometry:
      return std::nullopt;
    case Meaning::kMoney:
    case Meaning::kInteger:
      return Kept{SqlType::kInteger, Type::Of(Type::Form::kNumber)};
    case Meaning::kNumber:
      return Kept{SqlType::kNumber, Type::Of(Type::Form::kNumber)};
    case Meaning::kBoolean:
      return Kept{SqlType::kBoolean, Type::Of(Type::Form::kBoolean)};
    case Meaning::kDate:
      return Kept{SqlType::kDate, Type::Of(Type::Form::kDate)};
    case Meaning::kTime:
      return Kept{SqlType::kDateTime, Type::Of(Type::Form::kDateTime)};
    default:
      return Kept{SqlType::kText, Type::Of(Type::Form::kString)};
  }
}
}  // namespace

struct Condition::Compiled {
  feel::Expression expression;
  std::vector<std::pair<std::string, SqlType>> columns;
  size_t me = 0;  ///< position of `me` among the names
  std::string type;
  /// Says that a sealed field cannot be asked so.
  Error Sealed(const Error& other) const {
    feel::SqlColumns names;
    for (const auto& [name, sql] : columns) names[name] = {name, sql, nullptr};
    for (const std::string& name : feel::ColumnsOf(expression, names))
      for (const auto& [column, sql] : columns)
        if (column == name && sql == SqlType::kHashed)
          return Error{&error::kSealedFilter, {{"field", name}}, {}};
    return Error{&error::kBadFilter, {{"reason", other.SaysZh() + " / " + other.SaysEn()}}, {}};
  }
};

Result<Condition> Condition::Compile(const RecordType& type, std::string_view text) {
  Condition out;
  if (text.empty()) return out;
  auto compiled = std::make_shared<Compiled>();
  compiled->type = type.name;
  feel::Scope scope;
  auto declare = [&](const std::string& name, SqlType sql, feel::TypePtr kind) {
    scope.Declare(name, std::move(kind));
    compiled->columns.emplace_back(name, sql);
  };
  declare("id", SqlType::kText, Type::Of(Type::Form::kString));
  declare("region", SqlType::kText, Type::Of(Type::Form::kString));
  declare("version", SqlType::kInteger, Type::Of(Type::Form::kNumber));
  declare("created_at", SqlType::kDateTime, Type::Of(Type::Form::kDateTime));
  declare("updated_at", SqlType::kDateTime, Type::Of(Type::Form::kDateTime));
  declare("ended_at", SqlType::kDateTime, Type::Of(Type::Form::kDateTime));
  for (const Field& field : type.fields)
    if (auto kept = KeptAs(field)) declare(field.name, kept->sql, kept->type);
  feel::TypePtr string = Type::Of(Type::Form::kString);
  compiled->me = scope.names.size();
  scope.Declare(
      "me",
      Type::ContextOf(
          {{"account", string}, {"kind", string}, {"organisation", string}, {"region", string}}));
  auto expression = feel::Compile(text, scope);
  if (!expression)
    for (const Field& field : type.fields)
      if (field.sealed && !field.Hashed() && text.find(field.name) != std::string_view::npos)
        return error::kSealedFilter({{"field", field.name}});
  if (!expression)
    return error::kBadFilter(
        {{"reason", expression.error().SaysZh() + " / " + expression.error().SaysEn()}});
  compiled->expression = std::move(*expression);
  // What no database can answer is refused when it is declared, not when it is asked.
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled->columns)
    columns[name] = {"r." + name, sql, [](std::string_view plain) { return std::string(plain); }};
  std::vector<feel::Value> inputs(scope.names.size());
  inputs[compiled->me] = feel::FromJson(
      json::object{{"account", ""}, {"kind", ""}, {"organisation", ""}, {"region", ""}});
  if (auto sql = feel::ToSql(compiled->expression, columns, feel::SqlDialect::kSqlite, 1, inputs);
      !sql)
    return Fail(compiled->Sealed(sql.error()));
  out.compiled_ = std::move(compiled);
  return out;
}

std::vector<std::string> Condition::Fields() const {
  if (!compiled_) return {};
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled_->columns) columns[name] = {name, sql, nullptr};
  return feel::ColumnsOf(compiled_->expression, columns);
}

Result<std::string> Condition::Sql(store::Dialect dialect, std::string_view alias,
                                   const Subject& me, const Post* post, const Vault* vault,
                                   std::vector<store::Value>& params) const {
  if (!compiled_) return std::string("(1=1)");
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled_->columns) {
    if (sql != SqlType::kHashed) {
      columns[name] = {std::string(alias) + "." + name, sql, nullptr};
      continue;
    }
    columns[name] = {std::string(alias) + ".x_" + name, sql,
                     [vault, type = compiled_->type, field = name](std::string_view plain) {
                       return vault != nullptr ? vault->Hash(type, field, plain)
                                               : std::string(plain);
                     }};
  }
  std::vector<feel::Value> inputs(compiled_->me + 1);
  inputs[compiled_->me] =
      feel::FromJson(json::object{{"account", me.account},
                                  {"kind", me.kind},
                                  {"organisation", post != nullptr ? post->organisation : ""},
                                  {"region", post != nullptr ? post->region : ""}});
  auto made = feel::ToSql(
      compiled_->expression, columns,
      dialect == store::Dialect::kSqlite ? feel::SqlDialect::kSqlite : feel::SqlDialect::kPostgres,
      static_cast<int>(params.size()) + 1, inputs);
  if (!made) return Fail(compiled_->Sealed(made.error()));
  for (feel::SqlParameter& parameter : made->parameters)
    std::visit([&](auto& value) { params.emplace_back(std::move(value)); }, parameter);
  return made->where;
}
}  // namespace city::ledger
