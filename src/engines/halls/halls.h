// SPDX-License-Identifier: Apache-2.0
// The door of halls: tickets, appointments, windows, the screen, figures.
#pragma once
#include "base/work_days.h"
#include "engines/halls/queue.h"
#include "ledger/ledger.h"

namespace city::halls {

struct Settings {
  int recalls_most = 3;         ///< a ticket that was called so often is missed
  int missed_places = 3;        ///< places that who missed a call falls back
  int missed_most = 2;          ///< then the ticket lapses
  int appointment_early = 30;   ///< minutes before and after a slot in which it counts
  double service_minutes = 10;  ///< assumed while a business has no figures of its own
};

/// Threads: any.
class Halls {
 public:
  Halls(ledger::Ledger& ledger, const WorkDays& calendar, Settings settings = {})
      : ledger_(ledger), calendar_(calendar), settings_(settings) {}

  /// {hall, business, priority?, appointment?, name?, phone?} → the ticket with `ahead` and
  /// `minutes`. A clerk or a machine may take one for a visitor. Errors: halls.closed,
  /// halls.has_ticket.
  Result<std::string> TakeTicket(const ledger::CommandInfo& info, const std::string& hall,
                                 const json::object& body);
  Result<std::string> GiveUpTicket(const ledger::CommandInfo& info, const std::string& ticket);

  /// Slots of a day: [{slot, places, left}]. Errors: halls.closed on days off.
  Result<std::string> Slots(const std::string& hall, const std::string& business,
                            const std::string& day);
  /// {business, day, slot}. Errors: halls.slot_wrong, halls.no_place, halls.booked_before.
  Result<std::string> Book(const ledger::CommandInfo& info, const std::string& hall,
                           const json::object& body);
  Result<std::string> CancelBooking(const ledger::CommandInfo& info, const std::string& id);

  /// open, close, call, recall, begin, finish, miss, move {business}. Answers the desk view.
  /// Errors: halls.nobody_waits, halls.act_not_possible, halls.not_your_window.
  Result<std::string> ActAtWindow(const ledger::CommandInfo& info, const std::string& window,
                                  const std::string& act, const json::object& body);
  /// The window, the ticket at it, who waits.
  Result<std::string> Desk(const std::string& window);
  /// What the big screen shows: {hall, calls: [{number, window, at}], waiting: [{business, count,
  /// minutes}]}. No names.
  Result<std::string> Screen(const std::string& hall);
  /// Figures of a day: waiting mean and P90, service mean, abandoned share, by business.
  Result<std::string> Figures(const std::string& hall, const std::string& day);
  /// Rating of halls by their indicators over the last 30 days, best first.
  Result<std::string> Ratings();

 private:
  struct Line {
    std::vector<Waiting> waiting;
    std::vector<json::object> rows;
  };
  Result<json::object> Hall(store::Reader& reader, const std::string& id);
  Result<Line> LineOf(store::Reader& reader, const std::string& hall, const std::string& day);
  Result<json::object> Foretell(store::Reader& reader, const std::string& hall,
                                const std::string& business, int ahead);
  Result<void> MustBeOpen(const json::object& hall, const std::string& business, Time now) const;

  ledger::Ledger& ledger_;
  const WorkDays& calendar_;
  Settings settings_;
};
}  // namespace city::halls
