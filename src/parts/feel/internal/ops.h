// SPDX-License-Identifier: Apache-2.0
// Arithmetic and properties of values, as the operators of FEEL define them.
#pragma once

#include "parts/feel/feel.h"

namespace city::feel {

/// The result of an operator, or null where the kinds do not fit or nothing results.
/// Source: DMN 1.5, 10.3.2.13, tables 50 to 53.
Value AddValues(const Value& a, const Value& b);
Value SubtractValues(const Value& a, const Value& b);
Value MultiplyValues(const Value& a, const Value& b);
Value DivideValues(const Value& a, const Value& b);
Value PowerValues(const Value& a, const Value& b);
Value NegateValue(const Value& a);
/// A property such as `year` of a date; null pointer-like empty when there is none of that name.
std::optional<Value> PropertyOf(const Value& value, std::string_view name);
/// An integer of 128 bits as a number.
Number NumberOf(Int128 value);
/// Whether a value lies in a range: true, false or null.
Value InRange(const Value& value, const Range& range);
/// A date as the date and time of its midnight in UTC.
DateTime MidnightOf(const Date& date);

}  // namespace city::feel
