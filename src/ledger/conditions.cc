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
};

Result<Condition> Condition::Compile(const RecordType& type, std::string_view text) {
  Condition out;
  if (text.empty()) return out;
  auto compiled = std::make_shared<Compiled>();
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
    return error::kBadFilter(
        {{"reason", expression.error().SaysZh() + " / " + expression.error().SaysEn()}});
  compiled->expression = std::move(*expression);
  // What no database can answer is refused when it is declared, not when it is asked.
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled->columns) columns[name] = {"r." + name, sql};
  std::vector<feel::Value> inputs(scope.names.size());
  inputs[compiled->me] = feel::FromJson(
      json::object{{"account", ""}, {"kind", ""}, {"organisation", ""}, {"region", ""}});
  if (auto sql = feel::ToSql(compiled->expression, columns, feel::SqlDialect::kSqlite, 1, inputs);
      !sql)
    return error::kBadFilter({{"reason", sql.error().SaysZh() + " / " + sql.error().SaysEn()}});
  out.compiled_ = std::move(compiled);
  return out;
}

std::vector<std::string> Condition::Fields() const {
  if (!compiled_) return {};
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled_->columns) columns[name] = {name, sql};
  return feel::ColumnsOf(compiled_->expression, columns);
}

Result<std::string> Condition::Sql(store::Dialect dialect, std::string_view alias,
                                   const Subject& me, const Post* post,
                                   std::vector<store::Value>& params) const {
  if (!compiled_) return std::string("(1=1)");
  feel::SqlColumns columns;
  for (const auto& [name, sql] : compiled_->columns)
    columns[name] = {std::string(alias) + "." + name, sql};
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
  if (!made)
    return error::kBadFilter({{"reason", made.error().SaysZh() + " / " + made.error().SaysEn()}});
  for (feel::SqlParameter& parameter : made->parameters)
    std::visit([&](auto& value) { params.emplace_back(std::move(value)); }, parameter);
  return made->where;
}
}  // namespace city::ledger
