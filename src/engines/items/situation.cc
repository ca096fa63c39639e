// SPDX-License-Identifier: Apache-2.0
#include "engines/items/situation.h"

#include <algorithm>

#include "engines/items/errors.h"

namespace city::items {
namespace {
const json::object* Named(const json::array* list, std::string_view name) {
  if (list == nullptr) return nullptr;
  for (const json::value& each : *list)
    if (each.is_object() && TextAt(each.get_object(), "name") == name) return &each.get_object();
  return nullptr;
}

}  // namespace

std::vector<std::string> NamesIn(const json::value& value) {
  std::vector<std::string> out;
  auto add = [&](const json::value& one) {
    if (one.is_string() && std::find(out.begin(), out.end(), one.get_string().c_str()) == out.end())
      out.emplace_back(one.get_string().c_str());
  };
  if (const json::array* list = value.if_array()) {
    for (const json::value& each : *list) add(each);
  } else {
    add(value);
  }
  return out;
}

Result<json::object> AskQuestions(const Decide& decide, const json::object& guide,
                                  const json::object& answers) {
  std::string model(TextAt(guide, "model"));
  const json::array* words = ArrayAt(guide, "questions");
  json::object given;
  json::array asked;
  json::value next;
  // Each answer may open further questions; there are at most as many rounds as questions.
  for (size_t round = 0; next.is_null() && words != nullptr && round <= words->size(); ++round) {
    TRY(Decided open, decide(model, "questions", given, false));
    bool grew = false;
    for (const std::string& name : NamesIn(open.value)) {
      if (given.contains(name)) continue;
      const json::object* question = Named(words, name);
      if (question == nullptr) continue;
      const json::value* answer = answers.if_contains(name);
      if (answer == nullptr || answer->is_null()) {
        next = *question;
        break;
      }
      bool offered = false;
      for (const json::value& choice : *ArrayAt(*question, "choices"))
        offered = offered || choice.at("value") == *answer;
      if (!offered) return error::kAnswerWrong({{"question", name}});
      given[name] = *answer;
      json::object shown = *question;
      shown["answer"] = *answer;
      asked.push_back(std::move(shown));
      grew = true;
      break;
    }
    if (!grew) break;
  }
  return json::object{
      {"questions", std::move(asked)}, {"next", next}, {"answers", std::move(given)}};
}

Result<json::object> Situation(const Decide& decide, const json::object& item,
                               const json::object& answers) {
  const json::object* guide = ObjectAt(item, "guide");
  if (guide == nullptr) return error::kNoGuide;
  TRY(json::object out, AskQuestions(decide, *guide, answers));
  if (!out.at("next").is_null()) return out;
  std::string model(TextAt(*guide, "model"));
  json::object given = out.at("answers").get_object();
  TRY(Decided names, decide(model, "materials", given, false));
  json::array materials;
  for (const std::string& name : NamesIn(names.value)) {
    const json::object* known = Named(ArrayAt(item, "materials"), name);
    json::object material = known != nullptr ? *known : json::object{{"name", name}};
    // What only some must hand in is required of those.
    if (BoolAt(material, "conditional")) material["required"] = true;
    materials.push_back(std::move(material));
  }
  TRY(Decided stages, decide(model, "steps", given, false));
  json::array steps;
  for (const std::string& name : NamesIn(stages.value)) {
    const json::object* known = Named(ArrayAt(item, "steps"), name);
    steps.push_back(known != nullptr ? json::value(*known)
                                     : json::value(json::object{{"name", name}}));
  }
  out["materials"] = std::move(materials);
  out["steps"] = std::move(steps);
  out["rules"] = json::object{{"model", names.model}, {"version", names.version}};
  return out;
}
}  // namespace city::items
