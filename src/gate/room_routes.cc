// SPDX-License-Identifier: Apache-2.0
// Video rooms: opening, entering, signals and their stream, documents to be signed.
#include <deque>

#include "gate/route_table.h"

namespace city::gate {
namespace {
/// What is told before the stream of the listener stands waits here.
class Ear {
 public:
  bool Hear(const json::object& said) {
    std::lock_guard lock(mutex_);
    std::string data = ToText(said);
    if (stream_ == nullptr) {
      waiting_.push_back(std::move(data));
      return waiting_.size() < 200;
    }
    return stream_->Push("signal", data, "");
  }
  void Open(std::shared_ptr<Stream> stream) {
    std::lock_guard lock(mutex_);
    stream_ = std::move(stream);
    for (const std::string& each : waiting_) stream_->Push("signal", each, "");
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Stream> stream_;
  std::deque<std::string> waiting_;
};
}  // namespace

void AddRoomRoutes(Router& router, Surroundings s) {
  RouteTable table(router, "rooms");
  auto info_of = [s](const Call& call) { return InfoOf(call, ShardOf(s, call)); };

  table.Post(
      "/api/rooms", "openRoom", "打开视频室", "Open a video room for a case", Access::kSignedIn, {},
      [s, info_of](Call& call, const json::object& body) {
        auto made = s.city.rooms().Begin(info_of(call), body);
        s.city.relay().Wake();
        return made;
      },
      201);
  table.Get("/api/cases/{id}/rooms", "roomsOfCase", "办件的视频室", "Video rooms of a case",
            Access::kSignedIn, {},
            [s](Call& call) { return s.city.rooms().OfCase(call.who, Part(call, "id"), ""); });
  table.Get("/api/remote-cases/{id}/rooms", "roomsOfRemoteCase", "代收件的视频室",
            "Video rooms of a case received for elsewhere", Access::kRoles, {"clerk"},
            [s](Call& call) { return s.city.rooms().OfCase(call.who, "", Part(call, "id")); });
  table.Get("/api/rooms/{id}", "readRoom", "视频室", "A video room", Access::kSignedIn, {},
            [s](Call& call) { return s.city.rooms().View(call.who, Part(call, "id")); });
  table.Post("/api/rooms/{id}/join", "joinRoom", "进入视频室", "Enter a video room",
             Access::kSignedIn, {}, [s, info_of](Call& call, const json::object& body) {
               auto joined = s.city.rooms().Join(info_of(call), Part(call, "id"), body);
               s.city.relay().Wake();
               return joined;
             });
  table.Post("/api/rooms/{id}/signals", "signalRoom", "通话信令", "A signal of a page in a room",
             Access::kSignedIn, {}, [s, info_of](Call& call, const json::object& body) {
               return s.city.rooms().Say(info_of(call), Part(call, "id"), body);
             });
  Route listen{"GET",
               "/api/rooms/{id}/signals",
               "listenRoom",
               "接收通话信令",
               "What happens at a seat, as server-sent events",
               Access::kSignedIn,
               {},
               nullptr};
  listen.tag = "rooms";
  listen.params = {{"ticket", "query", "string", "入室凭证", "Ticket of the page"}};
  listen.handle = [s](Call& call) -> Result<Response> {
    auto ear = std::make_shared<Ear>();
    TRY_VOID(s.city.rooms().Listen(call.who, Part(call, "id"),
                                   std::string(call.request.Query("ticket")),
                                   [ear](const json::object& said) { return ear->Hear(said); }));
    Response response;
    response.opened = [ear](std::shared_ptr<Stream> stream) { ear->Open(std::move(stream)); };
    return response;
  };
  router.Add(std::move(listen));
  table.Post("/api/rooms/{id}/documents", "showDocument", "出示待签文书",
             "Show a document to be signed", Access::kSignedIn, {},
             [s, info_of](Call& call, const json::object& body) {
               return s.city.rooms().Show(info_of(call), Part(call, "id"), body);
             });
  table.Get("/api/rooms/{id}/documents/{document}", "readRoomDocument", "待签文书",
            "A document shown in a room", Access::kSignedIn, {}, [s, info_of](Call& call) {
              return s.city.rooms().ReadDocument(info_of(call), Part(call, "id"),
                                                 Part(call, "document"));
            });
  table.Post("/api/rooms/{id}/documents/{document}/acts/{act}", "settleDocument", "签署或拒签文书",
             "Sign or decline a document", Access::kSignedIn, {},
             [s, info_of](Call& call, const json::object& body) {
               auto done = s.city.rooms().Settle(info_of(call), Part(call, "id"),
                                                 Part(call, "document"), Part(call, "act"), body);
               s.city.relay().Wake();
               return done;
             });
  table.Post("/api/rooms/{id}/end", "endRoom", "结束视频室", "End a video room", Access::kSignedIn,
             {}, [s, info_of](Call& call, const json::object&) {
               auto ended = s.city.rooms().End(info_of(call), Part(call, "id"));
               s.city.relay().Wake();
               return ended;
             });
}
}  // namespace city::gate
