// SPDX-License-Identifier: Apache-2.0
#include "engines/exchange/exchange.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/metrics.h"
#include "engines/exchange/errors.h"
#include "ledger/row_text.h"

namespace city::exchange {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr const char* kSchema =
    "create table exchange_nonce (partner text not null, nonce text not null, until {0} not null, "
    "primary key (partner, nonce)){1};\n"
    "create index i_exchange_nonce_until on exchange_nonce (until);\n";
constexpr int kMostAtOnce = 500;  ///< messages of one drain; the outbox calls again

/// What may pass by itself when it is tried again.
bool IsPassing(const Error& error) {
  return error.kind() == Kind::kUnavailable || error.kind() == Kind::kTimeout ||
         error.kind() == Kind::kInternal;
}

std::string DigestOf(std::string_view text) { return crypto::ToHex(crypto::Sm3(text)); }
}  // namespace

Result<std::unique_ptr<Exchange>> Exchange::Open(ledger::Ledger& ledger, crypto::KeyDevice& keys,
                                                 Pair own, Post post, Settings settings) {
  store::Migration first{"exchange", 1, "nonces of received messages have a table",
                         fmt::format(kSchema, "integer", " strict"),
                         fmt::format(kSchema, "bigint", "")};
  TRY_VOID(ledger.store().Migrate(std::span(&first, 1)));
  auto made = std::unique_ptr<Exchange>(
      new Exchange(ledger, keys, std::move(own), std::move(post), std::move(settings)));
  // What a server had in hand when it ended is tried at once by the next.
  TRY_VOID(made->Hurry(""));
  return made;
}

json::object Exchange::Identity() const {
  return {{"code", settings_.code},
          {"name", settings_.name},
          {"certificates", own_.ToPem()},
          {"fingerprint", own_.Fingerprint()},
          {"valid_until", IsoDate(ChinaDate(std::min(own_.sign.to(), own_.open.to())))}};
}

Result<std::string> Exchange::Send(Writer& writer, const std::string& partner,
                                   const std::string& kind, const std::string& about,
                                   const json::object& body) {
  TRY(auto known, partners_.Find(writer.tx(), partner));
  if (!known) return error::kNoPartner;
  std::string id = NewId(writer.now());
  TRY(int64_t sequence, writer.NextNumber("exchange:" + partner));
  TRY_VOID(writer.Create("exchange_message",
                         {{"direction", "out"},
                          {"partner", partner},
                          {"partner_name", known->name},
                          {"message", id},
                          {"sequence", sequence},
                          {"kind", kind},
                          {"about", ledger::OrNull(about)},
                          {"state", "waiting"},
                          {"tries", 0},
                          {"body", body}},
                         settings_.code));
  TRY_VOID(writer.Send(kTopic, partner, {{"partner", partner}}));
  return id;
}

Result<void> Exchange::Check(const Message& message, std::optional<Partner>& partner) {
  if (message.to != settings_.code) return error::kNotForUs;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(partner, partners_.Find(*snapshot, message.from));
  }
  if (!partner) return error::kUnknownSender;
  if (!IsSignedBy(message, partner->pair.sign.key())) return error::kBadSignature;
  auto apart = std::chrono::abs(ledger_.clock().Now() - message.issued_at);
  if (apart > settings_.window)
    return error::kStale({{"minutes", std::to_string(settings_.window.count())}});
  return {};
}

Result<std::string> Exchange::Refuse(const Message* message, std::string_view text,
                                     const std::string& address, Error why) {
  CounterOf("city_exchange_refused", fmt::format("code=\"{}\"", why.code())).Add();
  std::string claimed = message != nullptr ? message->from : "";
  TRY_VOID(
      ledger_.Command({Self(), settings_.code, {}, {}}, [&](Writer& writer) -> Result<std::string> {
        json::object values{{"code", why.code()},
                            {"says", why.SaysZh()},
                            {"address", address.substr(0, 60)},
                            {"digest", DigestOf(text)},
                            {"size", static_cast<int64_t>(text.size())},
                            {"claimed_from", ledger::OrNull(claimed)}};
        if (message != nullptr) {
          values["message"] = message->id;
          values["sequence"] = message->sequence;
          values["kind"] = message->kind;
        }
        TRY(ledger::Written made, writer.Create("exchange_refusal", values, settings_.code));
        writer.Note({"exchange:refuse", "exchange_refusal", made.id, settings_.code,
                     city::ToText(json::object{{"code", why.code()}, {"claimed_from", claimed}})});
        return made.id;
      }));
  return Fail(std::move(why));
}

Result<std::string> Exchange::Answer(const Message& message, int64_t sequence,
                                     const std::string& state, const Error* why,
                                     const json::object& result) {
  Receipt receipt;
  receipt.from = settings_.code;
  receipt.to = message.from;
  receipt.of = message.id;
  receipt.sequence = sequence;
  receipt.state = state;
  if (why != nullptr) {
    receipt.code = why->code();
    receipt.zh = why->SaysZh();
    receipt.en = why->SaysEn();
    for (const ErrorDetail& each : why->details) {
      receipt.zh += (receipt.zh.empty() ? "" : "；") + each.pointer + " " + each.says_zh;
      receipt.en += (receipt.en.empty() ? "" : "; ") + each.pointer + " " + each.says_en;
    }
    if (receipt.zh.size() > 3900) receipt.zh = why->SaysZh();
    if (receipt.en.size() > 3900) receipt.en = why->SaysEn();
  }
  receipt.result = city::ToText(result);
  receipt.at = ledger_.clock().Now();
  TRY_VOID(Sign(receipt, [&](std::string_view text) { return keys_.Sign(kSignKey, text); }));
  return ToText(receipt);
}

Result<std::string> Exchange::Take(Writer& writer, const Message& message, const Incoming& incoming,
                                   const json::object& prepared, const std::string& digest,
                                   const Error* refused, bool& by_kind) {
  by_kind = false;
  const std::string& from = message.from;
  store::Tx& tx = writer.tx();
  {
    TRY(store::Rows rows, tx.Query("select 1 from exchange_nonce where partner = $1 and nonce = $2",
                                   {from, message.nonce}));
    if (rows.Next()) return error::kReplayed;
  }
  // Older nonces cannot come again: their messages are stale by now.
  TRY_VOID(tx.Execute("delete from exchange_nonce where until < $1", {ToMicros(writer.now())}));
  TRY_VOID(tx.Execute("insert into exchange_nonce (partner, nonce, until) values ($1, $2, $3)",
                      {from, message.nonce, ToMicros(writer.now() + 3 * settings_.window)}));
  TRY(json::array known,
      ledger::FindRows(tx, writer.catalogue(), "exchange_message",
                       "message = " + Quoted(message.id) + " and direction = \"in\"", 1));
  if (!known.empty()) {
    const json::object& row = known[0].get_object();
    if (Text(row, "digest") != digest || Text(row, "partner") != from) return error::kIdReused;
    return Text(row, "receipt");  // it was applied; the first receipt got lost
  }
  int64_t last = 0;
  {
    TRY(store::Rows rows,
        tx.Query("select coalesce(max(sequence), 0) from r_exchange_message where partner = $1 and "
                 "direction = 'in'",
                 {from}));
    if (rows.Next()) last = rows.Int(0);
  }
  if (message.sequence <= last)
    return error::kSequenceUsed({{"sequence", std::to_string(message.sequence)}});
  if (message.sequence > last + 1) return Answer(message, last + 1, "expected", nullptr, {});
  json::object result;
  if (refused == nullptr) {
    auto kind = kinds_.find(message.kind);
    Result<json::object> done = kind == kinds_.end()
                                    ? error::kUnknownKind({{"kind", message.kind}})
                                    : kind->second.apply(writer, incoming, prepared);
    if (!done) {
      by_kind = true;
      return Fail(std::move(done).error());
    }
    result = std::move(*done);
  }
  TRY(std::string receipt, Answer(message, message.sequence,
                                  refused == nullptr ? "applied" : "refused", refused, result));
  TRY(ledger::Written made,
      writer.Create("exchange_message",
                    {{"direction", "in"},
                     {"partner", from},
                     {"partner_name", incoming.partner.name},
                     {"message", message.id},
                     {"sequence", message.sequence},
                     {"kind", message.kind},
                     {"about", ledger::OrNull(message.about)},
                     {"state", refused == nullptr ? "applied" : "refused"},
                     {"trouble", refused != nullptr ? json::value(refused->ToLine().substr(0, 1000))
                                                    : json::value()},
                     {"tries", 1},
                     {"answered_at", IsoChina(writer.now())},
                     {"digest", digest},
                     {"receipt", receipt}},
                    settings_.code));
  writer.Note({"exchange:receive", "exchange_message", made.id, settings_.code,
               city::ToText(json::object{{"partner", from},
                                         {"kind", message.kind},
                                         {"about", message.about},
                                         {"state", refused == nullptr ? "applied" : "refused"}})});
  // They can be reached again: what waits for them goes at once.
  TRY_VOID(
      tx.Execute("update outbox set next_at = $1 where topic = $2 and subject = $3 and "
                 "done_at is null and next_at > $1",
                 {ToMicros(writer.now()), kTopic, from}));
  return receipt;
}

Result<std::string> Exchange::Receive(std::string_view text, const std::string& address) {
  auto read = ReadMessage(text);
  if (!read) return Refuse(nullptr, text, address, std::move(read).error());
  const Message& message = *read;
  std::optional<Partner> partner;
  if (auto good = Check(message, partner); !good)
    return Refuse(&message, text, address, std::move(good).error());
  auto opened = OpenBody(message, keys_, kOpenKey);
  Result<json::value> body = opened ? ParseJson(*opened, {.max_bytes = 48u << 20})
                                    : Result<json::value>(error::kCannotOpen);
  if (!body || !body->is_object()) {
    Error why{&error::kCannotOpen, {}, {}};
    return Refuse(&message, text, address, std::move(why));
  }
  std::string digest = DigestOf(*opened);
  Incoming incoming{*partner, message.id, message.kind, message.about,
                    std::move(body->get_object())};
  json::object prepared;
  std::optional<Error> refused;
  if (auto kind = kinds_.find(message.kind); kind != kinds_.end() && kind->second.prepare) {
    auto made = kind->second.prepare(incoming);
    if (made) {
      prepared = std::move(*made);
    } else if (IsPassing(made.error())) {
      return Fail(std::move(made).error());
    } else {
      refused = std::move(made).error();
    }
  }
  bool by_kind = false;
  auto take = [&] {
    return ledger_.Command({Self(), settings_.code, {}, {}}, [&](Writer& writer) {
      return Take(writer, message, incoming, prepared, digest, refused ? &*refused : nullptr,
                  by_kind);
    });
  };
  auto receipt = take();
  if (!receipt && by_kind && !IsPassing(receipt.error())) {
    // What the matter itself refuses is kept as refused; nothing of it was written.
    refused = std::move(receipt).error();
    receipt = take();
  }
  if (receipt) return receipt;
  if (by_kind || IsPassing(receipt.error())) return Fail(std::move(receipt).error());
  return Refuse(&message, text, address, std::move(receipt).error());
}

Result<Receipt> Exchange::Deliver(const Partner& partner, const json::object& row) {
  const json::object* kept = ObjectAt(row, "body");
  json::object body = kept != nullptr ? *kept : json::object{};
  std::string kind_name = Text(row, "kind");
  if (auto kind = kinds_.find(kind_name); kind != kinds_.end() && kind->second.load) {
    TRY(body, kind->second.load(std::move(body)));
  }
  Message message;
  message.from = settings_.code;
  message.to = partner.code;
  message.id = Text(row, "message");
  message.sequence = IntAt(row, "sequence");
  message.kind = kind_name;
  message.about = Text(row, "about");
  message.issued_at = ledger_.clock().Now();
  message.nonce = crypto::ToHex(crypto::RandomBytes(16));
  TRY_VOID(SealBody(message, CanonicalJson(body), partner.pair.open.key()));
  TRY_VOID(Sign(message, [&](std::string_view text) { return keys_.Sign(kSignKey, text); }));
  TRY(auto answer, post_(partner.address, ToText(message)));
  auto wrong = [](const std::string& why) { return error::kAnswerWrong({{"why", why}}); };
  if (answer.first != 200) {
    std::string code = "HTTP " + std::to_string(answer.first);
    if (auto problem = ParseJson(answer.second); problem && problem->is_object())
      code += " " + Text(problem->get_object(), "code");
    return wrong(code);
  }
  auto receipt = ReadReceipt(answer.second);
  if (!receipt) return wrong("no receipt");
  if (!IsSignedBy(*receipt, partner.pair.sign.key())) return wrong("signature");
  if (receipt->of != message.id || receipt->from != partner.code || receipt->to != settings_.code)
    return wrong("another message");
  return receipt;
}

Result<void> Exchange::KeepReceipt(const std::string& partner, const json::object& row,
                                   const Receipt& receipt) {
  TRY_VOID(
      ledger_.Command({Self(), settings_.code, {}, {}}, [&](Writer& writer) -> Result<std::string> {
        std::string id = Text(row, "id");
        if (receipt.state == "expected") {
          // Something before it was lost there (a restored backup): sent again from that number.
          if (receipt.sequence >= IntAt(row, "sequence"))
            return error::kAnswerWrong({{"why", "sequence"}});
          TRY(json::array again,
              ledger::FindRows(
                  writer.tx(), writer.catalogue(), "exchange_message",
                  "partner = " + Quoted(partner) + " and direction = \"out\" and " +
                      "state != \"waiting\" and sequence >= " + std::to_string(receipt.sequence),
                  500, "sequence"));
          for (const json::value& each : again)
            TRY_VOID(writer.Update("exchange_message", Text(each.get_object(), "id"),
                                   {{"state", "waiting"}}));
          writer.Note(
              {"exchange:again", "exchange_message", id, settings_.code,
               city::ToText(json::object{{"partner", partner}, {"from", receipt.sequence}})});
          return id;
        }
        // Two servers may have sent it; the first to come back keeps the receipt.
        TRY(json::object now,
            ledger::ReadRow(writer.tx(), writer.catalogue(), "exchange_message", id));
        if (TextAt(now, "state") != "waiting") return id;
        bool refused = receipt.state == "refused";
        TRY_VOID(writer.Update(
            "exchange_message", id,
            {{"state", refused ? "refused" : "delivered"},
             {"tries", IntAt(now, "tries") + 1},
             {"trouble", refused ? json::value((receipt.code + " " + receipt.zh).substr(0, 1000))
                                 : json::value()},
             {"answered_at", IsoChina(writer.now())},
             {"receipt", ToText(receipt)}}));
        auto kind = kinds_.find(Text(row, "kind"));
        if (kind != kinds_.end() && kind->second.answered) {
          const json::object* body = ObjectAt(row, "body");
          TRY_VOID(kind->second.answered(
              writer, {partner, Text(row, "message"), Text(row, "kind"), Text(row, "about"),
                       body != nullptr ? *body : json::object{}, receipt}));
        }
        writer.Note({"exchange:receipt", "exchange_message", id, settings_.code,
                     city::ToText(json::object{{"partner", partner},
                                               {"kind", row.at("kind")},
                                               {"state", receipt.state},
                                               {"code", receipt.code}})});
        return id;
      }));
  return {};
}

Result<void> Exchange::Drain(const std::string& code) {
  for (int i = 0; i < kMostAtOnce; ++i) {
    json::object row;
    std::optional<Partner> partner;
    {
      TRY(auto snapshot, ledger_.store().Read());
      auto catalogue = ledger_.catalogue();
      TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "exchange_message",
                                             "partner = " + Quoted(code) +
                                                 " and direction = \"out\" and state = \"waiting\"",
                                             1, "sequence"));
      if (rows.empty()) return {};
      row = std::move(rows[0].get_object());
      TRY(partner, partners_.Find(*snapshot, code));
    }
    Result<Receipt> receipt = error::kNoPartner;
    if (partner) receipt = Deliver(*partner, row);
    Result<void> kept;
    if (receipt) kept = KeepReceipt(code, row, *receipt);
    if (receipt && kept) continue;
    const Error& why = receipt ? kept.error() : receipt.error();
    TRY_VOID(ledger_.Command({Self(), settings_.code, {}, {}},
                             [&](Writer& writer) -> Result<std::string> {
                               TRY_VOID(writer.Update("exchange_message", Text(row, "id"),
                                                      {{"tries", IntAt(row, "tries") + 1},
                                                       {"tried_at", IsoChina(writer.now())},
                                                       {"trouble", why.ToLine().substr(0, 1000)}}));
                               return "";
                             }));
    return Fail(why);
  }
  return error::kAnswerWrong({{"why", "more waits"}});
}

Result<void> Exchange::Hurry(const std::string& partner) {
  int64_t now = ToMicros(ledger_.clock().Now());
  return ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    if (partner.empty())
      return tx.Enqueue("update outbox set next_at = $1 where topic = $2 and next_at > $1",
                        {now, std::string(kTopic)});
    return tx.Enqueue(
        "update outbox set next_at = $1 where topic = $2 and subject = $3 and next_at > $1",
        {now, std::string(kTopic), partner});
  });
}
}  // namespace city::exchange
