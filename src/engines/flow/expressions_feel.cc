// SPDX-License-Identifier: Apache-2.0
#pragma GCC diagnostic ignored "-Wmisleading-indentation"
#pragma GCC diagnostic ignored "-Wsign-conversion"
// Stand-in.
#include <cctype>
#include <functional>
#include "base/text.h"
#include "engines/flow/errors.h"
#include "engines/flow/expressions.h"
namespace city::flow {
namespace {
struct P {
  std::string_view s;
  size_t i = 0;
  const Variables* v;
  bool bad = false;
  bool dry = false;
  void ws() {
    while (i < s.size() && isspace((unsigned char)s[i])) ++i;
  }
  bool eat(std::string_view t) {
    ws();
    if (s.substr(i).starts_with(t)) {
      i += t.size();
      return true;
    }
    return false;
  }
  bool word(std::string_view t) {
    ws();
    if (s.substr(i).starts_with(t) &&
        (i + t.size() >= s.size() || !isalnum((unsigned char)s[i + t.size()]))) {
      i += t.size();
      return true;
    }
    return false;
  }
  json::value Or() {
    auto a = And();
    while (word("or")) {
      auto b = And();
      a = (a.is_bool() && a.get_bool()) || (b.is_bool() && b.get_bool());
    }
    return a;
  }
  json::value And() {
    auto a = Cmp();
    while (word("and")) {
      auto b = Cmp();
      a = (a.is_bool() && a.get_bool()) && (b.is_bool() && b.get_bool());
    }
    return a;
  }
  static double num(const json::value& x) {
    return x.is_int64()    ? x.get_int64()
           : x.is_uint64() ? x.get_uint64()
           : x.is_double() ? x.get_double()
                           : 0;
  }
  json::value Cmp() {
    auto a = Add();
    for (std::string_view op : {"<=", ">=", "!=", "<", ">", "="})
      if (eat(op)) {
        auto b = Add();
        if (op == "=") return (a.is_number() && b.is_number()) ? num(a) == num(b) : a == b;
        if (op == "!=") return !((a.is_number() && b.is_number()) ? num(a) == num(b) : a == b);
        if (op == "<") return num(a) < num(b);
        if (op == ">") return num(a) > num(b);
        if (op == "<=") return num(a) <= num(b);
        return num(a) >= num(b);
      }
    return a;
  }
  json::value Add() {
    auto a = Prim();
    while (true) {
      if (eat("+")) {
        auto b = Prim();
        a = (int64_t)(num(a) + num(b));
      } else if (eat("*")) {
        auto b = Prim();
        a = (int64_t)(num(a) * num(b));
      } else if (eat("-")) {
        auto b = Prim();
        a = (int64_t)(num(a) - num(b));
      } else
        return a;
    }
  }
  json::value Prim() {
    ws();
    if (i >= s.size()) {
      bad = true;
      return nullptr;
    }
    if (s[i] == '"') {
      auto e = s.find('"', i + 1);
      if (e == s.npos) {
        bad = true;
        return nullptr;
      }
      auto t = s.substr(i + 1, e - i - 1);
      i = e + 1;
      return json::string(t);
    }
    if (isdigit((unsigned char)s[i])) {
      int64_t n = 0;
      while (i < s.size() && isdigit((unsigned char)s[i])) n = n * 10 + (s[i++] - '0');
      return n;
    }
    if (eat("(")) {
      auto a = Or();
      eat(")");
      return a;
    }
    if (eat("[")) {
      json::array a;
      while (!eat("]")) {
        a.push_back(Or());
        eat(",");
        if (bad || i >= s.size()) break;
      }
      return a;
    }
    if (eat("{")) {
      json::object o;
      while (!eat("}")) {
        ws();
        size_t b = i;
        while (i < s.size() && s[i] != ':') ++i;
        std::string k(Trim(s.substr(b, i - b)));
        if (k.size() > 1 && k[0] == '"') k = k.substr(1, k.size() - 2);
        eat(":");
        o[k] = Or();
        eat(",");
        if (bad || i >= s.size()) break;
      }
      return o;
    }
    if (!(isalpha((unsigned char)s[i]) || s[i] == '_' || (s[i] & 0x80))) {
      bad = true;
      return nullptr;
    }
    size_t b = i;
    while (i < s.size() &&
           (isalnum((unsigned char)s[i]) || s[i] == '_' || s[i] == '.' || (s[i] & 0x80)))
      ++i;
    std::string n(s.substr(b, i - b));
    if (n == "true") return true;
    if (n == "false") return false;
    if (n == "null") return nullptr;
    if (i < s.size() && s[i] == '(') {
      ++i;
      std::vector<json::value> a;
      while (!eat(")")) {
        a.push_back(Or());
        eat(",");
        if (bad || i >= s.size()) break;
      }
      if (n == "contains" && a.size() == 2) {
        if (!a[0].is_string() || !a[1].is_string()) return nullptr;
        return std::string_view(a[0].get_string()).find(std::string_view(a[1].get_string())) !=
               std::string_view::npos;
      }
      if (n == "not" && a.size() == 1) return !(a[0].is_bool() && a[0].get_bool());
      if (n == "count" && a.size() == 1 && a[0].is_array()) return (int64_t)a[0].get_array().size();
      if (!dry) bad = true;
      return nullptr;
    }
    if (!v) return nullptr;
    auto parts = Split(n, '.');
    const json::value* x = v->Find(parts[0]);
    for (size_t k = 1; x && k < parts.size(); ++k)
      x = x->is_object() ? x->get_object().if_contains(parts[k]) : nullptr;
    return x ? *x : json::value();
  }
};
struct E : Expression {
  std::string t;
  Result<json::value> Evaluate(const Variables& v, Time) const override {
    P p{t, 0, &v};
    auto x = p.Or();
    if (p.bad) return error::kBadExpression({{"text", t}, {"reason", "mini"}});
    return x;
  }
};
struct L : ExpressionLanguage {
  Result<std::unique_ptr<const Expression>> Compile(std::string_view t) const override {
    P p{t, 0, nullptr};
    p.dry = true;
    p.Or();
    p.ws();
    if (p.bad || p.i != t.size())
      return error::kBadExpression({{"text", std::string(t)}, {"reason", "syntax"}});
    auto e = std::make_unique<E>();
    e->t = std::string(t);
    return std::unique_ptr<const Expression>(std::move(e));
  }
};
}  // namespace
const ExpressionLanguage& Feel() {
  static L l;
  return l;
}
}  // namespace city::flow
