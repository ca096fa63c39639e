// SPDX-License-Identifier: Apache-2.0
#include "ledger/outbox.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/metrics.h"

namespace city::ledger {
namespace {
constexpr std::chrono::seconds kClaim{
    30};  ///< a claimed message comes again after this when its server died

std::chrono::seconds BackOff(int tries, std::chrono::seconds most) {
  return std::min(most, std::chrono::seconds(2 << std::min(tries, 11)));
}

/// Topics are names in our own code; anything else would be a fault of ours.
std::string Named(const std::string& topic) {
  CHECK(!topic.empty() && topic.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == topic.npos);
  return "'" + topic + "'";
}
}  // namespace

Relay::Relay(store::Store& store, const Clock& clock, std::string lane,
             std::chrono::seconds most_wait)
    : store_(store),
      clock_(clock),
      which_(lane.empty() ? "" : " and topic = " + Named(lane)),
      most_wait_(most_wait) {}

void Relay::LeaveTo(const std::string& lane) { which_ += " and topic <> " + Named(lane); }

void Relay::Hear(std::string topic, Handler handler) {
  handlers_[std::move(topic)] = std::move(handler);
}

void Relay::Start() {
  thread_ = std::thread([this] {
    while (true) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(500),
                       [this] { return stopping_ || woken_; });
        woken_ = false;
        if (stopping_) return;
      }
      Result<int> done = RunOnce();
      if (!done) LogWarning("outbox cannot be read", {{"why", done.error().ToLine()}});
    }
  });
}

void Relay::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Relay::Wake() {
  {
    std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

Result<int> Relay::RunOnce(int most) {
  std::vector<Outgoing> batch;
  int64_t now = ToMicros(clock_.Now());
  {
    // Most looks find nothing; those must not cost a write.
    TRY(auto snapshot, store_.Read());
    TRY(store::Rows rows,
        snapshot->Query(
            "select 1 from outbox where done_at is null and next_at <= $1" + which_ + " limit 1",
            {now}));
    if (!rows.Next()) return 0;
  }
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    batch.clear();
    std::string sql =
        std::string("select id, topic, subject, region, payload, tries from outbox where ") +
        "done_at is null and "
        "next_at <= $1" +
        which_ + " order by next_at, id limit $2";
    if (tx.dialect() == store::Dialect::kPostgres) sql += " for update skip locked";
    {
      TRY(store::Rows rows, tx.Query(sql, {now, int64_t{most}}));
      while (rows.Next())
        batch.push_back({std::string(rows.Text(0)), std::string(rows.Text(1)),
                         std::string(rows.Text(2)), std::string(rows.Text(3)),
                         std::string(rows.Text(4)), static_cast<int>(rows.Int(5))});
    }
    for (const Outgoing& each : batch)
      TRY_VOID(tx.Enqueue("update outbox set next_at = $2, tries = tries + 1 where id = $1",
                          {each.id, ToMicros(clock_.Now() + kClaim)}));
    return {};
  }));
  struct Verdict {
    std::string id, trouble;
    int64_t next_at = 0;
  };
  std::vector<Verdict> verdicts;
  int good = 0;
  for (const Outgoing& each : batch) {
    auto handler = handlers_.find(each.topic);
    if (handler == handlers_.end()) handler = handlers_.find("");
    Result<void> done = handler == handlers_.end() ? Result<void>() : handler->second(each);
    if (done) {
      ++good;
      verdicts.push_back({each.id, "", 0});
    } else {
      CounterOf("city_outbox_failures", fmt::format("topic=\"{}\"", each.topic)).Add();
      verdicts.push_back({each.id, done.error().ToLine().substr(0, 1000),
                          ToMicros(clock_.Now() + BackOff(each.tries, most_wait_))});
    }
  }
  if (verdicts.empty()) return 0;
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    for (const Verdict& verdict : verdicts) {
      if (verdict.next_at == 0) {
        TRY_VOID(tx.Enqueue("delete from outbox where id = $1", {verdict.id}));
      } else {
        TRY_VOID(tx.Enqueue("update outbox set next_at = $2, trouble = $3 where id = $1",
                            {verdict.id, verdict.next_at, verdict.trouble}));
      }
    }
    return {};
  }));
  return good;
}
}  // namespace city::ledger
