// SPDX-License-Identifier: Apache-2.0
// Why: installations talk to each other; whoever asks another server must never wait for ever, nor
// take in more than it meant to.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace city::net {

/// "http://host:port/base" taken apart.
struct Address {
  bool tls = false;
  std::string host, port, base;
};
/// Errors: net.bad_address.
Result<Address> ParseAddress(std::string_view text);

struct HttpLimits {
  std::chrono::seconds connect{5}, whole{30};
  size_t most_answer = 8u << 20;  ///< bytes
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// Sends `body` as JSON to `address` + `path` and waits for the answer, of whatever status. With
/// https the other server's certificate is checked against the machine's authorities. Threads: any.
/// Errors: net.bad_address, net.not_reached, net.answer_too_large.
Result<HttpAnswer> PostJson(std::string_view address, std::string_view path, std::string body,
                            const HttpLimits& limits = {});
}  // namespace city::net
