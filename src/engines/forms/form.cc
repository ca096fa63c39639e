// SPDX-License-Identifier: Apache-2.0
// Decides which fields are shown, drops the others, and has the rest judged; the twin of form.ts.
#include "engines/forms/forms.h"
#include "engines/forms/internal/schema.h"

namespace city::forms {
namespace {

constexpr int kMaxNesting = 64;
constexpr size_t kMaxHidden = 20'000;

/// Walks the ui with the data and gathers the fields that are not shown.
class Walk {
 public:
  Walk(const Form& form, const json::value& data) : form_(form), data_(data) {}

  Hidden Run() {
    Elements(form_.ui, "", false, 0);
    return std::move(hidden_);
  }

 private:
  void Elements(const json::value& list, const std::string& row, bool above, int depth) {
    if (!list.is_array() || depth > kMaxNesting || hidden_.size() > kMaxHidden) return;
    for (const json::value& part : list.get_array()) {
      if (!part.is_object()) continue;
      const json::object& element = part.get_object();
      const bool gone = above || !IsShown(element.if_contains("rule"), row);
      const json::value* inner = element.if_contains("elements");
      if (TextAt(element, "type") != "Control") {
        if (inner != nullptr) Elements(*inner, row, gone, depth + 1);
        continue;
      }
      const std::string pointer = row + std::string(TextAt(element, "scope"));
      if (gone) hidden_.insert(pointer);
      if (gone || inner == nullptr) continue;
      const json::value* rows = ValueAt(data_, pointer);
      if (rows == nullptr || !rows->is_array()) continue;
      for (size_t at = 0; at < rows->get_array().size(); ++at) {
        Elements(*inner, pointer + "/" + std::to_string(at), false, depth + 1);
      }
    }
  }

  bool IsShown(const json::value* rule, const std::string& row) {
    if (rule == nullptr || !rule->is_object()) return true;
    const json::object* condition = ObjectAt(rule->get_object(), "condition");
    const json::value* schema = condition ? condition->if_contains("schema") : nullptr;
    if (schema == nullptr) return true;
    const std::string_view scope = TextAt(*condition, "scope");
    const std::string pointer =
        scope.starts_with("./") ? row + std::string(scope.substr(1)) : std::string(scope);
    const json::value* value = ValueAt(data_, pointer);
    bool meets = false;  // what is not there meets no condition
    if (value != nullptr) {
      const bool own = schema->is_object() && schema->get_object().contains("$defs");
      Judgement judgement{own ? schema : &form_.schema, form_.patterns.get()};
      judgement.steps = steps_;
      meets = Judge(judgement, *schema, *value, "");
      steps_ = judgement.steps;
    }
    return (TextAt(rule->get_object(), "effect") == "SHOW") == meets;
  }

  const Form& form_;
  const json::value& data_;
  Hidden hidden_;
  int steps_ = 0;
};

bool Drop(json::value& data, const std::string& pointer) {
  const size_t cut = pointer.rfind('/');
  if (cut == std::string::npos) return false;
  json::value* holder = ValueAt(data, std::string_view(pointer).substr(0, cut));
  if (holder == nullptr || !holder->is_object()) return false;
  std::string name;
  for (size_t at = cut + 1; at < pointer.size(); ++at) {
    const bool escaped = pointer[at] == '~' && at + 1 < pointer.size();
    name += escaped ? (pointer[++at] == '1' ? '/' : '~') : pointer[at];
  }
  return holder->get_object().erase(name) > 0;
}

}  // namespace

Outcome Check(const Form& form, const json::value& data) {
  Outcome outcome;
  outcome.data = data;
  Hidden hidden;
  for (bool dropped = true; dropped;) {
    hidden = Walk(form, outcome.data).Run();
    dropped = false;
    for (const std::string& pointer : hidden) dropped = Drop(outcome.data, pointer) || dropped;
  }
  Judgement judgement{&form.schema, form.patterns.get(), &hidden};
  Judge(judgement, form.schema, outcome.data, "");
  outcome.errors = std::move(judgement.faults);
  outcome.warnings = std::move(judgement.warnings);
  return outcome;
}

}  // namespace city::forms
