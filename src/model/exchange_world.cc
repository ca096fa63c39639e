// SPDX-License-Identifier: Apache-2.0
#include "model/exchange_world.h"

#include "engines/cases/case_life.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/net/http_client.h"

namespace city::model {
using ledger::Quoted;
using ledger::Text;

Result<json::array> ExchangeWorld::Offer() {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array items,
      ledger::FindRows(*snapshot, *catalogue, "item",
                       "state = \"published\" and scope_of_handling in (\"nation\", \"province\", "
                       "\"city\")",
                       500, "name"));
  json::array out;
  for (const json::value& each : items) {
    const json::object& item = each.get_object();
    json::object shown;
    for (const char* key : {"code", "basic_code", "name", "legal_days", "promised_days",
                            "conditions", "materials", "objects"})
      shown[key] = item.at(key);
    TRY(json::object body,
        ledger::ReadRow(*snapshot, *catalogue, "organisation", Text(item, "department")));
    shown["department_name"] = body.at("name");
    shown["form"] = nullptr;
    if (std::string form = Text(item, "form"); !form.empty()) {
      TRY(json::object declared, world_.Form(form));
      shown["form"] = json::object{{"schema", declared.at("schema")}, {"ui", declared.at("ui")}};
    }
    out.push_back(std::move(shown));
  }
  return out;
}

Result<json::object> ExchangeWorld::ItemOf(store::Reader& reader, const std::string& code) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array items,
      ledger::FindRows(reader, *catalogue, "item",
                       "code = " + Quoted(code) +
                           " and state = \"published\" and scope_of_handling in (\"nation\", "
                           "\"province\", \"city\", \"county\")",
                       1));
  if (items.empty()) return ledger::error::kNotFound;
  json::object item = std::move(items[0].get_object());
  TRY(json::object body,
      ledger::ReadRow(reader, *catalogue, "organisation", Text(item, "department")));
  item["department_name"] = body.at("name");
  return item;
}

Result<json::object> ExchangeWorld::CheckAnswers(const json::object& form,
                                                 const json::object& answers) {
  return world_.CheckAnswers(form, answers);
}

Result<std::string> ExchangeWorld::Submit(ledger::Writer& writer, const json::object& application) {
  return cases_.SubmitIn(writer, application);
}

Result<void> ExchangeWorld::Act(ledger::Writer& writer, const std::string& case_id,
                                const std::string& act, const json::object& body) {
  return cases_.ActIn(writer, case_id, act, body);
}

Result<json::object> ExchangeWorld::Face(const std::string& case_id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "service_case", case_id));
  json::object out;
  std::string state = Text(row, "state");
  const cases::StateInfo* info = cases::FindState(state);
  out["state"] = state;
  out["state_zh"] = info != nullptr ? info->zh : state;
  out["state_en"] = info != nullptr ? info->en : state;
  for (const char* key :
       {"number", "step", "promised_due", "legal_due", "accepted_at", "decided_at", "delivered_at"})
    out[key] = row.at(key);
  out["reason"] = row.at("last_reason");
  out["correction"] = nullptr;
  if (state == "correction")
    out["correction"] = json::object{{"note", row.at("correction_note")},
                                     {"materials", row.at("correction_materials")}};
  TRY(json::array events, ledger::FindRows(*snapshot, *catalogue, "case_event",
                                           "case_id = " + Quoted(case_id), 500, "created_at"));
  json::array timeline;
  for (const json::value& each : events) {
    const json::object& event = each.get_object();
    std::string_view act = TextAt(event, "act");
    // The discussion inside the office is not told; receipts, requests and decisions are.
    const cases::ActInfo* known = cases::FindAct(act);
    bool told = known != nullptr && act != "comment" && act != "forward" && act != "return";
    if (act != "submit" && !told) continue;
    timeline.push_back(json::object{{"at", event.at("created_at")},
                                    {"act", act},
                                    {"zh", known != nullptr ? known->zh : "提交申请"},
                                    {"en", known != nullptr ? known->en : "Submitted"},
                                    {"note", event.at("note")}});
  }
  out["timeline"] = std::move(timeline);
  TRY(json::array certificates,
      ledger::FindRows(*snapshot, *catalogue, "certificate",
                       "case_id = " + Quoted(case_id) + " and state = \"active\"", 20,
                       "issued_at"));
  json::array results;
  for (const json::value& each : certificates)
    results.push_back(json::object{
        {"ref", each.get_object().at("id")},
        {"name", Text(each.get_object(), "type_name") + "-" + Text(each.get_object(), "number")}});
  out["stamp"] = IntAt(row, "version") * 100 + static_cast<int64_t>(results.size());
  out["results"] = std::move(results);
  return out;
}

Result<exchange::FileBytes> ExchangeWorld::ReadFile(const ledger::Subject& who,
                                                    const std::string& kind,
                                                    const std::string& id) {
  if (kind == "certificate") {
    TRY(certificates::File file, certificates_.Download(ledger::ActingFor(who), id, "ofd"));
    return exchange::FileBytes{std::move(file.name), std::move(file.bytes)};
  }
  TRY(attachments::Content content, attachments_.Read(who, id, true));
  return exchange::FileBytes{std::move(content.name), std::move(content.bytes)};
}

Result<json::object> ExchangeWorld::StoreFile(const exchange::FileBytes& file) {
  TRY(attachments::Stored stored, attachments_.Store(file.name, file.bytes));
  return json::object{{"name", stored.name},
                      {"type", stored.type},
                      {"digest", stored.digest},
                      {"size", stored.size}};
}

Result<std::string> ExchangeWorld::KeepFile(ledger::Writer& writer, const json::object& stored) {
  TRY(std::string text,
      attachments::Attachments::Record(writer,
                                       {Text(stored, "name"), Text(stored, "type"),
                                        Text(stored, "digest"), IntAt(stored, "size")},
                                       "exchange"));
  TRY(json::value made, ParseJson(text));
  return Text(made.get_object(), "id");
}

Result<std::pair<int, std::string>> PostToPartner(const std::string& address, std::string text) {
  TRY(net::HttpAnswer answer,
      net::PostJson(address, exchange::kPath, std::move(text),
                    {std::chrono::seconds(3), std::chrono::seconds(20), 2u << 20}));
  return std::pair(answer.status, std::move(answer.body));
}
}  // namespace city::model
