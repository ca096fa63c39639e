// SPDX-License-Identifier: Apache-2.0
// Why: a room needs something that carries picture and sound; which one is a choice of the city.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace city::rooms {

/// The two who talk.
enum class Side { kHost = 1, kGuest = 2 };
inline Side Other(Side side) { return side == Side::kHost ? Side::kGuest : Side::kHost; }

/// How the media server knows a room. Made once a room, known to the server side alone.
struct MediaRoom {
  int64_t number = 0;
  std::string secret;                   ///< of whoever ends it
  std::string host_token, guest_token;  ///< nobody else is let in
  const std::string& TokenOf(Side side) const {
    return side == Side::kHost ? host_token : guest_token;
  }
};

/// A seat taken at the media server.
struct MediaSeat {
  std::string session;  ///< empty: none
  std::string out, in;  ///< handles of what is sent and of what is seen
};

/// Told what happens, as {kind, …}: entered {other}, other-here, other-gone, jsep {on: out|in,
/// jsep}, up {on}, slow, gone (enter again), closed. False: nobody is there any more.
using Listener = std::function<bool(const json::object&)>;

/// Threads: any.
class Media {
 public:
  virtual ~Media() = default;
  /// Takes a seat anew; `before` is given up. The room is made when it is not there.
  /// Errors: rooms.media_failed.
  virtual Result<MediaSeat> Enter(const MediaRoom& room, Side side, const MediaSeat& before) = 0;
  /// What a page says (see signal.h), after it was checked. `seat` may change.
  /// Errors: rooms.media_failed, rooms.seat_gone.
  virtual Result<void> Say(const MediaRoom& room, Side side, MediaSeat& seat,
                           const json::object& signal) = 0;
  /// Tells what happens at a seat from now on; who listened before hears no more. What happened
  /// while nobody listened (up to 45 s) is told first.
  virtual void Listen(const MediaSeat& seat, Side side, Listener listener) = 0;
  virtual void Leave(const MediaSeat& seat) = 0;
  /// Ends a room for everybody.
  virtual void Close(const MediaRoom& room) = 0;
};
}  // namespace city::rooms
