// SPDX-License-Identifier: Apache-2.0
// What a meaning demands of a value, how it is stored, told and masked.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "ledger/record_type.h"
#include "parts/store/store.h"

namespace city::ledger {

/// A value ready for its column, with a warning when it is doubtful but allowed (an old credit
/// code).
struct Stored {
  store::Value value;
  bool doubtful = false;
};

/// Checks and normalises one JSON value. Null is stored as null whatever the meaning.
/// A fault is told as a detail with keyword ("type", "format", "maxLength", "enum", "minimum" …)
/// and words. `list` is the code list of a coded field, null when it is not known.
tl::expected<Stored, ErrorDetail> ToStored(const Field& field, const json::value& value,
                                           const CodeList* list);

/// Appends the JSON of column `column` to `out`; `masked` applies the mask of its meaning.
void AppendJson(std::string& out, const Field& field, store::Rows& rows, int column, bool masked);

/// The plain text of a stored value, as it is sealed: numbers in digits, text as it is.
std::string PlainOf(const store::Value& value);
/// Appends the JSON of a field's plain text.
void AppendPlain(std::string& out, const Field& field, std::string_view plain, bool masked);

/// What is shown of a value to somebody whose grade does not reach it:
/// names keep their first sign, identity numbers first 3 and last 2, phones first 3 and last 4,
/// others three stars.
std::string Masked(const Field& field, std::string_view text);
}  // namespace city::ledger
