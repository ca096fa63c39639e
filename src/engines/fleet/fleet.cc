// SPDX-License-Identifier: Apache-2.0
#include "engines/fleet/fleet.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "engines/fleet/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/crypto.h"

namespace city::fleet {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr const char* kSchema =
    "create table fleet_beat (kiosk text primary key, at {0} not null, version text not null, "
    "devices text not null){1};\n"
    "create table fleet_use (kiosk text not null, day text not null, sessions {0} not null, "
    "minutes {0} not null, prints {0} not null, primary key (kiosk, day)){1};\n";

std::string HashOf(const std::string& secret) { return crypto::ToHex(crypto::Sm3(secret)); }
int64_t Bounded(const json::object& body, std::string_view key, int64_t most) {
  return std::clamp<int64_t>(IntAt(body, key), 0, most);
}
}  // namespace

Result<std::unique_ptr<Fleet>> Fleet::Open(ledger::Ledger& ledger, Settings settings) {
  store::Migration first{"fleet", 1, "beats and use of machines have tables",
                         fmt::format(kSchema, "integer", " strict"),
                         fmt::format(kSchema, "bigint", "")};
  TRY_VOID(ledger.store().Migrate(std::span(&first, 1)));
  return std::unique_ptr<Fleet>(new Fleet(ledger, settings));
}

Result<void> Fleet::AddUse(store::Tx& tx, const std::string& kiosk, const std::string& day,
                           int64_t sessions, int64_t minutes, int64_t prints) {
  TRY_VOID(
      tx.Execute("insert into fleet_use (kiosk, day, sessions, minutes, prints) values "
                 "($1, $2, $3, $4, $5) on conflict (kiosk, day) do update set sessions = "
                 "fleet_use.sessions + excluded.sessions, minutes = fleet_use.minutes + "
                 "excluded.minutes, prints = fleet_use.prints + excluded.prints",
                 {kiosk, day, sessions, minutes, prints}));
  return {};
}

Result<void> Fleet::KeepBeat(store::Tx& tx, const std::string& kiosk, Time at,
                             const std::string& version, const std::string& devices) {
  TRY_VOID(
      tx.Execute("insert into fleet_beat (kiosk, at, version, devices) values ($1, $2, $3, "
                 "$4) on conflict (kiosk) do update set at = excluded.at, version = "
                 "excluded.version, devices = excluded.devices",
                 {kiosk, ToMicros(at), version, devices}));
  return {};
}

Result<std::string> Fleet::Register(const ledger::CommandInfo& info, const json::object& body) {
  std::string code(Trim(TextAt(body, "code"))), name(Trim(TextAt(body, "name"))),
      division = Text(body, "division");
  if (code.empty() || name.empty() || division.empty()) return error::kMachineIncomplete;
  std::string secret = crypto::ToBase64Url(crypto::RandomBytes(24));
  // The answer is not kept for a repeated sending: the secret is shown once.
  ledger::CommandInfo once = info;
  once.idempotency_key.clear();
  TRY(std::string id, ledger_.Command(once, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("kiosk", {{"code", code},
                                {"name", name},
                                {"model", OrNull(Text(body, "model"))},
                                {"division", division},
                                {"place", OrNull(Text(body, "place"))},
                                {"installed", IsoDate(ChinaDate(writer.now()))},
                                {"secret_hash", HashOf(secret)},
                                {"state", "active"}}));
    return made.id;
  }));
  return ToText(json::object{{"id", id}, {"code", code}, {"secret", secret}});
}

Result<std::string> Fleet::Beat(const std::string& code, const std::string& secret,
                                const json::object& body) {
  json::object kiosk;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(json::array found, ledger::FindRows(*snapshot, *ledger_.catalogue(), "kiosk",
                                            "code = " + Quoted(code.substr(0, 40)), 1));
    // An unknown machine and a wrong secret look alike, in the same time.
    std::string kept = found.empty() ? HashOf("none") : Text(found[0].get_object(), "secret_hash");
    if (!crypto::EqualInConstantTime(kept, HashOf(secret)) || found.empty())
      return error::kNotAMachine;
    kiosk = found[0].get_object();
  }
  std::string id = Text(kiosk, "id");
  json::object devices;
  if (const json::object* given = ObjectAt(body, "devices"))
    for (const auto& [name, state] : *given)
      if (devices.size() < 12 && name.size() <= 30 && state.is_string() &&
          state.get_string().size() <= 60)
        devices[name] = state;
  ledger::Subject machine = ledger::System("kiosk " + code.substr(0, 40));
  return ledger_.Command(
      {machine, Text(kiosk, "region"), "", ""}, [&](Writer& writer) -> Result<std::string> {
        TRY_VOID(KeepBeat(writer.tx(), id, writer.now(), Text(body, "version").substr(0, 40),
                          ToText(devices)));
        int64_t sessions = Bounded(body, "sessions", 10'000);
        if (sessions > 0 || IntAt(body, "prints") > 0)
          TRY_VOID(AddUse(writer.tx(), id, IsoDate(ChinaDate(writer.now())), sessions,
                          Bounded(body, "minutes", 1440), Bounded(body, "prints", 10'000)));
        TRY(json::array open, ledger::FindRows(writer.tx(), writer.catalogue(), "kiosk_fault",
                                               "kiosk = " + Quoted(id) + " and state = \"open\""));
        std::map<std::string, std::string> standing;
        for (const json::value& each : open)
          standing[Text(each.get_object(), "device")] = Text(each.get_object(), "id");
        for (const auto& [name, state] : devices) {
          bool good = state == json::value("ok");
          auto found = standing.find(std::string(name));
          if (!good && found == standing.end())
            TRY_VOID(writer.Create("kiosk_fault", {{"kiosk", id},
                                                   {"device", name},
                                                   {"kind", state},
                                                   {"opened_at", IsoChina(writer.now())},
                                                   {"state", "open"}}));
          if (good && found != standing.end())
            TRY_VOID(writer.Update("kiosk_fault", found->second,
                                   {{"state", "closed"},
                                    {"closed_at", IsoChina(writer.now())},
                                    {"words", "设备恢复正常"}}));
        }
        return ToText(json::object{{"name", kiosk.at("name")}, {"state", kiosk.at("state")}});
      });
}

Result<Rules> Fleet::RulesNow(store::Reader& reader, json::object* shown) {
  TRY(json::array rows, ledger::FindRows(reader, *ledger_.catalogue(), "fleet_setting", "", 1));
  Rules rules;
  if (rows.empty())
    return error::kFormulaWrong({{"formula", ""}, {"why", "没有设置 / no setting"}});
  const json::object& row = rows[0].get_object();
  rules.formula = Text(row, "formula");
  rules.least_need = static_cast<double>(IntAt(row, "least_need"));
  rules.least_per_day = static_cast<double>(IntAt(row, "least_per_day"));
  rules.near_digits = Text(row, "near") == "village" ? 12 : 9;
  if (shown != nullptr)
    for (const char* key : {"id", "version", "formula", "least_need", "least_per_day", "near"})
      if (row.contains(key)) (*shown)[key] = row.at(key);
  return rules;
}

Result<std::string> Fleet::Move(const ledger::CommandInfo& info, const std::string& id,
                                const json::object& body) {
  std::string reason(Trim(TextAt(body, "reason"))), division = Text(body, "division");
  if (reason.empty()) return error::kReasonMissing;
  if (division.empty()) return error::kMachineIncomplete;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "kiosk", id));
    std::string by = writer.who().name;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("kiosk", id,
                           {{"division", division}, {"place", OrNull(Text(body, "place"))}}));
    TRY(ledger::Written made, writer.Create("kiosk_move", {{"kiosk", id},
                                                           {"from_division", row.at("division")},
                                                           {"to_division", division},
                                                           {"reason", reason.substr(0, 500)},
                                                           {"by_name", by},
                                                           {"at", IsoChina(writer.now())}}));
    return ToText(json::object{{"id", id}, {"move", made.id}});
  });
}

Result<std::string> Fleet::Fix(const ledger::CommandInfo& info, const std::string& fault,
                               const json::object& body) {
  std::string words(Trim(TextAt(body, "words")));
  if (words.empty()) return error::kReasonMissing;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY_VOID(writer.Update("kiosk_fault", fault,
                           {{"state", "closed"},
                            {"closed_at", IsoChina(writer.now())},
                            {"words", words.substr(0, 500)}}));
    return ToText(json::object{{"id", fault}, {"state", "closed"}});
  });
}
}  // namespace city::fleet
