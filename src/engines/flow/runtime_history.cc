// SPDX-License-Identifier: Apache-2.0
// What an instance went through, a page at a time.
#include <limits>

#include "engines/flow/errors.h"
#include "engines/flow/internal/runtime_parts.h"

namespace city::flow {
namespace {
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kAtOnce = 500;  // rows of the log in memory while a state is folded
}  // namespace

Result<std::vector<HistoryEntry>> Runtime::History(const InstanceRef& instance, std::uint32_t after,
                                                   int limit) {
  TRY(auto snapshot, store_.Read());
  std::vector<std::pair<std::int64_t, std::string>> moves;
  TRY(auto moved, snapshot->Query("select version, definition from flow_moved where region = $1"
                                  " and instance = $2 order by version",
                                  {instance.region, instance.id}));
  while (moved.Next()) moves.emplace_back(moved.Int(0), std::string(moved.Text(1)));
  TRY(auto now, snapshot->Query("select definition from flow_instance where region = $1"
                                " and id = $2",
                                {instance.region, instance.id}));
  if (!now.Next()) return error::kNoSuchInstance({{"id", instance.id}});
  std::string current(now.Text(0));
  TRY(auto rows, snapshot->Query("select version, at, actor, verb, lines from flow_log"
                                 " where region = $1 and instance = $2 and version > $3"
                                 " order by version limit $4",
                                 {instance.region, instance.id, int64_t{after},
                                  limit > 0 ? int64_t{limit} : int64_t{kAll}}));
  std::vector<HistoryEntry> out;
  while (rows.Next()) {
    HistoryEntry entry;
    entry.version = static_cast<std::uint32_t>(rows.Int(0));
    entry.definition = current;
    for (const auto& [version, definition] : moves) {
      if (entry.version < version) {
        entry.definition = definition;
        break;
      }
    }
    entry.at = FromMicros(rows.Int(1));
    entry.actor = std::string(rows.Text(2));
    entry.verb = std::string(rows.Text(3));
    TRY(std::string lines, cover_->Open("log", StepOf(instance, rows.Int(0)), rows.Blob(4)));
    TRY(entry.lines, DecodeLog(lines));
    out.push_back(std::move(entry));
  }
  TRY_VOID(rows.status());
  return out;
}

Result<Instance> Runtime::StateAt(const InstanceRef& instance, std::uint32_t version) {
  TRY(auto snapshot, store_.Read());
  Instance state;
  for (std::int64_t after = 0; after < version;) {
    TRY(auto rows,
        snapshot->Query("select version, lines from flow_log where region = $1"
                        " and instance = $2 and version > $3 and version <= $4"
                        " order by version limit $5",
                        {instance.region, instance.id, after, int64_t{version}, int64_t{kAtOnce}}));
    std::int64_t last = after;
    while (rows.Next()) {
      last = rows.Int(0);
      TRY(std::string text, cover_->Open("log", StepOf(instance, last), rows.Blob(1)));
      TRY(auto lines, DecodeLog(text));
      for (const auto& line : lines) Fold(state, line);
    }
    TRY_VOID(rows.status());
    if (last == after) break;
    after = last;
  }
  return state;
}

}  // namespace city::flow
