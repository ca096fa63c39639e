// SPDX-License-Identifier: Apache-2.0
#include "engines/one_card/codes.h"

#include "base/text.h"
#include "engines/one_card/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/crypto.h"

namespace city::one_card {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
std::string HashOf(std::string_view code) { return crypto::ToHex(crypto::Sm3(code)); }
}  // namespace

Result<std::string> Codes::Show(const ledger::CommandInfo& info) {
  std::string code = "YW1." + crypto::ToBase64Url(crypto::RandomBytes(18));
  // The answer of a repeated sending would hold a code in clear in the store.
  ledger::CommandInfo once = info;
  once.idempotency_key.clear();
  Time until{};
  TRY_VOID(ledger_.Command(once, [&](Writer& writer) -> Result<std::string> {
    std::string account = writer.who().account;
    writer.ActAsEngine();
    until = writer.now() + good_for_;
    TRY(json::array before,
        ledger::FindRows(writer.tx(), writer.catalogue(), "service_code",
                         "account = " + Quoted(account) + " and state = \"shown\""));
    for (const json::value& each : before)
      TRY_VOID(writer.Update("service_code", Text(each.get_object(), "id"), {{"state", "ended"}}));
    TRY_VOID(writer.Create("service_code", {{"account", account},
                                            {"code_hash", HashOf(code)},
                                            {"expires_at", IsoChina(until)},
                                            {"state", "shown"}}));
    return "";
  }));
  return ToText(json::object{
      {"code", code}, {"expires_at", IsoChina(until)}, {"seconds", good_for_.count()}});
}

Result<std::string> Codes::State(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::array rows, ledger::FindRows(*snapshot, *ledger_.catalogue(), "service_code",
                                         "account = " + Quoted(who.account), 1, "-created_at"));
  if (rows.empty()) return ToText(json::object{{"state", "expired"}});
  const json::object& row = rows[0].get_object();
  auto until = ParseTime(TextAt(row, "expires_at"));
  std::string state = Text(row, "state");
  if (state == "ended" || (state == "shown" && until && ledger_.clock().Now() > *until))
    state = "expired";
  return ToText(json::object{{"state", state},
                             {"by", row.contains("by_name") ? row.at("by_name") : json::value()}});
}

Result<std::string> Codes::Scan(const ledger::CommandInfo& info, const json::object& body) {
  std::string hash = HashOf(Trim(TextAt(body, "code")));
  ledger::CommandInfo once = info;
  once.idempotency_key.clear();
  json::object out;
  TRY_VOID(ledger_.Command(once, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array rows,
        ledger::FindRows(writer.tx(), writer.catalogue(), "service_code",
                         "code_hash = " + Quoted(hash) + " and state = \"shown\"", 1));
    if (rows.empty()) return error::kCodeNotGood;
    const json::object& row = rows[0].get_object();
    auto until = ParseTime(TextAt(row, "expires_at"));
    if (!until || writer.now() > *until) return error::kCodeNotGood;
    std::string by = writer.who().name, account = Text(row, "account");
    writer.ActAsEngine();
    TRY_VOID(writer.Update(
        "service_code", Text(row, "id"),
        {{"state", "scanned"}, {"by_name", by}, {"scanned_at", IsoChina(writer.now())}}));
    TRY(json::object holder, ledger::ReadRow(writer.tx(), writer.catalogue(), "account", account));
    out = {{"account", account}, {"name", holder.at("name")}};
    if (holder.contains("phone")) out["phone"] = holder.at("phone");
    if (std::string key = Text(holder, "person"); !key.empty()) {
      TRY(json::object person, ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key));
      out["id_number"] = person.at("citizen_id");
    }
    // What is read in clear is on record, with whom it was shown to.
    writer.Note({"service-code:scan", "account", account, writer.shard(), "{}"});
    return "";
  }));
  return ToText(out);
}
}  // namespace city::one_card
