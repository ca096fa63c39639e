// SPDX-License-Identifier: Apache-2.0
#include "model/paper_texts.h"

#include "base/fill.h"
#include "base/yaml.h"
#include "engines/cases/errors.h"
#include "engines/items/bundle.h"
#include "model/case_world.h"

namespace city::model {
Result<std::vector<registration::PaperText>> ReadPaperTexts(const std::string& path) {
  TRY(yaml::Node node, yaml::Load(path));
  std::vector<registration::PaperText> out;
  const yaml::Node* list = node.Find("papers");
  if (list == nullptr) return out;
  for (const yaml::Node& each : list->items) {
    registration::PaperText paper;
    if (const yaml::Node* name = each.Find("paper")) paper.name = name->text;
    if (const yaml::Node* title = each.Find("title")) {
      if (const yaml::Node* zh = title->Find("zh")) paper.title_zh = zh->text;
      if (const yaml::Node* en = title->Find("en")) paper.title_en = en->text;
    }
    if (const yaml::Node* kinds = each.Find("kinds"))
      for (const yaml::Node& kind : kinds->items) paper.kinds.push_back(kind.text);
    if (const yaml::Node* texts = each.Find("says"))
      for (const yaml::Node& text : texts->items) paper.paragraphs.push_back(text.text);
    out.push_back(std::move(paper));
  }
  return out;
}

namespace {
/// What stands in a paper for a value; nothing for lists and objects.
std::string Shown(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string().c_str());
  if (value.is_bool()) return value.get_bool() ? "是" : "否";
  return value.is_number() ? ToText(value) : std::string();
}
}  // namespace

Result<json::object> CaseWorld::WritePaper(const std::string& name, const json::object& facts) {
  auto found = papers_.find(name);
  if (found == papers_.end()) return cases::error::kNoSuchPaper({{"name", name}});
  const registration::PaperText& text = found->second;
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : facts) values[std::string(key)] = Shown(value);
  json::array paragraphs;
  for (const std::string& paragraph : text.paragraphs) {
    // One that names {each.…} stands once for each entry of the list `each`.
    if (paragraph.find("{each.") == std::string::npos) {
      paragraphs.push_back(json::string(FillIn(paragraph, values)));
      continue;
    }
    const json::array* list = ArrayAt(facts, "each");
    if (list == nullptr) continue;
    for (const json::value& entry : *list) {
      auto with = values;
      for (const auto& [key, value] : entry.as_object())
        with["each." + std::string(key)] = Shown(value);
      paragraphs.push_back(json::string(FillIn(paragraph, with)));
    }
  }
  return json::object{{"title", json::object{{"zh", text.title_zh}, {"en", text.title_en}}},
                      {"paragraphs", std::move(paragraphs)}};
}

Result<json::object> CaseWorld::PlanBundle(const json::object& bundle, const json::object& answers,
                                           const ledger::Subject& who) {
  json::array own;
  bool asked = false;
  // The applicant's certificates, read once and only when something asks for them. An official at a
  // window speaks for somebody else and has none to give.
  auto held = [&](const json::array& types) -> Result<json::object> {
    if (certificates_ == nullptr || who.kind == "official" || who.system) return json::object{};
    if (!asked) {
      asked = true;
      TRY(std::string text, certificates_->Mine(who));
      TRY(json::value rows, ParseJson(text, {.max_bytes = 4u << 20}));
      own = rows.at("rows").as_array();
    }
    for (const json::value& type : types)
      for (const json::value& each : own) {
        const json::object& one = each.as_object();
        if (!type.is_string() || TextAt(one, "type") != type.get_string() ||
            TextAt(one, "state") != "active")
          continue;
        json::object out;
        for (const char* key : {"id", "type", "type_name", "issuer_name"})
          if (one.contains(key)) out[key] = one.at(key);
        return out;
      }
    return json::object{};
  };
  return items::PlanBundle(
      decisions_->AsFunction(), bundle, item_of_,
      [this](const std::string& form) { return Form(form); }, answers, held);
}
}  // namespace city::model
