// SPDX-License-Identifier: Apache-2.0
// Recursive descent over the tokens; binds names while it reads, because names may hold spaces.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "parts/feel/internal/binder.h"
#include "parts/feel/internal/lexer.h"

namespace city::feel {

class Parser {
 public:
  Parser(std::string_view source, const Scope& scope, Program& program);

  /// Reads the whole text. Errors: see Compile().
  Result<void> Run(Mode mode);

 private:
  /// A node with the type of its value as far as known; no node after an error.
  struct Ex {
    Node* node = nullptr;
    TypePtr type;
    explicit operator bool() const { return node != nullptr; }
  };
  struct Saved {
    size_t at;
    std::optional<Error> error;
  };

  // parser.cc: the grammar
  Ex Expression();
  Ex Disjunction();
  Ex Conjunction();
  Ex Comparison();
  Ex Additive();
  Ex Multiplicative();
  Ex Power();
  Ex Unary();
  Ex InstanceOf();
  Ex Postfix();
  Ex Primary();
  Ex If();
  Ex For();
  Ex Quantified(bool some);
  Ex ListOrInterval();
  Ex Parenthesised();
  Ex IntervalRest(Ex low, bool low_included, uint32_t at);
  Ex UnaryRange(uint32_t at);
  Ex InRest(Ex value);
  bool Iteration(std::vector<Node*>& kids, std::vector<int>& slots);
  Ex Tests(bool cell);
  Ex OneTest();

  // parser_terms.cc: names, literals, calls, functions, contexts, types
  Ex Name();
  Ex Literal();
  Ex Context();
  Ex FunctionLiteral(std::string_view own_name);
  Ex Call(Ex callee, int builtin);
  Ex BuiltinCall(int row, std::vector<Node*> arguments, const std::vector<std::string>& names,
                 bool named, uint32_t at);
  Ex Path(Ex base);
  Ex Filter(Ex list);
  TypePtr ParseType();
  std::string UntilColon();
  bool NamedArgumentAhead() const;

  const Token& Now() const { return tokens_[at_]; }
  const Token& Ahead(size_t n) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  bool Is(std::string_view text) const {
    return Now().kind != TokenKind::kString && Now().text == text;
  }
  bool Take(std::string_view text);
  bool Expect(std::string_view text);
  Ex Wrong(std::string_view zh, std::string_view en);
  Node* Make(Op op, uint32_t at, std::vector<Node*> kids = {});
  Ex Constant(Value value, uint32_t at, TypePtr type);
  void Restore(Saved saved);
  Saved Save() const { return {at_, error_}; }
  bool Deeper();

  std::string_view source_;
  const Scope& scope_;
  Program& program_;
  Binder binder_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  bool range_end_ = false;  // reading the upper end of an interval: "[" may close it
  bool tested_used_ = false;
  bool tests_ = false;
  std::optional<Error> error_;
  NameBook types_;
};

}  // namespace city::feel
