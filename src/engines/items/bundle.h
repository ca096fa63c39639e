// SPDX-License-Identifier: Apache-2.0
// One thing that joins items: the fewest questions, one form and the fewest materials for one
// applicant. What several items ask is asked once; what another part yields or a register holds is
// not asked at all.
//
//   bundle.guide: as an item's; its decision "parts" names the parts that apply.
//   bundle.parts: [{name, basic_code, needs: [part], fixed: {field: value}, same: {field: shared}}]
//   bundle.same_materials: {name in an item: the shared name}
#pragma once
#include "base/decide.h"

namespace city::items {

/// Finds the item of a basic code, with `department_name`.
using ItemOf = std::function<Result<json::object>(const std::string& basic_code)>;
/// A form as {schema, ui}.
using FormOf = std::function<Result<json::object>(const std::string& form)>;

/// {questions, next, answers} and, once nothing is left to ask, {parts, form: {schema, ui},
/// materials, left_out: [{material, part, why: shared | yielded | held, by?}], days, compared:
/// {fields, files, fields_apart, files_apart}}. Each part: {name, item, item_name, department_name,
/// promised_days, needs, from_day, until_day, yields, fixed, fields: {field: shared}, materials}.
/// Days count working days from acceptance along the longest chain.
/// Errors: items.no_guide, items.answer_wrong, items.bundle_wrong, those of the finders.
Result<json::object> PlanBundle(const Decide& decide, const json::object& bundle,
                                const ItemOf& item_of, const FormOf& form_of,
                                const json::object& answers);

/// What one part is told out of the answers of the one form.
json::object AnswersOf(const json::object& part, const json::object& data);
}  // namespace city::items
