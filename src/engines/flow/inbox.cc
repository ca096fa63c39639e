// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/inbox.h"

namespace city::flow {
namespace {

std::string Slot(std::string_view name, std::string_view key) {
  std::string out(name);
  out += '\x1f';
  out += key;
  return out;
}

}  // namespace

bool Inbox::Put(Message message, Time now) {
  Expire(now);
  if (!message.id.empty()) {
    if (!ids_.emplace(message.id, message.expires).second) return false;
    ids_by_expiry_.emplace(message.expires, message.id);
  }
  auto slot = Slot(message.name, message.key);
  waiting_[slot].push_back(std::move(message));
  ++size_;
  return true;
}

std::optional<Message> Inbox::Take(std::string_view name, std::string_view key, Time now) {
  auto it = waiting_.find(Slot(name, key));
  if (it == waiting_.end()) return std::nullopt;
  std::optional<Message> out;
  while (!it->second.empty() && !out) {
    if (it->second.front().expires > now) out = std::move(it->second.front());
    it->second.pop_front();
    --size_;
  }
  if (it->second.empty()) waiting_.erase(it);
  return out;
}

std::size_t Inbox::Expire(Time now) {
  while (!ids_by_expiry_.empty() && ids_by_expiry_.begin()->first <= now) {
    ids_.erase(ids_by_expiry_.begin()->second);
    ids_by_expiry_.erase(ids_by_expiry_.begin());
  }
  std::size_t gone = 0;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    auto& queue = it->second;
    std::size_t before = queue.size();
    std::erase_if(queue, [&](const Message& m) { return m.expires <= now; });
    gone += before - queue.size();
    it = queue.empty() ? waiting_.erase(it) : std::next(it);
  }
  size_ -= gone;
  return gone;
}

}  // namespace city::flow
