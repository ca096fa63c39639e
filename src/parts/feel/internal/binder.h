// SPDX-License-Identifier: Apache-2.0
// Names at compile time: which are visible, how far they reach, in which slot their value lies.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parts/feel/internal/lexer.h"
#include "parts/feel/internal/node.h"

namespace city::feel {

/// A name split as the lexer splits text, so that it can be found among tokens.
struct NamePattern {
  std::string name;
  struct Piece {
    std::string text;
    bool space_before;
  };
  std::vector<Piece> pieces;

  explicit NamePattern(std::string_view text);
  /// How many tokens from `at` on spell the name; 0 when they do not.
  size_t Match(const std::vector<Token>& tokens, size_t at) const;
};

/// Patterns by their first word.
class NameBook {
 public:
  void Add(std::string_view name);
  /// The longest name that begins at a token.
  const NamePattern* Longest(const std::vector<Token>& tokens, size_t at, size_t& length) const;
  bool Has(std::string_view name) const { return known_.contains(std::string(name)); }

 private:
  std::unordered_map<std::string, std::vector<NamePattern>> by_word_;
  std::unordered_map<std::string, bool> known_;
};

class Binder {
 public:
  Binder(const Scope& scope, Program& program);

  Node* NewNode(Op op, uint32_t at, std::vector<Node*> kids = {});
  Aux* NewAux() { return &program_.auxes.emplace_back(); }
  const Type* Keep(TypePtr type);

  void PushLevel() { functions_.back().levels.emplace_back(); }
  void PushFilter(int slot, TypePtr item);
  void PopLevel() { functions_.back().levels.pop_back(); }
  int NewSlot() { return functions_.back().frame++; }
  /// Declares a local name of the innermost level.
  int Declare(std::string name, TypePtr type);
  bool WasUsed(int slot) const;

  void BeginFunction();
  /// Ends a function: its frame size and the nodes to capture in the function around it.
  struct Ended {
    int frame;
    std::vector<Node*> captures;
  };
  Ended EndFunction();

  /// The longest visible name at a token: a variable, or (when nothing longer is declared) none.
  const NamePattern* LongestVariable(const std::vector<Token>& tokens, size_t at,
                                     size_t& length) const;
  bool InFilter() const;
  /// The node that reads a name; null when nobody declares it.
  Node* Resolve(std::string_view name, uint32_t at, TypePtr& type);
  /// Whether a variable (not only a built-in function) has this name.
  bool IsVariable(std::string_view name) const;
  void LearnMembers(const TypePtr& type, int depth = 0);
  void LearnMember(std::string_view name) { members_.Add(name); }
  const NameBook& members() const { return members_; }
  int frame() const { return functions_.front().frame; }
  std::string KnownNames() const;

 private:
  struct Local {
    std::string name;
    NamePattern pattern;
    TypePtr type;
    int slot;
    bool used = false;
  };
  struct Level {
    std::vector<Local> locals;
    bool filter = false;
    int item_slot = 0;
    TypePtr item_type;
  };
  struct FunctionLevel {
    std::vector<Level> levels{1};
    int frame = 0;
    std::vector<Node*> captures;
    std::vector<bool> used;
  };
  Node* ResolveIn(size_t function, std::string_view name, uint32_t at, TypePtr& type);

  const Scope& scope_;
  Program& program_;
  std::vector<FunctionLevel> functions_;
  NameBook inputs_;
  std::unordered_map<std::string, int> input_index_;
  NameBook members_;
};

}  // namespace city::feel
