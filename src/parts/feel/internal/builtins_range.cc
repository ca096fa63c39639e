// SPDX-License-Identifier: Apache-2.0
// Built-in functions on ranges and points (Allen's interval relations) and range().
// Source: DMN 1.5, 10.3.4.8.
#include "base/text.h"
#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/node.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

/// A range, or a point as the range of itself.
struct Span {
  const Value* low;
  const Value* high;
  bool low_in;
  bool high_in;
};

bool SpanOf(const Value& v, Span& out) {
  if (v.IsNull()) return false;
  if (!v.IsRange()) {
    if (!Order(v, v)) return false;
    out = {&v, &v, true, true};
    return true;
  }
  const Range& r = v.range();
  if (r.form == Range::Form::kNotEqual) return false;
  out = {&r.low, &r.high, r.low_included, r.high_included};
  return true;
}

/// The two arguments compared; `valid` is false when they cannot be.
struct Pair {
  Span a, b;
  bool valid = true;

  explicit Pair(const Arguments& args) { valid = SpanOf(args[0], a) && SpanOf(args[1], b); }
  /// Order of two ends; an absent end has none.
  int Cmp(const Value* x, const Value* y) {
    auto order = Order(*x, *y);
    if (!order) valid = false;
    return order.value_or(0);
  }
  Value Out(const Arguments& args, bool result) const {
    return valid ? Value::Of(result) : args.Bad(0);
  }
};

bool PairBefore(Pair& p, const Span& a, const Span& b) {
  int c = p.Cmp(a.high, b.low);
  return c < 0 || (c == 0 && (!a.high_in || !b.low_in));
}

bool StartsBefore(Pair& p, const Span& a, const Span& b, bool or_equal) {
  int c = p.Cmp(a.low, b.low);
  if (c != 0) return c < 0;
  if (a.low_in != b.low_in) return a.low_in;
  return or_equal;
}

bool EndsAfter(Pair& p, const Span& a, const Span& b, bool or_equal) {
  int c = p.Cmp(a.high, b.high);
  if (c != 0) return c > 0;
  if (a.high_in != b.high_in) return a.high_in;
  return or_equal;
}

bool SameStart(Pair& p) { return p.Cmp(p.a.low, p.b.low) == 0 && p.a.low_in == p.b.low_in; }
bool SameEnd(Pair& p) { return p.Cmp(p.a.high, p.b.high) == 0 && p.a.high_in == p.b.high_in; }
bool Within(Pair& p, const Span& outer, const Span& inner) {
  return StartsBefore(p, outer, inner, true) && EndsAfter(p, outer, inner, true);
}

#define CITY_RELATION(name, expression) \
  Value name(const Arguments& args) {   \
    Pair p(args);                       \
    if (!p.valid) return args.Bad(0);   \
    bool result = expression;           \
    return p.Out(args, result);         \
  }

CITY_RELATION(Before, PairBefore(p, p.a, p.b))
CITY_RELATION(After, PairBefore(p, p.b, p.a))
CITY_RELATION(Meets, p.a.high_in&& p.b.low_in&& p.Cmp(p.a.high, p.b.low) == 0)
CITY_RELATION(MetBy, p.a.low_in&& p.b.high_in&& p.Cmp(p.a.low, p.b.high) == 0)
CITY_RELATION(Overlaps, !PairBefore(p, p.a, p.b) && !PairBefore(p, p.b, p.a))
CITY_RELATION(OverlapsBefore, StartsBefore(p, p.a, p.b, false) && !PairBefore(p, p.a, p.b) &&
                                  !EndsAfter(p, p.a, p.b, false))
CITY_RELATION(OverlapsAfter, StartsBefore(p, p.b, p.a, false) && !PairBefore(p, p.b, p.a) &&
                                 !EndsAfter(p, p.b, p.a, false))
CITY_RELATION(Finishes, SameEnd(p) && StartsBefore(p, p.b, p.a, true))
CITY_RELATION(FinishedBy, SameEnd(p) && StartsBefore(p, p.a, p.b, true))
CITY_RELATION(Includes, Within(p, p.a, p.b))
CITY_RELATION(During, Within(p, p.b, p.a))
CITY_RELATION(Starts, SameStart(p) && EndsAfter(p, p.b, p.a, true))
CITY_RELATION(StartedBy, SameStart(p) && EndsAfter(p, p.a, p.b, true))
CITY_RELATION(Coincides, SameStart(p) && SameEnd(p))

#undef CITY_RELATION

/// A range from its text; its ends must be literals.
Value MakeRange(const Arguments& a) {
  static const Scope kNoNames;
  auto compiled = Compile(a[0].text(), kNoNames);
  if (!compiled) return a.Bad(0);
  const Node& root = *compiled->program().root;
  if (root.op != Op::kInterval) return a.Bad(0);
  const Value& low = root.kid(0).value;
  const Value& high = root.kid(1).value;
  for (const Node* end : {&root.kid(0), &root.kid(1)})
    if (end->op != Op::kConstant || end->flags > 1) return a.Bad(0);
  if (low.IsNull() && high.IsNull()) return a.Bad(0);
  if (!low.IsNull() && !high.IsNull()) {
    auto order = Order(low, high);
    if (!order || *order > 0) return a.Bad(0);
  }
  bool low_in = (root.flags & 1) != 0;
  bool high_in = (root.flags & 2) != 0;
  if ((low.IsNull() && low_in) || (high.IsNull() && high_in)) return a.Bad(0);
  return Value::Of(Range{Range::Form::kInterval, low_in, high_in, low, high});
}

constexpr BuiltinRow kRows[] = {
    {"range", "from:s", MakeRange},
    {"before", "point1:a, point2:a|point:a, range:a|range:a, point:a|range1:a, range2:a", Before},
    {"after", "point1:a, point2:a|point:a, range:a|range:a, point:a|range1:a, range2:a", After},
    {"meets", "range1:r, range2:r", Meets},
    {"met by", "range1:r, range2:r", MetBy},
    {"overlaps", "range1:r, range2:r", Overlaps},
    {"overlaps before", "range1:r, range2:r", OverlapsBefore},
    {"overlaps after", "range1:r, range2:r", OverlapsAfter},
    {"overlapped by", "range1:r, range2:r", OverlapsAfter},
    {"overlapped before by", "range1:r, range2:r", OverlapsAfter},
    {"overlapped after by", "range1:r, range2:r", OverlapsBefore},
    {"finishes", "point:a, range:r|range1:r, range2:r", Finishes},
    {"finished by", "range:r, point:a|range1:r, range2:r", FinishedBy},
    {"includes", "range:r, point:a|range1:r, range2:r", Includes},
    {"during", "point:a, range:r|range1:r, range2:r", During},
    {"starts", "point:a, range:r|range1:r, range2:r", Starts},
    {"started by", "range:r, point:a|range1:r, range2:r", StartedBy},
    {"coincides", "point1:a, point2:a|range1:r, range2:r", Coincides},
};

}  // namespace

std::span<const BuiltinRow> RangeBuiltins() { return kRows; }

}  // namespace city::feel
