// SPDX-License-Identifier: Apache-2.0
// One thing that joins items: the fewest questions, one form and the fewest materials for one
// applicant. What several items ask is asked once; what another part yields or a register holds is
// not asked at all.
//
//   bundle.guide: as an item's; its decision "parts" names the parts that apply.
//   bundle.parts: [{name, basic_code, needs: [part], fixed: {field: value}, same: {field: shared}}]
//   bundle.same_materials: {name in an item: the shared name}
//   bundle.form: name of a form asked once for the whole, beside those of the items
//   bundle.written: {shared name: name of the paper that the city writes from the answers}
//   material.proven_by: [certificate type]: one in force stands for the material
#pragma once
#include "base/decide.h"

namespace city::items {

/// Finds the item of a basic code, with `department_name`.
using ItemOf = std::function<Result<json::object>(const std::string& basic_code)>;
/// The applicant's certificate in force of the first of these types that they hold: {id, type,
/// type_name, issuer_name}; empty when they hold none.
using HeldOf = std::function<Result<json::object>(const json::array& types)>;
/// A form as {schema, ui}.
using FormOf = std::function<Result<json::object>(const std::string& form)>;

/// {questions, next, answers} and, once nothing is left to ask, {parts, form: {schema, ui},
/// materials, left_out: [{material, part, why: shared | yielded | held | written, by?,
/// certificate?, paper?}], days, compared: {fields, files, fields_apart, files_apart}}. Materials
/// that may follow count as files on both sides. Each part: {name, item, item_name,
/// department_name, promised_days, needs, from_day, until_day, yields, fixed, fields: {field:
/// shared}, materials, provided: [{name, shared, why, by?, certificate?, paper?}]}. Days count
/// working days from acceptance along the longest chain. Errors: items.no_guide,
/// items.answer_wrong, items.bundle_wrong, those of the finders.
Result<json::object> PlanBundle(const Decide& decide, const json::object& bundle,
                                const ItemOf& item_of, const FormOf& form_of,
                                const json::object& answers, const HeldOf& held_of = {});

/// What one part is told out of the answers of the one form.
json::object AnswersOf(const json::object& part, const json::object& data);
}  // namespace city::items
