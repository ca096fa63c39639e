// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/certificate_type.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
auto Bad(const yaml::Node& at, std::string zh, std::string en) {
  return error::kBadDeclaration(
      {{"place", at.Place()}, {"reason_zh", std::move(zh)}, {"reason_en", std::move(en)}});
}

Result<ledger::Words> WordsOf(const yaml::Node& node, std::string_view key) {
  const yaml::Node* found = node.Find(key);
  if (found == nullptr || found->Text("zh").empty() || found->Text("en").empty())
    return Bad(node, std::string(key) + " 须有中英文", std::string(key) + " needs both languages");
  return ledger::Words{found->Text("zh"), found->Text("en")};
}

std::vector<std::string> TextsOf(const yaml::Node& node, std::string_view key) {
  std::vector<std::string> out;
  if (const yaml::Node* found = node.Find(key))
    for (const yaml::Node& item : found->items) out.push_back(item.text);
  return out;
}

feel::Scope ScopeOf(const json::object& world) {
  feel::Scope scope;
  scope.lenient = true;
  for (const auto& [name, value] : world) scope.Declare(std::string(name));
  return scope;
}

feel::Value Evaluate(const std::string& text, const json::object& world, Time now) {
  auto compiled = feel::Compile(text, ScopeOf(world));
  if (!compiled) return {};
  std::vector<feel::Value> inputs;
  for (const auto& [name, value] : world) inputs.push_back(feel::FromJson(value));
  feel::Settings settings;
  settings.now = now;
  return feel::Evaluate(*compiled, inputs, settings);
}

json::object Said(const ledger::Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }
}  // namespace

const FaceField* CertificateType::Find(std::string_view field) const {
  for (const FaceField& each : fields)
    if (each.name == field) return &each;
  return nullptr;
}
const Scene* CertificateType::FindScene(std::string_view scene) const {
  for (const Scene& each : scenes)
    if (each.name == scene) return &each;
  return nullptr;
}
const Answer* CertificateType::FindAnswer(std::string_view answer) const {
  for (const Answer& each : answers)
    if (each.name == answer) return &each;
  return nullptr;
}

Result<CertificateType> ReadCertificateType(const yaml::Node& node, std::string system) {
  CertificateType type;
  type.system = std::move(system);
  type.place = node.Place();
  type.name = node.Text("certificate");
  static const std::set<std::string_view> kKnown = {
      "certificate", "label", "code", "defined_by", "holder", "results", "one",    "founds",
      "number",      "years", "seal", "sheet",      "fields", "scenes",  "answers"};
  for (const auto& [key, value] : node.entries)
    if (!kKnown.contains(key)) return Bad(value, "不认识的条目 " + key, "unknown entry " + key);
  if (type.name.empty()) return Bad(node, "缺少 certificate", "lacks certificate");
  TRY(type.label, WordsOf(node, "label"));
  type.code = node.Text("code");
  if (type.code.size() != 21)
    return Bad(node, "证照类型代码须为 21 位", "the code of a type has 21 signs");
  type.defined_by = node.Text("defined_by");
  std::string holder = node.Text("holder", "person");
  if (holder != "person" && holder != "enterprise")
    return Bad(node, "holder 须为 person 或 enterprise", "holder must be person or enterprise");
  type.for_enterprise = holder == "enterprise";
  type.results = TextsOf(node, "results");
  type.one = node.Bool("one");
  type.founds = node.Text("founds") == "enterprise";
  type.number = node.Text("number", "{region}{year}{serial:6}");
  type.years = static_cast<int>(node.Int("years"));
  type.seal = node.Text("seal");
  if (const yaml::Node* sheet = node.Find("sheet")) {
    type.width = static_cast<double>(sheet->Int("width", 297));
    type.height = static_cast<double>(sheet->Int("height", 210));
    std::vector<std::string_view> parts;
    std::string colour = sheet->Text("colour", "160 40 40");
    parts = Split(colour, ' ');
    if (parts.size() == 3)
      type.colour = {std::atoi(std::string(parts[0]).c_str()),
                     std::atoi(std::string(parts[1]).c_str()),
                     std::atoi(std::string(parts[2]).c_str())};
  }
  const yaml::Node* fields = node.Find("fields");
  if (fields == nullptr || fields->entries.empty())
    return Bad(node, "证照没有照面字段", "the certificate has no fields");
  for (const auto& [name, each] : fields->entries) {
    FaceField field;
    field.name = name;
    TRY(field.label, WordsOf(each, "label"));
    field.required = each.Bool("required");
    field.shown = each.Bool("shown", true);
    field.day = each.Bool("day");
    field.grade = static_cast<int>(each.Int("grade", 1));
    field.from = each.Text("from");
    if (!field.from.empty()) {
      feel::Scope scope;
      scope.lenient = true;
      if (auto compiled = feel::Compile(field.from, scope); !compiled)
        return Bad(each, compiled.error().SaysZh(), compiled.error().SaysEn());
    }
    type.fields.push_back(std::move(field));
  }
  if (const yaml::Node* answers = node.Find("answers"))
    for (const auto& [name, each] : answers->entries) {
      Answer answer{name, {}, each.Text("when")};
      TRY(answer.label, WordsOf(each, "label"));
      feel::Scope scope;
      scope.lenient = true;
      if (auto compiled = feel::Compile(answer.when, scope); !compiled)
        return Bad(each, compiled.error().SaysZh(), compiled.error().SaysEn());
      type.answers.push_back(std::move(answer));
    }
  if (const yaml::Node* scenes = node.Find("scenes"))
    for (const auto& [name, each] : scenes->entries) {
      Scene scene{name, {}, TextsOf(each, "fields"), each.Bool("confirm")};
      TRY(scene.label, WordsOf(each, "label"));
      for (const std::string& field : scene.fields)
        if (type.Find(field) == nullptr && type.FindAnswer(field) == nullptr)
          return Bad(each, "场景指向不存在的字段 " + field, "a scene names no field " + field);
      type.scenes.push_back(std::move(scene));
    }
  return type;
}

json::object Describe(const CertificateType& type) {
  json::array fields, scenes, answers;
  for (const FaceField& each : type.fields)
    fields.push_back(json::object{{"name", each.name},
                                  {"label", Said(each.label)},
                                  {"required", each.required},
                                  {"grade", each.grade},
                                  {"day", each.day}});
  for (const Scene& each : type.scenes) {
    json::array names;
    for (const std::string& name : each.fields) names.push_back(json::string(name));
    scenes.push_back(json::object{{"name", each.name},
                                  {"label", Said(each.label)},
                                  {"fields", std::move(names)},
                                  {"confirm", each.confirm}});
  }
  for (const Answer& each : type.answers)
    answers.push_back(json::object{{"name", each.name}, {"label", Said(each.label)}});
  return {{"name", type.name},
          {"label", Said(type.label)},
          {"code", type.code},
          {"defined_by", type.defined_by},
          {"system", type.system},
          {"holder", type.for_enterprise ? "enterprise" : "person"},
          {"years", type.years},
          {"one", type.one},
          {"fields", std::move(fields)},
          {"scenes", std::move(scenes)},
          {"answers", std::move(answers)}};
}

Result<json::object> CheckFaces(const CertificateType& type, const json::object& faces) {
  json::object out;
  Error faults{&error::kFaceWrong, {}, {}};
  auto fault = [&](const std::string& field, const char* keyword, std::string zh, std::string en) {
    faults.details.push_back({"/faces/" + field, keyword, std::move(zh), std::move(en)});
  };
  for (const auto& [key, value] : faces)
    if (type.Find({key.data(), key.size()}) == nullptr)
      fault(std::string(key).substr(0, 60), "additionalProperties", "没有这个照面字段",
            "there is no such field");
  for (const FaceField& field : type.fields) {
    std::string text(TextAt(faces, field.name));
    const json::value* given = faces.if_contains(field.name);
    if (given != nullptr && !given->is_string() && !given->is_null()) text = ToText(*given);
    if (Trim(text).empty()) {
      if (field.required)
        fault(field.name, "required", field.label.zh + "不能为空",
              field.label.en + " must not be empty");
      continue;
    }
    if (LengthOf(text) > 2000)
      fault(field.name, "maxLength", field.label.zh + "过长", field.label.en + " is too long");
    if (field.day && !ParseDate(text))
      fault(field.name, "format", field.label.zh + "须为年-月-日",
            field.label.en + " must be a date such as 2026-01-31");
    out[field.name] = text;
  }
  if (faults.details.empty()) return out;
  faults.params = {{"count", std::to_string(faults.details.size())}};
  return Fail(std::move(faults));
}

json::object FacesFrom(const CertificateType& type, const json::object& world, Time now) {
  json::object out;
  for (const FaceField& field : type.fields) {
    if (field.from.empty()) continue;
    json::value value = feel::ToJson(Evaluate(field.from, world, now));
    if (value.is_null()) continue;
    out[field.name] = value.is_string() ? value : json::value(ToText(value));
  }
  return out;
}

int AgeOf(const json::object& faces, Date today) {
  std::string born(TextAt(faces, "birth_date"));
  if (std::string_view id = TextAt(faces, "id_number"); born.empty() && id.size() == 18)
    born = std::string(id.substr(6, 4)) + "-" + std::string(id.substr(10, 2)) + "-" +
           std::string(id.substr(12, 2));
  auto day = ParseDate(born);
  if (!day) return -1;
  std::chrono::year_month_day a{*day}, b{today};
  int age = static_cast<int>(b.year()) - static_cast<int>(a.year());
  if (b.month() < a.month() || (b.month() == a.month() && b.day() < a.day())) --age;
  return age;
}

bool AnswerOf(const Answer& answer, const json::object& faces, Time now) {
  json::object world = faces;
  int age = AgeOf(faces, ChinaDate(now));
  world["age"] = age < 0 ? json::value() : json::value(age);
  feel::Value value = Evaluate(answer.when, world, now);
  return value.IsBoolean() && value.boolean();
}
}  // namespace city::certificates
