// SPDX-License-Identifier: Apache-2.0
// The door of the gate: the only place that speaks HTTP to people.
#pragma once
#include <memory>
#include <string>

#include "gate/http_server.h"
#include "gate/router.h"
#include "model/city.h"

namespace city::gate {

struct GateOptions {
  HttpOptions http;
  std::string web_folder;       ///< built web app; empty or missing: the API alone
  bool demo = false;            ///< show the demo accounts
  bool secure_cookies = false;  ///< set behind TLS
  double reads_per_second = 100, read_burst = 400;  ///< for each account or address
  double writes_per_second = 20, write_burst = 60;
  double signins_per_minute = 20;
  /// Moves the city's clock, when the city runs on one that can be moved (stories, drills); null
  /// refuses.
  std::function<Result<void>(std::chrono::microseconds)> move_clock;
};

/// One city behind HTTP. Threads: Start and Stop from one thread.
class Gate {
 public:
  Gate(model::City& city, GateOptions options);
  ~Gate();
  /// Errors: gate.cannot_listen.
  Result<void> Start();
  uint16_t port() const;
  void Stop();
  /// Handles one request without the network (tests, stories).
  Response Handle(Request& request);
  const Router& router() const;
  /// The OpenAPI description as JSON text.
  const std::string& api_text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
}  // namespace city::gate
