// SPDX-License-Identifier: Apache-2.0
// The routes of each part of the API, and the small things that they share.
#pragma once
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "gate/gate.h"

namespace city::gate {

/// Listeners of server-sent events. Threads: any.
class Listeners {
 public:
  /// `last` is the id of the last event that this listener heard before (header Last-Event-ID), or
  /// empty. What it missed since is told first; when that is no longer known it is told "missed",
  /// and asks anew for what it shows.
  void Add(const std::string& account, std::shared_ptr<Stream> stream, std::string_view last = {});
  /// To all listeners; those that are gone are forgotten.
  void Tell(std::string_view event, std::string_view data);
  size_t count();

 private:
  struct Event {
    int64_t number;
    std::string event, data;
  };
  std::string IdOf(int64_t number) const;

  std::mutex mutex_;
  std::vector<std::pair<std::string, std::shared_ptr<Stream>>> streams_;
  /// Numbers begin anew with each start of the program, so an id names the start as well.
  std::string start_ = NewId(SystemClock().Now());
  int64_t told_ = 0;
  std::deque<Event> recent_;  ///< the last 200
};

/// What routes work with.
struct Surroundings {
  model::City& city;
  const GateOptions& options;
  Listeners& listeners;
};

void AddAccountRoutes(Router& router, Surroundings surroundings);
void AddRecordRoutes(Router& router, Surroundings surroundings);
void AddCaseRoutes(Router& router, Surroundings surroundings);
void AddDecisionRoutes(Router& router, Surroundings surroundings);
void AddCityRoutes(Router& router, Surroundings surroundings);
void AddModelRoutes(Router& router, Surroundings surroundings);
void AddProcessRoutes(Router& router, Surroundings surroundings);
void AddProcessModelRoutes(Router& router, Surroundings surroundings);
void AddProcessTaskRoutes(Router& router, Surroundings surroundings);
void AddItemRoutes(Router& router, Surroundings surroundings);
void AddRegistrationRoutes(Router& router, Surroundings surroundings);
void AddCardRoutes(Router& router, Surroundings surroundings);
void AddFleetRoutes(Router& router, Surroundings surroundings);
void AddCertificateRoutes(Router& router, Surroundings surroundings);
void AddSealRoutes(Router& router, Surroundings surroundings);
void AddForeignCertificateRoutes(Router& router, Surroundings surroundings);
void AddCertificateUseRoutes(Router& router, Surroundings surroundings);
void AddSpaceRoutes(Router& router, Surroundings surroundings);
void AddReviewRoutes(Router& router, Surroundings surroundings);
void AddHallRoutes(Router& router, Surroundings surroundings);
void AddBundleRoutes(Router& router, Surroundings surroundings);
void AddExchangeRoutes(Router& router, Surroundings surroundings);
void AddCaseCareRoutes(Router& router, Surroundings surroundings);
void AddRoomRoutes(Router& router, Surroundings surroundings);

/// The body as an object, of at most so many bytes. Errors: base.bad_json, gate.bad_request.
Result<json::object> BodyOf(const Call& call, size_t max_bytes = 8u << 20);
/// Who sends a command, with idempotency key and digest of the request. `shard` is a region code.
ledger::CommandInfo InfoOf(const Call& call, std::string shard);
/// A whole number from the query within bounds. Errors: gate.parameter_wrong.
Result<int> NumberOf(const Call& call, std::string_view name, int fallback, int least, int most);
/// Offers the body as a file of this name (RFC 6266, with the name as RFC 8187 encodes it): to be
/// saved, or to be looked at in place when `inline_shown`.
void OfferFile(Response& response, std::string_view name, bool inline_shown = false);
/// A file to be saved that nobody else may keep on the way. What is no PDF comes as plain bytes.
Response FileResponse(std::string_view name, std::string_view type, std::string bytes);
/// The region that the caller's command is sent to: that of a post, or the city's.
std::string ShardOf(const Surroundings& surroundings, const Call& call);
/// Version from If-Match; none when absent. Errors: gate.precondition_wrong.
Result<std::optional<int64_t>> ExpectedVersion(const Call& call);
}  // namespace city::gate
