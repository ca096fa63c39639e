// SPDX-License-Identifier: Apache-2.0
// Translation of bound expressions to SQL. FEEL has three truth values and its equality treats null
// as a value, so each part is written twice on demand: when it is true and when it is false. Only
// AND and OR join the parts, so that SQL's null never turns into true.
#include "parts/feel/sql.h"

#include <algorithm>
#include <cmath>

#include "parts/feel/errors.h"
#include "parts/feel/internal/lexer.h"
#include "parts/feel/internal/machine.h"

namespace city::feel {
namespace {

constexpr std::string_view kNever = "(1=0)";
constexpr std::string_view kAlways = "(1=1)";

/// One side of a comparison.
struct Operand {
  bool constant = false;
  Value value;
  std::string sql;
  SqlType type = SqlType::kText;
  const SqlColumn* column = nullptr;
};

bool IsNumeric(SqlType t) { return t == SqlType::kInteger || t == SqlType::kNumber; }

class Translator {
 public:
  Translator(const Expression& expression, const SqlColumns& columns, SqlDialect dialect, int first,
             std::span<const Value> inputs, const Settings& settings)
      : program_(expression.program()),
        columns_(columns),
        postgres_(dialect == SqlDialect::kPostgres),
        first_(first),
        inputs_(inputs),
        frame_(settings, nullptr),
        locals_(static_cast<size_t>(program_.frame)) {}

  Result<SqlFilter> Run() {
    TRY(std::string where, Truth(*program_.root, true));
    return SqlFilter{std::move(where), std::move(parameters_)};
  }

  void Collect(const Node& node, std::vector<std::string>& out) const {
    if (auto name = ColumnName(node)) {
      if (std::find(out.begin(), out.end(), *name) == out.end()) out.push_back(*name);
      return;
    }
    for (uint32_t i = 0; i < node.count; ++i)
      if (node.kids[i] != nullptr) Collect(*node.kids[i], out);
  }

 private:
  tl::unexpected<Error> No(const Node& node, std::string_view what = {}) const {
    ErrorParams params = PlaceOf(program_.text, node.at);
    std::string_view rest =
        std::string_view(program_.text).substr(std::min<size_t>(node.at, program_.text.size()));
    std::string shown(what.empty() ? rest.substr(0, 30) : what);
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0) == 0x80)
      shown.pop_back();
    if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0xc0) shown.pop_back();
    params.emplace_back("what", std::move(shown));
    return error::kNotFilterable(std::move(params));
  }

  /// The dotted name of a path from an input, when it is a column.
  std::optional<std::string> ColumnName(const Node& node) const {
    std::string name;
    const Node* n = &node;
    while (n->op == Op::kPath) {
      name = "." + std::string(n->value.text()) + name;
      n = &n->kid(0);
    }
    if (n->op != Op::kInput) return std::nullopt;
    name = program_.inputs[static_cast<size_t>(n->slot)] + name;
    if (columns_.contains(name)) return name;
    return std::nullopt;
  }

  bool HasColumn(const Node& node) const {
    if (ColumnName(node)) return true;
    for (uint32_t i = 0; i < node.count; ++i)
      if (node.kids[i] != nullptr && HasColumn(*node.kids[i])) return true;
    return false;
  }

  /// An input below a node that nobody gave: neither a column nor among `inputs_`.
  const Node* Missing(const Node& node) const {
    if (node.op == Op::kInput && static_cast<size_t>(node.slot) >= inputs_.size()) return &node;
    for (uint32_t i = 0; i < node.count; ++i)
      if (node.kids[i] != nullptr)
        if (const Node* found = Missing(*node.kids[i])) return found;
    return nullptr;
  }
  tl::unexpected<Error> NotAColumn(const Node& node) const {
    ErrorParams params = PlaceOf(program_.text, node.at);
    params.emplace_back("name", program_.inputs[static_cast<size_t>(node.slot)]);
    std::string known;
    for (const auto& [name, column] : columns_) known += (known.empty() ? "" : ", ") + name;
    params.emplace_back("known", known.empty() ? "(none)" : known);
    return error::kNotAColumn(std::move(params));
  }

  Value Calculate(const Node& node) {
    Machine machine(frame_, inputs_, nullptr, locals_.data(), nullptr, program_);
    Value scratch;
    return machine.Eval(node, scratch);
  }

  std::string Bind(SqlParameter parameter) {
    parameters_.push_back(std::move(parameter));
    return "$" + std::to_string(first_ + static_cast<int>(parameters_.size()) - 1);
  }

  /// An expression that is null exactly when the operand is null.
  Result<Operand> Read(const Node& node) {
    Operand out;
    if (auto name = ColumnName(node)) {
      const SqlColumn& column = columns_.find(*name)->second;
      out.sql = column.sql;
      out.type = column.type;
      out.column = &column;
      return out;
    }
    if (!HasColumn(node)) {
      if (const Node* missing = Missing(node)) return NotAColumn(*missing);
      out.constant = true;
      out.value = Calculate(node);
      return out;
    }
    if (node.op != Op::kBuiltin) return No(node);
    std::string_view function = Builtins()[static_cast<size_t>(node.slot)].name;
    if (function != "upper case" && function != "lower case" && function != "string length")
      return No(node, function);
    TRY(Operand inner, Read(node.kid(0)));
    if (inner.constant || inner.type != SqlType::kText) return No(node);
    if (function == "string length") {
      out.sql = (postgres_ ? "char_length(" : "length(") + inner.sql + ")";
      out.type = SqlType::kInteger;
    } else {
      std::string collation = postgres_ ? " collate \"und-x-icu\"" : "";
      out.sql = (function == "upper case" ? "upper(" : "lower(") + inner.sql + collation + ")";
      out.type = SqlType::kText;
    }
    return out;
  }

  static Op Mirrored(Op op) {
    switch (op) {
      case Op::kLess:
        return Op::kGreater;
      case Op::kLessOrEqual:
        return Op::kGreaterOrEqual;
      case Op::kGreater:
        return Op::kLess;
      case Op::kGreaterOrEqual:
        return Op::kLessOrEqual;
      default:
        return op;
    }
  }
  static Op Opposite(Op op) {
    switch (op) {
      case Op::kLess:
        return Op::kGreaterOrEqual;
      case Op::kLessOrEqual:
        return Op::kGreater;
      case Op::kGreater:
        return Op::kLessOrEqual;
      case Op::kGreaterOrEqual:
        return Op::kLess;
      case Op::kEqual:
        return Op::kNotEqual;
      default:
        return Op::kEqual;
    }
  }
  static std::string Sign(Op op) {
    switch (op) {
      case Op::kLess:
        return " < ";
      case Op::kLessOrEqual:
        return " <= ";
      case Op::kGreater:
        return " > ";
      case Op::kGreaterOrEqual:
        return " >= ";
      case Op::kEqual:
        return " = ";
      default:
        return " <> ";
    }
  }
  static bool IsEquality(Op op) { return op == Op::kEqual || op == Op::kNotEqual; }

  /// Text in the order of code points.
  std::string Ordered(const Operand& o) const {
    if (postgres_ && (o.type == SqlType::kText || o.type == SqlType::kDate))
      return o.sql + " collate \"C\"";
    return o.sql;
  }

  std::string WithNull(const Operand& o, std::string sql) const {
    return "(" + o.sql + " is null or " + sql + ")";
  }

  /// operand `op` constant, both present; the SQL is null where the operand is.
  Result<std::string> Against(const Node& node, const Operand& o, Op op, const Value& v) {
    switch (o.type) {
      case SqlType::kText:
        if (!v.IsString()) return No(node, KindName(v.kind()));
        return (IsEquality(op) ? o.sql : Ordered(o)) + Sign(op) + Bind(std::string(v.text()));
      case SqlType::kBoolean:
        if (!v.IsBoolean() || !IsEquality(op)) return No(node, KindName(v.kind()));
        return o.sql + Sign(op) + Bind(int64_t{v.boolean() ? 1 : 0});
      case SqlType::kInteger: {
        if (!v.IsNumber()) return No(node, KindName(v.kind()));
        if (auto whole = v.number().ToInteger()) return o.sql + Sign(op) + Bind(*whole);
        return AgainstFraction(o, op, v.number());
      }
      case SqlType::kNumber: {
        if (!v.IsNumber()) return No(node, KindName(v.kind()));
        double d = v.number().ToDouble();
        auto back = Number::FromDouble(d);
        if (!back || *back != v.number()) return No(node, "more than 15 digits");
        return o.sql + Sign(op) + Bind(d);
      }
      case SqlType::kDate: {
        if (v.kind() != ValueKind::kDate) return No(node, KindName(v.kind()));
        int64_t year = CivilFromDays(v.date().days).year;
        if (year < 0 || year > 9999) return No(node, "year");
        return (IsEquality(op) ? o.sql : Ordered(o)) + Sign(op) + Bind(ToText(v.date()));
      }
      case SqlType::kDateTime:
        return AgainstInstant(node, o, op, v);
      case SqlType::kHashed: {
        if (!IsEquality(op) || o.column == nullptr || !o.column->hash) return No(node);
        std::string plain;
        if (v.IsString())
          plain = v.text();
        else if (v.kind() == ValueKind::kDate)
          plain = ToText(v.date());
        else
          return No(node, KindName(v.kind()));
        return o.sql + Sign(op) + Bind(o.column->hash(plain));
      }
      case SqlType::kTextList:
        break;  // asked by `list contains` alone
    }
    return No(node);
  }

  /// A whole number against one that is not whole.
  Result<std::string> AgainstFraction(const Operand& o, Op op, const Number& n) {
    if (op == Op::kEqual) return "(" + o.sql + " is null and 1=0)";
    if (op == Op::kNotEqual) return "(" + o.sql + " is not null)";
    bool upper = op == Op::kLess || op == Op::kLessOrEqual;
    auto bound = Round(n, 0, upper ? Rounding::kFloor : Rounding::kCeiling);
    auto whole = bound ? bound->ToInteger() : std::nullopt;
    if (!whole) {
      // Beyond every integer: true for all or for none that are present.
      bool all = n.IsNegative() != upper;
      return all ? "(" + o.sql + " is not null)" : "(" + o.sql + " is null and 1=0)";
    }
    return o.sql + (upper ? " <= " : " >= ") + Bind(*whole);
  }

  /// FEEL compares instants by milliseconds; the column counts microseconds.
  Result<std::string> AgainstInstant(const Node& node, const Operand& o, Op op, const Value& v) {
    if (v.kind() != ValueKind::kDateTime) return No(node, KindName(v.kind()));
    if (v.date_time().zoning.form == Zoning::Form::kNone)
      return No(node, "date and time without offset");
    Int128 nanos = InstantOf(v.date_time());
    Int128 millis = nanos / 1'000'000 - (nanos % 1'000'000 < 0 ? 1 : 0);
    if (millis > INT64_MAX / 1000 - 1 || millis < INT64_MIN / 1000 + 1) return No(node, "year");
    auto start = static_cast<int64_t>(millis) * 1000;
    int64_t next = start + 1000;
    switch (op) {
      case Op::kLess:
        return o.sql + " < " + Bind(start);
      case Op::kLessOrEqual:
        return o.sql + " < " + Bind(next);
      case Op::kGreater:
        return o.sql + " >= " + Bind(next);
      case Op::kGreaterOrEqual:
        return o.sql + " >= " + Bind(start);
      case Op::kEqual: {
        std::string low = Bind(start);
        return "(" + o.sql + " >= " + low + " and " + o.sql + " < " + Bind(next) + ")";
      }
      default: {
        std::string low = Bind(start);
        return "(" + o.sql + " < " + low + " or " + o.sql + " >= " + Bind(next) + ")";
      }
    }
  }

  /// Where a comparison of two operands is true; `false` wanted is the opposite with null rules.
  Result<std::string> Comparison(const Node& node, Operand a, Op op, Operand b, bool wanted) {
    if (a.constant) {
      std::swap(a, b);
      op = Mirrored(op);
    }
    if (!wanted) op = Opposite(op);  // null is neither, except for equality, which knows null
    if (b.constant) {
      if (b.value.IsNull()) {
        if (op == Op::kEqual) return "(" + a.sql + " is null)";
        if (op == Op::kNotEqual) return "(" + a.sql + " is not null)";
        return std::string(kNever);
      }
      TRY(std::string sql, Against(node, a, op, b.value));
      if (op == Op::kNotEqual) return WithNull(a, std::move(sql));
      return sql;
    }
    bool same = a.type == b.type || (IsNumeric(a.type) && IsNumeric(b.type));
    if (!same || a.type == SqlType::kHashed || (a.type == SqlType::kBoolean && !IsEquality(op)))
      return No(node);
    std::string x = IsEquality(op) ? a.sql : Ordered(a);
    std::string y = IsEquality(op) ? b.sql : Ordered(b);
    if (a.type == SqlType::kDateTime) {
      auto millis = [](const std::string& c) {
        return "(" + c + " - ((" + c + " % 1000) + 1000) % 1000)";
      };
      x = millis(x);
      y = millis(y);
    }
    std::string plain = x + Sign(op) + y;
    if (op == Op::kEqual)
      return "(" + plain + " or (" + a.sql + " is null and " + b.sql + " is null))";
    if (op == Op::kNotEqual)
      return "(" + plain + " or (" + a.sql + " is null and " + b.sql + " is not null) or (" +
             a.sql + " is not null and " + b.sql + " is null))";
    return plain;
  }

  static std::string Join(const std::vector<std::string>& parts, const char* word) {
    if (parts.size() == 1) return parts[0];
    std::string out = "(";
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i != 0) out += word;
      out += parts[i];
    }
    return out + ")";
  }

  /// value in range, as a comparison with its ends.
  Result<std::string> InRangeSql(const Node& node, const Operand& o, const Range& r, bool wanted) {
    auto compare = [&](Op op, const Value& v) {
      Operand c;
      c.constant = true;
      c.value = v;
      return Comparison(node, o, op, c, wanted);
    };
    switch (r.form) {
      case Range::Form::kLess:
        return compare(Op::kLess, r.high);
      case Range::Form::kLessOrEqual:
        return compare(Op::kLessOrEqual, r.high);
      case Range::Form::kGreater:
        return compare(Op::kGreater, r.low);
      case Range::Form::kGreaterOrEqual:
        return compare(Op::kGreaterOrEqual, r.low);
      case Range::Form::kEqual:
        return compare(Op::kEqual, r.low);
      case Range::Form::kNotEqual:
        return compare(Op::kNotEqual, r.low);
      case Range::Form::kInterval:
        break;
    }
    if (r.low.IsNull() || r.high.IsNull()) return std::string(kNever);
    TRY(std::string low, compare(r.low_included ? Op::kGreaterOrEqual : Op::kGreater, r.low));
    TRY(std::string high, compare(r.high_included ? Op::kLessOrEqual : Op::kLess, r.high));
    return Join({low, high}, wanted ? " and " : " or ");
  }

  /// value in list: true or false, never null.
  Result<std::string> InListSql(const Node& node, const Operand& o, std::span<const Value> items,
                                bool wanted) {
    std::vector<std::string> parts;
    bool null_listed =
        std::any_of(items.begin(), items.end(), [](const Value& v) { return v.IsNull(); });
    for (const Value& item : items) {
      if (item.IsNull()) continue;
      std::string part;
      if (item.IsRange()) {
        TRY(part, InRangeSql(node, o, item.range(), wanted));
      } else {
        TRY(part, Against(node, o, wanted ? Op::kEqual : Op::kNotEqual, item));
      }
      parts.push_back(std::move(part));
    }
    if (wanted) {
      if (null_listed) parts.push_back("(" + o.sql + " is null)");
      return parts.empty() ? std::string(kNever) : Join(parts, " or ");
    }
    std::string none = parts.empty() ? "(" + o.sql + " is not null)" : Join(parts, " and ");
    if (null_listed) return "(" + o.sql + " is not null and " + none + ")";
    return WithNull(o, std::move(none));
  }

  Result<std::string> OneTest(const Node& test, const Operand& o, bool wanted) {
    if (test.op == Op::kTestCompare) {
      static constexpr Op kOps[] = {Op::kEqual,          Op::kLess,  Op::kLessOrEqual, Op::kGreater,
                                    Op::kGreaterOrEqual, Op::kEqual, Op::kNotEqual};
      TRY(Operand end, Read(test.kid(0)));
      return Comparison(test, o, kOps[test.flags], end, wanted);
    }
    if (test.op != Op::kTestValue) return No(test);
    const Node& inner = test.kid(0);
    if (inner.op == Op::kInterval && HasColumn(inner)) {
      TRY(Operand low, Read(inner.kid(0)));
      TRY(Operand high, Read(inner.kid(1)));
      bool low_in = (inner.flags & 1) != 0;
      bool high_in = (inner.flags & 2) != 0;
      TRY(std::string above,
          Comparison(inner, o, low_in ? Op::kGreaterOrEqual : Op::kGreater, low, wanted));
      TRY(std::string below,
          Comparison(inner, o, high_in ? Op::kLessOrEqual : Op::kLess, high, wanted));
      if (wanted) return Join({above, below}, " and ");
      // false needs both ends to be known
      TRY(std::string known, Present({&o, &low, &high}, inner));
      return "(" + known + " and " + Join({above, below}, " or ") + ")";
    }
    TRY(Operand value, Read(inner));
    if (!value.constant) return Comparison(test, o, Op::kEqual, value, wanted);
    if (value.value.IsRange()) return InRangeSql(test, o, value.value.range(), wanted);
    if (value.value.IsList()) return InListSql(test, o, value.value.items(), wanted);
    return Comparison(test, o, Op::kEqual, value, wanted);
  }

  Result<std::string> Present(std::initializer_list<const Operand*> operands, const Node&) {
    std::vector<std::string> parts;
    for (const Operand* o : operands) {
      if (o->constant) {
        if (o->value.IsNull()) return std::string(kNever);
      } else {
        parts.push_back(o->sql + " is not null");
      }
    }
    return parts.empty() ? std::string(kAlways) : Join(parts, " and ");
  }

  Result<std::string> StringTest(const Node& node, std::string_view function, bool wanted) {
    TRY(Operand text, Read(node.kid(0)));
    TRY(Operand part, Read(node.kid(1)));
    if (text.constant || !part.constant || text.type != SqlType::kText) return No(node, function);
    if (part.value.IsNull()) return std::string(kNever);
    if (!part.value.IsString()) return No(node, KindName(part.value.kind()));
    std::string value(part.value.text());
    if (value.empty()) return wanted ? "(" + text.sql + " is not null)" : std::string(kNever);
    std::string p = Bind(value);
    if (function == "contains") {
      std::string at = (postgres_ ? "strpos(" : "instr(") + text.sql + ", " + p + ")";
      return at + (wanted ? " > 0" : " = 0");
    }
    int64_t size = 0;
    for (char c : value) size += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    std::string count = std::to_string(size);
    bool start = function == "starts with";
    std::string piece = start       ? "substr(" + text.sql + ", 1, " + count + ")"
                        : postgres_ ? "right(" + text.sql + ", " + count + ")"
                                    : "substr(" + text.sql + ", -" + count + ")";
    return piece + (wanted ? " = " : " <> ") + p;
  }

  /// A text looked for in a column that holds a JSON array of texts.
  Result<std::string> ListTest(const Node& node, bool wanted) {
    auto name = node.count == 2 ? ColumnName(node.kid(0)) : std::nullopt;
    if (!name || columns_.find(*name)->second.type != SqlType::kTextList || HasColumn(node.kid(1)))
      return No(node, "list contains");
    Value item = Calculate(node.kid(1));
    if (!item.IsString()) return No(node, "list contains");
    // As the array's own writer spells it, quotes included, so that no item is taken for a part of
    // another.
    std::string p = Bind(json::serialize(json::string(item.text())));
    std::string at =
        (postgres_ ? "strpos(" : "instr(") + columns_.find(*name)->second.sql + ", " + p + ")";
    return at + (wanted ? " > 0" : " = 0");
  }

  /// SQL that is true where the node is true (or false, when that is wanted).
  Result<std::string> Truth(const Node& node, bool wanted) {
    if (!HasColumn(node)) {
      if (const Node* missing = Missing(node)) return NotAColumn(*missing);
      Value v = Calculate(node);
      return std::string(v.IsBoolean() && v.boolean() == wanted ? kAlways : kNever);
    }
    if (auto name = ColumnName(node)) {
      const SqlColumn& column = columns_.find(*name)->second;
      if (column.type != SqlType::kBoolean) return No(node, *name);
      return column.sql + (wanted ? " = 1" : " = 0");
    }
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr: {
        std::vector<std::string> parts;
        for (uint32_t i = 0; i < node.count; ++i) {
          TRY(std::string part, Truth(node.kid(i), wanted));
          parts.push_back(std::move(part));
        }
        return Join(parts, (node.op == Op::kAnd) == wanted ? " and " : " or ");
      }
      case Op::kEqual:
      case Op::kNotEqual:
      case Op::kLess:
      case Op::kLessOrEqual:
      case Op::kGreater:
      case Op::kGreaterOrEqual: {
        TRY(Operand a, Read(node.kid(0)));
        TRY(Operand b, Read(node.kid(1)));
        return Comparison(node, std::move(a), node.op, std::move(b), wanted);
      }
      case Op::kBetween: {
        TRY(Operand v, Read(node.kid(0)));
        TRY(Operand low, Read(node.kid(1)));
        TRY(Operand high, Read(node.kid(2)));
        if (v.constant && v.value.IsNull()) return std::string(kNever);
        TRY(std::string above, Comparison(node, v, Op::kGreaterOrEqual, low, wanted));
        if (wanted) {
          TRY(std::string below, Comparison(node, v, Op::kLessOrEqual, high, wanted));
          return Join({above, below}, " and ");
        }
        // Below the lower end decides alone; otherwise both ends must be known.
        TRY(std::string reached, Comparison(node, v, Op::kGreaterOrEqual, low, true));
        TRY(std::string beyond, Comparison(node, v, Op::kLessOrEqual, high, false));
        return "(" + above + " or (" + reached + " and " + beyond + "))";
      }
      case Op::kIn: {
        TRY(Operand v, Read(node.kid(0)));
        std::vector<std::string> parts;
        for (uint32_t i = 1; i < node.count; ++i) {
          std::string part;
          if (v.constant) {
            TRY(part, ConstantIn(node.kid(i), v, wanted));
          } else {
            TRY(part, OneTest(node.kid(i), v, wanted));
          }
          parts.push_back(std::move(part));
        }
        return Join(parts, wanted ? " or " : " and ");
      }
      case Op::kIf: {
        TRY(std::string condition, Truth(node.kid(0), true));
        TRY(std::string then, Truth(node.kid(1), wanted));
        TRY(std::string otherwise, Truth(node.kid(2), wanted));
        // The condition stands twice; its parameters are the same, so one text serves both.
        return "((" + condition + " and " + then + ") or ((" + condition + ") is not true and " +
               otherwise + "))";
      }
      case Op::kBuiltin: {
        std::string_view function = Builtins()[static_cast<size_t>(node.slot)].name;
        if (function == "not") return Truth(node.kid(0), !wanted);
        if (function == "contains" || function == "starts with" || function == "ends with")
          return StringTest(node, function, wanted);
        if (function == "list contains") return ListTest(node, wanted);
        return No(node, function);
      }
      default:
        return No(node);
    }
  }

  /// A constant in a test that mentions columns: 5 in (low, [from..to]).
  Result<std::string> ConstantIn(const Node& test, const Operand& v, bool wanted) {
    const Node& inner = test.kid(0);
    if (test.op == Op::kTestValue && inner.op == Op::kInterval) return OneTest(test, v, wanted);
    TRY(Operand other, Read(inner));
    if (other.constant) {
      if (test.op == Op::kTestCompare) return No(test);
      Value hit = In(v.value, other.value);
      return std::string(hit.IsBoolean() && hit.boolean() == wanted ? kAlways : kNever);
    }
    return OneTest(test, v, wanted);
  }

  const Program& program_;
  const SqlColumns& columns_;
  bool postgres_;
  int first_;
  std::span<const Value> inputs_;
  CallFrame frame_;
  std::vector<Value> locals_;
  std::vector<SqlParameter> parameters_;
};

}  // namespace

Result<SqlFilter> ToSql(const Expression& expression, const SqlColumns& columns, SqlDialect dialect,
                        int first_parameter, std::span<const Value> inputs,
                        const Settings& settings) {
  Translator translator(expression, columns, dialect, first_parameter, inputs, settings);
  return translator.Run();
}

std::vector<std::string> ColumnsOf(const Expression& expression, const SqlColumns& columns) {
  std::vector<std::string> out;
  Settings settings;
  Translator translator(expression, columns, SqlDialect::kSqlite, 1, {}, settings);
  translator.Collect(*expression.program().root, out);
  return out;
}

}  // namespace city::feel
