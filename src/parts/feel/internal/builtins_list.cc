// SPDX-License-Identifier: Apache-2.0
// Built-in functions on lists, and not(). Source: DMN 1.5, 10.3.4.2 and 10.3.4.4.
#include <algorithm>

#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/machine.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

/// The items of `f(list)` and of `f(item, item, …)` alike.
std::span<const Value> ItemsOf(const Arguments& a, std::vector<Value>& store) {
  if (a.size() == 1 && a[0].IsList()) return a[0].items();
  for (const Value* v : a.values) store.push_back(*v);
  return store;
}

bool IsNullList(const Arguments& a) { return a.size() == 1 && a[0].IsNull(); }

bool TooLong(const Arguments& a, size_t count) {
  if (count <= a.frame.settings().limits.max_list && a.frame.Step(count)) return false;
  a.frame.Stop("list");
  return true;
}

Value ListContains(const Arguments& a) {
  if (TooLong(a, a[0].items().size())) return Value();
  for (const Value& item : a[0].items())
    if (Equal(item, a[1]).IsTrue()) return Value::Of(true);
  return Value::Of(false);
}

Value Count(const Arguments& a) { return Value::Of(static_cast<int64_t>(a[0].items().size())); }

Value Extreme(const Arguments& a, int sign) {
  std::vector<Value> store;
  if (IsNullList(a)) return a.Bad(0);
  auto items = ItemsOf(a, store);
  if (items.empty()) return Value();
  const Value* best = &items[0];
  if (!Order(*best, *best)) return a.Bad(0);
  for (const Value& item : items.subspan(1)) {
    auto order = Order(item, *best);
    if (!order) return a.Bad(0);
    if (*order * sign > 0) best = &item;
  }
  return *best;
}
Value Min(const Arguments& a) { return Extreme(a, -1); }
Value Max(const Arguments& a) { return Extreme(a, 1); }

Value SumOf(const Arguments& a, std::span<const Value> items) {
  if (items.empty()) return Value();
  if (items[0].IsNumber()) {
    Number sum;
    for (const Value& item : items) {
      if (!item.IsNumber()) return a.Bad(0);
      auto next = Add(sum, item.number());
      if (!next) return a.None();
      sum = *next;
    }
    return Value::Of(sum);
  }
  if (items[0].kind() != ValueKind::kDaysTime && items[0].kind() != ValueKind::kYearsMonths)
    return a.Bad(0);
  Value sum = items[0];
  for (const Value& item : items.subspan(1)) {
    sum = AddValues(sum, item);
    if (sum.IsNull()) return a.Bad(0);
  }
  return sum;
}

Value Sum(const Arguments& a) {
  std::vector<Value> store;
  if (IsNullList(a)) return a.Bad(0);
  return SumOf(a, ItemsOf(a, store));
}

Value Mean(const Arguments& a) {
  std::vector<Value> store;
  if (IsNullList(a)) return a.Bad(0);
  auto items = ItemsOf(a, store);
  Value sum = SumOf(a, items);
  if (sum.IsNull()) return sum;
  return DivideValues(sum, Value::Of(static_cast<int64_t>(items.size())));
}

Value AllOrAny(const Arguments& a, bool any) {
  std::vector<Value> store;
  if (IsNullList(a)) return a.Bad(0);
  bool unknown = false;
  bool wrong = false;
  for (const Value& item : ItemsOf(a, store)) {
    if (item.IsBoolean()) {
      if (item.boolean() == any) return Value::Of(any);
    } else if (item.IsNull()) {
      unknown = true;
    } else {
      wrong = true;
    }
  }
  if (wrong) return a.Bad(0);
  return unknown ? Value() : Value::Of(!any);
}
Value All(const Arguments& a) { return AllOrAny(a, false); }
Value Any(const Arguments& a) { return AllOrAny(a, true); }

Value Not(const Arguments& a) { return a[0].IsBoolean() ? Value::Of(!a[0].boolean()) : a.Bad(0); }

Value Sublist(const Arguments& a) {
  auto items = a[0].items();
  auto size = static_cast<int64_t>(items.size());
  auto start = a[1].number().Truncated();
  if (!start || *start == 0 || *start > size || *start < -size) return a.Bad(1);
  int64_t from = *start > 0 ? *start - 1 : size + *start;
  int64_t count = size - from;
  if (a.Has(2)) {
    auto wanted = a[2].number().Truncated();
    if (!wanted || *wanted < 0) return a.Bad(2);
    if (*wanted > count) return a.Bad(2);
    count = *wanted;
  }
  return Value::List(std::vector<Value>(items.begin() + from, items.begin() + from + count));
}

Value Append(const Arguments& a) {
  auto items = a[0].items();
  if (TooLong(a, items.size() + a.size())) return Value();
  std::vector<Value> out(items.begin(), items.end());
  for (size_t i = 1; i < a.size(); ++i) out.push_back(a[i]);
  return Value::List(std::move(out));
}

Value Concatenate(const Arguments& a) {
  std::vector<Value> out;
  for (size_t i = 0; i < a.size(); ++i) {
    auto items = a[i].items();
    if (TooLong(a, out.size() + items.size())) return Value();
    out.insert(out.end(), items.begin(), items.end());
  }
  return Value::List(std::move(out));
}

/// The place of a position 1..size (or -1..-size) as an index; nothing when outside.
std::optional<int64_t> PlaceOf(const Value& position, size_t size) {
  auto at = position.number().Truncated();
  auto n = static_cast<int64_t>(size);
  if (!at || *at == 0 || *at > n || *at < -n) return std::nullopt;
  return *at > 0 ? *at - 1 : n + *at;
}

Value InsertBefore(const Arguments& a) {
  auto items = a[0].items();
  auto at = PlaceOf(a[1], items.size());
  if (!at) return a.Bad(1);
  if (TooLong(a, items.size() + 1)) return Value();
  std::vector<Value> out(items.begin(), items.end());
  out.insert(out.begin() + *at, a[2]);
  return Value::List(std::move(out));
}

Value Remove(const Arguments& a) {
  auto items = a[0].items();
  auto at = PlaceOf(a[1], items.size());
  if (!at) return a.Bad(1);
  std::vector<Value> out(items.begin(), items.end());
  out.erase(out.begin() + *at);
  return Value::List(std::move(out));
}

Value ListReplace(const Arguments& a) {
  auto items = a[0].items();
  std::vector<Value> out(items.begin(), items.end());
  if (a[1].IsNumber()) {
    auto at = PlaceOf(a[1], items.size());
    if (!at) return a.Bad(1);
    out[static_cast<size_t>(*at)] = a[2];
    return Value::List(std::move(out));
  }
  if (!a[1].IsFunction()) return a.Bad(1);
  for (Value& item : out) {
    Value arguments[2] = {item, a[2]};
    Value hit = CallFunction(a.frame, a[1], arguments);
    if (!hit.IsBoolean()) return a.Bad(1);
    if (hit.boolean()) item = a[2];
  }
  return Value::List(std::move(out));
}

Value Reverse(const Arguments& a) {
  auto items = a[0].items();
  return Value::List(std::vector<Value>(items.rbegin(), items.rend()));
}

Value IndexOf(const Arguments& a) {
  std::vector<Value> out;
  int64_t at = 0;
  for (const Value& item : a[0].items()) {
    ++at;
    if (Equal(item, a[1]).IsTrue()) out.push_back(Value::Of(at));
  }
  return Value::List(std::move(out));
}

/// Items without repetition, in the order of their first appearance.
bool AddDistinct(const Arguments& a, std::span<const Value> items, std::vector<Value>& out) {
  for (const Value& item : items) {
    if (!a.frame.Step(out.size() + 1)) return false;
    bool known = std::any_of(out.begin(), out.end(),
                             [&](const Value& o) { return Equal(o, item).IsTrue(); });
    if (!known) out.push_back(item);
  }
  return true;
}

Value DistinctValues(const Arguments& a) {
  std::vector<Value> out;
  if (!AddDistinct(a, a[0].items(), out)) return Value();
  return Value::List(std::move(out));
}

Value Union(const Arguments& a) {
  std::vector<Value> out;
  for (size_t i = 0; i < a.size(); ++i)
    if (!AddDistinct(a, a[i].items(), out)) return Value();
  return Value::List(std::move(out));
}

bool Flat(const Arguments& a, std::span<const Value> items, std::vector<Value>& out, int depth) {
  if (depth > 200) return false;
  for (const Value& item : items) {
    if (!a.frame.Step()) return false;
    if (item.IsList()) {
      if (!Flat(a, item.items(), out, depth + 1)) return false;
    } else {
      out.push_back(item);
    }
  }
  return true;
}

Value Flatten(const Arguments& a) {
  std::vector<Value> out;
  if (!Flat(a, a[0].items(), out, 0)) {
    a.frame.Stop("list");
    return Value();
  }
  return Value::List(std::move(out));
}

/// The numbers of a list; false when something else is among them.
bool NumbersOf(std::span<const Value> items, std::vector<Number>& out) {
  for (const Value& item : items) {
    if (!item.IsNumber()) return false;
    out.push_back(item.number());
  }
  return true;
}

Value Product(const Arguments& a) {
  std::vector<Value> store;
  std::vector<Number> numbers;
  if (IsNullList(a) || !NumbersOf(ItemsOf(a, store), numbers) || numbers.empty()) return a.Bad(0);
  Number product(1);
  for (const Number& n : numbers) {
    auto next = Multiply(product, n);
    if (!next) return a.None();
    product = *next;
  }
  return Value::Of(product);
}

Value Median(const Arguments& a) {
  std::vector<Value> store;
  std::vector<Number> numbers;
  if (IsNullList(a) || !NumbersOf(ItemsOf(a, store), numbers)) return a.Bad(0);
  if (numbers.empty()) return Value();
  std::sort(numbers.begin(), numbers.end());
  size_t middle = numbers.size() / 2;
  if (numbers.size() % 2 == 1) return Value::Of(numbers[middle]);
  auto sum = Add(numbers[middle - 1], numbers[middle]);
  return sum ? Value::Of(Divide(*sum, Number(2))) : a.None();
}

Value Stddev(const Arguments& a) {
  std::vector<Value> store;
  std::vector<Number> numbers;
  if (IsNullList(a) || !NumbersOf(ItemsOf(a, store), numbers) || numbers.size() < 2)
    return a.Bad(0);
  Number count(static_cast<int64_t>(numbers.size()));
  std::optional<Number> sum = Number();
  for (const Number& n : numbers)
    if (sum) sum = Add(*sum, n);
  auto mean = sum ? Divide(*sum, count) : std::nullopt;
  if (!mean) return a.None();
  std::optional<Number> squares = Number();
  for (const Number& n : numbers) {
    auto gap = Subtract(n, *mean);
    auto square = gap ? Multiply(*gap, *gap) : std::nullopt;
    squares = squares && square ? Add(*squares, *square) : std::nullopt;
  }
  if (!squares) return a.None();
  auto variance = Divide(*squares, Number(static_cast<int64_t>(numbers.size()) - 1));
  return variance ? Value::Of(SquareRoot(*variance)) : a.None();
}

Value ModeOf(const Arguments& a) {
  std::vector<Value> store;
  std::vector<Number> numbers;
  if (IsNullList(a) || !NumbersOf(ItemsOf(a, store), numbers)) return a.Bad(0);
  std::sort(numbers.begin(), numbers.end());
  std::vector<Value> best;
  size_t most = 0;
  for (size_t i = 0; i < numbers.size();) {
    size_t j = i;
    while (j < numbers.size() && numbers[j] == numbers[i]) ++j;
    if (j - i > most) {
      most = j - i;
      best.clear();
    }
    if (j - i == most) best.push_back(Value::Of(numbers[i]));
    i = j;
  }
  return Value::List(std::move(best));
}

Value Sort(const Arguments& a) {
  auto items = a[0].items();
  std::vector<Value> out(items.begin(), items.end());
  if (!a.Has(1)) {
    for (const Value& item : out)
      if (!Order(out[0], item)) return a.Bad(0);
    std::stable_sort(out.begin(), out.end(),
                     [](const Value& x, const Value& y) { return *Order(x, y) < 0; });
    return Value::List(std::move(out));
  }
  // Merge sort of our own: a contradictory `precedes` may give any order but never harm.
  std::vector<Value> spare(out.size());
  bool wrong = false;
  for (size_t width = 1; width < out.size() && !wrong; width *= 2) {
    for (size_t low = 0; low < out.size(); low += 2 * width) {
      size_t middle = std::min(low + width, out.size());
      size_t high = std::min(low + 2 * width, out.size());
      size_t i = low;
      size_t j = middle;
      for (size_t k = low; k < high; ++k) {
        bool right = i >= middle;
        if (!right && j < high && !wrong) {
          Value pair[2] = {out[j], out[i]};
          Value before = CallFunction(a.frame, a[1], pair);
          right = before.IsTrue();
          wrong = a.frame.stopped();
        }
        spare[k] = right ? out[j++] : out[i++];
      }
    }
    out.swap(spare);
  }
  return wrong ? Value() : Value::List(std::move(out));
}

constexpr BuiltinRow kRows[] = {
    {"not", "negand:a", Not, true},
    {"list contains", "list:l, element:a", ListContains},
    {"count", "list:l", Count},
    {"min", "list:a*", Min},
    {"max", "list:a*", Max},
    {"sum", "list:a*", Sum},
    {"mean", "list:a*", Mean},
    {"all", "list:a*", All},
    {"any", "list:a*", Any},
    {"and", "list:a*", All},
    {"or", "list:a*", Any},
    {"sublist", "list:l, start position:n, length:n?", Sublist},
    {"append", "list:l, item:a*", Append},
    {"concatenate", "list:l*", Concatenate},
    {"insert before", "list:l, position:n, newItem:a", InsertBefore},
    {"remove", "list:l, position:n", Remove},
    {"list replace", "list:l, position:n, newItem:a|list:l, match:f, newItem:a", ListReplace},
    {"reverse", "list:l", Reverse},
    {"index of", "list:l, match:a", IndexOf},
    {"union", "list:l*", Union},
    {"distinct values", "list:l", DistinctValues},
    {"flatten", "list:l", Flatten},
    {"product", "list:a*", Product},
    {"median", "list:a*", Median},
    {"stddev", "list:a*", Stddev},
    {"mode", "list:a*", ModeOf},
    {"sort", "list:l, precedes:f?", Sort},
};

}  // namespace

std::span<const BuiltinRow> ListBuiltins() { return kRows; }

}  // namespace city::feel
