// SPDX-License-Identifier: Apache-2.0
// Showing a certificate on a phone, checking prints, sharing between bodies.
#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/certificates/certificates.h"
#include "engines/certificates/credential.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/identifier.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/documents/qr.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
std::string HashOf(std::string_view token) { return crypto::ToHex(crypto::Sm3(token)); }
json::object Said(const ledger::Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }

std::string CodeMessage(std::string_view token, std::string_view until) {
  return "show|" + std::string(token) + "|" + std::string(until);
}
}  // namespace

json::object Certificates::Public(const json::object& row) const {
  bool person = TextAt(row, "holder_kind") == "person";
  std::string state = StateNow(row), name = Text(row, "holder_name"), number = Text(row, "number");
  json::object out{{"found", true},
                   {"type_name", row.at("type_name")},
                   {"identifier", row.at("identifier")},
                   {"number", person ? MaskedCode(number) : number},
                   {"holder_name", person ? MaskedName(name) : name},
                   {"issuer_name", row.at("issuer_name")},
                   {"issued_on", Text(row, "issued_at").substr(0, 10)},
                   {"valid_from", row.at("valid_from")},
                   {"valid_until", row.at("valid_until")},
                   {"state", state},
                   {"state_label", Said(StateWords(state))},
                   {"good", state == "active"},
                   {"checked_at", IsoChina(ledger_.clock().Now())}};
  return out;
}

Result<std::string> Certificates::Verify(const std::string& identifier,
                                         const std::string& check_code) {
  TRY(Identifier read, ParseIdentifier(identifier));
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate",
                                         "identifier = " + Quoted(read.ToText()), 1));
  // A wrong code and an unknown certificate look alike: the register cannot be walked.
  if (rows.empty() || !crypto::EqualInConstantTime(Text(rows[0].get_object(), "check_code"),
                                                   std::string(Trim(check_code))))
    return ToText(json::object{{"found", false}});
  return ToText(Public(rows[0].get_object()));
}

Result<std::string> Certificates::Show(const ledger::CommandInfo& info, const std::string& id,
                                       const std::string& scene_name) {
  TRY(ledger::One one, ledger_.Read(info.who, "certificate", id));
  TRY(json::object row, Row(id));
  // Only its holder shows a certificate; officials who may read it do not.
  std::string holder = Text(row, "holder");
  if (std::find(info.who.holders.begin(), info.who.holders.end(), holder) == info.who.holders.end())
    return ledger::error::kNotFound;
  TRY(const CertificateType* type, TypeOf(Text(row, "type")));
  std::string wanted = scene_name;
  if (wanted.empty() && !type->scenes.empty()) wanted = type->scenes.front().name;
  const Scene* scene = type->FindScene(wanted);
  if (scene == nullptr) return error::kSceneUnknown({{"scene", wanted.substr(0, 60)}});
  // A certificate that is not in force is shown too: the verifier then sees its state and no more.
  std::string state = StateNow(row);
  if (state == "superseded") return error::kNotShown;
  Time now = ledger_.clock().Now(), until = now + settings_.show_time;
  std::string token = crypto::ToBase64Url(crypto::RandomBytes(16));
  std::string end =
      std::to_string(std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count());
  TRY(std::string der, keys_.Sign(kCredentialKey, CodeMessage(token, end)));
  TRY(std::string raw, crypto::RawFromDerSignature(der));
  std::string code = token + "." + end + "." + crypto::ToBase64Url(raw);
  TRY(std::string key, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY(ledger::Written made, writer.Create("show_code",
                                            {{"certificate", id},
                                             {"holder", holder},
                                             {"scene", wanted},
                                             {"state", "shown"},
                                             {"token_hash", HashOf(token)},
                                             {"expires_at", IsoChina(until)}},
                                            Text(row, "region")));
    writer.Note({"certificate:show", "certificate", id, Text(row, "region"),
                 ToText(json::object{{"scene", wanted}})});
    return made.id;
  }));
  std::string address = settings_.address + "/check?s=" + code;
  TRY(documents::QrCode qr, documents::MakeQr(address));
  return ToText(json::object{{"id", key},
                             {"code", code},
                             {"address", address},
                             {"qr", documents::QrSvg(qr, 280)},
                             {"scene", Said(scene->label)},
                             {"confirm", scene->confirm},
                             {"expires_at", IsoChina(until)}});
}

Result<std::string> Certificates::ShowState(const ledger::Subject& who,
                                            const std::string& code_id) {
  TRY(ledger::One one, ledger_.Read(who, "show_code", code_id));
  TRY(json::value parsed, ParseJson(one.row));
  const json::object& row = parsed.get_object();
  auto until = ParseTime(TextAt(row, "expires_at"));
  std::string state = Text(row, "state");
  if (state == "shown" && until && ledger_.clock().Now() > *until) state = "expired";
  json::object out{{"id", code_id},
                   {"state", state},
                   {"verifier", row.at("verifier")},
                   {"expires_at", row.at("expires_at")}};
  TRY(json::object certificate, Row(Text(row, "certificate")));
  if (auto type = TypeOf(Text(certificate, "type")))
    if (const Scene* scene = (*type)->FindScene(TextAt(row, "scene"))) {
      json::array fields;
      for (const std::string& name : scene->fields) {
        if (const FaceField* field = (*type)->Find(name)) fields.push_back(Said(field->label));
        if (const Answer* answer = (*type)->FindAnswer(name)) fields.push_back(Said(answer->label));
      }
      out["fields"] = std::move(fields);
    }
  return ToText(out);
}

Result<void> Certificates::ConfirmShow(const ledger::CommandInfo& info, const std::string& code_id,
                                       bool agree) {
  TRY(ledger::One one, ledger_.Read(info.who, "show_code", code_id));
  TRY(json::value parsed, ParseJson(one.row));
  const json::object& row = parsed.get_object();
  if (std::find(info.who.holders.begin(), info.who.holders.end(), Text(row, "holder")) ==
      info.who.holders.end())
    return ledger::error::kNotFound;
  if (Text(row, "state") != "scanned") return error::kCodeNotGood;
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY_VOID(writer.Update("show_code", code_id, {{"state", agree ? "agreed" : "declined"}},
                           one.version));
    writer.Note({agree ? "certificate:agree" : "certificate:decline", "certificate",
                 Text(row, "certificate"), one.region, "{}"});
    return code_id;
  }));
  return {};
}

Result<json::object> Certificates::Seen(const json::object& code_row) {
  TRY(json::object row, Row(Text(code_row, "certificate")));
  json::object out = Public(row);
  out.erase("identifier");
  if (!BoolAt(out, "good")) return out;
  TRY(const CertificateType* type, TypeOf(Text(row, "type")));
  const Scene* scene = type->FindScene(TextAt(code_row, "scene"));
  if (scene == nullptr) return out;
  // Confirmed scenes show their fields in clear; quick ones mask what is personal.
  TRY(json::object fields, Reveal(Text(row, "id"), scene->fields, !scene->confirm));
  out["fields"] = std::move(fields["rows"]);
  out["scene"] = Said(scene->label);
  return out;
}

Result<json::object> Certificates::Standing(const std::string& id) {
  TRY(json::object row, Row(id));
  json::object out = Public(row);
  for (const char* key : {"found", "identifier", "holder_name"}) out.erase(key);
  out["id"] = id;
  out["type"] = row.at("type");
  out["source"] = row.at("source");
  if (const json::value* foreign = row.if_contains("trusted_root_name")) out["foreign"] = *foreign;
  return out;
}

Result<json::object> Certificates::Reveal(const std::string& id,
                                          const std::vector<std::string>& fields, bool mask) {
  TRY(json::object row, Row(id));
  if (StateNow(row) != "active") return error::kNotShown;
  TRY(const CertificateType* type, TypeOf(Text(row, "type")));
  static const json::object kEmpty;
  const json::object* faces = ObjectAt(row, "faces");
  if (faces == nullptr) faces = &kEmpty;
  json::array rows;
  for (const std::string& name : fields) {
    if (const FaceField* field = type->Find(name)) {
      json::value value;
      if (const json::value* found = faces->if_contains(name)) value = *found;
      if (mask && field->grade >= 3 && value.is_string()) {
        std::string text(value.get_string().c_str());
        value = field->name.find("name") != std::string::npos ? MaskedName(text) : MaskedCode(text);
      }
      rows.push_back(
          json::object{{"name", name}, {"label", Said(field->label)}, {"value", std::move(value)}});
    } else if (const Answer* answer = type->FindAnswer(name)) {
      rows.push_back(json::object{{"name", name},
                                  {"label", Said(answer->label)},
                                  {"value", AnswerOf(*answer, *faces, ledger_.clock().Now())}});
    }
  }
  return json::object{{"rows", std::move(rows)}};
}

Result<std::string> Certificates::Scan(const ledger::CommandInfo& info, const std::string& code,
                                       const std::string& verifier) {
  std::vector<std::string_view> parts = Split(code, '.');
  if (parts.size() != 3 || code.size() > 300) return error::kCodeNotGood;
  auto raw = crypto::FromBase64Url(parts[2]);
  if (!raw) return error::kCodeNotGood;
  auto der = crypto::DerFromRawSignature(*raw);
  TRY(crypto::Sm2PublicKey key, keys_.PublicKey(kCredentialKey));
  if (!der || !key.Verify(CodeMessage(parts[0], parts[1]), *der)) return error::kCodeNotGood;
  std::string ticket = crypto::ToBase64Url(crypto::RandomBytes(18));
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array rows, ledger::FindRows(writer.tx(), writer.catalogue(), "show_code",
                                           "token_hash = " + Quoted(HashOf(parts[0])), 1));
    if (rows.empty()) return error::kCodeNotGood;
    const json::object& row = rows[0].get_object();
    auto until = ParseTime(TextAt(row, "expires_at"));
    if (Text(row, "state") != "shown" || !until || writer.now() > *until)
      return error::kCodeNotGood;
    TRY(json::object certificate, ledger::ReadRow(writer.tx(), writer.catalogue(), "certificate",
                                                  TextAt(row, "certificate")));
    TRY(const CertificateType* type, TypeOf(Text(certificate, "type")));
    const Scene* scene = type->FindScene(TextAt(row, "scene"));
    bool confirm = scene != nullptr && scene->confirm && StateNow(certificate) == "active";
    std::string who =
        writer.who().account.empty() ? std::string(Trim(verifier)) : writer.who().name;
    std::vector<char32_t> points = CodePoints(who);
    if (points.size() > 40) points.resize(40);
    who = FromCodePoints(points);
    writer.ActAsEngine();
    TRY_VOID(writer.Update(
        "show_code", Text(row, "id"),
        {{"state", confirm ? "scanned" : "agreed"},
         {"verifier", who.empty() ? json::value("未署名 / unnamed") : json::value(who)},
         {"scanned_at", IsoChina(writer.now())},
         {"ticket_hash", HashOf(ticket)}},
        IntAt(row, "version")));
    writer.Note({"certificate:scan", "certificate", Text(row, "certificate"), Text(row, "region"),
                 ToText(json::object{{"scene", row.at("scene")}})});
    return "";
  }));
  ledger::CommandInfo next = info;
  next.idempotency_key.clear();
  TRY(std::string seen, Collect(next, ticket));
  TRY(json::value out, ParseJson(seen));
  out.get_object()["ticket"] = ticket;
  return ToText(out);
}

Result<std::string> Certificates::Collect(const ledger::CommandInfo& info,
                                          const std::string& ticket) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array rows, ledger::FindRows(writer.tx(), writer.catalogue(), "show_code",
                                           "ticket_hash = " + Quoted(HashOf(ticket)), 1));
    if (rows.empty()) return error::kCodeNotGood;
    const json::object row = rows[0].get_object();
    auto scanned = ParseTime(TextAt(row, "scanned_at"));
    std::string state = Text(row, "state");
    if (!scanned || writer.now() > *scanned + settings_.confirm_time) return error::kCodeNotGood;
    if (state == "scanned") return ToText(json::object{{"state", "waiting"}});
    if (state == "declined") return ToText(json::object{{"state", "declined"}});
    if (state != "agreed") return error::kCodeNotGood;
    TRY(json::object seen, Seen(row));
    writer.ActAsEngine();
    TRY_VOID(writer.Update("show_code", Text(row, "id"),
                           {{"state", "seen"}, {"collected_at", IsoChina(writer.now())}},
                           IntAt(row, "version")));
    writer.Note({"certificate:seen", "certificate", Text(row, "certificate"), Text(row, "region"),
                 ToText(json::object{{"scene", row.at("scene")}})});
    return ToText(json::object{{"state", "seen"}, {"certificate", std::move(seen)}});
  });
}

Result<std::string> Certificates::Query(const ledger::Subject& who, const json::object& body) {
  std::string code = Text(body, "holder_code");
  if (code.empty()) return ledger::error::kNotFound;
  TRY(std::string index, HolderIndex(code));
  std::string filter = "holder_index = " + Quoted(index);
  if (std::string type = Text(body, "type"); !type.empty()) filter += " and type = " + Quoted(type);
  ledger::ListRequest request;
  request.type = "certificate";
  request.limit = 100;
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate", filter, 100));
  json::array out, ids;
  for (const json::value& each : rows) {
    json::object one = Public(each.get_object());
    one["id"] = each.get_object().at("id");
    one["type"] = each.get_object().at("type");
    ids.push_back(one.at("id"));
    out.push_back(std::move(one));
  }
  std::string shard = who.posts.empty() ? std::string() : who.posts.back().region;
  TRY_VOID(ledger_.store().Command(shard, [&](store::Tx& tx) -> Result<void> {
    return ledger::AppendAudit(
        tx, ledger::ChainOf(shard), who, ledger_.clock().Now(),
        {{"certificate:query", "certificate", "", shard, ToText(json::object{{"ids", ids}})}});
  }));
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Certificates::Changes(const ledger::Subject& who, const std::string& after,
                                          int limit) {
  (void)who;  // states and identifiers alone; no holder is named
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  std::string filter = after.empty() ? "" : "id > " + Quoted(after);
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "certificate_event", filter, limit));
  json::array out;
  std::string last = after;
  for (const json::value& each : rows) {
    const json::object& event = each.get_object();
    auto certificate =
        ledger::ReadRow(*snapshot, *catalogue, "certificate", TextAt(event, "certificate"));
    if (!certificate) continue;
    last = Text(event, "id");
    out.push_back(json::object{{"identifier", certificate->at("identifier")},
                               {"type", certificate->at("type")},
                               {"act", event.at("act")},
                               {"state", event.at("to_state")},
                               {"at", event.at("at")}});
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", OrNull(last)}});
}
}  // namespace city::certificates
