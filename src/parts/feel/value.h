// SPDX-License-Identifier: Apache-2.0
// FEEL values: small ones lie in the value itself, the others are shared and never change.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parts/feel/number.h"
#include "parts/feel/temporal.h"

namespace city::feel {

/// The kinds of FEEL values. Source: DMN 1.5, 10.3.2.3.
enum class ValueKind : uint8_t {
  kNull,
  kBoolean,
  kNumber,
  kDate,
  kTime,
  kDateTime,
  kYearsMonths,
  kDaysTime,
  kString,  // from here on the value is a reference to a shared object
  kList,
  kContext,
  kRange,
  kFunction,
};

/// The FEEL name of a kind, for example "years and months duration".
std::string_view KindName(ValueKind kind);

class Value;
struct Range;
struct Function;

/// A shared object that frees itself when nobody refers to it any more.
class Shared {
 public:
  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  void Keep() const { count_.fetch_add(1, std::memory_order_relaxed); }
  /// True when the caller held the last reference and must destroy the object.
  bool Drop() const { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool IsOnly() const { return count_.load(std::memory_order_acquire) == 1; }

 protected:
  ~Shared() = default;

 private:
  mutable std::atomic<uint32_t> count_{1};
};

/// Text with its length in front, in one allocation.
class StringObject final : public Shared {
 public:
  static StringObject* Make(std::string_view text);
  static void Destroy(const StringObject* object);
  std::string_view text() const { return {reinterpret_cast<const char*>(this + 1), size_}; }

 private:
  explicit StringObject(size_t size) : size_(size) {}
  size_t size_;
};

/// An immutable FEEL value. 24 bytes; copying is cheap and thread-safe.
class Value {
 public:
  Value() noexcept : a_(0), b_(0), kind_(ValueKind::kNull), form_(0), zone_(0), offset_(0) {}
  ~Value() {
    if (IsShared()) Release();
  }
  Value(const Value& other) noexcept {
    std::memcpy(static_cast<void*>(this), &other, sizeof *this);
    if (IsShared()) shared()->Keep();
  }
  Value(Value&& other) noexcept {
    std::memcpy(static_cast<void*>(this), &other, sizeof *this);
    other.kind_ = ValueKind::kNull;
  }
  Value& operator=(const Value& other) noexcept {
    if (other.IsShared()) other.shared()->Keep();
    if (IsShared()) Release();
    std::memcpy(static_cast<void*>(this), &other, sizeof *this);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    if (IsShared()) Release();
    std::memcpy(static_cast<void*>(this), &other, sizeof *this);
    other.kind_ = ValueKind::kNull;
    return *this;
  }

  static Value Null() { return Value(); }
  static Value Of(bool value) { return Value(ValueKind::kBoolean, value ? 1 : 0, 0); }
  static Value Of(const Number& n) { return Value(ValueKind::kNumber, n.low(), n.high()); }
  static Value Of(const std::optional<Number>& n) { return n ? Of(*n) : Value(); }
  static Value Of(int64_t whole) { return Of(Number(whole)); }
  static Value Of(int whole) { return Of(Number(whole)); }
  static Value Of(std::string_view text);
  static Value Of(const char* text) { return Of(std::string_view(text)); }
  static Value Of(const Date& date);
  static Value Of(const TimeOfDay& time);
  static Value Of(const DateTime& value);
  static Value Of(const YearsMonths& duration);
  static Value Of(const DaysTime& duration);
  static Value List(std::vector<Value> items);
  static Value Of(Range range);
  static Value OfFunction(std::unique_ptr<Function> function);

  ValueKind kind() const { return kind_; }
  bool IsNull() const { return kind_ == ValueKind::kNull; }
  bool IsBoolean() const { return kind_ == ValueKind::kBoolean; }
  bool IsNumber() const { return kind_ == ValueKind::kNumber; }
  bool IsString() const { return kind_ == ValueKind::kString; }
  bool IsList() const { return kind_ == ValueKind::kList; }
  bool IsContext() const { return kind_ == ValueKind::kContext; }
  bool IsRange() const { return kind_ == ValueKind::kRange; }
  bool IsFunction() const { return kind_ == ValueKind::kFunction; }
  bool IsTrue() const { return kind_ == ValueKind::kBoolean && a_ != 0; }
  bool IsFalse() const { return kind_ == ValueKind::kBoolean && a_ == 0; }

  // Each of these may be called only when kind() says so.
  bool boolean() const { return a_ != 0; }
  Number number() const { return Number::FromWords(a_, b_); }
  std::string_view text() const { return reinterpret_cast<const StringObject*>(a_)->text(); }
  Date date() const { return Date{static_cast<int64_t>(a_)}; }
  TimeOfDay time() const { return TimeOfDay{static_cast<int64_t>(a_), zoning()}; }
  DateTime date_time() const {
    return DateTime{static_cast<int64_t>(a_), static_cast<int64_t>(b_), zoning()};
  }
  YearsMonths years_months() const { return YearsMonths{static_cast<int64_t>(a_)}; }
  DaysTime days_time() const {
    return DaysTime{static_cast<Int128>((static_cast<Uint128>(b_) << 64) | a_)};
  }
  inline std::span<const Value> items() const;
  inline const class ContextObject& context() const;
  inline const Range& range() const;
  inline const Function& function() const;
  /// Whether two values are the same object or the same small value.
  bool IsSame(const Value& other) const {
    return kind_ == other.kind_ && a_ == other.a_ && b_ == other.b_;
  }

 private:
  friend class ContextBuilder;
  Value(ValueKind kind, uint64_t a, uint64_t b)
      : a_(a), b_(b), kind_(kind), form_(0), zone_(0), offset_(0) {}
  bool IsShared() const { return kind_ >= ValueKind::kString; }
  const Shared* shared() const { return reinterpret_cast<const Shared*>(a_); }
  void Release();
  Zoning zoning() const { return Zoning{static_cast<Zoning::Form>(form_), zone_, offset_}; }
  void SetZoning(const Zoning& z) {
    form_ = static_cast<uint8_t>(z.form);
    zone_ = z.zone;
    offset_ = z.offset;
  }

  uint64_t a_;
  uint64_t b_;
  ValueKind kind_;
  uint8_t form_;
  uint16_t zone_;
  int32_t offset_;
};

class ListObject final : public Shared {
 public:
  explicit ListObject(std::vector<Value> list) : items(std::move(list)) {}
  std::vector<Value> items;
};

/// Names and values in the order they were written.
class ContextObject final : public Shared {
 public:
  struct Entry {
    Value key;  // always a string
    Value value;
    std::string_view name() const { return key.text(); }
  };
  std::span<const Entry> entries() const { return entries_; }
  size_t size() const { return entries_.size(); }
  /// The value under a name, or null. `hint` is a place to look first and to remember.
  const Value* Find(std::string_view name) const;
  const Value* Find(std::string_view name, std::atomic<uint32_t>& hint) const;

 private:
  friend class ContextBuilder;
  std::vector<Entry> entries_;
  std::vector<uint32_t> sorted_;  // by name, only in large contexts
};

/// Collects entries and makes the context value.
class ContextBuilder {
 public:
  ContextBuilder() : object_(new ContextObject) {}
  ContextBuilder(const ContextBuilder&) = delete;
  ContextBuilder& operator=(const ContextBuilder&) = delete;
  ~ContextBuilder() { delete object_; }
  void Reserve(size_t count) { object_->entries_.reserve(count); }
  /// Appends; the caller knows that the name is new.
  void Add(Value key, Value value) {
    object_->entries_.push_back({std::move(key), std::move(value)});
  }
  void Add(std::string_view key, Value value) { Add(Value::Of(key), std::move(value)); }
  /// Replaces the value under a name, or appends.
  void Set(const Value& key, Value value);
  bool Has(std::string_view key) const { return object_->Find(key) != nullptr; }
  Value Build();

 private:
  ContextObject* object_;
};

/// An interval, or a comparison with one value such as (< 10). Source: DMN 1.5, 10.3.2.7.
struct Range {
  enum class Form : uint8_t {
    kInterval,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kEqual,
    kNotEqual
  };
  Form form = Form::kInterval;
  bool low_included = true;
  bool high_included = true;
  Value low;   // null where the range has no lower end
  Value high;  // null where it has no upper end; for kEqual and kNotEqual both are the value
};

class RangeObject final : public Shared {
 public:
  explicit RangeObject(Range r) : range(std::move(r)) {}
  Range range;
};

class Type;
class Program;
struct Node;
class CallFrame;
using TypePtr = std::shared_ptr<const Type>;

/// Something that can be called: a FEEL function literal, a built-in function, or native code.
struct Function {
  std::string name;
  std::vector<std::string> parameters;
  std::vector<TypePtr> parameter_types;  // empty, or one for each parameter (null for Any)
  TypePtr result_type;                   // null for Any
  // A function literal:
  std::shared_ptr<const Program> program;
  const Node* literal = nullptr;
  std::vector<Value> captures;
  // A built-in function: its row in the table, or -1.
  int builtin = -1;
  // Native code, called with the arguments in the order of `parameters`.
  std::function<Value(std::span<const Value>, CallFrame&)> native;
};

class FunctionObject final : public Shared {
 public:
  explicit FunctionObject(std::unique_ptr<Function> f) : function(std::move(f)) {}
  std::unique_ptr<Function> function;
};

inline std::span<const Value> Value::items() const {
  return reinterpret_cast<const ListObject*>(a_)->items;
}
inline const ContextObject& Value::context() const {
  return *reinterpret_cast<const ContextObject*>(a_);
}
inline const Range& Value::range() const { return reinterpret_cast<const RangeObject*>(a_)->range; }
inline const Function& Value::function() const {
  return *reinterpret_cast<const FunctionObject*>(a_)->function;
}

/// The text of the FEEL function string(): strings bare at the top, quoted inside lists, contexts
/// and ranges. Stops with an ellipsis beyond `max_bytes`.
std::string ToText(const Value& value, size_t max_bytes = 16u << 20);
/// The text of a value as a FEEL literal: strings quoted, temporal values as @"…".
std::string ToLiteral(const Value& value);

}  // namespace city::feel
