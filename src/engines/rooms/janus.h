// SPDX-License-Identifier: Apache-2.0
// Why: Janus carries picture and sound between the two of a room. It is asked on loopback through
// its HTTP interface (plugin videoroom); nothing is recorded, two may send, and each seat has a
// token of its own.
#pragma once
#include <deque>
#include <map>
#include <mutex>

#include "engines/rooms/media.h"
#include "parts/net/long_polls.h"

namespace city::rooms {

struct JanusSettings {
  std::string address;      ///< "http://127.0.0.1:8088/janus"
  std::string secret;       ///< api_secret of its configuration; empty: none
  int bitrate = 1'000'000;  ///< bits a second that each side may send
};

/// What one event of Janus tells a page; `out` and `in` are the handles of its seat.
/// Pure, for tests.
json::array TellEvent(const json::object& event, const MediaSeat& seat, Side side);

/// Threads: any.
class Janus : public Media {
 public:
  /// Errors: rooms.setting_wrong.
  static Result<std::shared_ptr<Janus>> Make(JanusSettings settings);
  explicit Janus(JanusSettings settings) : settings_(std::move(settings)) {}
  ~Janus() override { polls_.Stop(); }
  Result<MediaSeat> Enter(const MediaRoom& room, Side side, const MediaSeat& before) override;
  Result<void> Say(const MediaRoom& room, Side side, MediaSeat& seat,
                   const json::object& signal) override;
  void Listen(const MediaSeat& seat, Side side, Listener listener) override;
  void Leave(const MediaSeat& seat) override;
  void Close(const MediaRoom& room) override;

 private:
  /// One seat that is listened to at this server.
  struct Ear {
    MediaSeat seat;
    Side side = Side::kHost;
    Listener listener;
    std::deque<json::object> missed;
    std::chrono::steady_clock::time_point left{};  ///< when the last listener was found gone
    bool polling = false;
  };
  Result<json::object> Ask(const std::string& path, json::object request);
  /// What is told to this seat is heard by nobody any more.
  void Forget(const MediaSeat& seat);
  Result<json::object> Message(const MediaSeat& seat, const std::string& handle, json::object body,
                               const json::value& jsep = {});
  Result<std::string> Attach(const std::string& session);
  /// False: nobody wants to hear more of this session.
  bool Hear(const std::string& session, const Result<net::HttpAnswer>& answer);

  JanusSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Ear> ears_;  ///< by session
  net::LongPolls polls_;
};
}  // namespace city::rooms
