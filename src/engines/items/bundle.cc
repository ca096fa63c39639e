// SPDX-License-Identifier: Apache-2.0
#include "engines/items/bundle.h"

#include <algorithm>
#include <map>
#include <set>

#include "engines/items/errors.h"
#include "engines/items/situation.h"

namespace city::items {
namespace {
std::string Text(const json::object& row, std::string_view key) {
  return std::string(TextAt(row, key));
}

const json::object* Named(const json::array& list, std::string_view name) {
  for (const json::value& each : list)
    if (each.is_object() && TextAt(each.get_object(), "name") == name) return &each.get_object();
  return nullptr;
}

/// First word of a pointer: "agent" of "/agent/name".
std::string TopOf(std::string_view scope) {
  if (scope.starts_with('/')) scope.remove_prefix(1);
  return std::string(scope.substr(0, scope.find('/')));
}

/// The one form, grown part by part.
class OneForm {
 public:
  /// Adds what a part's form asks beyond what is asked already. Answers the shared name of each of
  /// its fields that is not fixed.
  json::object Add(const json::object& part, const json::object& form) {
    const json::object* schema = ObjectAt(form, "schema");
    const json::array* ui = ArrayAt(form, "ui");
    const json::object* fixed = ObjectAt(part, "fixed");
    const json::object* same = ObjectAt(part, "same");
    json::object names;
    std::set<std::string> fresh;
    if (schema == nullptr) return names;
    if (const json::object* properties = ObjectAt(*schema, "properties")) {
      for (const auto& [key, declared] : *properties) {
        std::string field(key);
        if (fixed != nullptr && fixed->contains(field)) continue;
        std::string shared = field;
        if (same != nullptr && same->contains(field)) shared = Text(*same, field);
        const json::value* known = properties_.if_contains(shared);
        // Two forms may mean different things by one word; then both are asked.
        if (known != nullptr && *known != declared && shared == field)
          shared = Text(part, "name") + "_" + field;
        if (!properties_.contains(shared)) {
          properties_[shared] = declared;
          fresh.insert(field);
        }
        names[field] = shared;
      }
    }
    if (const json::array* required = ArrayAt(*schema, "required"))
      for (const json::value& each : *required) {
        std::string field(each.get_string().c_str());
        if (names.contains(field)) required_.insert(Text(names, field));
      }
    if (const json::array* rules = ArrayAt(*schema, "allOf"))
      for (const json::value& rule : *rules) {
        bool whole = Speaks(rule, names);
        if (whole && std::find(rules_.begin(), rules_.end(), rule) == rules_.end())
          rules_.push_back(rule);
      }
    if (const json::object* definitions = ObjectAt(*schema, "$defs"))
      for (const auto& [key, value] : *definitions) definitions_[key] = value;
    if (ui != nullptr)
      for (const json::value& step : *ui)
        if (step.is_object()) {
          json::value kept = Keep(step, names, fresh);
          if (!kept.is_null()) pages_.push_back(std::move(kept));
        }
    return names;
  }

  json::object Done() const {
    json::array required;
    for (const std::string& each : required_) required.push_back(json::string(each));
    json::object schema{
        {"type", "object"}, {"required", std::move(required)}, {"properties", properties_}};
    if (!rules_.empty()) schema["allOf"] = rules_;
    if (!definitions_.empty()) schema["$defs"] = definitions_;
    return {{"schema", std::move(schema)}, {"ui", pages_}};
  }

 private:
  /// Whether every field that a rule names is asked under its own name.
  static bool Speaks(const json::value& rule, const json::object& names) {
    if (const json::object* object = rule.if_object()) {
      if (const json::object* properties = ObjectAt(*object, "properties"))
        for (const auto& [key, value] : *properties)
          if (!names.contains(key) || TextAt(names, key) != key) return false;
      for (const char* inner : {"if", "then", "else"})
        if (const json::value* value = object->if_contains(inner))
          if (!Speaks(*value, names)) return false;
      if (const json::array* required = ArrayAt(*object, "required"))
        for (const json::value& each : *required)
          if (!names.contains(each.get_string())) return false;
    }
    return true;
  }

  /// The part of an element that asks something new; null when nothing of it does.
  static json::value Keep(const json::value& element, const json::object& names,
                          const std::set<std::string>& fresh) {
    json::object out = element.get_object();
    if (TextAt(out, "type") == "Control") {
      std::string scope = Text(out, "scope"), top = TopOf(scope);
      if (!fresh.contains(top)) return {};
      std::string shared = Text(names, top);
      out["scope"] = "/" + shared + scope.substr(top.size() + 1);
      return out;
    }
    const json::array* elements = ArrayAt(out, "elements");
    if (elements == nullptr) return {};
    json::array kept;
    for (const json::value& each : *elements)
      if (each.is_object()) {
        json::value one = Keep(each, names, fresh);
        if (!one.is_null()) kept.push_back(std::move(one));
      }
    if (kept.empty()) return {};
    out["elements"] = std::move(kept);
    return out;
  }

  json::object properties_, definitions_;
  std::set<std::string> required_;
  json::array rules_, pages_;
};

/// Controls of a form that must be answered, as somebody meets them.
int64_t RequiredFields(const json::object& form) {
  const json::object* schema = ObjectAt(form, "schema");
  const json::array* required = schema != nullptr ? ArrayAt(*schema, "required") : nullptr;
  return required == nullptr ? 0 : static_cast<int64_t>(required->size());
}
}  // namespace

json::object AnswersOf(const json::object& part, const json::object& data) {
  json::object out;
  if (const json::object* fixed = ObjectAt(part, "fixed"))
    for (const auto& [key, value] : *fixed) out[key] = value;
  if (const json::object* fields = ObjectAt(part, "fields"))
    for (const auto& [key, shared] : *fields)
      if (const json::value* value = data.if_contains(shared.get_string())) out[key] = *value;
  return out;
}

Result<json::object> PlanBundle(const Decide& decide, const json::object& bundle,
                                const ItemOf& item_of, const FormOf& form_of,
                                const json::object& answers, const HeldOf& held_of) {
  const json::object* guide = ObjectAt(bundle, "guide");
  const json::array* declared = ArrayAt(bundle, "parts");
  if (guide == nullptr || declared == nullptr) return error::kNoGuide;
  TRY(json::object out, AskQuestions(decide, *guide, answers));
  if (!out.at("next").is_null()) return out;
  TRY(Decided chosen,
      decide(TextAt(*guide, "model"), "parts", out.at("answers").get_object(), false));
  std::vector<std::string> names = NamesIn(chosen.value);
  const json::object* same_materials = ObjectAt(bundle, "same_materials");
  const json::object* written = ObjectAt(bundle, "written");
  auto shared_name = [&](const std::string& material) {
    return same_materials != nullptr && same_materials->contains(material)
               ? Text(*same_materials, material)
               : material;
  };

  // Items first, so that each part knows what the others yield.
  std::map<std::string, json::object> items;
  std::map<std::string, std::string> yields;  // certificate → part
  for (const std::string& name : names) {
    const json::object* part = Named(*declared, name);
    if (part == nullptr) return error::kBundleWrong({{"part", name}});
    TRY(json::object item, item_of(Text(*part, "basic_code")));
    if (std::string made = Text(item, "yields"); !made.empty()) yields[shared_name(made)] = name;
    if (std::string made = Text(item, "result_name"); !made.empty())
      yields.emplace(shared_name(made), name);
    items[name] = std::move(item);
  }

  OneForm form;
  json::array parts, materials, left_out;
  std::map<std::string, size_t> asked;  // material → its place
  std::map<std::string, int64_t> until;
  int64_t fields_apart = 0, files_apart = 0, days = 0;
  for (const std::string& name : names) {
    const json::object& part = *Named(*declared, name);
    const json::object& item = items[name];
    json::array needs;
    int64_t from = 0;
    if (const json::array* given = ArrayAt(part, "needs"))
      for (const json::value& each : *given) {
        std::string other(each.get_string().c_str());
        if (!items.contains(other)) continue;
        if (!until.contains(other)) return error::kBundleWrong({{"part", name}});
        needs.push_back(each);
        from = std::max(from, until[other]);
      }
    until[name] = from + std::max<int64_t>(IntAt(item, "promised_days"), 0);
    days = std::max(days, until[name]);
    json::object fields, own;
    if (std::string form_name = Text(item, "form"); !form_name.empty()) {
      TRY(own, form_of(form_name));
      fields = form.Add(part, own);
      fields_apart += RequiredFields(own);
    }
    json::array given, provided;
    if (const json::array* list = ArrayAt(item, "materials"))
      for (const json::value& each : *list) {
        const json::object& material = each.get_object();
        bool required = BoolAt(material, "required"), held = BoolAt(material, "certificate");
        if (!required && !held) continue;
        std::string shared = shared_name(Text(material, "name"));
        if (required) ++files_apart;
        // Why nobody has to hand it in: another part yields it, the city writes it from the
        // answers, the applicant holds it as a certificate, or a register has it.
        json::object reason;
        if (auto maker = yields.find(shared); maker != yields.end() && maker->second != name) {
          reason = {{"why", "yielded"}, {"by", maker->second}};
        } else if (written != nullptr && written->contains(shared)) {
          reason = {{"why", "written"}, {"paper", Text(*written, shared)}};
        } else if (const json::array* types = ArrayAt(material, "proven_by");
                   types != nullptr && held_of) {
          TRY(json::object held, held_of(*types));
          if (!held.empty())
            reason = {{"why", "held"}, {"by", Text(held, "issuer_name")}, {"certificate", held}};
        }
        if (reason.empty() && held) reason = {{"why", "held"}, {"by", Text(material, "issuer")}};
        if (!reason.empty()) {
          json::object told = reason;
          told["material"] = shared;
          told["part"] = name;
          left_out.push_back(std::move(told));
          reason["name"] = material.at("name");
          reason["shared"] = shared;
          provided.push_back(std::move(reason));
          continue;
        }
        given.push_back(json::object{{"name", material.at("name")}, {"shared", shared}});
        auto known = asked.find(shared);
        if (known != asked.end()) {
          json::object& once = materials[known->second].get_object();
          once["parts"].get_array().push_back(json::string(name));
          // One part that takes it later does not help when another needs it now.
          if (!BoolAt(material, "accept_missing")) once["accept_missing"] = false;
          left_out.push_back(json::object{{"material", shared}, {"part", name}, {"why", "shared"}});
          continue;
        }
        asked[shared] = materials.size();
        materials.push_back(
            json::object{{"name", shared},
                         {"required", true},
                         {"accept_missing", BoolAt(material, "accept_missing")},
                         {"accept_missing_days", IntAt(material, "accept_missing_days")},
                         {"note", Text(material, "note")},
                         {"parts", json::array{json::string(name)}}});
      }
    parts.push_back(json::object{
        {"name", name},
        {"item", item.at("id")},
        {"item_name", item.at("name")},
        {"department", item.at("department")},
        {"department_name", Text(item, "department_name")},
        {"promised_days", IntAt(item, "promised_days")},
        {"needs", std::move(needs)},
        {"from_day", from},
        {"until_day", until[name]},
        {"yields", Text(item, "result_name")},
        {"fixed", part.contains("fixed") ? part.at("fixed") : json::value(json::object{})},
        {"fields", std::move(fields)},
        {"materials", std::move(given)},
        {"provided", std::move(provided)}});
  }
  if (std::string own = Text(bundle, "form"); !own.empty()) {
    TRY(json::object asked_once, form_of(own));
    out["own_fields"] = form.Add({{"name", "bundle"}}, asked_once);
  }
  json::object one = form.Done();
  out["compared"] = json::object{{"fields", RequiredFields(one)},
                                 {"files", materials.size()},
                                 {"fields_apart", fields_apart},
                                 {"files_apart", files_apart}};
  out["parts"] = std::move(parts);
  out["form"] = std::move(one);
  out["materials"] = std::move(materials);
  out["left_out"] = std::move(left_out);
  out["days"] = days;
  out["rules"] = json::object{{"model", chosen.model}, {"version", chosen.version}};
  return out;
}
}  // namespace city::items
