// SPDX-License-Identifier: Apache-2.0
// The terms of FEEL: names, literals, paths, filters, calls, functions, contexts and type names.
#include <algorithm>

#include "parts/feel/errors.h"
#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/parser.h"

namespace city::feel {
namespace {

using Form = Type::Form;

/// The value of @"…": a date, a time, a date and time or a duration.
Value AtLiteral(const std::string& text, TypePtr& type) {
  if (auto v = ParseDate(text)) return type = Type::Of(Form::kDate), Value::Of(*v);
  if (auto v = ParseDateTime(text)) return type = Type::Of(Form::kDateTime), Value::Of(*v);
  if (auto v = ParseTime(text)) return type = Type::Of(Form::kTime), Value::Of(*v);
  if (auto v = ParseYearsMonths(text)) return type = Type::Of(Form::kYearsMonths), Value::Of(*v);
  if (auto v = ParseDaysTime(text)) return type = Type::Of(Form::kDaysTime), Value::Of(*v);
  return Value();
}

/// Type names of the language, as the lexer splits them.
const NameBook& BuiltinTypeNames() {
  static const NameBook* book = [] {
    auto* b = new NameBook;
    for (const char* name :
         {"Any", "Null", "boolean", "number", "string", "date", "time", "date and time", "dateTime",
          "years and months duration", "yearMonthDuration", "days and time duration",
          "dayTimeDuration", "list", "context", "range", "function"})
      b->Add(name);
    return b;
  }();
  return *book;
}

const NameBook& BuiltinNames() {
  static const NameBook* book = [] {
    auto* b = new NameBook;
    for (const Builtin& row : Builtins()) b->Add(row.name);
    return b;
  }();
  return *book;
}

}  // namespace

Parser::Ex Parser::Literal() {
  const Token& token = Now();
  uint32_t at = token.start;
  if (token.kind == TokenKind::kNumber) {
    ++at_;
    auto number = Number::Parse(token.text);
    return Constant(Value::Of(number), at, Type::Of(Form::kNumber));
  }
  if (token.kind == TokenKind::kString) {
    ++at_;
    return Constant(Value::Of(Unescape(token.text)), at, Type::Of(Form::kString));
  }
  ++at_;  // "@"
  if (Now().kind != TokenKind::kString)
    return Wrong("日期、时间或期间的字符串", "the text of a date, time or duration");
  TypePtr type;
  Value value = AtLiteral(Unescape(Now().text), type);
  if (value.IsNull() && !scope_.lenient)
    return Wrong("有效的日期、时间或期间", "a valid date, time or duration");
  ++at_;
  return Constant(std::move(value), at, type);
}

Parser::Ex Parser::Name() {
  uint32_t at = Now().start;
  std::string_view word = Now().text;
  size_t length = 0;
  const NamePattern* variable = binder_.LongestVariable(tokens_, at_, length);
  bool keyword = IsKeyword(word);
  if (keyword && length < 2) variable = nullptr;
  size_t builtin_length = 0;
  const NamePattern* builtin = BuiltinNames().Longest(tokens_, at_, builtin_length);
  bool called = builtin != nullptr && Ahead(builtin_length).text == "(" &&
                Ahead(builtin_length).kind == TokenKind::kSign;
  if (builtin != nullptr && builtin_length > (variable != nullptr ? length : 0) &&
      (called || variable == nullptr)) {
    // A built-in name; inside a filter the item may have a member of that name.
    if (called || !binder_.InFilter()) {
      int row = FindBuiltin(builtin->name);
      at_ += builtin_length;
      if (called) return Call(Ex{}, row);
      auto function = std::make_unique<Function>();
      function->name = builtin->name;
      function->builtin = row;
      for (const Parameter& p : Builtins()[static_cast<size_t>(row)].signatures[0].parameters)
        function->parameters.push_back(p.name);
      return Constant(Value::OfFunction(std::move(function)), at, Type::Of(Form::kFunction));
    }
  }
  if (variable == nullptr && keyword) {
    if (word == "null" || word == "true" || word == "false") {
      ++at_;
      if (word == "null") return Constant(Value(), at, nullptr);
      return Constant(Value::Of(word == "true"), at, Type::Of(Form::kBoolean));
    }
    if (word == "function") return FunctionLiteral({});
    if (word == "if" || word == "for" || word == "some" || word == "every") return Expression();
    return Wrong("表达式", "an expression");
  }
  if (variable == nullptr && word == "?") {
    ++at_;
    tested_used_ = true;
    if (!tests_) {
      if (scope_.lenient || Now().kind != TokenKind::kEnd) {
        Node* unknown = Make(Op::kUnknown, at);
        if (unknown == nullptr) return {};
        unknown->value = Value::Of("?");
        return {unknown, nullptr};
      }
      --at_;
      return Wrong("表达式", "an expression");
    }
    return {Make(Op::kTested, at), scope_.tested};
  }
  std::string name;
  if (variable != nullptr) {
    name = variable->name;
    // A variable that is no function gives way to the built-in function of the same name.
    if (builtin != nullptr && builtin_length == length && called) {
      TypePtr type;
      Node* node = binder_.Resolve(name, at, type);
      bool function = node != nullptr &&
                      (type == nullptr ? node->op != Op::kItemName : type->form == Form::kFunction);
      if (!function) {
        at_ += length;
        return Call(Ex{}, FindBuiltin(name));
      }
    }
    at_ += length;
  } else {
    // Unknown so far: words side by side are one name.
    size_t end = at_ + 1;
    while (tokens_[end].kind == TokenKind::kName && !IsKeyword(tokens_[end].text) &&
           tokens_[end].text != "?")
      ++end;
    name = NormalizeName(source_.substr(at, tokens_[end - 1].end - at));
    at_ = end;
  }
  TypePtr type;
  Node* node = binder_.Resolve(name, at, type);
  if (error_) return {};
  if (node != nullptr) return {node, type};
  if (int row = FindBuiltin(name); row >= 0 && Is("(")) return Call(Ex{}, row);
  if (!scope_.lenient && !error_) {
    ErrorParams params = PlaceOf(source_, at);
    params.emplace_back("name", name);
    params.emplace_back("known", binder_.KnownNames());
    error_ = Error{&error::kUnknownName, std::move(params), {}};
    return {};
  }
  auto& unknown = program_.unknown;
  if (std::find(unknown.begin(), unknown.end(), name) == unknown.end()) unknown.push_back(name);
  node = Make(Op::kUnknown, at);
  if (node == nullptr) return {};
  node->value = Value::Of(name);
  return {node, nullptr};
}

Parser::Ex Parser::Path(Ex base) {
  uint32_t at = Now().start;
  ++at_;
  if (Now().kind != TokenKind::kName) return Wrong("成员名称", "a member name");
  size_t length = 0;
  std::string name;
  const Type* owner = base.type.get();
  if (owner != nullptr && owner->form == Form::kList) owner = owner->element.get();
  if (owner != nullptr) {
    for (const Type::Member& member : owner->members) {
      NamePattern pattern(member.name);
      if (size_t n = pattern.Match(tokens_, at_); n > length) {
        length = n;
        name = pattern.name;
      }
    }
  }
  if (length == 0) {
    if (const NamePattern* known = binder_.members().Longest(tokens_, at_, length))
      name = known->name;
    size_t words = 1;
    while (Ahead(words).kind == TokenKind::kName && !IsKeyword(Ahead(words).text)) ++words;
    if (words > length) {
      length = words;
      name = NormalizeName(source_.substr(Now().start, Ahead(words - 1).end - Now().start));
    }
  }
  at_ += length;
  Node* node = Make(Op::kPath, at, {base.node});
  if (node == nullptr) return {};
  node->value = Value::Of(name);
  TypePtr type;
  if (owner != nullptr) {
    if (const Type::Member* member = owner->FindMember(name)) type = member->type;
    if (base.type->form == Form::kList) type = Type::ListOf(type);
  }
  return {node, type};
}

Parser::Ex Parser::Filter(Ex list) {
  uint32_t at = Now().start;
  ++at_;
  binder_.PushLevel();
  int slot = binder_.NewSlot();
  TypePtr item = list.type;
  if (item != nullptr && item->form == Form::kList) item = item->element;
  binder_.PushFilter(slot, item);
  Ex condition = Expression();
  binder_.PopLevel();
  binder_.PopLevel();
  if (!condition || !Expect("]")) return {};
  Node* node = Make(Op::kFilter, at, {list.node, condition.node});
  if (node == nullptr) return {};
  node->slot = slot;
  TypePtr type = list.type;
  bool position = condition.type != nullptr && condition.type->form == Form::kNumber;
  if (type != nullptr && position && type->form == Form::kList) type = type->element;
  return {node, type};
}

bool Parser::NamedArgumentAhead() const {
  for (size_t i = at_; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.text == ":" && token.kind == TokenKind::kSign) return i > at_;
    bool word = token.kind == TokenKind::kName || (i > at_ && token.kind == TokenKind::kNumber);
    bool sign = i > at_ && token.kind == TokenKind::kSign &&
                std::string_view("./-'+*").find(token.text) != std::string_view::npos;
    if (!word && !sign) return false;
  }
  return false;
}

std::string Parser::UntilColon() {
  uint32_t start = Now().start;
  uint32_t end = start;
  while (!Is(":") && Now().kind != TokenKind::kEnd) {
    end = Now().end;
    ++at_;
  }
  return NormalizeName(source_.substr(start, end - start));
}

Parser::Ex Parser::Call(Ex callee, int builtin) {
  uint32_t at = Now().start;
  ++at_;  // "("
  std::vector<Node*> arguments;
  std::vector<std::string> names;
  bool named = false;
  if (!Is(")")) {
    named = NamedArgumentAhead();
    do {
      if (named) {
        if (!NamedArgumentAhead()) return Wrong("参数名和冒号", "a parameter name and a colon");
        names.push_back(UntilColon());
        ++at_;
      }
      Ex argument = Expression();
      if (!argument) return {};
      arguments.push_back(argument.node);
    } while (Take(","));
  }
  if (!Is(")")) return Wrong("逗号或 )", "a comma or \")\"");
  ++at_;
  if (builtin >= 0) return BuiltinCall(builtin, std::move(arguments), names, named, at);
  arguments.insert(arguments.begin(), callee.node);
  TypePtr type;
  if (callee.type != nullptr && callee.type->form == Form::kFunction) type = callee.type->result;
  Node* node = Make(Op::kCall, at, std::move(arguments));
  if (node == nullptr) return {};
  if (named) {
    Aux* aux = binder_.NewAux();
    for (const std::string& name : names) aux->names.push_back(Value::Of(name));
    node->aux = aux;
  }
  return {node, type};
}

Parser::Ex Parser::BuiltinCall(int row, std::vector<Node*> arguments,
                               const std::vector<std::string>& names, bool named, uint32_t at) {
  const Builtin& builtin = Builtins()[static_cast<size_t>(row)];
  for (size_t s = 0; s < builtin.signatures.size(); ++s) {
    const Signature& signature = builtin.signatures[s];
    size_t limit = signature.parameters.size();
    std::vector<Node*> placed;
    if (!named) {
      if (arguments.size() < signature.required) continue;
      if (arguments.size() > limit && !signature.variadic) continue;
      placed = arguments;
    } else {
      placed.resize(limit, nullptr);
      bool fits = true;
      for (size_t i = 0; i < names.size() && fits; ++i) {
        auto found = std::find_if(signature.parameters.begin(), signature.parameters.end(),
                                  [&](const Parameter& p) { return p.name == names[i]; });
        auto place = static_cast<size_t>(found - signature.parameters.begin());
        fits = found != signature.parameters.end() && placed[place] == nullptr;
        if (fits) placed[place] = arguments[i];
      }
      for (size_t i = 0; i < limit && fits; ++i)
        fits = placed[i] != nullptr || signature.parameters[i].optional;
      if (!fits) continue;
    }
    bool constant = builtin.foldable;
    for (const Node* argument : placed)
      constant = constant && argument != nullptr && argument->op == Op::kConstant;
    Node* node = Make(Op::kBuiltin, at, std::move(placed));
    if (node == nullptr) return {};
    node->slot = row;
    node->flags = static_cast<uint8_t>(s | (named ? 0 : 0x80));
    if (constant) {
      std::vector<const Value*> values;
      for (uint32_t i = 0; i < node->count; ++i) values.push_back(&node->kids[i]->value);
      Settings settings;
      CallFrame frame(settings, nullptr);
      Value folded = CallBuiltin(builtin, values, !named, s, frame, at);
      if (!folded.IsNull()) {
        // flags: 0 a literal, 1 a temporal literal such as date("…"), 2 calculated.
        bool literal = builtin.name == "date" || builtin.name == "time" ||
                       builtin.name == "date and time" || builtin.name == "duration";
        for (uint32_t i = 0; i < node->count; ++i) literal = literal && node->kids[i]->flags == 0;
        Ex constant_ex = Constant(std::move(folded), at, nullptr);
        if (constant_ex) constant_ex.node->flags = literal ? 1 : 2;
        return constant_ex;
      }
    }
    return {node, nullptr};
  }
  if (!scope_.lenient && !error_) {
    ErrorParams params = PlaceOf(source_, at);
    params.emplace_back("function", std::string(builtin.name));
    params.emplace_back("signatures", Describe(builtin));
    error_ = Error{&error::kWrongArguments, std::move(params), {}};
    return {};
  }
  Node* node = Make(Op::kUnknown, at);
  if (node == nullptr) return {};
  node->value = Value::Of(Describe(builtin));
  return {node, nullptr};
}

Parser::Ex Parser::Context() {
  uint32_t at = Now().start;
  ++at_;
  binder_.PushLevel();
  std::vector<Node*> kids;
  Aux* aux = binder_.NewAux();
  std::vector<Type::Member> members;
  bool repeated = false;
  if (!Is("}")) {
    do {
      std::string key;
      if (Now().kind == TokenKind::kString && Ahead(1).text == ":") {
        key = Unescape(Now().text);
        ++at_;
      } else if (Now().kind == TokenKind::kName) {
        key = UntilColon();
      }
      if (!Is(":")) return Wrong("键和冒号", "a key and a colon");
      ++at_;
      binder_.LearnMember(key);
      for (const Value& other : aux->names) repeated = repeated || other.text() == key;
      Ex value = Is("function") && Ahead(1).text == "(" ? FunctionLiteral(key) : Expression();
      // A literal with an operator behind it is an expression after all.
      if (!value) return {};
      kids.push_back(value.node);
      aux->names.push_back(Value::Of(key));
      aux->slots.push_back(binder_.Declare(key, value.type));
      members.push_back({key, value.type});
    } while (Take(","));
  }
  if (!Is("}")) return Wrong("逗号或 }", "a comma or \"}\"");
  ++at_;
  for (int& slot : aux->slots)
    if (!binder_.WasUsed(slot)) slot = -1;
  binder_.PopLevel();
  if (repeated) {
    Node* unknown = Make(Op::kUnknown, at);
    if (unknown == nullptr) return {};
    unknown->value = Value::Of("{…}");
    return {unknown, nullptr};
  }
  Node* node = Make(Op::kContext, at, std::move(kids));
  if (node == nullptr) return {};
  node->aux = aux;
  return {node, Type::ContextOf(std::move(members))};
}

Parser::Ex Parser::FunctionLiteral(std::string_view own_name) {
  uint32_t at = Now().start;
  ++at_;
  if (!Expect("(")) return {};
  binder_.BeginFunction();
  binder_.PushLevel();
  Aux* aux = binder_.NewAux();
  auto type = std::make_shared<Type>();
  type->form = Form::kFunction;
  if (!Is(")")) {
    do {
      uint32_t start = Now().start;
      uint32_t end = start;
      while (!Is(":") && !Is(",") && !Is(")") && Now().kind != TokenKind::kEnd) {
        end = Now().end;
        ++at_;
      }
      std::string name = NormalizeName(source_.substr(start, end - start));
      if (name.empty()) {
        Wrong("参数名", "a parameter name");
        break;
      }
      TypePtr parameter;
      if (Take(":")) {
        parameter = ParseType();
        if (parameter == nullptr) break;
      }
      aux->names.push_back(Value::Of(name));
      aux->types.push_back(parameter);
      type->parameters.push_back(parameter);
      binder_.Declare(name, parameter);
    } while (Take(","));
  }
  Ex body;
  bool external = false;
  if (!error_ && Expect(")")) {
    if (Take(":")) aux->result = ParseType();  // a declared result, as some tools write it
    if (!own_name.empty()) {
      binder_.PushLevel();
      aux->self = binder_.Declare(std::string(own_name), Type::Of(Form::kFunction));
    }
    external = Take("external");
    if (!error_) body = Expression();
    if (!own_name.empty()) {
      if (!binder_.WasUsed(aux->self)) aux->self = -1;
      binder_.PopLevel();
    }
  }
  binder_.PopLevel();
  Binder::Ended ended = binder_.EndFunction();
  if (!body) return {};
  aux->frame = ended.frame;
  type->result = body.type;
  std::vector<Node*> kids{body.node};
  kids.insert(kids.end(), ended.captures.begin(), ended.captures.end());
  if (external) {
    // The declaration is a constant context: {java: {class: …, "method signature": …}}.
    kids.resize(1);
  }
  Node* node = Make(external ? Op::kExternal : Op::kFunction, at, std::move(kids));
  if (node == nullptr) return {};
  node->aux = aux;
  return {node, type};
}

TypePtr Parser::ParseType() {
  struct Depth {
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
    int& depth;
  } depth(depth_);
  if (!Deeper()) return nullptr;
  uint32_t at = Now().start;
  if (Is("list") && Ahead(1).text == "<") {
    at_ += 2;
    TypePtr element = ParseType();
    if (element == nullptr || !Expect(">")) return nullptr;
    return Type::ListOf(element);
  }
  if (Is("range") && Ahead(1).text == "<") {
    at_ += 2;
    TypePtr element = ParseType();
    if (element == nullptr || !Expect(">")) return nullptr;
    return Type::RangeOf(element);
  }
  if (Is("context") && Ahead(1).text == "<") {
    at_ += 2;
    std::vector<Type::Member> members;
    do {
      std::string name = UntilColon();
      if (!Expect(":")) return nullptr;
      TypePtr member = ParseType();
      if (member == nullptr) return nullptr;
      binder_.LearnMember(name);
      members.push_back({name, member});
    } while (Take(","));
    if (!Expect(">")) return nullptr;
    return Type::ContextOf(std::move(members));
  }
  if (Is("function") && Ahead(1).text == "<") {
    at_ += 2;
    auto type = std::make_shared<Type>();
    type->form = Form::kFunction;
    if (!Is(">")) {
      do {
        TypePtr parameter = ParseType();
        if (parameter == nullptr) return nullptr;
        type->parameters.push_back(parameter);
      } while (Take(","));
    }
    if (!Expect(">") || !Expect("->")) return nullptr;
    type->result = ParseType();
    if (type->result == nullptr) return nullptr;
    return type;
  }
  size_t length = 0;
  const NamePattern* known = BuiltinTypeNames().Longest(tokens_, at_, length);
  if (const NamePattern* declared = types_.Longest(tokens_, at_, length)) known = declared;
  if (known != nullptr) {
    at_ += length;
    if (auto declared = scope_.types.find(known->name); declared != scope_.types.end())
      return declared->second != nullptr ? declared->second : Type::Of(Form::kAny);
    return NamedType(known->name);
  }
  if (!error_) {
    ErrorParams params = PlaceOf(source_, at);
    params.emplace_back("name", std::string(Now().text));
    error_ = Error{&error::kUnknownType, std::move(params), {}};
  }
  return nullptr;
}

}  // namespace city::feel
