// SPDX-License-Identifier: Apache-2.0
// The relay of the outbox: what a command sent leaves at least once, after the commit, with retries
// and back-off.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/json.h"
#include "base/time.h"
#include "parts/store/store.h"

namespace city::ledger {

/// A message on its way out. The same id may come more than once.
struct Outgoing {
  std::string id, topic, subject, region, payload;
  int tries = 0;
};

/// Takes messages from the outbox and hands them to whoever listens. One thread of its own; with
/// several servers each message is claimed by one of them.
class Relay {
 public:
  using Handler = std::function<Result<void>(const Outgoing&)>;
  /// `lane`: a topic that this relay alone carries, so that what waits there for the outside world
  /// keeps nobody else waiting; empty: all topics but those left to lanes. `most_wait`: the longest
  /// time between two tries of one message.
  Relay(store::Store& store, const Clock& clock, std::string lane = {},
        std::chrono::seconds most_wait = std::chrono::hours(1));
  ~Relay() { Stop(); }

  /// Called for each message of the topic; "" hears all topics that nobody else hears. Set before
  /// Start.
  void Hear(std::string topic, Handler handler);
  /// Leaves a topic to the relay of its own lane. Set before Start.
  void LeaveTo(const std::string& lane);
  void Start();
  void Stop();
  /// Looks at once (after a commit); never waits.
  void Wake();
  /// Delivers what is due now; how many went well. For tests and for a last round before the end.
  Result<int> RunOnce(int most = 200);

 private:
  store::Store& store_;
  const Clock& clock_;
  std::string which_;  ///< condition on the topic, in SQL
  std::chrono::seconds most_wait_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false, woken_ = false;
  std::thread thread_;
};
}  // namespace city::ledger
