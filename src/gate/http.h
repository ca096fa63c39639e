// SPDX-License-Identifier: Apache-2.0
// A request and an answer as plain values; nothing of the network library shows here.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace city::gate {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Route;

/// What somebody asks. Header names are lower case; path and query are percent-decoded.
struct Request {
  std::string method;
  std::string path;
  Pairs query;
  Pairs headers;
  std::string body;
  std::string address;           ///< network address of the asker
  Pairs captured;                ///< values of {names} in the route's pattern
  const Route* route = nullptr;  ///< found when the request was planned; null: still to be found

  std::string_view Header(std::string_view name) const;
  std::string_view Query(std::string_view name, std::string_view fallback = {}) const;
  std::string_view Captured(std::string_view name) const;
  /// Value of one cookie; empty when absent.
  std::string_view Cookie(std::string_view name) const;
};

/// Something that pushes server-sent events to one listener. Threads: any.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Queues one event; false when the listener is gone or 256 events behind (it is then closed).
  /// `id` is what a listener that comes back names as the last it heard.
  virtual bool Push(std::string_view event, std::string_view data, std::string_view id) = 0;
};

/// The answer. A body of a file is given as shared bytes, so that it is not copied for each asker.
struct Response {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  Pairs headers;
  /// Header lines that are the same for many answers, each ended by CR LF; they outlive the answer.
  std::string_view fixed_headers;
  /// Set: the connection stays open and `opened` is given a stream to push to.
  std::function<void(std::shared_ptr<Stream>)> opened;

  void Set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }
};

Response JsonResponse(std::string body, int status = 200);

/// Splits "/a/b?x=1&y=2" and decodes it; false when the encoding is broken or holds NUL.
bool ParseTarget(std::string_view target, std::string& path, Pairs& query);
/// Decodes %XX (and + as space when `plus`); false when broken.
bool PercentDecode(std::string_view text, bool plus, std::string& out);
}  // namespace city::gate
