// SPDX-License-Identifier: Apache-2.0
#include "engines/rooms/janus.h"

#include <algorithm>
#include <cctype>

#include "base/log.h"
#include "engines/rooms/errors.h"
#include "parts/crypto/crypto.h"

namespace city::rooms {
namespace {
constexpr auto kKeptFor = std::chrono::seconds(45);  ///< Janus itself forgets a session after 60
constexpr size_t kMostMissed = 200;
constexpr int64_t kNoSession = 458, kNoHandle = 459, kRoomExists = 427;

tl::unexpected<Error> Failed(std::string why) {
  return error::kMediaFailed({{"why", std::move(why)}});
}
/// Whole numbers of Janus may need 64 bits without a sign.
std::string NumberAt(const json::object& row, std::string_view key) {
  const json::value* value = row.if_contains(key);
  if (value == nullptr) return {};
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return {};
}
const json::object& PluginData(const json::object& answer) {
  static const json::object kNone;
  const json::object* plugin = ObjectAt(answer, "plugindata");
  const json::object* data = plugin != nullptr ? ObjectAt(*plugin, "data") : nullptr;
  return data != nullptr ? *data : kNone;
}
}  // namespace

json::array TellEvent(const json::object& event, const MediaSeat& seat, Side side) {
  json::array out;
  std::string_view janus = TextAt(event, "janus");
  std::string from = NumberAt(event, "sender");
  if (janus == "timeout") out.push_back(json::object{{"kind", "gone"}});
  std::string_view on = from == seat.out ? "out" : from == seat.in ? "in" : "";
  if (on.empty()) return out;
  if (janus == "webrtcup") out.push_back(json::object{{"kind", "up"}, {"on", on}});
  if (janus == "hangup" && on == "out") out.push_back(json::object{{"kind", "gone"}});
  if (janus == "slowlink") out.push_back(json::object{{"kind", "slow"}});
  if (janus != "event") return out;
  const json::object& data = PluginData(event);
  std::string_view what = TextAt(data, "videoroom");
  auto other = static_cast<int64_t>(Other(side));
  bool here = false;
  if (const json::array* publishers = ArrayAt(data, "publishers"))
    for (const json::value& each : *publishers)
      here = here || (each.is_object() && IntAt(each.get_object(), "id") == other);
  if (what == "joined") {
    out.push_back(json::object{{"kind", "entered"}, {"other", here}});
  } else if (here) {
    out.push_back(json::object{{"kind", "other-here"}});
  }
  if (IntAt(data, "unpublished", -1) == other || IntAt(data, "leaving", -1) == other)
    out.push_back(json::object{{"kind", "other-gone"}});
  if (what == "destroyed") out.push_back(json::object{{"kind", "closed"}});
  if (const json::object* jsep = ObjectAt(event, "jsep"))
    out.push_back(json::object{
        {"kind", "jsep"},
        {"on", on},
        {"jsep", json::object{{"type", TextAt(*jsep, "type")}, {"sdp", TextAt(*jsep, "sdp")}}}});
  // Without its own handle a page would wait for ever: it comes back with a new one. What it
  // watches is offered again when the other is there.
  if (data.contains("error_code"))
    out.push_back(on == "out"
                      ? json::object{{"kind", "gone"}}
                      : json::object{{"kind", "trouble"}, {"code", IntAt(data, "error_code")}});
  return out;
}

Result<std::shared_ptr<Janus>> Janus::Make(JanusSettings settings) {
  auto to = net::ParseAddress(settings.address);
  // It is on this machine or behind a tunnel: pictures are encrypted by themselves.
  if (!to || to->tls) return error::kSettingWrong({{"name", "--janus"}});
  bool plain = std::all_of(settings.secret.begin(), settings.secret.end(),
                           [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!plain) return error::kSettingWrong({{"name", "YIWANG_JANUS_SECRET"}});
  return std::make_shared<Janus>(std::move(settings));
}

Result<json::object> Janus::Ask(const std::string& path, json::object request) {
  request["transaction"] = crypto::ToHex(crypto::RandomBytes(8));
  if (!settings_.secret.empty()) request["apisecret"] = settings_.secret;
  auto answer = net::PostJson(settings_.address, path, ToText(request),
                              {std::chrono::seconds(2), std::chrono::seconds(6), 1u << 20});
  if (!answer) return Failed(answer.error().ToLine());
  auto value = ParseJson(answer->body);
  if (!value || !value->is_object()) return Failed("HTTP " + std::to_string(answer->status));
  json::object said = std::move(value->get_object());
  if (const json::object* wrong = ObjectAt(said, "error")) {
    int64_t code = IntAt(*wrong, "code");
    if (code == kNoSession || code == kNoHandle) return error::kSeatGone;
    return Failed(std::to_string(code) + " " + std::string(TextAt(*wrong, "reason")));
  }
  return said;
}

Result<json::object> Janus::Message(const MediaSeat& seat, const std::string& handle,
                                    json::object body, const json::value& jsep) {
  json::object request{{"janus", "message"}, {"body", std::move(body)}};
  if (jsep.is_object()) request["jsep"] = jsep;
  return Ask("/" + seat.session + "/" + handle, std::move(request));
}

Result<std::string> Janus::Attach(const std::string& session) {
  TRY(json::object made,
      Ask("/" + session, {{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}}));
  const json::object* data = ObjectAt(made, "data");
  std::string handle = data != nullptr ? NumberAt(*data, "id") : std::string();
  if (handle.empty()) return Failed("attach");
  return handle;
}

Result<MediaSeat> Janus::Enter(const MediaRoom& room, Side side, const MediaSeat& before) {
  // The media server takes messages one after another, so the seat is given up before it is taken
  // again; that a session ends would come at any time, and the seat may still be taken then.
  if (!before.session.empty()) {
    Forget(before);
    (void)Message(before, before.out, {{"request", "leave"}});
  }
  MediaSeat seat;
  TRY(json::object session, Ask("", {{"janus", "create"}}));
  const json::object* data = ObjectAt(session, "data");
  seat.session = data != nullptr ? NumberAt(*data, "id") : std::string();
  if (seat.session.empty()) return Failed("session");
  TRY(seat.out, Attach(seat.session));
  // Made by whoever comes first, and again when the media server was started anew.
  TRY(json::object made,
      Message(
          seat, seat.out,
          {{"request", "create"},
           {"room", room.number},
           {"secret", room.secret},
           {"allowed", json::array{json::string(room.host_token), json::string(room.guest_token)}},
           {"is_private", true},
           {"publishers", 2},
           {"bitrate", settings_.bitrate},
           {"audiocodec", "opus"},
           {"videocodec", "vp8"},
           {"record", false},
           {"lock_record", true}}));
  const json::object& told = PluginData(made);
  if (int64_t code = IntAt(told, "error_code"); code != 0 && code != kRoomExists)
    return Failed(std::to_string(code) + " " + std::string(TextAt(told, "error")));
  TRY_VOID(Message(seat, seat.out,
                   {{"request", "join"},
                    {"ptype", "publisher"},
                    {"room", room.number},
                    {"id", static_cast<int64_t>(side)},
                    {"token", room.TokenOf(side)}}));
  Leave(before);
  return seat;
}

Result<void> Janus::Say(const MediaRoom& room, Side side, MediaSeat& seat,
                        const json::object& signal) {
  std::string_view kind = TextAt(signal, "kind");
  if (kind == "publish") {
    TRY_VOID(Message(seat, seat.out, {{"request", "publish"}}, signal.at("jsep")));
  } else if (kind == "watch") {
    // A handle of its own for each time that the other comes: nothing of the time before is left.
    if (!seat.in.empty()) (void)Ask("/" + seat.session + "/" + seat.in, {{"janus", "detach"}});
    TRY(seat.in, Attach(seat.session));
    {
      std::lock_guard lock(mutex_);
      if (auto ear = ears_.find(seat.session); ear != ears_.end()) ear->second.seat = seat;
    }
    json::object feed{{"feed", static_cast<int64_t>(Other(side))}};
    TRY_VOID(Message(seat, seat.in,
                     {{"request", "join"},
                      {"ptype", "subscriber"},
                      {"room", room.number},
                      {"token", room.TokenOf(side)},
                      {"streams", json::array{std::move(feed)}}}));
  } else if (kind == "answer") {
    TRY_VOID(Message(seat, seat.in, {{"request", "start"}}, signal.at("jsep")));
  } else if (kind == "candidate") {
    const std::string& handle = TextAt(signal, "on") == "in" ? seat.in : seat.out;
    json::value candidate = signal.at("candidate");
    if (candidate.is_null()) candidate = json::object{{"completed", true}};
    TRY_VOID(Ask("/" + seat.session + "/" + handle,
                 {{"janus", "trickle"}, {"candidate", std::move(candidate)}}));
  } else if (kind == "beat") {
    TRY_VOID(Ask("/" + seat.session, {{"janus", "keepalive"}}));
  } else if (kind == "leave") {
    Leave(seat);
  }
  return {};
}

void Janus::Listen(const MediaSeat& seat, Side side, Listener listener) {
  bool begin = false;
  {
    std::lock_guard lock(mutex_);
    Ear& ear = ears_[seat.session];
    ear.seat = seat;
    ear.side = side;
    ear.listener = std::move(listener);
    ear.left = {};
    while (!ear.missed.empty() && ear.listener(ear.missed.front())) ear.missed.pop_front();
    begin = !ear.polling;
    ear.polling = true;
  }
  if (!begin) return;
  auto to = net::ParseAddress(settings_.address);
  if (!to) return;
  std::string path = "/" + seat.session + "?maxev=10";
  if (!settings_.secret.empty()) path += "&apisecret=" + settings_.secret;
  polls_.Begin(*to, path, [this, session = seat.session](const Result<net::HttpAnswer>& answer) {
    return Hear(session, answer);
  });
}

bool Janus::Hear(const std::string& session, const Result<net::HttpAnswer>& answer) {
  std::lock_guard lock(mutex_);
  auto found = ears_.find(session);
  if (found == ears_.end()) return false;
  Ear& ear = found->second;
  json::array events;
  bool gone = !answer;
  if (answer) {
    auto value = ParseJson(answer->body);
    if (value && value->is_array()) events = std::move(value->get_array());
    if (value && value->is_object()) events.push_back(std::move(value->get_object()));
    gone = !value || answer->status != 200;
  }
  json::array told;
  for (const json::value& each : events) {
    const json::object* event = each.if_object();
    if (event == nullptr) continue;
    if (TextAt(*event, "janus") == "error") gone = true;
    for (json::value& one : TellEvent(*event, ear.seat, ear.side)) told.push_back(std::move(one));
  }
  if (gone) told.push_back(json::object{{"kind", "gone"}});
  // Nothing happened: is anybody still there?
  if (told.empty()) told.push_back(json::object{{"kind", "quiet"}});
  auto now = std::chrono::steady_clock::now();
  for (const json::value& each : told) {
    const json::object& one = each.get_object();
    if (ear.missed.empty() && ear.listener && ear.listener(one)) continue;
    ear.listener = nullptr;
    if (ear.left == std::chrono::steady_clock::time_point{}) ear.left = now;
    if (ear.missed.size() < kMostMissed) ear.missed.push_back(one);
  }
  bool over = gone || (!ear.listener && now - ear.left > kKeptFor);
  if (over) ears_.erase(found);
  return !over;
}

void Janus::Forget(const MediaSeat& seat) {
  std::lock_guard lock(mutex_);
  ears_.erase(seat.session);
}

void Janus::Leave(const MediaSeat& seat) {
  if (seat.session.empty()) return;
  Forget(seat);
  // Whatever comes of it: a session that nobody keeps alive ends by itself.
  (void)Ask("/" + seat.session, {{"janus", "destroy"}});
}

void Janus::Close(const MediaRoom& room) {
  auto close = [&]() -> Result<void> {
    TRY(json::object session, Ask("", {{"janus", "create"}}));
    const json::object* data = ObjectAt(session, "data");
    MediaSeat seat{data != nullptr ? NumberAt(*data, "id") : std::string(), {}, {}};
    TRY(seat.out, Attach(seat.session));
    TRY_VOID(Message(seat, seat.out,
                     {{"request", "destroy"}, {"room", room.number}, {"secret", room.secret}}));
    Leave(seat);
    return {};
  };
  if (auto done = close(); !done)
    LogWarning("a room could not be ended at the media server", {{"why", done.error().ToLine()}});
}
}  // namespace city::rooms
