// SPDX-License-Identifier: Apache-2.0
// A question tree that ends in exactly the materials and steps of one applicant. Which questions
// come, which materials and steps apply is decided by a decision model; the item holds the words.
//
//   item.guide = {model, questions: [{name, text: {zh, en}, choices: [{value, label: {zh, en}}]}]}
//   decisions "questions", "materials" and "steps" of the model each answer a list of names.
#pragma once
#include <string>
#include <vector>

#include "base/decide.h"

namespace city::items {

/// Texts of a decided list, each once; a single text is a list of one.
std::vector<std::string> NamesIn(const json::value& value);

/// Walks the question tree of a guide: {questions: [… asked so far with `answer`], next: question
/// or null, answers}. Errors: items.answer_wrong.
Result<json::object> AskQuestions(const Decide& decide, const json::object& guide,
                                  const json::object& answers);

/// {questions: [… asked so far with `answer`], next: question or null, materials?, steps?}.
/// Materials and steps come once nothing is left to ask. Answers to questions that do not apply are
/// dropped. Errors: items.no_guide, items.answer_wrong.
Result<json::object> Situation(const Decide& decide, const json::object& item,
                               const json::object& answers);
}  // namespace city::items
