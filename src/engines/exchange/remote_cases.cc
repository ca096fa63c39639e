// SPDX-License-Identifier: Apache-2.0
#include "engines/exchange/remote_cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/exchange/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::exchange {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr const char* kSchema =
    "create table exchange_file (partner text not null, about text not null, ref text not null, "
    "attachment text not null, name text not null, sm3 text not null, primary key (partner, about, "
    "ref)){};\n";

const json::array& ArrayOr(const json::object& from, std::string_view key) {
  static const json::array kNone;
  const json::array* found = ArrayAt(from, key);
  return found != nullptr ? *found : kNone;
}
/// Only what belongs to a material, of what a window sent.
json::array Clean(const json::array& materials) {
  json::array out;
  for (const json::value& each : materials) {
    const json::object* material = each.if_object();
    if (material == nullptr || out.size() >= 100) continue;
    json::array files;
    for (const json::value& file : ArrayOr(*material, "attachments"))
      if (file.is_string() && files.size() < 50) files.push_back(file);
    out.push_back(json::object{{"material", Text(*material, "material").substr(0, 600)},
                               {"paper", BoolAt(*material, "paper")},
                               {"attachments", std::move(files)}});
  }
  return out;
}
bool Offered(std::string_view act, std::string_view state) {
  if (act == "correct") return state == "correction";
  if (act == "deliver")
    return state == "granted" || state == "granted_missing" || state == "denied";
  return act == "withdraw" && (state == "submitted" || state == "correction" ||
                               state == "handling" || state == "paused");
}
}  // namespace

json::object CleanApplicant(const json::object& given) {
  json::object out;
  for (const char* key : {"kind", "name", "id_number", "phone"})
    out[key] = std::string(Trim(TextAt(given, key)));
  return out;
}

Result<std::unique_ptr<RemoteCases>> RemoteCases::Open(ledger::Ledger& ledger, Exchange& exchange,
                                                       Offices& offices) {
  store::Migration first{"exchange-files", 1, "files of other cities are found by their name there",
                         fmt::format(kSchema, " strict"), fmt::format(kSchema, "")};
  TRY_VOID(ledger.store().Migrate(std::span(&first, 1)));
  auto made = std::unique_ptr<RemoteCases>(new RemoteCases(ledger, exchange, offices));
  made->KnowKinds();
  return made;
}

Result<void> RemoteCases::ActOnPartner(const ledger::CommandInfo& info, const std::string& id,
                                       const std::string& act, const std::string& reason) {
  TRY(std::string code, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(exchange_.partners().Act(writer, id, act, reason));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "exchange_partner", id));
    if (act == "approve") TRY_VOID(exchange_.Send(writer, Text(row, "code"), "ask-offer", "", {}));
    return Text(row, "code");
  }));
  if (act != "approve") return {};
  // What could not be told while there was no trust.
  std::vector<std::string> cases;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query("select case_id from r_remote_case where partner = $1 and mode = 'in' and "
                        "ended_at is null",
                        {code}));
    while (rows.Next()) cases.emplace_back(rows.Text(0));
  }
  for (const std::string& each : cases) TRY_VOID(FollowCase(each));
  return {};
}

Result<void> RemoteCases::AskOffer(const ledger::CommandInfo& info, const std::string& partner) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    return exchange_.Send(writer, partner, "ask-offer", "", {});
  }));
  return {};
}

Result<std::string> RemoteCases::Offers(const std::string& partner, const std::string& q) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array trusted, ledger::FindRows(*snapshot, *catalogue, "exchange_partner",
                                            "state = \"trusted\"", 200, "name"));
  json::array rows, partners;
  for (const json::value& each : trusted) {
    const json::object& row = each.get_object();
    partners.push_back(json::object{
        {"code", row.at("code")}, {"name", row.at("name")}, {"offer_at", row.at("offer_at")}});
    if (!partner.empty() && TextAt(row, "code") != partner) continue;
    for (const json::value& one : ArrayOr(row, "offer")) {
      const json::object* item = one.if_object();
      if (item == nullptr || rows.size() >= 50) continue;
      if (!q.empty() && TextAt(*item, "name").find(q) == std::string_view::npos &&
          TextAt(*item, "department_name").find(q) == std::string_view::npos)
        continue;
      json::object shown{{"partner", row.at("code")}, {"partner_name", row.at("name")}};
      for (const char* key : {"code", "name", "department_name", "promised_days", "conditions"})
        if (item->contains(key)) shown[key] = item->at(key);
      rows.push_back(std::move(shown));
    }
  }
  return ToText(json::object{{"rows", std::move(rows)}, {"partners", std::move(partners)}});
}

Result<json::object> RemoteCases::OfferOf(store::Reader& reader, const std::string& partner,
                                          const std::string& code) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array trusted,
      ledger::FindRows(reader, *catalogue, "exchange_partner",
                       "state = \"trusted\" and code = " + Quoted(partner), 1, "-reviewed_at"));
  if (trusted.empty()) return error::kNoPartner;
  const json::object& row = trusted[0].get_object();
  for (const json::value& one : ArrayOr(row, "offer"))
    if (one.is_object() && TextAt(one.get_object(), "code") == code) {
      json::object found = one.get_object();
      found["partner"] = row.at("code");
      found["partner_name"] = row.at("name");
      return found;
    }
  return error::kItemNotOffered;
}

Result<std::string> RemoteCases::Receive(const ledger::CommandInfo& info,
                                         const json::object& body) {
  std::string partner = Text(body, "partner"), code = Text(body, "item");
  static const json::object kNone;
  const json::object* applicant = ObjectAt(body, "applicant");
  if (applicant == nullptr || Trim(TextAt(*applicant, "name")).empty() ||
      Trim(TextAt(*applicant, "id_number")).empty())
    return error::kApplicantMissing;
  const json::object* answers = ObjectAt(body, "data");
  json::object data = answers != nullptr ? *answers : kNone;
  json::array materials = Clean(ArrayOr(body, "materials"));
  json::object person = CleanApplicant(*applicant), item;
  if (!partner.empty()) {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(item, OfferOf(*snapshot, partner, code));
    // What can be told at this window is told before anything travels.
    if (const json::object* form = ObjectAt(item, "form")) {
      TRY(data, offices_.CheckAnswers(*form, data));
    }
    std::string missing;
    for (const json::value& each : ArrayOr(item, "materials")) {
      const json::object* need = each.if_object();
      if (need == nullptr || !BoolAt(*need, "required") || BoolAt(*need, "accept_missing"))
        continue;
      bool there = std::any_of(materials.begin(), materials.end(), [&](const json::value& one) {
        const json::object& got = one.get_object();
        return TextAt(got, "material") == TextAt(*need, "name") &&
               (BoolAt(got, "paper") || !got.at("attachments").as_array().empty());
      });
      if (!there) missing += (missing.empty() ? "" : "、") + Text(*need, "name");
    }
    if (!missing.empty()) return error::kMaterialMissing({{"names", missing}});
  }
  std::string window;
  for (const ledger::Post& post : info.who.posts)
    if (post.role == "clerk" && window.empty()) window = post.organisation;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    ledger::Subject clerk = writer.who();
    std::string region = writer.shard(), window_name;
    if (auto place = ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation", window))
      window_name = Text(*place, "name");
    TRY(int64_t next, writer.NextNumber("remote:" + region));
    std::string number = fmt::format("YD{}{}{:05}", region.substr(0, 6),
                                     ReplaceAll(IsoDate(ChinaDate(writer.now())), "-", ""), next);
    writer.ActAsEngine();
    std::string key = NewId(writer.now());
    json::object values{{"mode", partner.empty() ? "near" : "out"},
                        {"key", key},
                        {"number", number},
                        {"window", OrNull(window_name)},
                        {"checked_by", clerk.name},
                        {"clerk", OrNull(clerk.account)},
                        {"applicant_name", Trim(TextAt(*applicant, "name"))},
                        {"received_at", IsoChina(writer.now())}};
    if (partner.empty()) {
      auto own = offices_.ItemOf(writer.tx(), code);
      if (!own) return error::kItemNotOffered;
      for (const ledger::Post& post : clerk.posts)
        if (post.role == "clerk" && post.region == TextAt(*own, "region")) return error::kOwnRegion;
      TRY(std::string id, offices_.Submit(writer, {{"item", own->at("id")},
                                                   {"applicant", person},
                                                   {"data", data},
                                                   {"materials", materials},
                                                   {"channel", "elsewhere"}}));
      TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", id));
      values["case_id"] = id;
      values["their_number"] = row.at("number");
      values["item_code"] = own->at("code");
      values["item_name"] = own->at("name");
      values["department_name"] = own->at("department_name");
      values["home_region"] = row.at("region");
      values["state"] = "submitted";
      values["state_zh"] = "待受理";
      values["state_en"] = "Received";
      TRY_VOID(
          writer.Send("case", id, {{"case_id", id}, {"act", "submit"}, {"state", "submitted"}}));
    } else {
      values["partner"] = partner;
      values["partner_name"] = item.at("partner_name");
      values["item_code"] = code;
      values["item_name"] = item.at("name");
      values["department_name"] = item.at("department_name");
      values["state"] = "sending";
      values["state_zh"] = "发送中";
      values["state_en"] = "On its way";
      TRY_VOID(SendFiles(writer, partner, key, materials));
      TRY_VOID(exchange_.Send(writer, partner, "case", key,
                              {{"number", number},
                               {"item", code},
                               {"window", window_name},
                               {"checked_by", clerk.name},
                               {"applicant", person},
                               {"data", data},
                               {"materials", materials}}));
    }
    TRY(ledger::Written made, writer.Create("remote_case", values, region));
    writer.Note({"remote-case:submit", "remote_case", made.id, region,
                 ToText(json::object{{"partner", partner}, {"item", code}, {"key", key}})});
    return made.id;
  });
}

Result<void> RemoteCases::Act(const ledger::CommandInfo& info, const std::string& id,
                              const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "remote_case", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "remote_case", id));
    std::string mode = Text(row, "mode"), state = Text(row, "state");
    if (mode == "in" || !Offered(act, state)) return error::kActNotPossible({{"state", state}});
    json::object told;
    for (const char* key : {"data", "reason", "note"})
      if (body.contains(key)) told[key] = body.at(key);
    if (body.contains("materials")) told["materials"] = Clean(ArrayOr(body, "materials"));
    writer.ActAsEngine();
    if (mode == "near") {
      TRY_VOID(offices_.Act(writer, Text(row, "case_id"), act, told));
    } else {
      std::string partner = Text(row, "partner"), key = Text(row, "key");
      TRY_VOID(SendFiles(writer, partner, key, ArrayOr(told, "materials")));
      TRY_VOID(exchange_.Send(writer, partner, "act", key, {{"act", act}, {"body", told}}));
    }
    writer.Note({"remote-case:" + act, "remote_case", id, Text(row, "region"), "{}"});
    return id;
  }));
  return {};
}

Result<std::string> RemoteCases::SendPapers(const ledger::CommandInfo& info, const std::string& id,
                                            const json::object& body) {
  std::string what(Trim(TextAt(body, "what"))), carrier(Trim(TextAt(body, "carrier"))),
      number(Trim(TextAt(body, "number")));
  if (what.empty() || number.empty() || what.size() > 500 || number.size() > 60)
    return error::kCourierWrong;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "remote_case", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "remote_case", id));
    std::string by = writer.who().name, key = NewId(writer.now());
    writer.ActAsEngine();
    // Within one installation both sides look at the same line; it comes in where it was not sent.
    TRY(ledger::Written made, writer.Create("courier_item",
                                            {{"remote_case", id},
                                             {"key", key},
                                             {"direction", "out"},
                                             {"what", what},
                                             {"carrier", OrNull(carrier)},
                                             {"number", number},
                                             {"sent_at", IsoChina(writer.now())},
                                             {"sent_by", by}},
                                            Text(row, "region")));
    if (Text(row, "mode") != "near")
      TRY_VOID(exchange_.Send(
          writer, Text(row, "partner"), "courier", Text(row, "key"),
          {{"key", key}, {"what", what}, {"carrier", carrier}, {"number", number}, {"by", by}}));
    writer.Note({"remote-case:papers-sent", "remote_case", id, Text(row, "region"),
                 ToText(json::object{{"number", number}})});
    return made.id;
  });
}

Result<void> RemoteCases::PapersCame(const ledger::CommandInfo& info, const std::string& courier) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object item,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "courier_item", courier));
    std::string id = Text(item, "remote_case");
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "remote_case", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "remote_case", id));
    bool near = Text(row, "mode") == "near";
    if (!Text(item, "received_at").empty() || (!near && Text(item, "direction") != "in"))
      return error::kActNotPossible({{"state", Text(item, "received_at")}});
    std::string by = writer.who().name;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("courier_item", courier,
                           {{"received_at", IsoChina(writer.now())}, {"received_by", by}}));
    if (!near)
      TRY_VOID(exchange_.Send(writer, Text(row, "partner"), "courier", Text(row, "key"),
                              {{"key", item.at("key")}, {"came", true}, {"by", by}}));
    writer.Note({"remote-case:papers-came", "remote_case", id, Text(row, "region"),
                 ToText(json::object{{"number", item.at("number")}})});
    return id;
  }));
  return {};
}

namespace {
Result<json::array> CouriersOf(store::Reader& reader, const ledger::Catalogue& catalogue,
                               const std::string& id, bool near) {
  TRY(json::array rows, ledger::FindRows(reader, catalogue, "courier_item",
                                         "remote_case = " + Quoted(id), 100, "sent_at"));
  json::array out;
  for (const json::value& each : rows) {
    json::object shown;
    for (const char* key : {"id", "direction", "what", "carrier", "number", "sent_at", "sent_by",
                            "received_at", "received_by"})
      shown[key] = each.get_object().at(key);
    shown["may_receive"] = Text(each.get_object(), "received_at").empty() &&
                           (near || Text(each.get_object(), "direction") == "in");
    out.push_back(std::move(shown));
  }
  return out;
}
}  // namespace

Result<std::string> RemoteCases::View(const ledger::Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "remote_case", id));
  TRY(json::value parsed, ParseJson(one.row));
  json::object& row = parsed.get_object();
  std::string mode = Text(row, "mode"), state = Text(row, "state");
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array couriers, CouriersOf(*snapshot, *catalogue, id, mode == "near"));
  row["couriers"] = std::move(couriers);
  json::array acts;
  if (mode != "in" && who.HasRole("clerk"))
    for (const char* act : {"correct", "deliver", "withdraw"})
      if (Offered(act, state)) acts.push_back(json::string(act));
  row["acts"] = std::move(acts);
  row.erase("told");
  return ToText(row);
}

Result<std::string> RemoteCases::OfCase(const std::string& case_id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "remote_case", "case_id = " + Quoted(case_id), 1));
  if (rows.empty()) return std::string("{}");
  const json::object& row = rows[0].get_object();
  json::object out;
  for (const char* key :
       {"id", "mode", "partner", "partner_name", "number", "window", "checked_by", "received_at"})
    out[key] = row.at(key);
  TRY(json::array couriers,
      CouriersOf(*snapshot, *catalogue, Text(row, "id"), Text(row, "mode") == "near"));
  out["couriers"] = std::move(couriers);
  // How far what was told has come.
  if (std::string partner = Text(row, "partner"); !partner.empty()) {
    TRY(store::Rows waiting,
        snapshot->Query("select count(*) from r_exchange_message where partner = $1 and about = $2 "
                        "and direction = 'out' and state = 'waiting'",
                        {partner, Text(row, "key")}));
    out["waiting"] = waiting.Next() ? waiting.Int(0) : 0;
  }
  return ToText(out);
}

Result<FileBytes> RemoteCases::ReadResult(const ledger::Subject& who, const std::string& id,
                                          const std::string& ref) {
  TRY(ledger::One one, ledger_.Read(who, "remote_case", id));
  TRY(json::value row, ParseJson(one.row));
  for (const json::value& each : ArrayOr(row.get_object(), "results")) {
    const json::object& result = each.as_object();
    if (TextAt(result, "ref") != ref) continue;
    if (result.contains("attachment"))
      return offices_.ReadFile(who, "attachment", Text(result, "attachment"));
    return offices_.ReadFile(who, "certificate", ref);
  }
  return ledger::error::kNotFound;
}

Result<void> RemoteCases::FollowCase(const std::string& case_id) {
  std::string id;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query("select id from r_remote_case where case_id = $1 and ended_at is null",
                        {case_id}));
    if (!rows.Next()) return {};
    id = rows.Text(0);
  }
  TRY(json::object face, offices_.Face(case_id));
  std::string told = crypto::ToHex(crypto::Sm3(CanonicalJson(face)));
  auto done = ledger_.Command(
      {ledger::System("exchange"), exchange_.settings().code, {}, {}},
      [&](Writer& writer) -> Result<std::string> {
        TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "remote_case", id));
        // Two may look at once; what was seen earlier is not told later.
        int64_t stamp = IntAt(face, "stamp");
        if (Text(row, "told") == told || stamp < IntAt(row, "told_stamp")) return id;
        json::object changes{
            {"told", told}, {"told_stamp", stamp}, {"told_at", IsoChina(writer.now())}};
        for (const char* key :
             {"state", "state_zh", "state_en", "step", "promised_due", "legal_due", "accepted_at",
              "decided_at", "delivered_at", "reason", "correction", "timeline", "results"})
          changes[key] = face.at(key);
        TRY_VOID(writer.Update("remote_case", id, changes));
        if (Text(row, "mode") != "in") return id;
        std::string partner = Text(row, "partner"), key = Text(row, "key");
        auto before = [&](const json::value& ref) {
          const json::array& known = ArrayOr(row, "results");
          return std::any_of(known.begin(), known.end(), [&](const json::value& one) {
            return one.as_object().at("ref") == ref;
          });
        };
        for (const json::value& each : ArrayOr(face, "results"))
          if (!before(each.at("ref")))
            TRY_VOID(exchange_.Send(writer, partner, "file", key,
                                    {{"kind", "certificate"}, {"ref", each.at("ref")}}));
        TRY_VOID(exchange_.Send(writer, partner, "state", key, face));
        return id;
      });
  // Trust has ended meanwhile: nothing leaves; once it is restored all of it is told.
  if (!done && !done.error().Is(error::kNoPartner)) return Fail(std::move(done).error());
  return {};
}
}  // namespace city::exchange
