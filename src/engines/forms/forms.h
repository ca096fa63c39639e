// SPDX-License-Identifier: Apache-2.0
// Forms: what is asked, what is shown, and what is wrong with what was filled in.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace city::forms {

class Patterns;

/// A form that was looked through and may be used. Copies share their compiled patterns; a const
/// Form may be used by many threads.
struct Form {
  json::value schema;
  json::value ui;
  std::shared_ptr<const Patterns> patterns;
};

/// One fault of filled-in data. `pointer` is a JSON Pointer into the data; a missing field is named
/// by the place where it should be. `params` are what the words need (limit, length, format ...).
struct Fault {
  std::string pointer;
  std::string keyword;
  json::object params;
};

/// What became of filled-in data.
struct Outcome {
  /// The data without the values of fields that are not shown.
  json::value data;
  /// Empty when the data may be taken. At most 200.
  std::vector<Fault> errors;
  /// Worth a second look, never a refusal (a credit code whose check sign does not fit).
  std::vector<Fault> warnings;

  bool ok() const { return errors.empty(); }
};

/// The form in `{schema, ui}`. Refuses keywords outside the subset, references that leave the form,
/// patterns that do not compile, unknown widgets, and forms deeper than 32 or of more than 20,000
/// parts. Errors: forms.form_wrong, with one detail for each fault (pointer into the form).
Result<Form> Load(const json::value& form);

/// Judges `data` by `form`: drops what is hidden until nothing more goes, then holds the rest
/// against the schema. Never throws; work is bounded (200,000 steps, 64 levels), and what goes past
/// the bound is a fault with keyword "limit".
Outcome Check(const Form& form, const json::value& data);

}  // namespace city::forms
