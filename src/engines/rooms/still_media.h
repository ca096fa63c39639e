// SPDX-License-Identifier: Apache-2.0
// Why: stories and tests look at everything about a room but the pictures; this media server takes
// seats and carries nothing.
#pragma once
#include <atomic>

#include "engines/rooms/media.h"

namespace city::rooms {

class StillMedia : public Media {
 public:
  Result<MediaSeat> Enter(const MediaRoom&, Side, const MediaSeat&) override {
    return MediaSeat{std::to_string(++entered), "1", ""};
  }
  Result<void> Say(const MediaRoom&, Side, MediaSeat&, const json::object&) override { return {}; }
  void Listen(const MediaSeat&, Side, Listener) override {}
  void Leave(const MediaSeat&) override {}
  void Close(const MediaRoom&) override { ++closed; }

  std::atomic<int> entered{0}, closed{0};
};
}  // namespace city::rooms
