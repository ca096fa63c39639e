// SPDX-License-Identifier: Apache-2.0
// Why: a server that answers only when something happens is asked again and again; many such
// questions wait on one thread.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "parts/net/http_client.h"

namespace city::net {

/// Threads: any.
class LongPolls {
 public:
  /// Told each answer, or why there was none; false: that is enough. Runs on the one thread, so it
  /// must be short.
  using Heard = std::function<bool(const Result<HttpAnswer>&)>;
  LongPolls();
  ~LongPolls();
  /// Asks `to` + `path` (GET, without TLS) until `heard` has enough. An answer may take a minute;
  /// after a failure it waits a second.
  void Begin(const Address& to, const std::string& path, Heard heard);
  /// Drops all questions; nobody is told afterwards.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
}  // namespace city::net
