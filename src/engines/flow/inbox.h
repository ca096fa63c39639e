// SPDX-License-Identifier: Apache-2.0
// Messages that have come and nobody was waiting for yet: kept for a while, in order, once.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/json.h"
#include "base/time.h"

namespace city::flow {

/// A message on its way to whoever waits for its name and key.
struct Message {
  std::string id;  ///< for idempotency; empty: never a repetition
  std::string name;
  std::string key;  ///< correlation key
  json::object variables;
  Time expires{};  ///< kept until then when nobody waits
};

/// The rules of keeping messages, without storage: by name and key, oldest first, each id once
/// while it is remembered. Not thread-safe.
class Inbox {
 public:
  /// Remembers the message. False: its id has been seen (the repetition is dropped).
  bool Put(Message message, Time now);
  /// Takes the oldest live message for a name and key; nothing when there is none.
  std::optional<Message> Take(std::string_view name, std::string_view key, Time now);
  /// Forgets what has expired; how many messages went.
  std::size_t Expire(Time now);
  std::size_t size() const { return size_; }

 private:
  std::unordered_map<std::string, std::deque<Message>> waiting_;
  std::set<std::pair<Time, std::string>> ids_by_expiry_;
  std::unordered_map<std::string, Time> ids_;
  std::size_t size_ = 0;
};

}  // namespace city::flow
