// SPDX-License-Identifier: Apache-2.0
// Built-in functions on contexts. Source: DMN 1.5, 10.3.4.10.
#include "parts/feel/internal/builtins.h"

namespace city::feel {
namespace {

constexpr size_t kMaxKeys = 100;

Value GetValue(const Arguments& a) {
  if (a[1].IsString()) {
    const Value* found = a[0].context().Find(a[1].text());
    return found != nullptr ? *found : Value();
  }
  if (!a[1].IsList() || a[1].items().empty()) return a.Bad(1);
  Value current = a[0];
  for (const Value& key : a[1].items()) {
    if (!key.IsString() || !current.IsContext()) return a.Bad(1);
    const Value* found = current.context().Find(key.text());
    if (found == nullptr) return Value();
    Value next = *found;
    current = std::move(next);
  }
  return current;
}

Value GetEntries(const Arguments& a) {
  static const Value kKey = Value::Of("key");
  static const Value kValue = Value::Of("value");
  std::vector<Value> out;
  for (const auto& entry : a[0].context().entries()) {
    ContextBuilder pair;
    pair.Add(kKey, entry.key);
    pair.Add(kValue, entry.value);
    out.push_back(pair.Build());
  }
  return Value::List(std::move(out));
}

Value ContextOf(const Arguments& a) {
  ContextBuilder builder;
  std::vector<std::string_view> keys;
  for (const Value& entry : a[0].items()) {
    if (!entry.IsContext()) return a.Bad(0);
    const Value* key = entry.context().Find("key");
    const Value* value = entry.context().Find("value");
    if (key == nullptr || !key->IsString() || value == nullptr) return a.Bad(0);
    if (!a.frame.Step(keys.size() + 1)) return Value();
    if (builder.Has(key->text())) return a.Bad(0);
    keys.push_back(key->text());
    builder.Add(*key, *value);
  }
  return builder.Build();
}

/// `context` with `value` at the end of a path of keys; nothing when the path leads nowhere.
std::optional<Value> PutAt(const Value& context, std::span<const Value> keys, const Value& value) {
  if (!context.IsContext() || keys.empty() || !keys[0].IsString()) return std::nullopt;
  Value put = value;
  if (keys.size() > 1) {
    const Value* inner = context.context().Find(keys[0].text());
    if (inner == nullptr) return std::nullopt;
    auto nested = PutAt(*inner, keys.subspan(1), value);
    if (!nested) return std::nullopt;
    put = *nested;
  }
  ContextBuilder builder;
  builder.Reserve(context.context().size() + 1);
  bool placed = false;
  for (const auto& entry : context.context().entries()) {
    bool here = entry.name() == keys[0].text();
    placed = placed || here;
    builder.Add(entry.key, here ? put : entry.value);
  }
  if (!placed) builder.Add(keys[0], put);
  return builder.Build();
}

Value ContextPut(const Arguments& a) {
  std::span<const Value> keys = a[1].IsList() ? a[1].items() : std::span<const Value>(&a[1], 1);
  if (keys.size() > kMaxKeys) return a.Bad(1);
  if (!a.frame.Step(a[0].context().size())) return Value();
  auto out = PutAt(a[0], keys, a[2]);
  return out ? *out : a.Bad(1);
}

Value ContextMerge(const Arguments& a) {
  ContextBuilder builder;
  size_t count = 0;
  for (const Value& context : a[0].items()) {
    if (!context.IsContext()) return a.Bad(0);
    for (const auto& entry : context.context().entries()) {
      if (!a.frame.Step(++count)) return Value();
      builder.Set(entry.key, entry.value);
    }
  }
  return builder.Build();
}

constexpr BuiltinRow kRows[] = {
    {"get value", "m:c, key:s|context:c, key:s|context:c, keys:l", GetValue},
    {"get entries", "m:c", GetEntries},
    {"context", "entries:l", ContextOf},
    {"context put", "context:c, key:s, value:a|context:c, keys:l, value:a", ContextPut},
    {"context merge", "contexts:l", ContextMerge},
};

}  // namespace

std::span<const BuiltinRow> ContextBuiltins() { return kRows; }

}  // namespace city::feel
