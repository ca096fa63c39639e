// SPDX-License-Identifier: Apache-2.0
#include "engines/rooms/signal.h"

#include "engines/rooms/errors.h"

namespace city::rooms {
namespace {
constexpr size_t kMostSdp = 64u << 10;  ///< bytes; a browser's own are below 10 KB
constexpr size_t kMostCandidate = 1000;

tl::unexpected<Error> Wrong(const char* what) { return error::kSignalWrong({{"what", what}}); }

Result<json::object> ReadJsep(const json::object& said, std::string_view type) {
  const json::object* jsep = ObjectAt(said, "jsep");
  if (jsep == nullptr || TextAt(*jsep, "type") != type) return Wrong("jsep");
  std::string_view sdp = TextAt(*jsep, "sdp");
  if (!sdp.starts_with("v=0") || sdp.size() > kMostSdp) return Wrong("sdp");
  return json::object{{"type", type}, {"sdp", sdp}};
}

Result<json::object> ReadCandidate(const json::object& given) {
  std::string_view line = TextAt(given, "candidate"), mid = TextAt(given, "sdpMid");
  if (line.size() > kMostCandidate || mid.size() > 60) return Wrong("candidate");
  int64_t index = IntAt(given, "sdpMLineIndex", 0);
  if (index < 0 || index > 20) return Wrong("sdpMLineIndex");
  return json::object{{"candidate", line}, {"sdpMid", mid}, {"sdpMLineIndex", index}};
}
}  // namespace

Result<json::object> ReadSignal(const json::object& said) {
  std::string_view kind = TextAt(said, "kind");
  json::object out{{"kind", kind}};
  if (kind == "watch" || kind == "beat" || kind == "leave") return out;
  if (kind == "shows") {
    for (const char* key : {"screen", "camera", "sound"}) out[key] = BoolAt(said, key);
    return out;
  }
  if (kind == "publish" || kind == "answer") {
    TRY(json::object jsep, ReadJsep(said, kind == "publish" ? "offer" : "answer"));
    out["jsep"] = std::move(jsep);
    return out;
  }
  if (kind == "candidate") {
    std::string_view on = TextAt(said, "on");
    if (on != "out" && on != "in") return Wrong("on");
    out["on"] = on;
    out["candidate"] = nullptr;
    if (const json::object* given = ObjectAt(said, "candidate")) {
      TRY(json::object candidate, ReadCandidate(*given));
      out["candidate"] = std::move(candidate);
    }
    return out;
  }
  return Wrong("kind");
}
}  // namespace city::rooms
