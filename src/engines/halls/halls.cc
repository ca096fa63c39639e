// SPDX-License-Identifier: Apache-2.0
#include "engines/halls/halls.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engines/halls/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::halls {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

namespace {
double SecondOfDay(Time now) {
  return std::chrono::duration<double>(now - StartOfChinaDay(ChinaDate(now))).count();
}
/// Minutes after midnight of "09:30"; -1 when it is none.
int MinuteOf(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  return std::atoi(std::string(text.substr(0, 2)).c_str()) * 60 +
         std::atoi(std::string(text.substr(3)).c_str());
}
/// Opening hours [["09:00","12:00"], …] as minutes.
std::vector<std::pair<int, int>> HoursOf(const json::object& hall) {
  std::vector<std::pair<int, int>> out;
  if (const json::array* list = ArrayAt(hall, "opening"))
    for (const json::value& each : *list)
      if (const json::array* span = each.if_array(); span != nullptr && span->size() == 2)
        out.emplace_back(MinuteOf(span->at(0).as_string()), MinuteOf(span->at(1).as_string()));
  return out;
}
const json::object* BusinessOf(const json::object& hall, std::string_view letter) {
  if (const json::array* list = ArrayAt(hall, "businesses"))
    for (const json::value& each : *list)
      if (each.is_object() && TextAt(each.get_object(), "code") == letter)
        return &each.get_object();
  return nullptr;
}
std::vector<std::string> Letters(const json::object& window) {
  std::vector<std::string> out;
  if (const json::array* list = ArrayAt(window, "businesses"))
    for (const json::value& each : *list)
      if (each.is_string()) out.emplace_back(each.get_string().c_str());
  return out;
}
double MinutesBetween(const json::object& row, const char* from, const char* to) {
  auto a = ParseTime(TextAt(row, from)), b = ParseTime(TextAt(row, to));
  return a && b ? std::chrono::duration<double>(*b - *a).count() / 60 : -1;
}
json::object Told(const json::object& ticket) {
  json::object out;
  for (const char* key : {"id", "number", "business", "source", "state", "issued_at", "called_at",
                          "began_at", "window_number", "recalls", "name"})
    if (const json::value* value = ticket.if_contains(key)) out[key] = *value;
  return out;
}
}  // namespace

Result<json::object> Halls::Hall(store::Reader& reader, const std::string& id) {
  auto catalogue = ledger_.catalogue();
  return ledger::ReadRow(reader, *catalogue, "hall", id);
}

Result<void> Halls::MustBeOpen(const json::object& hall, const std::string& business,
                               Time now) const {
  if (BusinessOf(hall, business) == nullptr) return error::kClosed({{"why", business}});
  if (!calendar_.IsWorkDay(ChinaDate(now)))
    return error::kClosed({{"why", "非工作日 / a day off"}});
  int minute = static_cast<int>(SecondOfDay(now) / 60);
  for (auto [from, to] : HoursOf(hall))
    if (minute >= from - 30 && minute < to) return {};
  return error::kClosed({{"why", "非办公时间 / outside its hours"}});
}

Result<Halls::Line> Halls::LineOf(store::Reader& reader, const std::string& hall,
                                  const std::string& day) {
  auto catalogue = ledger_.catalogue();
  Line out;
  TRY(json::array rows, ledger::FindRows(reader, *catalogue, "hall_ticket",
                                         "hall = " + Quoted(hall) + " and day = date(" +
                                             Quoted(day) + ") and state = \"waiting\"",
                                         2000));
  for (json::value& each : rows) {
    json::object& row = each.get_object();
    out.waiting.push_back({Text(row, "id"), Text(row, "business"),
                           static_cast<int>(IntAt(row, "klass")),
                           row.at("place").is_number() ? row.at("place").to_number<double>() : 0});
    out.rows.push_back(std::move(row));
  }
  return out;
}

Result<json::object> Halls::Foretell(store::Reader& reader, const std::string& hall,
                                     const std::string& business, int ahead) {
  // The business's own mean of the last twenty services, today or before.
  std::vector<double> minutes;
  {
    TRY(store::Rows rows,
        reader.Query("select began_at, finished_at from r_hall_ticket where hall = $1 and business "
                     "= $2 and state = 'done' and began_at is not null and finished_at is not null "
                     "order by finished_at desc limit 20",
                     {hall, business}));
    while (rows.Next()) minutes.push_back(static_cast<double>(rows.Int(1) - rows.Int(0)) / 60e6);
    TRY_VOID(rows.status());
  }
  int open = 0;
  {
    TRY(store::Rows rows, reader.Query("select businesses from r_hall_window where hall = $1 and "
                                       "state = 'open' and ended_at is null",
                                       {hall}));
    while (rows.Next())
      if (rows.Text(0).find("\"" + business + "\"") != std::string_view::npos) ++open;
    TRY_VOID(rows.status());
  }
  double mean = minutes.size() < 3 ? settings_.service_minutes : MeanOf(minutes);
  int expected = ExpectedMinutes(ahead, mean, open);
  return json::object{{"ahead", ahead},
                      {"windows_open", open},
                      {"service_minutes", mean},
                      {"minutes", expected < 0 ? json::value() : json::value(expected)}};
}

Result<std::string> Halls::TakeTicket(const ledger::CommandInfo& info, const std::string& hall_id,
                                      const json::object& body) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object hall, Hall(writer.tx(), hall_id));
    std::string business = Text(body, "business");
    TRY_VOID(MustBeOpen(hall, business, writer.now()));
    ledger::Subject who = writer.who();
    bool for_somebody = who.kind == "official" || who.kind == "program";
    std::string account = for_somebody ? Text(body, "account") : who.account;
    std::string name = for_somebody ? Text(body, "name") : who.name;
    std::string day = IsoDate(ChinaDate(writer.now()));
    if (!account.empty()) {
      TRY(store::Rows rows,
          writer.tx().Query("select number from r_hall_ticket where account = $1 and day = $2 and "
                            "hall = $3 and business = $4 and state in ('waiting', 'calling', "
                            "'serving') and ended_at is null",
                            {account, day, hall_id, business}));
      if (rows.Next()) return error::kHasTicket({{"number", std::string(rows.Text(0))}});
    }
    writer.ActAsEngine();
    std::string source = "walk_in", booking;
    int klass = 2;
    // An appointment counts around its slot, and is found without being named.
    if (!account.empty()) {
      TRY(store::Rows rows,
          writer.tx().Query("select id, slot from r_hall_appointment where account = $1 and hall = "
                            "$2 and business = $3 and day = $4 and state = 'booked' and ended_at "
                            "is null",
                            {account, hall_id, business, day}));
      int minute = static_cast<int>(SecondOfDay(writer.now()) / 60);
      if (rows.Next() && std::abs(MinuteOf(rows.Text(1)) - minute) <= settings_.appointment_early) {
        booking = rows.Text(0);
        source = "appointment";
        klass = 1;
      }
    }
    bool priority = BoolAt(body, "priority");
    if (priority && !for_somebody) {
      // Who is 65 or older by the register needs nobody's word for it.
      auto holder = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", account);
      std::string key(holder ? TextAt(*holder, "person") : "");
      auto person = ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key);
      auto born = person ? ParseDate(TextAt(*person, "birth_date")) : Result<Date>(Date{});
      priority =
          person && born && ChinaDate(writer.now()) - *born >= std::chrono::days(65 * 365 + 16);
    }
    if (priority) {
      source = "priority";
      klass = 0;
    }
    TRY(int64_t next, writer.NextNumber("hall:" + hall_id + ":" + day + ":" + business));
    std::string number = business + fmt::format("{:03}", next);
    TRY(Line line, LineOf(writer.tx(), hall_id, day));
    int ahead = 0;
    for (const Waiting& each : line.waiting)
      ahead += each.business == business && each.klass <= klass ? 1 : 0;
    TRY(ledger::Written made,
        writer.Create("hall_ticket",
                      {{"hall", hall_id},
                       {"day", day},
                       {"business", business},
                       {"number", number},
                       {"source", source},
                       {"klass", klass},
                       {"place", SecondOfDay(writer.now())},
                       {"state", "waiting"},
                       {"account", OrNull(account)},
                       {"name", OrNull(name)},
                       {"phone", OrNull(for_somebody ? Text(body, "phone") : "")},
                       {"issued_at", IsoChina(writer.now())}},
                      Text(hall, "region")));
    if (!booking.empty())
      TRY_VOID(
          writer.Update("hall_appointment", booking, {{"state", "arrived"}, {"ticket", made.id}}));
    TRY(json::object out, Foretell(writer.tx(), hall_id, business, ahead));
    out["id"] = made.id;
    out["number"] = number;
    out["source"] = source;
    out["hall"] = hall_id;
    out["hall_name"] = hall.at("name");
    out["business"] = business;
    return ToText(out);
  });
}

Result<std::string> Halls::GiveUpTicket(const ledger::CommandInfo& info, const std::string& id) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "hall_ticket", id));
    TRY(json::object ticket, ledger::ReadRow(writer.tx(), writer.catalogue(), "hall_ticket", id));
    if (TextAt(ticket, "state") != "waiting") return error::kActNotPossible;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("hall_ticket", id,
                           {{"state", "abandoned"}, {"finished_at", IsoChina(writer.now())}}));
    return ToText(json::object{{"id", id}, {"state", "abandoned"}});
  });
}

Result<std::string> Halls::Slots(const std::string& hall_id, const std::string& business,
                                 const std::string& day) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::object hall, Hall(*snapshot, hall_id));
  TRY(Date date, ParseDate(day));
  if (BusinessOf(hall, business) == nullptr) return error::kClosed({{"why", business}});
  if (!calendar_.IsWorkDay(date)) return error::kClosed({{"why", "非工作日 / a day off"}});
  std::map<std::string, int> taken;
  {
    TRY(store::Rows rows,
        snapshot->Query("select slot, count(*) from r_hall_appointment where hall = $1 and "
                        "business = $2 and day = $3 and state in ('booked', 'arrived') and "
                        "ended_at is null group by slot",
                        {hall_id, business, IsoDate(date)}));
    while (rows.Next()) taken[std::string(rows.Text(0))] = static_cast<int>(rows.Int(1));
    TRY_VOID(rows.status());
  }
  int step = static_cast<int>(IntAt(hall, "slot_minutes", 30));
  int places = static_cast<int>(IntAt(hall, "slot_places", 4));
  Time now = ledger_.clock().Now();
  int past = date == ChinaDate(now) ? static_cast<int>(SecondOfDay(now) / 60) : -1;
  json::array slots;
  for (auto [from, to] : HoursOf(hall))
    for (int minute = from; minute + step <= to; minute += std::max(5, step)) {
      std::string slot = fmt::format("{:02}:{:02}", minute / 60, minute % 60);
      int left = minute <= past ? 0 : std::max(0, places - taken[slot]);
      slots.push_back(json::object{{"slot", slot}, {"places", places}, {"left", left}});
    }
  return ToText(json::object{{"day", IsoDate(date)}, {"slots", std::move(slots)}});
}

Result<std::string> Halls::Book(const ledger::CommandInfo& info, const std::string& hall_id,
                                const json::object& body) {
  std::string business = Text(body, "business"), day = Text(body, "day"), slot = Text(body, "slot");
  Date today = ChinaDate(ledger_.clock().Now());
  auto date = ParseDate(day);
  if (!date || *date < today || *date > calendar_.After(today, 10).date) return error::kSlotWrong;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object hall, Hall(writer.tx(), hall_id));
    // Slots are counted inside the command, so that the last place goes to one person only.
    int step = static_cast<int>(IntAt(hall, "slot_minutes", 30));
    int minute = MinuteOf(slot);
    bool offered = BusinessOf(hall, business) != nullptr && calendar_.IsWorkDay(*date);
    bool inside = false;
    for (auto [from, to] : HoursOf(hall))
      inside = inside || (minute >= from && minute + step <= to && (minute - from) % step == 0);
    if (!offered || !inside) return error::kSlotWrong;
    if (*date == today && minute * 60 <= SecondOfDay(writer.now())) return error::kSlotWrong;
    int taken = 0;
    {
      TRY(store::Rows rows,
          writer.tx().Query("select account, slot from r_hall_appointment where hall = $1 and "
                            "business = $2 and day = $3 and state in ('booked', 'arrived') and "
                            "ended_at is null",
                            {hall_id, business, day}));
      while (rows.Next()) {
        if (rows.Text(0) == writer.who().account) return error::kBookedBefore;
        taken += rows.Text(1) == slot ? 1 : 0;
      }
    }
    if (taken >= IntAt(hall, "slot_places", 4)) return error::kNoPlace;
    std::string account = writer.who().account, name = writer.who().name;
    writer.ActAsEngine();
    TRY(ledger::Written made, writer.Create("hall_appointment",
                                            {{"hall", hall_id},
                                             {"hall_name", hall.at("name")},
                                             {"business", business},
                                             {"day", day},
                                             {"slot", slot},
                                             {"account", account},
                                             {"name", name},
                                             {"state", "booked"}},
                                            Text(hall, "region")));
    return ToText(json::object{{"id", made.id},
                               {"day", day},
                               {"slot", slot},
                               {"hall_name", hall.at("name")},
                               {"state", "booked"}});
  });
}

Result<std::string> Halls::CancelBooking(const ledger::CommandInfo& info, const std::string& id) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(
        ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "hall_appointment", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "hall_appointment", id));
    if (TextAt(row, "state") != "booked") return error::kActNotPossible;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("hall_appointment", id, {{"state", "cancelled"}}));
    return ToText(json::object{{"id", id}, {"state", "cancelled"}});
  });
}

Result<std::string> Halls::ActAtWindow(const ledger::CommandInfo& info,
                                       const std::string& window_id, const std::string& act,
                                       const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    ledger::Subject who = writer.who();
    TRY(json::object window,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "hall_window", window_id));
    bool reach = std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
      return post.role == "clerk" &&
             Text(window, "region").starts_with(ledger::DivisionPrefix(post.region));
    });
    std::string holder = Text(window, "clerk"), current = Text(window, "ticket");
    if (!reach || (act != "open" && holder != who.account)) return error::kNotYourWindow;
    writer.ActAsEngine();
    std::string now = IsoChina(writer.now()), day = IsoDate(ChinaDate(writer.now()));
    std::string hall = Text(window, "hall");
    json::object ticket;
    if (!current.empty()) {
      TRY(ticket, ledger::ReadRow(writer.tx(), writer.catalogue(), "hall_ticket", current));
    }
    std::string state = Text(ticket, "state");
    auto set_ticket = [&](const json::object& values) -> Result<void> {
      TRY_VOID(writer.Update("hall_ticket", current, values));
      return {};
    };
    if (act == "open") {
      TRY_VOID(
          writer.Update("hall_window", window_id,
                        {{"state", "open"}, {"clerk", who.account}, {"clerk_name", who.name}}));
    } else if (act == "close") {
      if (!current.empty()) return error::kActNotPossible;
      TRY_VOID(writer.Update("hall_window", window_id,
                             {{"state", "closed"}, {"clerk", nullptr}, {"clerk_name", nullptr}}));
    } else if (act == "call") {
      if (!current.empty() || TextAt(window, "state") != "open") return error::kActNotPossible;
      TRY(Line line, LineOf(writer.tx(), hall, day));
      int in_row = static_cast<int>(IntAt(window, "priority_calls"));
      int at = NextOf(line.waiting, Letters(window), in_row);
      if (at < 0) return error::kNobodyWaits;
      const Waiting& next = line.waiting[static_cast<size_t>(at)];
      TRY_VOID(writer.Update("hall_ticket", next.id,
                             {{"state", "calling"},
                              {"called_at", now},
                              {"window", window_id},
                              {"window_number", window.at("number")},
                              {"recalls", 0}}));
      TRY_VOID(writer.Update(
          "hall_window", window_id,
          {{"ticket", next.id}, {"priority_calls", next.klass == 0 ? in_row + 1 : 0}}));
    } else if (act == "recall") {
      if (state != "calling" || IntAt(ticket, "recalls") >= settings_.recalls_most)
        return error::kActNotPossible;
      TRY_VOID(set_ticket({{"recalls", IntAt(ticket, "recalls") + 1}, {"called_at", now}}));
    } else if (act == "begin") {
      if (state != "calling") return error::kActNotPossible;
      TRY_VOID(set_ticket({{"state", "serving"}, {"began_at", now}}));
    } else if (act == "finish") {
      if (state != "serving") return error::kActNotPossible;
      TRY_VOID(set_ticket({{"state", "done"}, {"finished_at", now}}));
      TRY_VOID(writer.Update("hall_window", window_id, {{"ticket", nullptr}}));
    } else if (act == "miss") {
      if (state != "calling") return error::kActNotPossible;
      int64_t missed = IntAt(ticket, "missed") + 1;
      if (missed >= settings_.missed_most) {
        TRY_VOID(set_ticket({{"state", "missed"}, {"missed", missed}, {"finished_at", now}}));
      } else {
        TRY(Line line, LineOf(writer.tx(), hall, day));
        double place = RankBehind(line.waiting, Text(ticket, "business"), settings_.missed_places);
        if (place == 0) place = SecondOfDay(writer.now());
        TRY_VOID(set_ticket({{"state", "waiting"},
                             {"missed", missed},
                             {"klass", 2},
                             {"place", place},
                             {"window", nullptr},
                             {"window_number", nullptr}}));
      }
      TRY_VOID(writer.Update("hall_window", window_id, {{"ticket", nullptr}}));
    } else if (act == "move") {
      std::string business = Text(body, "business");
      TRY(json::object its_hall, Hall(writer.tx(), hall));
      if (current.empty() || BusinessOf(its_hall, business) == nullptr)
        return error::kActNotPossible;
      // Who is sent on has waited already: first among those of the other business.
      TRY_VOID(set_ticket({{"state", "waiting"},
                           {"business", business},
                           {"klass", 1},
                           {"place", 0},
                           {"window", nullptr},
                           {"window_number", nullptr},
                           {"moved_from", ticket.at("business")}}));
      TRY_VOID(writer.Update("hall_window", window_id, {{"ticket", nullptr}}));
    } else {
      return error::kActNotPossible;
    }
    return window_id;
  }));
  return Desk(window_id);
}

Result<std::string> Halls::Desk(const std::string& window_id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object window, ledger::ReadRow(*snapshot, *catalogue, "hall_window", window_id));
  std::string hall = Text(window, "hall");
  TRY(Line line, LineOf(*snapshot, hall, IsoDate(ChinaDate(ledger_.clock().Now()))));
  std::vector<std::string> letters = Letters(window);
  json::array waiting;
  int in_row = static_cast<int>(IntAt(window, "priority_calls"));
  // In the order in which they will be called.
  std::vector<Waiting> rest = line.waiting;
  std::vector<json::object> rows = line.rows;
  for (int at = NextOf(rest, letters, in_row); at >= 0 && waiting.size() < 20;
       at = NextOf(rest, letters, in_row)) {
    auto index = static_cast<std::ptrdiff_t>(at);
    in_row = rest[static_cast<size_t>(at)].klass == 0 ? in_row + 1 : 0;
    waiting.push_back(Told(rows[static_cast<size_t>(at)]));
    rest.erase(rest.begin() + index);
    rows.erase(rows.begin() + index);
  }
  json::value ticket;
  if (std::string current = Text(window, "ticket"); !current.empty()) {
    TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "hall_ticket", current));
    ticket = Told(row);
  }
  TRY(json::object its_hall, Hall(*snapshot, hall));
  json::object out{{"id", window_id},
                   {"hall", hall},
                   {"hall_name", its_hall.at("name")},
                   {"number", window.at("number")},
                   {"name", window.at("name")},
                   {"state", window.at("state")},
                   {"clerk", window.at("clerk")},
                   {"clerk_name", window.at("clerk_name")},
                   {"businesses", its_hall.at("businesses")},
                   {"serves", window.at("businesses")},
                   {"recalls_most", settings_.recalls_most},
                   {"ticket", std::move(ticket)},
                   {"waiting", std::move(waiting)}};
  return ToText(out);
}

Result<std::string> Halls::Screen(const std::string& hall_id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object hall, Hall(*snapshot, hall_id));
  std::string day = IsoDate(ChinaDate(ledger_.clock().Now()));
  json::array calls;
  {
    TRY(store::Rows rows,
        snapshot->Query("select number, window_number, called_at, recalls, state from "
                        "r_hall_ticket where hall = $1 and day = $2 and called_at is not null and "
                        "state in ('calling', 'serving') order by called_at desc limit 12",
                        {hall_id, day}));
    while (rows.Next())
      calls.push_back(json::object{{"number", rows.Text(0)},
                                   {"window", rows.Text(1)},
                                   {"at", IsoChina(FromMicros(rows.Int(2)))},
                                   {"times", rows.Int(3) + 1},
                                   {"calling", rows.Text(4) == "calling"}});
    TRY_VOID(rows.status());
  }
  TRY(Line line, LineOf(*snapshot, hall_id, day));
  json::array waiting;
  if (const json::array* businesses = ArrayAt(hall, "businesses"))
    for (const json::value& each : *businesses) {
      std::string letter = Text(each.get_object(), "code");
      int count = 0;
      for (const Waiting& one : line.waiting) count += one.business == letter ? 1 : 0;
      TRY(json::object told, Foretell(*snapshot, hall_id, letter, count));
      told["business"] = letter;
      told["name"] = each.at("name");
      told["count"] = count;
      waiting.push_back(std::move(told));
    }
  return ToText(json::object{{"hall", hall_id},
                             {"name", hall.at("name")},
                             {"address", hall.at("address")},
                             {"hours", hall.at("hours")},
                             {"now", IsoChina(ledger_.clock().Now())},
                             {"calls", std::move(calls)},
                             {"waiting", std::move(waiting)}});
}

Result<std::string> Halls::Figures(const std::string& hall_id, const std::string& day) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object hall, Hall(*snapshot, hall_id));
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "hall_ticket",
                       "hall = " + Quoted(hall_id) + " and day = date(" + Quoted(day) + ")", 5000));
  struct Sums {
    int64_t taken = 0, done = 0, lost = 0, waiting = 0;
    std::vector<double> wait, service;
  };
  std::map<std::string, Sums> by;
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    for (const std::string& key : {std::string("*"), Text(row, "business")}) {
      Sums& sums = by[key];
      ++sums.taken;
      std::string_view state = TextAt(row, "state");
      sums.done += state == "done" ? 1 : 0;
      sums.lost += state == "abandoned" || state == "missed" ? 1 : 0;
      sums.waiting += state == "waiting" ? 1 : 0;
      if (double m = MinutesBetween(row, "issued_at", "began_at"); m >= 0) sums.wait.push_back(m);
      if (double m = MinutesBetween(row, "began_at", "finished_at"); m >= 0)
        sums.service.push_back(m);
    }
  }
  auto told = [](const Sums& sums) {
    int64_t ended = sums.done + sums.lost;
    return json::object{{"taken", sums.taken},
                        {"done", sums.done},
                        {"waiting", sums.waiting},
                        {"lost", sums.lost},
                        {"lost_share", ended == 0 ? json::value()
                                                  : json::value(static_cast<double>(sums.lost) /
                                                                static_cast<double>(ended))},
                        {"wait_mean", MeanOf(sums.wait)},
                        {"wait_p90", Percentile(sums.wait, 0.9)},
                        {"service_mean", MeanOf(sums.service)}};
  };
  json::array businesses;
  for (const auto& [letter, sums] : by) {
    if (letter == "*") continue;
    json::object one = told(sums);
    one["business"] = letter;
    const json::object* known = BusinessOf(hall, letter);
    one["name"] = known != nullptr ? known->at("name") : json::value(letter);
    businesses.push_back(std::move(one));
  }
  json::object out = told(by["*"]);
  out["hall"] = hall_id;
  out["name"] = hall.at("name");
  out["day"] = day;
  out["businesses"] = std::move(businesses);
  return ToText(out);
}

Result<std::string> Halls::Ratings() {
  TRY(auto snapshot, ledger_.store().Read());
  std::string since = IsoDate(ChinaDate(ledger_.clock().Now()) - std::chrono::days(30));
  struct Row {
    std::string id, name, level;
    int64_t taken = 0, done = 0, lost = 0, windows = 0, accessible = 0, unsolved = 0;
    double wait = 0;
    int64_t waits = 0;
    double score = 0;
  };
  std::map<std::string, Row> by;
  {
    TRY(store::Rows rows, snapshot->Query("select id, name, level from r_hall where ended_at is "
                                          "null and state = 'open'"));
    while (rows.Next())
      by[std::string(rows.Text(0))] = {std::string(rows.Text(0)), std::string(rows.Text(1)),
                                       std::string(rows.Text(2))};
    TRY_VOID(rows.status());
  }
  {
    TRY(store::Rows rows,
        snapshot->Query("select hall, state, issued_at, began_at from r_hall_ticket where day >= "
                        "$1 and ended_at is null",
                        {since}));
    while (rows.Next()) {
      auto found = by.find(std::string(rows.Text(0)));
      if (found == by.end()) continue;
      Row& row = found->second;
      ++row.taken;
      row.done += rows.Text(1) == "done" ? 1 : 0;
      row.lost += rows.Text(1) == "missed" || rows.Text(1) == "abandoned" ? 1 : 0;
      if (!rows.IsNull(3)) {
        row.wait += static_cast<double>(rows.Int(3) - rows.Int(2)) / 60e6;
        ++row.waits;
      }
    }
    TRY_VOID(rows.status());
  }
  {
    TRY(store::Rows rows, snapshot->Query("select hall, kind, accessible from r_hall_window where "
                                          "ended_at is null"));
    while (rows.Next()) {
      auto found = by.find(std::string(rows.Text(0)));
      if (found == by.end()) continue;
      ++found->second.windows;
      found->second.unsolved += rows.Text(1) == "unsolved" ? 1 : 0;
      found->second.accessible += rows.Int(2) != 0 ? 1 : 0;
    }
    TRY_VOID(rows.status());
  }
  std::vector<Row> list;
  for (auto& [id, row] : by) {
    if (row.windows == 0) continue;
    // Of 100: waiting 40 (none lost up to 5 minutes, all at 45), kept 30, accessible window 15,
    // window for unsolved problems 15.
    double wait = row.waits == 0 ? 0 : row.wait / static_cast<double>(row.waits);
    double ended = static_cast<double>(row.done + row.lost);
    row.wait = wait;
    row.score = 40 * std::clamp((45 - wait) / 40, 0.0, 1.0) +
                30 * (ended == 0 ? 1 : static_cast<double>(row.done) / ended) +
                (row.accessible > 0 ? 15 : 0) + (row.unsolved > 0 ? 15 : 0);
    list.push_back(row);
  }
  std::sort(list.begin(), list.end(), [](const Row& a, const Row& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  json::array rows;
  for (const Row& row : list)
    rows.push_back(json::object{{"id", row.id},
                                {"name", row.name},
                                {"level", row.level},
                                {"taken", row.taken},
                                {"wait_mean", row.wait},
                                {"done", row.done},
                                {"lost", row.lost},
                                {"windows", row.windows},
                                {"accessible", row.accessible > 0},
                                {"unsolved", row.unsolved > 0},
                                {"score", row.score},
                                {"model", row.score >= 90 && row.taken > 0}});
  json::object weights{{"waiting", 40}, {"kept", 30}, {"accessible", 15}, {"unsolved", 15}};
  return ToText(json::object{{"since", since}, {"weights", weights}, {"rows", std::move(rows)}});
}
}  // namespace city::halls
