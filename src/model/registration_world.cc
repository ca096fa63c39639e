// SPDX-License-Identifier: Apache-2.0
// Why: what registration needs of the city (words, papers, registrar, signing key), and what
// follows from it in the base of certificates.
#include <fmt/format.h>

#include "base/log.h"
#include "base/yaml.h"
#include "engines/certificates/errors.h"
#include "ledger/row_text.h"
#include "model/city.h"
#include "model/paper_texts.h"

namespace city::model {
using ledger::Text;
Result<void> City::OpenRegistration() {
  registration::NameWords words;
  std::vector<registration::PaperText> papers;
  if (auto shelf = model().shelves.find("words"); shelf != model().shelves.end()) {
    for (const ShelfFile& file : shelf->second) {
      if (file.name == "papers") {
        TRY(papers, ReadPaperTexts(file.path));
        continue;
      }
      if (file.name != "name-words") continue;
      TRY(yaml::Node node, yaml::Load(file.path));
      auto take = [&](const char* key, std::vector<std::string>& into) {
        if (const yaml::Node* list = node.Find(key))
          for (const yaml::Node& each : list->items) into.push_back(each.text);
      };
      if (const yaml::Node* trades = node.Find("trades"))
        for (const yaml::Node& group : trades->items) {
          words.trades.emplace_back();
          for (const yaml::Node& word : group.items) words.trades.back().push_back(word.text);
        }
      take("forms", words.forms);
      take("banned", words.banned);
      take("national", words.national);
    }
  }
  for (const Division& division : place_.divisions)
    if (division.level <= "4") words.places.push_back(division.name);
  registration::Settings settings;
  std::string city_name;
  for (const Division& division : place_.divisions)
    if (division.level == "3" && division.code == place_.code.substr(0, division.code.size()))
      settings.name_places.push_back(city_name = division.name);
  for (const Division& division : place_.divisions)
    if (division.level == "4") {
      words.places.push_back(city_name + division.name);
      settings.name_places.push_back(words.places.back());
    }
  std::string code(TextAt(place_.about, "registrar"));
  for (const Organisation& body : place_.organisations)
    if (body.code == code) {
      settings.registrar = body.id;
      settings.registrar_name = body.name;
      settings.registrar_path = body.path;
    }
  settings.papers = std::move(papers);
  auto catalogue = ledger_->catalogue();
  for (const char* name : {"entity-kind", "registration-role"})
    if (auto list = catalogue->lists().find(name); list != catalogue->lists().end())
      for (const auto& code : list->second.codes) settings.code_names[code.code] = code.label.zh;
  settings.sign = [this](std::string_view bytes) -> Result<std::string> {
    TRY(std::string signature, keys_->Sign(space::kConsentKey, bytes));
    return crypto::ToHex(signature);
  };
  registration_ = std::make_unique<registration::Registration>(
      *ledger_, case_world_->decisions().AsFunction(), std::move(words), std::move(settings));
  TRY_VOID(registration_->LoadNames());
  return {};
}

Result<void> City::FollowRegistration(const std::string& id) {
  json::object row, before, enterprise;
  {
    TRY(auto snapshot, store_->Read());
    auto catalogue = ledger_->catalogue();
    TRY(row, ledger::ReadRow(*snapshot, *catalogue, "registration", id));
    std::string key = Text(row, "enterprise");
    if (key.empty()) return {};
    TRY(enterprise, ledger::ReadRow(*snapshot, *catalogue, "enterprise", key));
    TRY(json::array rows,
        ledger::FindRows(*snapshot, *catalogue, "certificate",
                         "holder = " + ledger::Quoted(key) +
                             " and type = \"business-licence\" and state = \"active\"",
                         1, "-issued_at"));
    if (!rows.empty()) before = rows[0].get_object();
    // Those who were let into the enterprise's space see it at once.
    TRY(store::Rows members,
        snapshot->Query("select account from r_space_member where enterprise = $1", {key}));
    while (members.Next()) accounts_->Forget(std::string(members.Text(0)));
  }
  std::string state = Text(row, "state");
  ledger::CommandInfo info{ledger::System("registration"), Text(row, "region"),
                           "licence-of-registration-" + id, id};
  if (state == "closed") {
    if (before.empty()) return {};
    auto ended = certificates_->Act(info, Text(before, "id"), "cancel", {{"reason", "注销登记"}});
    if (!ended) return Fail(std::move(ended).error());
    return {};
  }
  if (state != "licensed" && state != "changed") return {};
  if (state == "licensed" && !before.empty()) return {};
  certificates::Order order;
  order.type = "business-licence";
  order.holder = Text(enterprise, "id");
  order.holder_name = Text(enterprise, "name");
  order.holder_code = Text(enterprise, "credit_code");
  order.organisation = registration_->settings().registrar;
  order.region = Text(enterprise, "region");
  if (!before.empty()) {
    // A change gives a new version under the same number.
    order.previous = Text(before, "id");
    order.serial = Text(before, "serial");
    order.number = Text(before, "number");
    order.version = static_cast<int>(IntAt(before, "version_number", 1)) + 1;
    order.event = "change";
    order.reason = "变更登记";
  }
  const auto& names = registration_->settings().code_names;
  auto kind = names.find(Text(enterprise, "kind"));
  int64_t fen = IntAt(row, "capital");
  order.faces = {{"credit_code", order.holder_code},
                 {"name", order.holder_name},
                 {"kind", kind == names.end() ? Text(enterprise, "kind") : kind->second},
                 {"legal_person", Text(enterprise, "legal_person")},
                 {"capital", fmt::format("{}.{:02} 元", fen / 100, fen % 100)},
                 {"address", Text(enterprise, "address")},
                 {"founded", Text(enterprise, "founded")},
                 {"scope", Text(row, "scope_text")}};
  auto done = certificates_->Issue(info, std::move(order));
  if (!done && !done.error().Is(certificates::error::kHoldsOneAlready))
    LogWarning("no licence for a registration",
               {{"registration", id}, {"why", done.error().ToLine()}});
  return {};
}
}  // namespace city::model
