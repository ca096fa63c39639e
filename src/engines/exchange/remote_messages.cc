// SPDX-License-Identifier: Apache-2.0
// Why: what the messages about remote cases mean, on both sides.
#include "base/text.h"
#include "engines/exchange/errors.h"
#include "engines/exchange/remote_cases.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::exchange {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
json::object ObjectOr(const json::object& from, std::string_view key) {
  const json::object* found = ObjectAt(from, key);
  return found != nullptr ? *found : json::object{};
}
json::array ArrayOr(const json::object& from, std::string_view key) {
  const json::array* found = ArrayAt(from, key);
  return found != nullptr ? *found : json::array{};
}
}  // namespace

void RemoteCases::KnowKinds() {
  auto own = [this](Writer& writer, const Answered& answered) { return Answer(writer, answered); };
  exchange_.Know("ask-offer",
                 {nullptr,
                  [this](const Incoming&) -> Result<json::object> {
                    TRY(json::array items, offices_.Offer());
                    return json::object{{"items", std::move(items)}};
                  },
                  [this](Writer& writer, const Incoming& in,
                         const json::object& offer) -> Result<json::object> {
                    TRY_VOID(exchange_.Send(writer, in.partner.code, "offer", "", offer));
                    return json::object{};
                  },
                  nullptr});
  exchange_.Know(
      "offer",
      {nullptr, nullptr,
       [](Writer& writer, const Incoming& in, const json::object&) -> Result<json::object> {
         TRY_VOID(writer.Update(
             "exchange_partner", in.partner.id,
             {{"offer", ArrayOr(in.body, "items")}, {"offer_at", IsoChina(writer.now())}}));
         return json::object{};
       },
       nullptr});
  exchange_.Know("file",
                 {[this](json::object body) -> Result<json::object> {
                    TRY(FileBytes file, offices_.ReadFile(ledger::System("exchange"),
                                                          Text(body, "kind"), Text(body, "ref")));
                    return json::object{{"ref", body.at("ref")},
                                        {"name", file.name},
                                        {"sm3", crypto::ToHex(crypto::Sm3(file.bytes))},
                                        {"bytes", crypto::ToBase64(file.bytes)}};
                  },
                  [this](const Incoming& in) -> Result<json::object> {
                    auto bytes = crypto::FromBase64(TextAt(in.body, "bytes"));
                    std::string name = Text(in.body, "name");
                    if (!bytes || crypto::ToHex(crypto::Sm3(*bytes)) != TextAt(in.body, "sm3"))
                      return error::kFileAltered({{"name", name.substr(0, 100)}});
                    return offices_.StoreFile({name, std::move(*bytes)});
                  },
                  [this](Writer& writer, const Incoming& in, const json::object& stored) {
                    return TakeFile(writer, in, stored);
                  },
                  own});
  exchange_.Know("case", {nullptr, nullptr,
                          [this](Writer& writer, const Incoming& in, const json::object&) {
                            return TakeCase(writer, in);
                          },
                          own});
  exchange_.Know("state", {nullptr, nullptr,
                           [this](Writer& writer, const Incoming& in, const json::object&) {
                             return TakeState(writer, in);
                           },
                           nullptr});
  exchange_.Know("act", {nullptr, nullptr,
                         [this](Writer& writer, const Incoming& in, const json::object&) {
                           return TakeAct(writer, in);
                         },
                         own});
  exchange_.Know("courier", {nullptr, nullptr,
                             [this](Writer& writer, const Incoming& in, const json::object&) {
                               return TakeCourier(writer, in);
                             },
                             nullptr});
}

Result<json::object> RemoteCases::TakeFile(Writer& writer, const Incoming& in,
                                           const json::object& stored) {
  TRY(std::string attachment, offices_.KeepFile(writer, stored));
  TRY_VOID(writer.tx().Execute(
      "insert into exchange_file (partner, about, ref, attachment, name, sm3) values "
      "($1, $2, $3, $4, $5, $6) on conflict (partner, about, ref) do update set attachment = "
      "excluded.attachment, name = excluded.name, sm3 = excluded.sm3",
      {in.partner.code, in.about, Text(in.body, "ref"), attachment, Text(in.body, "name"),
       Text(in.body, "sm3")}));
  return json::object{};
}

Result<void> RemoteCases::SendFiles(Writer& writer, const std::string& partner,
                                    const std::string& about, const json::array& materials) {
  for (const json::value& each : materials)
    for (const json::value& file : ArrayOr(each.as_object(), "attachments"))
      if (file.is_string())
        TRY_VOID(exchange_.Send(writer, partner, "file", about,
                                {{"kind", "attachment"}, {"ref", file}}));
  return {};
}

Result<json::array> RemoteCases::MaterialsHere(store::Reader& reader, const std::string& partner,
                                               const std::string& about,
                                               const json::array& materials) {
  json::array out;
  for (const json::value& each : materials) {
    const json::object* material = each.if_object();
    if (material == nullptr) continue;
    json::array files;
    for (const json::value& ref : ArrayOr(*material, "attachments")) {
      TRY(store::Rows rows, reader.Query("select attachment from exchange_file where partner = $1 "
                                         "and about = $2 and ref = $3",
                                         {partner, about, std::string(ref.as_string().c_str())}));
      if (!rows.Next()) return ledger::error::kNotFound;
      files.push_back(json::string(rows.Text(0)));
    }
    out.push_back(json::object{{"material", Text(*material, "material")},
                               {"paper", BoolAt(*material, "paper")},
                               {"attachments", std::move(files)}});
  }
  return out;
}

Result<json::object> RemoteCases::TakeCase(Writer& writer, const Incoming& in) {
  TRY(json::array before,
      ledger::FindRows(writer.tx(), writer.catalogue(), "remote_case",
                       "partner = " + Quoted(in.partner.code) + " and key = " + Quoted(in.about),
                       1));
  if (!before.empty())
    return error::kActNotPossible({{"state", Text(before[0].as_object(), "state")}});
  auto item = offices_.ItemOf(writer.tx(), Text(in.body, "item"));
  if (!item) return error::kItemNotOffered;
  TRY(json::array materials,
      MaterialsHere(writer.tx(), in.partner.code, in.about, ArrayOr(in.body, "materials")));
  json::object applicant = CleanApplicant(ObjectOr(in.body, "applicant"));
  TRY(std::string id, offices_.Submit(writer, {{"item", item->at("id")},
                                               {"applicant", applicant},
                                               {"data", ObjectOr(in.body, "data")},
                                               {"materials", std::move(materials)},
                                               {"channel", "elsewhere"}}));
  TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", id));
  TRY_VOID(writer.Create("remote_case",
                         {{"mode", "in"},
                          {"partner", in.partner.code},
                          {"partner_name", in.partner.name},
                          {"key", in.about},
                          {"case_id", id},
                          {"number", Text(in.body, "number")},
                          {"their_number", row.at("number")},
                          {"item_code", item->at("code")},
                          {"item_name", item->at("name")},
                          {"department_name", item->at("department_name")},
                          {"applicant_name", Text(applicant, "name")},
                          {"window", OrNull(Text(in.body, "window"))},
                          {"checked_by", OrNull(Text(in.body, "checked_by"))},
                          {"state", "submitted"},
                          {"received_at", IsoChina(writer.now())}},
                         Text(row, "region")));
  writer.Note({"remote-case:receive", "service_case", id, Text(row, "region"),
               ToText(json::object{{"partner", in.partner.code}, {"key", in.about}})});
  // What follows a case tells the other side how it stands.
  TRY_VOID(writer.Send("case", id, {{"case_id", id}, {"act", "submit"}, {"state", "submitted"}}));
  return json::object{{"number", row.at("number")}, {"state", "submitted"}};
}

Result<json::object> RemoteCases::Out(store::Reader& reader, const std::string& partner,
                                      const std::string& key, std::string_view mode) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(reader, *catalogue, "remote_case",
                                         "partner = " + Quoted(partner) + " and key = " +
                                             Quoted(key) + " and mode = " + Quoted(mode),
                                         1));
  if (rows.empty()) return ledger::error::kNotFound;
  return std::move(rows[0].get_object());
}

Result<json::object> RemoteCases::TakeState(Writer& writer, const Incoming& in) {
  TRY(json::object row, Out(writer.tx(), in.partner.code, in.about, "out"));
  json::object changes;
  for (const char* key :
       {"state", "state_zh", "state_en", "step", "promised_due", "legal_due", "accepted_at",
        "decided_at", "delivered_at", "reason", "correction", "timeline"})
    changes[key] = in.body.contains(key) ? in.body.at(key) : json::value();
  changes["their_number"] = in.body.contains("number") ? in.body.at("number") : json::value();
  changes["told_at"] = IsoChina(writer.now());
  json::array results;
  for (const json::value& each : ArrayOr(in.body, "results")) {
    const json::object* result = each.if_object();
    if (result == nullptr) continue;
    TRY(store::Rows rows,
        writer.tx().Query("select attachment, name, sm3 from exchange_file where partner = $1 and "
                          "about = $2 and ref = $3",
                          {in.partner.code, in.about, Text(*result, "ref")}));
    if (!rows.Next()) return ledger::error::kNotFound;
    results.push_back(json::object{{"ref", result->at("ref")},
                                   {"attachment", rows.Text(0)},
                                   {"name", rows.Text(1)},
                                   {"sm3", rows.Text(2)}});
  }
  changes["results"] = std::move(results);
  TRY_VOID(writer.Update("remote_case", Text(row, "id"), changes));
  return json::object{};
}

Result<json::object> RemoteCases::TakeAct(Writer& writer, const Incoming& in) {
  TRY(json::object row, Out(writer.tx(), in.partner.code, in.about, "in"));
  std::string act = Text(in.body, "act");
  if (act != "correct" && act != "withdraw" && act != "deliver")
    return error::kActNotPossible({{"state", act.substr(0, 40)}});
  json::object body = ObjectOr(in.body, "body");
  if (const json::array* materials = ArrayAt(body, "materials")) {
    TRY(json::array here, MaterialsHere(writer.tx(), in.partner.code, in.about, *materials));
    body["materials"] = std::move(here);
  }
  TRY_VOID(offices_.Act(writer, Text(row, "case_id"), act, body));
  return json::object{};
}

Result<json::object> RemoteCases::TakeCourier(Writer& writer, const Incoming& in) {
  auto found = Out(writer.tx(), in.partner.code, in.about, "in");
  if (!found) found = Out(writer.tx(), in.partner.code, in.about, "out");
  if (!found) return Fail(std::move(found).error());
  std::string key = Text(in.body, "key").substr(0, 64);
  TRY(json::array known,
      ledger::FindRows(writer.tx(), writer.catalogue(), "courier_item",
                       "key = " + Quoted(key) + " and remote_case = " + Quoted(Text(*found, "id")),
                       1));
  if (BoolAt(in.body, "came")) {
    if (known.empty()) return ledger::error::kNotFound;
    TRY_VOID(writer.Update("courier_item", Text(known[0].as_object(), "id"),
                           {{"received_at", IsoChina(writer.now())},
                            {"received_by", OrNull(Text(in.body, "by").substr(0, 100))}}));
    return json::object{};
  }
  if (!known.empty()) return json::object{};
  TRY_VOID(writer.Create("courier_item",
                         {{"remote_case", Text(*found, "id")},
                          {"key", key},
                          {"direction", "in"},
                          {"what", Text(in.body, "what").substr(0, 500)},
                          {"carrier", OrNull(Text(in.body, "carrier").substr(0, 60))},
                          {"number", Text(in.body, "number").substr(0, 60)},
                          {"sent_at", IsoChina(writer.now())},
                          {"sent_by", OrNull(Text(in.body, "by").substr(0, 100))}},
                         Text(*found, "region")));
  return json::object{};
}

Result<void> RemoteCases::Answer(Writer& writer, const Answered& answered) {
  auto found = Out(writer.tx(), answered.partner, answered.about, "out");
  if (!found) return {};  // a result on its way back; the window's side has no more to note
  const json::object& row = *found;
  json::object changes;
  if (answered.receipt.state == "refused") {
    changes["trouble"] = json::object{
        {"code", answered.receipt.code}, {"zh", answered.receipt.zh}, {"en", answered.receipt.en}};
    if (answered.kind == "case") {
      changes["state"] = "not_taken";
      changes["state_zh"] = "对方未接收";
      changes["state_en"] = "Not taken";
    }
  } else if (answered.kind == "case") {
    auto result = ParseJson(answered.receipt.result);
    if (result && result->is_object())
      changes["their_number"] = OrNull(Text(result->get_object(), "number"));
    if (Text(row, "state") == "sending") {
      changes["state"] = "submitted";
      changes["state_zh"] = "待受理";
      changes["state_en"] = "Received";
    }
    changes["trouble"] = nullptr;
  } else if (answered.kind == "act") {
    changes["trouble"] = nullptr;
  }
  if (changes.empty()) return {};
  TRY_VOID(writer.Update("remote_case", Text(row, "id"), changes));
  return {};
}
}  // namespace city::exchange
