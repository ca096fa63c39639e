// SPDX-License-Identifier: Apache-2.0
// The network side of the gate: HTTP/1.1 with limits, deadlines, streams and a graceful end.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "gate/http.h"

namespace city::gate {

struct HttpOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;  ///< 0: any free one
  int io_threads = 2;
  int workers = 32;               ///< threads for handlers that may wait
  size_t max_header = 16u << 10;  ///< bytes; more is answered with 431
  size_t max_body = 1u << 20;  ///< bytes, where the route says nothing; more is answered with 413
  int max_connections = 10'000;
  int max_waiting = 2'000;  ///< requests waiting for a worker; more are answered with 503
  std::chrono::seconds header_time{10}, body_time{60}, write_time{30}, idle_time{60};
};

/// How a request is to be handled, told from its first lines.
struct Plan {
  bool quick = false;   ///< runs on the network thread: only for short reads
  size_t max_body = 0;  ///< 0: the server's
};

/// Decides by method and path, before headers and body are there; may note what it found in the
/// request.
using Planner = std::function<Plan(Request&)>;
using Handler = std::function<Response(Request&)>;
/// Makes the answer for requests that never reach a handler (broken, too large, overloaded).
using Refusal = std::function<Response(int status)>;

/// One listening server. `Start` returns at once; `Stop` ends gracefully: no new connections,
/// requests under way are answered (10 s at most), streams are closed.
class HttpServer {
 public:
  HttpServer(HttpOptions options, Planner planner, Handler handler, Refusal refusal);
  ~HttpServer();
  /// Errors: gate.cannot_listen.
  Result<void> Start();
  uint16_t port() const;
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
}  // namespace city::gate
