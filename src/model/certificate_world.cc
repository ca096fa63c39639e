// SPDX-License-Identifier: Apache-2.0
#include "model/certificate_world.h"

#include "engines/space/errors.h"
#include "model/errors.h"

namespace city::model {
namespace {
json::object Said(const ledger::Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }
}  // namespace

Result<certificates::CertificateTypes> ReadCertificateTypes(const Model& model) {
  certificates::CertificateTypes out;
  auto shelf = model.shelves.find("certificates");
  if (shelf == model.shelves.end()) return out;
  for (const ShelfFile& file : shelf->second) {
    if (!file.path.ends_with(".yaml")) continue;
    TRY(yaml::Node node, yaml::Load(file.path));
    TRY(certificates::CertificateType type, certificates::ReadCertificateType(node, file.system));
    std::string name = type.name, place = type.place;
    if (!out.emplace(name, std::move(type)).second)
      return error::kFault({{"place", place},
                            {"reason_zh", "证照类型 " + name + " 声明了两次"},
                            {"reason_en", "certificate type " + name + " is declared twice"},
                            {"remedy_zh", "请删去一处。"},
                            {"remedy_en", "Remove one of them."}});
  }
  return out;
}

Result<json::object> SpaceHoldings::Describe(const space::Thing& thing) {
  json::array fields;
  auto wrong = [&](const std::string& name) {
    return space::error::kRequestWrong(
        {{"reason_zh", "没有“" + name.substr(0, 60) + "”"},
         {"reason_en", "there is no \"" + name.substr(0, 60) + "\""}});
  };
  if (thing.kind == "certificate") {
    auto type = certificates_.TypeOf(thing.type);
    if (!type) return wrong(thing.type);
    for (const std::string& name : thing.fields) {
      if (const auto* field = (*type)->Find(name))
        fields.push_back(json::object{{"name", name}, {"label", Said(field->label)}});
      else if (const auto* answer = (*type)->FindAnswer(name))
        fields.push_back(
            json::object{{"name", name}, {"label", Said(answer->label)}, {"yes_or_no", true}});
      else
        return wrong(name);
    }
    return json::object{{"label", Said((*type)->label)}, {"fields", std::move(fields)}};
  }
  if (thing.kind != "data" || (thing.type != "person" && thing.type != "enterprise"))
    return wrong(thing.type);
  auto catalogue = ledger_.catalogue();
  TRY(const ledger::KnownType* known, catalogue->Find(thing.type));
  for (const std::string& name : thing.fields) {
    const ledger::Field* field = known->type.Find(name);
    if (field == nullptr || field->grade >= 5) return wrong(name);
    fields.push_back(json::object{{"name", name}, {"label", Said(field->label)}});
  }
  return json::object{{"label", Said(known->type.label)}, {"fields", std::move(fields)}};
}

Result<json::array> SpaceHoldings::Reveal(const std::string& owner, const space::Thing& thing) {
  auto none = [] {
    return space::error::kNotAuthorised(
        {{"reason_zh", "对方没有有效的该类证照"}, {"reason_en", "the holder has none in force"}});
  };
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  if (thing.kind == "certificate") {
    TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate",
                                           "holder = " + ToText(json::value(owner)) +
                                               " and type = " + ToText(json::value(thing.type)) +
                                               " and state = \"active\"",
                                           1, "-issued_at"));
    if (rows.empty()) return none();
    auto shown =
        certificates_.Reveal(std::string(TextAt(rows[0].get_object(), "id")), thing.fields, false);
    if (!shown) return none();
    return shown->at("rows").as_array();
  }
  TRY(const ledger::KnownType* known, catalogue->Find(thing.type));
  auto row = ledger::ReadRow(*snapshot, *catalogue, thing.type, owner);
  if (!row) return none();
  json::array out;
  for (const std::string& name : thing.fields) {
    const ledger::Field* field = known->type.Find(name);
    if (field == nullptr) continue;
    out.push_back(
        json::object{{"name", name}, {"label", Said(field->label)}, {"value", row->at(name)}});
  }
  return out;
}
}  // namespace city::model
