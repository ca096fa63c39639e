// SPDX-License-Identifier: Apache-2.0
// Why: what one city sends another arrives once and in order, whatever happens to the line or to
// either machine; what is forged, altered or replayed is refused, and all of it can be looked up.
//
// Records (declared in the model): exchange_message, exchange_refusal; read as well:
// exchange_partner. Own tables: exchange_nonce.
// A message is kept in the command that caused it, and the outbox (topic "exchange", one lane of
// its own) wakes the sending. Each sending is signed anew; its id and number stay. The receiver
// applies each id once, in the order of the numbers, in the command that also keeps its receipt.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engines/exchange/message.h"
#include "engines/exchange/partners.h"
#include "ledger/ledger.h"

namespace city::exchange {

/// The topic of the outbox that wakes the sending.
inline constexpr const char* kTopic = "exchange";
/// Where messages are received.
inline constexpr const char* kPath = "/api/exchange/messages";

/// A message that was checked and opened.
struct Incoming {
  const Partner& partner;
  std::string id, kind, about;
  json::object body;
};
/// A message of ours that was answered.
struct Answered {
  std::string partner, id, kind, about;
  json::object body;  ///< as it was kept
  Receipt receipt;    ///< "applied" or "refused"
};

/// What a kind of message does.
struct Handling {
  /// At the sender, just before sending: the kept body, completed (bytes of a file). May be null.
  std::function<Result<json::object>(json::object body)> load;
  /// At the receiver, outside any command, before `apply` (bytes to disk). May be null.
  std::function<Result<json::object>(const Incoming&)> prepare;
  /// At the receiver, inside the command that keeps the message. What it refuses becomes the
  /// receipt; kinds unavailable, timeout and internal are the world's and are tried again.
  std::function<Result<json::object>(ledger::Writer&, const Incoming&,
                                     const json::object& prepared)>
      apply;
  /// At the sender, inside the command that keeps the receipt. May be null.
  std::function<Result<void>(ledger::Writer&, const Answered&)> answered;
};

/// Brings a text to the address of a partner: status and answer. Errors are the world's.
using Post = std::function<Result<std::pair<int, std::string>>(const std::string& address,
                                                               std::string text)>;

struct Settings {
  std::string code, name;          ///< of this city
  std::chrono::minutes window{5};  ///< how far the other clock may be from ours
};

/// Threads: any, once all kinds are known.
class Exchange {
 public:
  static Result<std::unique_ptr<Exchange>> Open(ledger::Ledger& ledger, crypto::KeyDevice& keys,
                                                Pair own, Post post, Settings settings);

  void Know(std::string kind, Handling what) { kinds_[std::move(kind)] = std::move(what); }

  /// {code, name, certificates, fingerprint}: what another city registers.
  json::object Identity() const;
  Partners& partners() { return partners_; }
  const Settings& settings() const { return settings_; }

  /// Keeps a message for a partner and sees that it leaves after the commit; its id.
  /// Errors: exchange.no_partner.
  Result<std::string> Send(ledger::Writer& writer, const std::string& partner,
                           const std::string& kind, const std::string& about,
                           const json::object& body);
  /// Takes in what came over the line; the receipt's text. `address`: of the network, for the log.
  /// Errors: exchange.unreadable, not_for_us, unknown_sender, bad_signature, stale, replayed,
  /// id_reused, sequence_used; each of these is kept as exchange_refusal and in the audit log.
  Result<std::string> Receive(std::string_view text, const std::string& address);
  /// Sends all that waits for a partner, in order, until one cannot be delivered. Called by the
  /// outbox. Errors: those of the line, exchange.answer_wrong.
  Result<void> Drain(const std::string& partner);
  /// Sees that waiting messages are tried at once; for one partner or ("") all.
  Result<void> Hurry(const std::string& partner);

 private:
  Exchange(ledger::Ledger& ledger, crypto::KeyDevice& keys, Pair own, Post post, Settings settings)
      : ledger_(ledger),
        keys_(keys),
        own_(std::move(own)),
        post_(std::move(post)),
        settings_(std::move(settings)),
        partners_(ledger, settings_.code) {}
  struct Checked;
  Result<void> Check(const Message& message, std::optional<Partner>& partner);
  Result<std::string> Refuse(const Message* message, std::string_view text,
                             const std::string& address, Error why);
  Result<std::string> Take(ledger::Writer& writer, const Message& message, const Incoming& incoming,
                           const json::object& prepared, const std::string& digest,
                           const Error* refused, bool& by_kind);
  Result<std::string> Answer(const Message& message, int64_t sequence, const std::string& state,
                             const Error* why, const json::object& result);
  Result<Receipt> Deliver(const Partner& partner, const json::object& row);
  Result<void> KeepReceipt(const std::string& partner, const json::object& row,
                           const Receipt& receipt);
  ledger::Subject Self() const { return ledger::System("exchange"); }

  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  Pair own_;
  Post post_;
  Settings settings_;
  Partners partners_;
  std::map<std::string, Handling, std::less<>> kinds_;
};
}  // namespace city::exchange
