// SPDX-License-Identifier: Apache-2.0
// Due days after the calendar was amended: open cases follow it, decided ones keep what was told.
#include "engines/cases/cases.h"

namespace city::cases {

Result<int> Cases::RecountOpen(const std::string& shard) {
  std::vector<std::string> open;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query("select id from r_service_case where state in ('handling', 'paused') and "
                        "ended_at is null and accepted_day is not null"));
    while (rows.Next()) open.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  int moved = 0;
  constexpr size_t kAtOnce = 500;
  for (size_t from = 0; from < open.size(); from += kAtOnce) {
    ledger::CommandInfo info{ledger::System("calendar"), shard, {}, {}};
    TRY(std::string count,
        ledger_.Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
          int changed = 0;
          Date today = ChinaDate(writer.now());
          for (size_t i = from; i < std::min(open.size(), from + kAtOnce); ++i) {
            TRY(json::object row,
                ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", open[i]));
            ClockState clock = ClockOf(row, today);
            std::string promised = IsoDate(clock.promised_due), legal = IsoDate(clock.legal_due);
            if (TextAt(row, "promised_due") == promised && TextAt(row, "legal_due") == legal)
              continue;
            // A pause still open moves the days when it ends; until then only the view shows them.
            TRY_VOID(writer.Update("service_case", open[i],
                                   {{"promised_due", promised},
                                    {"legal_due", legal},
                                    {"due_estimated", clock.estimated}}));
            std::vector<std::string> tasks;
            {
              TRY(store::Rows rows,
                  writer.tx().Query("select id from r_case_task where case_id = $1 and state = "
                                    "'open' and ended_at is null",
                                    {open[i]}));
              while (rows.Next()) tasks.emplace_back(rows.Text(0));
            }
            for (const std::string& task : tasks)
              TRY_VOID(writer.Update("case_task", task, {{"due", promised}}));
            ++changed;
          }
          return std::to_string(changed);
        }));
    moved += std::atoi(count.c_str());
  }
  return moved;
}
}  // namespace city::cases
