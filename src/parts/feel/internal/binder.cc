// SPDX-License-Identifier: Apache-2.0
// Resolution of names to slots, captures and members of filtered items.
#include "parts/feel/internal/binder.h"

#include <algorithm>

#include "parts/feel/internal/builtins.h"

namespace city::feel {

NamePattern::NamePattern(std::string_view text) : name(NormalizeName(text)) {
  auto tokens = Tokenize(name);
  if (!tokens) return;
  for (const Token& token : *tokens)
    if (token.kind != TokenKind::kEnd)
      pieces.push_back({std::string(token.text), token.space_before});
}

size_t NamePattern::Match(const std::vector<Token>& tokens, size_t at) const {
  if (pieces.empty() || at + pieces.size() > tokens.size()) return 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Token& token = tokens[at + i];
    if (token.text != pieces[i].text) return 0;
    if (i > 0 && token.space_before != pieces[i].space_before) return 0;
  }
  return pieces.size();
}

void NameBook::Add(std::string_view name) {
  NamePattern pattern(name);
  if (pattern.pieces.empty() || !known_.emplace(pattern.name, true).second) return;
  by_word_[pattern.pieces[0].text].push_back(std::move(pattern));
}

const NamePattern* NameBook::Longest(const std::vector<Token>& tokens, size_t at,
                                     size_t& length) const {
  const NamePattern* best = nullptr;
  auto found = by_word_.find(std::string(tokens[at].text));
  if (found == by_word_.end()) return nullptr;
  for (const NamePattern& pattern : found->second) {
    size_t n = pattern.Match(tokens, at);
    if (n > length) {
      length = n;
      best = &pattern;
    }
  }
  return best;
}

Binder::Binder(const Scope& scope, Program& program) : scope_(scope), program_(program) {
  functions_.emplace_back();
  for (size_t i = 0; i < scope.names.size(); ++i) {
    std::string name = NormalizeName(scope.names[i].name);
    inputs_.Add(name);
    input_index_[name] = static_cast<int>(i);
    program.inputs.push_back(name);
    LearnMembers(scope.names[i].type);
  }
  LearnMembers(scope.tested);
  for (const char* name : {"time offset", "start included", "end included"}) members_.Add(name);
}

void Binder::LearnMembers(const TypePtr& type, int depth) {
  if (type == nullptr || depth > 12) return;
  for (const Type::Member& member : type->members) {
    members_.Add(member.name);
    LearnMembers(member.type, depth + 1);
  }
  LearnMembers(type->element, depth + 1);
}

Node* Binder::NewNode(Op op, uint32_t at, std::vector<Node*> kids) {
  Node& node = program_.nodes.emplace_back();
  node.op = op;
  node.at = at;
  uint16_t height = 0;
  for (const Node* kid : kids)
    if (kid != nullptr) height = std::max(height, kid->height);
  node.height = static_cast<uint16_t>(std::min<int>(height + 1, 60000));
  if (!kids.empty()) {
    node.count = static_cast<uint32_t>(kids.size());
    node.kids = program_.kids.emplace_back(std::move(kids)).data();
  }
  return &node;
}

const Type* Binder::Keep(TypePtr type) {
  program_.types.push_back(type);
  return type.get();
}

void Binder::PushFilter(int slot, TypePtr item) {
  PushLevel();
  Level& level = functions_.back().levels.back();
  level.filter = true;
  level.item_slot = slot;
  level.item_type = std::move(item);
}

int Binder::Declare(std::string name, TypePtr type) {
  std::string normal = NormalizeName(name);
  int slot = NewSlot();
  functions_.back().levels.back().locals.push_back(
      {normal, NamePattern(normal), std::move(type), slot});
  return slot;
}

bool Binder::WasUsed(int slot) const {
  const auto& used = functions_.back().used;
  return static_cast<size_t>(slot) < used.size() && used[static_cast<size_t>(slot)];
}

void Binder::BeginFunction() { functions_.emplace_back(); }

Binder::Ended Binder::EndFunction() {
  Ended ended{functions_.back().frame, std::move(functions_.back().captures)};
  functions_.pop_back();
  return ended;
}

bool Binder::InFilter() const {
  for (const FunctionLevel& function : functions_)
    for (const Level& level : function.levels)
      if (level.filter) return true;
  return false;
}

const NamePattern* Binder::LongestVariable(const std::vector<Token>& tokens, size_t at,
                                           size_t& length) const {
  const NamePattern* best = nullptr;
  for (auto function = functions_.rbegin(); function != functions_.rend(); ++function) {
    for (auto level = function->levels.rbegin(); level != function->levels.rend(); ++level) {
      for (const Local& local : level->locals) {
        size_t n = local.pattern.Match(tokens, at);
        if (n > length) {
          length = n;
          best = &local.pattern;
        }
      }
    }
  }
  if (const NamePattern* found = inputs_.Longest(tokens, at, length)) best = found;
  if (InFilter())
    if (const NamePattern* found = members_.Longest(tokens, at, length)) best = found;
  return best;
}

bool Binder::IsVariable(std::string_view name) const {
  for (const FunctionLevel& function : functions_)
    for (const Level& level : function.levels)
      for (const Local& local : level.locals)
        if (local.name == name) return true;
  return input_index_.contains(std::string(name));
}

Node* Binder::Resolve(std::string_view name, uint32_t at, TypePtr& type) {
  return ResolveIn(functions_.size() - 1, name, at, type);
}

Node* Binder::ResolveIn(size_t index, std::string_view name, uint32_t at, TypePtr& type) {
  std::vector<const Level*> filters;
  Node* node = nullptr;
  {
    FunctionLevel& function = functions_[index];
    for (size_t i = function.levels.size(); i-- > 0 && node == nullptr;) {
      Level& level = function.levels[i];
      if (level.filter) {
        filters.push_back(&level);
        if (name == "item") {
          node = NewNode(Op::kLocal, at);
          node->slot = level.item_slot;
          type = level.item_type;
        }
        continue;
      }
      for (size_t k = level.locals.size(); k-- > 0;) {
        Local& local = level.locals[k];
        if (local.name != name) continue;
        node = NewNode(Op::kLocal, at);
        node->slot = local.slot;
        type = local.type;
        if (function.used.size() <= static_cast<size_t>(local.slot))
          function.used.resize(static_cast<size_t>(local.slot) + 1);
        function.used[static_cast<size_t>(local.slot)] = true;
        break;
      }
    }
  }
  if (node == nullptr && index > 0) {
    if (Node* outer = ResolveIn(index - 1, name, at, type)) {
      auto& captures = functions_[index].captures;
      auto same = std::find_if(captures.begin(), captures.end(), [&](const Node* c) {
        return c->op == outer->op && c->slot == outer->slot && c->count == 0 && outer->count == 0;
      });
      node = NewNode(Op::kCapture, at);
      node->slot = static_cast<int32_t>(same - captures.begin());
      if (same == captures.end()) captures.push_back(outer);
    }
  } else if (node == nullptr) {
    if (auto found = input_index_.find(std::string(name)); found != input_index_.end()) {
      node = NewNode(Op::kInput, at);
      node->slot = found->second;
      type = scope_.names[static_cast<size_t>(found->second)].type;
      if (std::find(program_.used.begin(), program_.used.end(), node->slot) == program_.used.end())
        program_.used.push_back(node->slot);
    }
  }
  for (auto filter = filters.rbegin(); filter != filters.rend(); ++filter) {
    Node* item = NewNode(Op::kLocal, at);
    item->slot = (*filter)->item_slot;
    std::vector<Node*> kids{item};
    if (node != nullptr) kids.push_back(node);
    node = NewNode(Op::kItemName, at, std::move(kids));
    node->value = Value::Of(name);
    if ((*filter)->item_type != nullptr) {
      if (const Type::Member* member = (*filter)->item_type->FindMember(name)) type = member->type;
    }
  }
  return node;
}

std::string Binder::KnownNames() const {
  std::string out;
  size_t shown = 0;
  for (const auto& name : scope_.names) {
    if (shown++ == 12) return out + ", …";
    out += (out.empty() ? "" : ", ") + name.name;
  }
  return out.empty() ? "(none)" : out;
}

}  // namespace city::feel
