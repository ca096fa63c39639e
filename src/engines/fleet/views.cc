// SPDX-License-Identifier: Apache-2.0
// Why: what a manager sees of the fleet: machines on a map, figures, advice.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engines/fleet/fleet.h"
#include "ledger/row_text.h"

namespace city::fleet {
using ledger::Text;
namespace {
struct Use {
  int64_t sessions = 0, minutes = 0, prints = 0;
};

Result<std::map<std::string, Use>> UseSince(store::Reader& reader, const std::string& day) {
  std::map<std::string, Use> out;
  TRY(store::Rows rows, reader.Query("select kiosk, sum(sessions), sum(minutes), sum(prints) from "
                                     "fleet_use where day >= $1 group by kiosk",
                                     {day}));
  while (rows.Next()) out[std::string(rows.Text(0))] = {rows.Int(1), rows.Int(2), rows.Int(3)};
  TRY_VOID(rows.status());
  return out;
}

Result<std::map<std::string, std::string>> DivisionNames(store::Reader& reader) {
  std::map<std::string, std::string> out;
  TRY(store::Rows rows, reader.Query("select code, name from r_division where ended_at is null"));
  while (rows.Next()) out[std::string(rows.Text(0))] = std::string(rows.Text(1));
  TRY_VOID(rows.status());
  return out;
}

/// "county town village" of a division code, as far as names are known.
std::string WholeName(const std::map<std::string, std::string>& names, const std::string& code) {
  std::string out;
  for (size_t digits : {6u, 9u, 12u}) {
    if (code.size() < digits) break;
    if (auto found = names.find(code.substr(0, digits)); found != names.end())
      out += (out.empty() ? "" : " ") + found->second;
  }
  return out;
}
json::object Shown(const Place& place, const std::map<std::string, std::string>& names) {
  return {{"code", place.code},
          {"name", WholeName(names, place.code)},
          {"need", place.need},
          {"facts", place.facts}};
}
}  // namespace

Result<std::string> Fleet::Overview(const ledger::Subject& who, int days) {
  ledger::ListRequest request;
  request.type = "kiosk";
  request.sort = "code";
  request.limit = 500;
  TRY(ledger::Page page, ledger_.List(who, request));
  TRY(json::value parsed, ParseJson(page.rows, {.max_bytes = 16u << 20}));
  TRY(auto snapshot, ledger_.store().Read());
  Time now = ledger_.clock().Now();
  std::string since = IsoDate(ChinaDate(now) - std::chrono::days(days - 1));
  TRY(auto use, UseSince(*snapshot, since));
  TRY(auto names, DivisionNames(*snapshot));
  std::map<std::string, std::pair<Time, json::value>> beats;
  {
    TRY(store::Rows rows, snapshot->Query("select kiosk, at, devices from fleet_beat"));
    while (rows.Next()) {
      auto devices = ParseJson(rows.Text(2));
      beats[std::string(rows.Text(0))] = {FromMicros(rows.Int(1)),
                                          devices ? *devices : json::value()};
    }
  }
  std::map<std::string, int64_t> faults;
  TRY(json::array open,
      ledger::FindRows(*snapshot, *ledger_.catalogue(), "kiosk_fault", "state = \"open\"", 500));
  for (const json::value& each : open) ++faults[Text(each.get_object(), "kiosk")];
  json::array machines;
  int64_t online = 0, sessions = 0;
  for (const json::value& each : parsed.get_array()) {
    json::object row = each.get_object();
    std::string id = Text(row, "id");
    auto beat = beats.find(id);
    bool alive = beat != beats.end() && now - beat->second.first < settings_.silent_after;
    row["condition"] = TextAt(row, "state") != "active" ? "stopped"
                       : !alive                         ? "offline"
                       : faults[id] > 0                 ? "fault"
                                                        : "good";
    row["last_beat"] =
        beat == beats.end() ? json::value() : json::value(IsoChina(beat->second.first));
    if (beat != beats.end()) row["devices"] = beat->second.second;
    Use used = use[id];
    row["sessions"] = used.sessions;
    row["prints"] = used.prints;
    row["per_day"] = static_cast<double>(used.sessions) / days;
    row["where"] = WholeName(names, Text(row, "division"));
    online += alive ? 1 : 0;
    sessions += used.sessions;
    machines.push_back(std::move(row));
  }
  json::array list;
  for (json::value& each : open) {
    each.get_object().erase("version");
    list.push_back(std::move(each));
  }
  json::object counties;
  for (const auto& [code, name] : names)
    if (code.size() == 6 && !code.ends_with("00")) counties[code] = name;
  return ToText(json::object{{"figures", json::object{{"machines", machines.size()},
                                                      {"online", online},
                                                      {"faults", list.size()},
                                                      {"sessions", sessions},
                                                      {"days", days}}},
                             {"counties", std::move(counties)},
                             {"machines", std::move(machines)},
                             {"faults", std::move(list)}});
}

Result<std::string> Fleet::Advice(const ledger::Subject& who) {
  ledger::ListRequest request;
  request.type = "kiosk";
  request.limit = 500;
  request.filter = "state = \"active\"";
  TRY(ledger::Page page, ledger_.List(who, request));  // by right
  TRY(json::value parsed, ParseJson(page.rows, {.max_bytes = 16u << 20}));
  TRY(auto snapshot, ledger_.store().Read());
  json::object shown;
  TRY(Rules rules, RulesNow(*snapshot, &shown));
  TRY(auto names, DivisionNames(*snapshot));
  constexpr int kDays = 30;
  TRY(auto use, UseSince(*snapshot,
                         IsoDate(ChinaDate(ledger_.clock().Now()) - std::chrono::days(kDays - 1))));
  std::vector<Place> places;
  {
    TRY(store::Rows rows,
        snapshot->Query("select division, population, elderly, distance_km, cases from "
                        "r_village_profile where ended_at is null order by division"));
    while (rows.Next()) {
      std::string code(rows.Text(0));
      places.push_back({code,
                        names[code],
                        {{"population", rows.Int(1)},
                         {"elderly", rows.Int(2)},
                         {"distance_km", rows.Int(3)},
                         {"cases", rows.Int(4)}},
                        0});
    }
    TRY_VOID(rows.status());
  }
  TRY_VOID(CountNeed(places, rules.formula));
  std::vector<Machine> machines;
  for (const json::value& each : parsed.get_array()) {
    const json::object& row = each.get_object();
    machines.push_back({Text(row, "id"), Text(row, "code"), Text(row, "name"),
                        Text(row, "division"),
                        static_cast<double>(use[Text(row, "id")].sessions) / kDays});
  }
  fleet::Advice advice = Advise(places, machines, rules);
  json::array missing, moves;
  for (size_t i = 0; i < advice.missing.size() && i < 100; ++i)
    missing.push_back(Shown(advice.missing[i], names));
  for (const fleet::Move& move : advice.moves)
    moves.push_back(json::object{{"kiosk", move.machine.id},
                                 {"code", move.machine.code},
                                 {"name", move.machine.name},
                                 {"per_day", move.machine.per_day},
                                 {"from", Shown(move.from, names)},
                                 {"to", Shown(move.to, names)},
                                 {"gain", move.gain}});
  return ToText(
      json::object{{"setting", std::move(shown)},
                   {"facts", json::array{"population", "elderly", "distance_km", "cases"}},
                   {"places", places.size()},
                   {"days", kDays},
                   {"missing_total", advice.missing.size()},
                   {"missing", std::move(missing)},
                   {"moves", std::move(moves)}});
}
}  // namespace city::fleet
