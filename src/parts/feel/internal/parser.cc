// SPDX-License-Identifier: Apache-2.0
// The grammar of FEEL from the widest form to the operators. Source: DMN 1.5, 10.3.1.2.
#include "parts/feel/internal/parser.h"

#include <algorithm>

#include "parts/feel/errors.h"
#include "parts/feel/internal/builtins.h"

namespace city::feel {
namespace {

constexpr int kMaxNesting = 200;
constexpr uint16_t kMaxHeight = 1000;

std::optional<Range::Form> FormOfSign(std::string_view sign) {
  if (sign == "<") return Range::Form::kLess;
  if (sign == "<=") return Range::Form::kLessOrEqual;
  if (sign == ">") return Range::Form::kGreater;
  if (sign == ">=") return Range::Form::kGreaterOrEqual;
  if (sign == "=") return Range::Form::kEqual;
  if (sign == "!=") return Range::Form::kNotEqual;
  return std::nullopt;
}

TypePtr Boolean() { return Type::Of(Type::Form::kBoolean); }

}  // namespace

Parser::Parser(std::string_view source, const Scope& scope, Program& program)
    : source_(source), scope_(scope), program_(program), binder_(scope, program) {
  for (const auto& [name, type] : scope.types) {
    types_.Add(name);
    binder_.LearnMembers(type);
  }
}

Result<void> Parser::Run(Mode mode) {
  TRY(tokens_, Tokenize(source_));
  tests_ = mode == Mode::kUnaryTests;
  Ex root = tests_ ? Tests(true) : Expression();
  if (root && Now().kind != TokenKind::kEnd)
    root = Wrong("运算符或表达式的结尾", "an operator or the end of the expression");
  if (!root) return Fail(std::move(*error_));
  program_.root = root.node;
  program_.type = root.type;
  program_.frame = binder_.frame();
  program_.any = root.node->op == Op::kTestAny;
  return {};
}

bool Parser::Take(std::string_view text) {
  if (!Is(text)) return false;
  ++at_;
  return true;
}

bool Parser::Expect(std::string_view text) {
  if (Take(text)) return true;
  std::string quoted = "\"" + std::string(text) + "\"";
  Wrong(quoted, quoted);
  return false;
}

Parser::Ex Parser::Wrong(std::string_view zh, std::string_view en) {
  // The first complaint is the useful one; speculation clears it when it goes back.
  if (!error_) error_ = SyntaxError(source_, Now().start, Now().text, zh, en);
  return {};
}

void Parser::Restore(Saved saved) {
  at_ = saved.at;
  error_ = std::move(saved.error);
}

Node* Parser::Make(Op op, uint32_t at, std::vector<Node*> kids) {
  Node* node = binder_.NewNode(op, at, std::move(kids));
  if (node->height > kMaxHeight && !error_) {
    ErrorParams params = PlaceOf(source_, at);
    params.emplace_back("limit", std::to_string(kMaxHeight));
    error_ = Error{&error::kTooDeep, std::move(params), {}};
  }
  return error_ ? nullptr : node;
}

Parser::Ex Parser::Constant(Value value, uint32_t at, TypePtr type) {
  Node* node = Make(Op::kConstant, at);
  if (node == nullptr) return {};
  node->value = std::move(value);
  return {node, std::move(type)};
}

bool Parser::Deeper() {
  if (depth_ <= kMaxNesting) return true;
  if (!error_) {
    ErrorParams params = PlaceOf(source_, Now().start);
    params.emplace_back("limit", std::to_string(kMaxNesting));
    error_ = Error{&error::kTooDeep, std::move(params), {}};
  }
  return false;
}

Parser::Ex Parser::Expression() {
  struct Depth {
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
    int& depth;
  } depth(depth_);
  if (!Deeper()) return {};
  // Inside brackets of any kind "[" is a filter again; the end of an interval sets it itself.
  bool outer = std::exchange(range_end_, false);
  Ex result;
  if (Is("if")) {
    result = If();
  } else if (Is("for")) {
    result = For();
  } else if (Is("some") || Is("every")) {
    result = Quantified(Is("some"));
  } else {
    result = Disjunction();
  }
  range_end_ = outer;
  return result;
}

Parser::Ex Parser::If() {
  uint32_t at = Now().start;
  ++at_;
  Ex condition = Expression();
  if (!condition || !Expect("then")) return {};
  Ex then = Expression();
  if (!then || !Expect("else")) return {};
  Ex otherwise = Expression();
  if (!otherwise) return {};
  return {Make(Op::kIf, at, {condition.node, then.node, otherwise.node}), then.type};
}

bool Parser::Iteration(std::vector<Node*>& kids, std::vector<int>& slots) {
  do {
    std::string name;
    size_t start = at_;
    while (Now().kind != TokenKind::kEnd && !Is("in")) ++at_;
    if (start == at_ || Now().kind == TokenKind::kEnd || tokens_[start].kind != TokenKind::kName) {
      at_ = start;
      Wrong("变量名和 in", "a variable name and \"in\"");
      return false;
    }
    name = NormalizeName(
        source_.substr(tokens_[start].start, tokens_[at_ - 1].end - tokens_[start].start));
    ++at_;
    uint32_t at = Now().start;
    Ex domain = Expression();
    if (!domain) return false;
    TypePtr item = domain.type != nullptr ? domain.type->element : nullptr;
    if (Take("..")) {
      Ex to = Expression();
      if (!to) return false;
      domain.node = Make(Op::kRangeTo, at, {domain.node, to.node});
      if (domain.node == nullptr) return false;
      item = nullptr;
    }
    kids.push_back(domain.node);
    slots.push_back(binder_.Declare(name, item));
  } while (Take(","));
  return true;
}

Parser::Ex Parser::For() {
  uint32_t at = Now().start;
  ++at_;
  binder_.PushLevel();
  std::vector<Node*> kids;
  Aux* aux = binder_.NewAux();
  if (!Iteration(kids, aux->slots) || !Expect("return")) return {};
  int partial = binder_.Declare("partial", Type::ListOf(nullptr));
  Ex body = Expression();
  if (!body) return {};
  aux->partial = binder_.WasUsed(partial) ? partial : -1;
  binder_.PopLevel();
  kids.push_back(body.node);
  Node* node = Make(Op::kFor, at, std::move(kids));
  if (node == nullptr) return {};
  node->aux = aux;
  return {node, Type::ListOf(body.type)};
}

Parser::Ex Parser::Quantified(bool some) {
  uint32_t at = Now().start;
  ++at_;
  binder_.PushLevel();
  std::vector<Node*> kids;
  Aux* aux = binder_.NewAux();
  if (!Iteration(kids, aux->slots) || !Expect("satisfies")) return {};
  Ex body = Expression();
  if (!body) return {};
  binder_.PopLevel();
  kids.push_back(body.node);
  Node* node = Make(some ? Op::kSome : Op::kEvery, at, std::move(kids));
  if (node == nullptr) return {};
  node->aux = aux;
  return {node, Boolean()};
}

Parser::Ex Parser::Disjunction() {
  Ex left = Conjunction();
  if (!left || !Is("or")) return left;
  std::vector<Node*> kids{left.node};
  while (Take("or")) {
    Ex right = Conjunction();
    if (!right) return {};
    kids.push_back(right.node);
  }
  return {Make(Op::kOr, left.node->at, std::move(kids)), Boolean()};
}

Parser::Ex Parser::Conjunction() {
  Ex left = Comparison();
  if (!left || !Is("and")) return left;
  std::vector<Node*> kids{left.node};
  while (Take("and")) {
    Ex right = Comparison();
    if (!right) return {};
    kids.push_back(right.node);
  }
  return {Make(Op::kAnd, left.node->at, std::move(kids)), Boolean()};
}

Parser::Ex Parser::Comparison() {
  Ex left = Additive();
  while (left) {
    uint32_t at = Now().start;
    if (Now().kind == TokenKind::kSign) {
      Op op;
      if (Is("=")) {
        op = Op::kEqual;
      } else if (Is("!=")) {
        op = Op::kNotEqual;
      } else if (Is("<")) {
        op = Op::kLess;
      } else if (Is("<=")) {
        op = Op::kLessOrEqual;
      } else if (Is(">")) {
        op = Op::kGreater;
      } else if (Is(">=")) {
        op = Op::kGreaterOrEqual;
      } else {
        return left;
      }
      ++at_;
      Ex right = Additive();
      if (!right) return {};
      left = {Make(op, at, {left.node, right.node}), Boolean()};
    } else if (Is("between")) {
      ++at_;
      Ex low = Additive();
      if (!low || !Expect("and")) return {};
      Ex high = Additive();
      if (!high) return {};
      left = {Make(Op::kBetween, at, {left.node, low.node, high.node}), Boolean()};
    } else if (Is("in")) {
      ++at_;
      left = InRest(left);
    } else {
      return left;
    }
  }
  return left;
}

/// One positive unary test: a comparison with one value, or an expression.
Parser::Ex Parser::OneTest() {
  uint32_t at = Now().start;
  if (Now().kind == TokenKind::kSign) {
    if (auto form = FormOfSign(Now().text)) {
      ++at_;
      Ex end = Additive();
      if (!end) return {};
      Node* node = Make(Op::kTestCompare, at, {end.node});
      if (node != nullptr) node->flags = static_cast<uint8_t>(*form);
      return {node, Boolean()};
    }
  }
  bool outer = std::exchange(tested_used_, false);
  Ex test = Expression();
  bool uses = std::exchange(tested_used_, outer);
  if (!test) return {};
  return {Make(uses ? Op::kTestBoolean : Op::kTestValue, at, {test.node}), Boolean()};
}

Parser::Ex Parser::InRest(Ex value) {
  uint32_t at = Now().start;
  std::vector<Node*> kids{value.node};
  bool done = false;
  if (Is("(")) {
    // "in (1, < 5)" is a list of tests; "in (1..5)" and "in (a + b) * 2" are expressions.
    Saved saved = Save();
    ++at_;
    do {
      Ex test = OneTest();
      if (!test) break;
      kids.push_back(test.node);
    } while (Take(","));
    done = !error_ && Take(")");
    if (done && Now().kind == TokenKind::kSign) {
      static constexpr std::string_view kGoOn[] = {"+", "-", "*", "/", "**", ".", "["};
      if (!(Is("[") && range_end_))
        done = std::find(std::begin(kGoOn), std::end(kGoOn), Now().text) == std::end(kGoOn);
    }
    if (done && Is("instance")) done = false;
    if (!done) {
      Restore(saved);
      kids.resize(1);
    }
  }
  if (!done) {
    if (Now().kind == TokenKind::kSign && FormOfSign(Now().text)) {
      Ex test = OneTest();
      if (!test) return {};
      kids.push_back(test.node);
    } else {
      Ex test = Additive();
      if (!test) return {};
      Node* node = Make(Op::kTestValue, at, {test.node});
      if (node == nullptr) return {};
      kids.push_back(node);
    }
  }
  return {Make(Op::kIn, at, std::move(kids)), Boolean()};
}

Parser::Ex Parser::Additive() {
  Ex left = Multiplicative();
  while (left && Now().kind == TokenKind::kSign && (Is("+") || Is("-"))) {
    Op op = Is("+") ? Op::kAdd : Op::kSubtract;
    uint32_t at = Now().start;
    ++at_;
    Ex right = Multiplicative();
    if (!right) return {};
    left = {Make(op, at, {left.node, right.node}), left.type};
  }
  return left;
}

Parser::Ex Parser::Multiplicative() {
  Ex left = Power();
  while (left && Now().kind == TokenKind::kSign && (Is("*") || Is("/"))) {
    Op op = Is("*") ? Op::kMultiply : Op::kDivide;
    uint32_t at = Now().start;
    ++at_;
    Ex right = Power();
    if (!right) return {};
    left = {Make(op, at, {left.node, right.node}), nullptr};
  }
  return left;
}

Parser::Ex Parser::Power() {
  Ex left = Unary();
  while (left && Now().kind == TokenKind::kSign && Is("**")) {
    uint32_t at = Now().start;
    ++at_;
    Ex right = Unary();
    if (!right) return {};
    left = {Make(Op::kPower, at, {left.node, right.node}), left.type};
  }
  return left;
}

Parser::Ex Parser::Unary() {
  // Signs are counted, not nested: "----1" may be as long as it likes.
  uint32_t at = Now().start;
  size_t signs = 0;
  while (Now().kind == TokenKind::kSign && Is("-")) {
    ++signs;
    ++at_;
  }
  Ex value = InstanceOf();
  if (!value || signs == 0) return value;
  for (size_t i = 0; i < (signs % 2 == 1 ? 1u : 2u); ++i) {
    if (value.node->op == Op::kConstant && value.node->value.IsNumber()) {
      value = Constant(Value::Of(value.node->value.number().Negated()), at, value.type);
    } else {
      value = {Make(Op::kNegate, at, {value.node}), value.type};
    }
    if (!value) return {};
  }
  return value;
}

Parser::Ex Parser::InstanceOf() {
  Ex value = Postfix();
  while (value && Is("instance")) {
    uint32_t at = Now().start;
    ++at_;
    if (!Expect("of")) return {};
    TypePtr type = ParseType();
    if (type == nullptr) return {};
    Node* node = Make(Op::kInstanceOf, at, {value.node});
    if (node == nullptr) return {};
    node->type = binder_.Keep(type);
    value = {node, Boolean()};
  }
  return value;
}

Parser::Ex Parser::Postfix() {
  Ex value = Primary();
  while (value && Now().kind == TokenKind::kSign) {
    if (Is(".")) {
      value = Path(value);
    } else if (Is("(")) {
      value = Call(value, -1);
    } else if (Is("[")) {
      if (range_end_) {
        // "[1..x[" closes the interval unless a whole filter and then a bracket follow.
        Saved saved = Save();
        Ex filtered = Filter(value);
        if (!filtered || !(Is("]") || Is(")") || Is("["))) {
          Restore(saved);
          return value;
        }
        value = filtered;
      } else {
        value = Filter(value);
      }
    } else {
      break;
    }
  }
  return value;
}

Parser::Ex Parser::Primary() {
  const Token& token = Now();
  if (token.kind == TokenKind::kNumber || token.kind == TokenKind::kString) return Literal();
  if (token.kind == TokenKind::kName) return Name();
  if (token.kind == TokenKind::kSign) {
    if (Is("(")) return Parenthesised();
    if (Is("[")) return ListOrInterval();
    if (Is("{")) return Context();
    if (Is("@")) return Literal();
    if (Is("]")) {
      uint32_t at = token.start;
      ++at_;
      Ex low = Expression();
      if (!low || !Expect("..")) return {};
      return IntervalRest(low, false, at);
    }
    // "for", "if" … may also stand where an operand does, in parentheses or not.
  }
  return Wrong("表达式", "an expression");
}

Parser::Ex Parser::IntervalRest(Ex low, bool low_included, uint32_t at) {
  struct Depth {
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
    int& depth;
  } depth(depth_);
  if (!Deeper()) return {};
  bool outer = std::exchange(range_end_, true);
  Ex high = Additive();
  range_end_ = outer;
  if (!high) return {};
  bool high_included = Is("]");
  if (!Is("]") && !Is(")") && !Is("["))
    return Wrong("区间的结尾 ] 或 )", "the end of the interval, ] or )");
  ++at_;
  Node* node = Make(Op::kInterval, at, {low.node, high.node});
  if (node == nullptr) return {};
  node->flags = static_cast<uint8_t>((low_included ? 1 : 0) | (high_included ? 2 : 0));
  return {node, Type::RangeOf(low.type)};
}

Parser::Ex Parser::UnaryRange(uint32_t at) {
  auto form = FormOfSign(Now().text);
  ++at_;
  Ex end = Additive();
  if (!end || !Expect(")")) return {};
  Node* node = Make(Op::kUnaryRange, at, {end.node});
  if (node == nullptr) return {};
  node->flags = static_cast<uint8_t>(*form);
  return {node, Type::RangeOf(end.type)};
}

Parser::Ex Parser::Parenthesised() {
  uint32_t at = Now().start;
  ++at_;
  if (Now().kind == TokenKind::kSign && FormOfSign(Now().text)) return UnaryRange(at);
  Ex inside = Expression();
  if (!inside) return {};
  if (Take("..")) return IntervalRest(inside, false, at);
  if (!Expect(")")) return {};
  return inside;
}

Parser::Ex Parser::ListOrInterval() {
  uint32_t at = Now().start;
  ++at_;
  std::vector<Node*> items;
  TypePtr element;
  if (Take("]")) return {Make(Op::kList, at), Type::ListOf(nullptr)};
  do {
    // A list may hold comparisons with one value: [ < 5, [10..20] ].
    Ex item;
    if (Now().kind == TokenKind::kSign && FormOfSign(Now().text)) {
      auto form = FormOfSign(Now().text);
      uint32_t start = Now().start;
      ++at_;
      Ex end = Additive();
      if (!end) return {};
      item = {Make(Op::kUnaryRange, start, {end.node}), Type::RangeOf(end.type)};
      if (item) item.node->flags = static_cast<uint8_t>(*form);
    } else {
      item = Expression();
    }
    if (!item) return {};
    if (items.empty()) {
      if (Take("..")) return IntervalRest(item, true, at);
      element = item.type;
    }
    items.push_back(item.node);
  } while (Take(","));
  if (!Is("]")) return Wrong("逗号或 ]", "a comma or \"]\"");
  ++at_;
  return {Make(Op::kList, at, std::move(items)), Type::ListOf(element)};
}

Parser::Ex Parser::Tests(bool cell) {
  uint32_t at = Now().start;
  if (cell && Is("-") && Ahead(1).kind == TokenKind::kEnd) {
    ++at_;
    return {Make(Op::kTestAny, at), Boolean()};
  }
  if (cell && Is("not") && Ahead(1).text == "(") {
    Saved saved = Save();
    at_ += 2;
    Ex tests = Tests(false);
    if (tests && Take(")") && Now().kind == TokenKind::kEnd)
      return {Make(Op::kNotTests, at, {tests.node}), Boolean()};
    Restore(saved);
  }
  std::vector<Node*> kids;
  do {
    Ex test = OneTest();
    if (!test) return {};
    kids.push_back(test.node);
  } while (Take(","));
  if (kids.size() == 1) return {kids[0], Boolean()};
  return {Make(Op::kTests, at, std::move(kids)), Boolean()};
}

}  // namespace city::feel
