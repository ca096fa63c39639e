// SPDX-License-Identifier: Apache-2.0
// The one table of built-in functions, and the check of their arguments.
#include "parts/feel/internal/builtins.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "parts/feel/errors.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

Signature ParseSignature(std::string_view text) {
  Signature signature;
  for (std::string_view part : Split(text, ',')) {
    part = Trim(part);
    if (part.empty()) continue;
    size_t colon = part.rfind(':');
    Parameter p;
    p.name = Trim(part.substr(0, colon));
    p.type = part[colon + 1];
    for (char flag : part.substr(colon + 2)) {
      if (flag == '?') p.optional = true;
      if (flag == '*') signature.variadic = true;
    }
    if (!p.optional) ++signature.required;
    signature.parameters.push_back(std::move(p));
  }
  return signature;
}

const std::vector<Builtin>& Table() {
  static const auto* table = [] {
    auto* rows = new std::vector<Builtin>;
    for (auto family : {NumberBuiltins(), TextBuiltins(), ListBuiltins(), ContextBuiltins(),
                        TemporalBuiltins(), RangeBuiltins()}) {
      for (const BuiltinRow& row : family) {
        Builtin builtin{row.name, {}, row.code, row.foldable};
        for (std::string_view form : Split(row.signatures, '|'))
          builtin.signatures.push_back(ParseSignature(form));
        rows->push_back(std::move(builtin));
      }
    }
    return rows;
  }();
  return *table;
}

bool IsType(const Value& v, char type) {
  switch (type) {
    case 'n':
      return v.IsNumber();
    case 's':
      return v.IsString();
    case 'b':
      return v.IsBoolean();
    case 'l':
      return v.IsList();
    case 'c':
      return v.IsContext();
    case 'f':
      return v.IsFunction();
    case 'r':
      return v.IsRange();
    case 'd':
      return v.kind() == ValueKind::kDate || v.kind() == ValueKind::kDateTime;
    case 't':
      return v.IsList() && std::all_of(v.items().begin(), v.items().end(), [](const Value& item) {
               return item.IsString() || item.IsNull();
             });
    default:
      return true;
  }
}

/// The argument as the parameter wants it; false when it cannot be.
bool Adapt(const Value*& v, Value& changed, char type) {
  if (IsType(*v, type)) return true;
  if (type == 'l' || type == 't') {
    if (v->IsList() || v->IsNull()) return false;
    changed = Value::List({*v});
    v = &changed;
    return IsType(changed, type);
  }
  if (v->IsList() && v->items().size() == 1 && IsType(v->items()[0], type)) {
    changed = v->items()[0];
    v = &changed;
    return true;
  }
  return false;
}

}  // namespace

std::span<const Builtin> Builtins() { return Table(); }

int FindBuiltin(std::string_view name) {
  static const auto* index = [] {
    auto* map = new std::unordered_map<std::string_view, int>;
    for (size_t i = 0; i < Table().size(); ++i) (*map)[Table()[i].name] = static_cast<int>(i);
    return map;
  }();
  auto found = index->find(name);
  return found == index->end() ? -1 : found->second;
}

std::string Describe(const Builtin& builtin) {
  std::string out;
  for (const Signature& signature : builtin.signatures) {
    if (!out.empty()) out += " / ";
    out += builtin.name;
    out += '(';
    bool first = true;
    for (const Parameter& p : signature.parameters) {
      if (!first) out += ", ";
      first = false;
      out += p.name;
      if (p.optional) out += '?';
    }
    if (signature.variadic) out += ", …";
    out += ')';
  }
  return out;
}

Value Arguments::Bad(size_t i) const {
  if (frame.listening()) {
    std::string shown = i < values.size() && values[i] != nullptr ? ToText(*values[i], 100) : "-";
    frame.Tell(error::kBadArgument, {{"function", std::string(builtin.name)}, {"argument", shown}},
               at);
  }
  return Value();
}

Value Arguments::None() const {
  if (frame.listening())
    frame.Tell(error::kNoResult, {{"operation", std::string(builtin.name)}}, at);
  return Value();
}

Value CallBuiltin(const Builtin& builtin, std::span<const Value* const> values, bool positional,
                  size_t chosen, CallFrame& frame, uint32_t at) {
  constexpr size_t kFew = 4;
  Value changed_few[kFew];
  const Value* placed_few[kFew];
  std::vector<Value> changed_many;
  std::vector<const Value*> placed_many;
  Value* changed = changed_few;
  const Value** placed = placed_few;
  if (values.size() > kFew) {
    changed_many.resize(values.size());
    placed_many.resize(values.size());
    changed = changed_many.data();
    placed = placed_many.data();
  }
  size_t wrong = 0;
  for (size_t s = chosen; s < builtin.signatures.size(); ++s) {
    const Signature& signature = builtin.signatures[s];
    if (values.size() < signature.required ||
        (values.size() > signature.parameters.size() && !signature.variadic)) {
      if (!positional) break;
      continue;
    }
    bool fits = true;
    for (size_t i = 0; i < values.size() && fits; ++i) {
      const Parameter& p = signature.parameters[std::min(i, signature.parameters.size() - 1)];
      placed[i] = values[i];
      if (placed[i] == nullptr || (placed[i]->IsNull() && (p.optional || p.type == 'a'))) continue;
      fits = Adapt(placed[i], changed[i], p.type);
      if (!fits) wrong = i;
    }
    if (fits) return builtin.code({{placed, values.size()}, frame, builtin, at});
    if (!positional) break;
  }
  return Arguments{values, frame, builtin, at}.Bad(wrong);
}

}  // namespace city::feel
