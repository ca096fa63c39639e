// SPDX-License-Identifier: Apache-2.0
// Making, freeing and printing values.
#include "parts/feel/value.h"

#include <algorithm>

namespace city::feel {
namespace {

constexpr size_t kSortedFrom = 12;
constexpr int kMaxPrintDepth = 200;

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Whether a name can be written as a key without quotes.
bool IsPlainName(std::string_view name) {
  if (name.empty()) return false;
  auto first = static_cast<unsigned char>(name[0]);
  if (first >= '0' && first <= '9') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
           (u >= '0' && u <= '9') || u == '_' || u == ' ';
  });
}

class Printer {
 public:
  Printer(bool literal, size_t limit) : literal_(literal), limit_(limit) {}

  void Put(const Value& v, bool nested, int depth) {
    if (Full()) return;
    if (depth > kMaxPrintDepth) {
      out += "…";
      return;
    }
    switch (v.kind()) {
      case ValueKind::kNull:
        out += "null";
        break;
      case ValueKind::kBoolean:
        out += v.boolean() ? "true" : "false";
        break;
      case ValueKind::kNumber:
        out += v.number().ToText();
        break;
      case ValueKind::kString:
        if (nested || literal_) {
          AppendQuoted(out, v.text());
        } else {
          out += v.text();
        }
        break;
      case ValueKind::kDate:
        Temporal(ToText(v.date()));
        break;
      case ValueKind::kTime:
        Temporal(ToText(v.time()));
        break;
      case ValueKind::kDateTime:
        Temporal(ToText(v.date_time()));
        break;
      case ValueKind::kYearsMonths:
        Temporal(ToText(v.years_months()));
        break;
      case ValueKind::kDaysTime:
        Temporal(ToText(v.days_time()));
        break;
      case ValueKind::kList: {
        out += '[';
        bool first = true;
        for (const Value& item : v.items()) {
          if (Full()) break;
          if (!first) out += ", ";
          first = false;
          Put(item, true, depth + 1);
        }
        out += ']';
        break;
      }
      case ValueKind::kContext: {
        out += '{';
        bool first = true;
        for (const auto& entry : v.context().entries()) {
          if (Full()) break;
          if (!first) out += ", ";
          first = false;
          if (IsPlainName(entry.name())) {
            out += entry.name();
          } else {
            AppendQuoted(out, entry.name());
          }
          out += ": ";
          Put(entry.value, true, depth + 1);
        }
        out += '}';
        break;
      }
      case ValueKind::kRange:
        PutRange(v.range(), depth);
        break;
      case ValueKind::kFunction: {
        const Function& f = v.function();
        out += "function(";
        for (size_t i = 0; i < f.parameters.size(); ++i) {
          if (i != 0) out += ", ";
          out += f.parameters[i];
        }
        out += ')';
        break;
      }
    }
  }

  std::string out;

 private:
  bool Full() {
    if (out.size() <= limit_) return false;
    if (!full_) out += "…";
    full_ = true;
    return true;
  }
  void Temporal(const std::string& text) {
    if (literal_) {
      out += "@\"" + text + "\"";
    } else {
      out += text;
    }
  }
  void PutRange(const Range& r, int depth) {
    static constexpr const char* kSigns[] = {"", "<", "<=", ">", ">=", "=", "!="};
    if (r.form != Range::Form::kInterval) {
      out += '(';
      out += kSigns[static_cast<int>(r.form)];
      out += ' ';
      bool upper = r.form == Range::Form::kLess || r.form == Range::Form::kLessOrEqual;
      Put(upper ? r.high : r.low, true, depth + 1);
      out += ')';
      return;
    }
    out += r.low_included ? '[' : '(';
    Put(r.low, true, depth + 1);
    out += "..";
    Put(r.high, true, depth + 1);
    out += r.high_included ? ']' : ')';
  }
  bool literal_;
  size_t limit_;
  bool full_ = false;
};

}  // namespace

std::string_view KindName(ValueKind kind) {
  static constexpr std::string_view kNames[] = {"null",
                                                "boolean",
                                                "number",
                                                "date",
                                                "time",
                                                "date and time",
                                                "years and months duration",
                                                "days and time duration",
                                                "string",
                                                "list",
                                                "context",
                                                "range",
                                                "function"};
  return kNames[static_cast<size_t>(kind)];
}

StringObject* StringObject::Make(std::string_view text) {
  void* memory = ::operator new(sizeof(StringObject) + text.size());
  auto* object = new (memory) StringObject(text.size());
  if (!text.empty()) std::memcpy(static_cast<void*>(object + 1), text.data(), text.size());
  return object;
}

void StringObject::Destroy(const StringObject* object) {
  auto* mutable_object = const_cast<StringObject*>(object);
  mutable_object->~StringObject();
  ::operator delete(mutable_object);
}

void Value::Release() {
  if (!shared()->Drop()) return;
  switch (kind_) {
    case ValueKind::kString:
      StringObject::Destroy(reinterpret_cast<const StringObject*>(a_));
      break;
    case ValueKind::kList:
      delete reinterpret_cast<const ListObject*>(a_);
      break;
    case ValueKind::kContext:
      delete reinterpret_cast<const ContextObject*>(a_);
      break;
    case ValueKind::kRange:
      delete reinterpret_cast<const RangeObject*>(a_);
      break;
    case ValueKind::kFunction:
      delete reinterpret_cast<const FunctionObject*>(a_);
      break;
    default:
      break;
  }
}

Value Value::Of(std::string_view text) {
  return Value(ValueKind::kString, reinterpret_cast<uint64_t>(StringObject::Make(text)), 0);
}
Value Value::Of(const Date& date) {
  return Value(ValueKind::kDate, static_cast<uint64_t>(date.days), 0);
}
Value Value::Of(const TimeOfDay& time) {
  Value v(ValueKind::kTime, static_cast<uint64_t>(time.nanos), 0);
  v.SetZoning(time.zoning);
  return v;
}
Value Value::Of(const DateTime& value) {
  Value v(ValueKind::kDateTime, static_cast<uint64_t>(value.days),
          static_cast<uint64_t>(value.nanos));
  v.SetZoning(value.zoning);
  return v;
}
Value Value::Of(const YearsMonths& duration) {
  return Value(ValueKind::kYearsMonths, static_cast<uint64_t>(duration.months), 0);
}
Value Value::Of(const DaysTime& duration) {
  auto bits = static_cast<Uint128>(duration.nanos);
  return Value(ValueKind::kDaysTime, static_cast<uint64_t>(bits),
               static_cast<uint64_t>(bits >> 64));
}
Value Value::List(std::vector<Value> items) {
  return Value(ValueKind::kList, reinterpret_cast<uint64_t>(new ListObject(std::move(items))), 0);
}
Value Value::Of(Range range) {
  return Value(ValueKind::kRange, reinterpret_cast<uint64_t>(new RangeObject(std::move(range))), 0);
}
Value Value::OfFunction(std::unique_ptr<Function> function) {
  return Value(ValueKind::kFunction,
               reinterpret_cast<uint64_t>(new FunctionObject(std::move(function))), 0);
}

const Value* ContextObject::Find(std::string_view name) const {
  if (!sorted_.empty()) {
    auto at =
        std::lower_bound(sorted_.begin(), sorted_.end(), name,
                         [this](uint32_t i, std::string_view n) { return entries_[i].name() < n; });
    if (at == sorted_.end() || entries_[*at].name() != name) return nullptr;
    return &entries_[*at].value;
  }
  for (const Entry& entry : entries_)
    if (entry.name() == name) return &entry.value;
  return nullptr;
}

const Value* ContextObject::Find(std::string_view name, std::atomic<uint32_t>& hint) const {
  uint32_t at = hint.load(std::memory_order_relaxed);
  if (at < entries_.size() && entries_[at].name() == name) return &entries_[at].value;
  const Value* found = Find(name);
  if (found != nullptr) {
    auto* entry = reinterpret_cast<const Entry*>(reinterpret_cast<const char*>(found) -
                                                 offsetof(Entry, value));
    hint.store(static_cast<uint32_t>(entry - entries_.data()), std::memory_order_relaxed);
  }
  return found;
}

void ContextBuilder::Set(const Value& key, Value value) {
  for (auto& entry : object_->entries_) {
    if (entry.name() == key.text()) {
      entry.value = std::move(value);
      return;
    }
  }
  Add(key, std::move(value));
}

Value ContextBuilder::Build() {
  ContextObject* object = object_;
  object_ = new ContextObject;
  if (object->entries_.size() >= kSortedFrom) {
    object->sorted_.resize(object->entries_.size());
    for (uint32_t i = 0; i < object->sorted_.size(); ++i) object->sorted_[i] = i;
    std::sort(object->sorted_.begin(), object->sorted_.end(), [object](uint32_t x, uint32_t y) {
      return object->entries_[x].name() < object->entries_[y].name();
    });
  }
  return Value(ValueKind::kContext, reinterpret_cast<uint64_t>(object), 0);
}

std::string ToText(const Value& value, size_t max_bytes) {
  Printer printer(false, max_bytes);
  printer.Put(value, false, 0);
  return std::move(printer.out);
}

std::string ToLiteral(const Value& value) {
  Printer printer(true, 16u << 20);
  printer.Put(value, true, 0);
  return std::move(printer.out);
}

}  // namespace city::feel
