// SPDX-License-Identifier: Apache-2.0
// Making certificates: one, or many in few commands.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/ids.h"
#include "engines/certificates/certificates.h"
#include "engines/certificates/credential.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/face_sheet.h"
#include "engines/certificates/identifier.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr size_t kAtOnce = 100;  // certificates of one command

/// 20 signs that cannot be guessed; digits and upper-case letters.
std::string RandomSerial() {
  std::string out;
  for (unsigned char c : crypto::RandomBytes(20)) out += "0123456789ABCDEFGHJKLMNPQRSTUVWX"[c & 31];
  return out;
}

bool IsNumbered(const CertificateType& type, const Order& order) {
  return order.number.empty() && type.number.find("{serial:") != std::string::npos;
}
}  // namespace

Result<std::string> Certificates::NumberFor(const CertificateType& type, const Order& order,
                                            int64_t serial) {
  std::string out;
  for (size_t at = 0; at < type.number.size();) {
    if (type.number[at] != '{') {
      out += type.number[at++];
      continue;
    }
    size_t end = type.number.find('}', at);
    if (end == std::string::npos) break;
    std::string name = type.number.substr(at + 1, end - at - 1);
    at = end + 1;
    if (name == "year") {
      out += IsoDate(ChinaDate(ledger_.clock().Now())).substr(0, 4);
    } else if (name == "region") {
      out += order.region.substr(0, 6);
    } else if (name.starts_with("serial:")) {
      out += fmt::format("{:0{}}", serial, std::clamp(std::atoi(name.c_str() + 7), 1, 12));
    } else if (name == "holder") {
      out += order.holder_code;
    } else {
      out += Text(order.faces, name);
    }
  }
  return out;
}

Result<Certificates::Prepared> Certificates::Prepare(const Order& order, const std::string& number,
                                                     bool flush) {
  TRY(const CertificateType* type, TypeOf(order.type));
  TRY(json::object faces, CheckFaces(*type, order.faces));
  Time now = ledger_.clock().Now();
  json::object issuer;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(issuer, ledger::ReadRow(*snapshot, *catalogue, "organisation", order.organisation));
  }
  std::string issuer_name = Text(issuer, "name"), issuer_code = Text(issuer, "credit_code");
  if (issuer_code.size() != 18) issuer_code = Text(issuer, "region").substr(0, 6);
  TRY(std::shared_ptr<const SealInUse> seal,
      seals_.Find(order.organisation, issuer_name, type->seal));
  Prepared out;
  out.id = NewId(now);
  out.region = order.region.empty() ? Text(issuer, "region") : order.region;
  Identifier identifier{type->code, issuer_code,
                        order.serial.empty() ? RandomSerial() : order.serial, order.version};
  Date from = order.valid_from.value_or(ChinaDate(now));
  std::optional<Date> to = order.valid_to;
  if (!to && type->years > 0) {
    std::chrono::year_month_day day{from};
    std::chrono::year_month_day end = day + std::chrono::years(type->years);
    if (!end.ok()) end = end.year() / end.month() / std::chrono::last;
    to = Date(end) - std::chrono::days(1);
  }
  std::string check_code = crypto::ToBase32(crypto::RandomBytes(5));
  TRY(std::string index, HolderIndex(order.holder_code));
  out.values = {
      {"type", type->name},
      {"type_name", type->label.zh},
      {"type_code", type->code},
      {"number", number},
      {"identifier", identifier.ToText()},
      {"serial", identifier.serial},
      {"version_number", order.version},
      {"holder_kind", type->for_enterprise ? "enterprise" : "person"},
      {"holder", OrNull(order.holder)},
      {"holder_name", order.holder_name},
      {"holder_code", OrNull(order.holder_code)},
      {"holder_index", order.holder_code.empty() ? json::value() : json::value(index)},
      {"issuer", order.organisation},
      {"issuer_name", issuer_name},
      {"issuer_code", issuer_code},
      {"area_code", out.region.substr(0, 6)},
      {"state", "active"},
      {"level", "A"},
      {"issued_at", IsoChina(now)},
      {"valid_from", IsoDate(from)},
      {"valid_until", to ? json::value(IsoDate(*to)) : json::value()},
      {"faces", faces},
      {"check_code", check_code},
      {"case_id", OrNull(order.case_id)},
      {"previous", OrNull(order.previous)},
      {"seal", seal->id},
      {"source", "own"},
      {"one_key", type->one && !order.holder_code.empty() ? json::value(type->name + "|" + index)
                                                          : json::value()}};
  if (Text(out.values, "identifier").empty()) return error::kBadIdentifier;
  Sheet sheet;
  sheet.type = type;
  sheet.faces = faces;
  sheet.number = number;
  sheet.identifier = Text(out.values, "identifier");
  sheet.issuer = issuer_name;
  sheet.issued_at = now;
  sheet.valid_from = IsoDate(from);
  sheet.valid_to = to ? IsoDate(*to) : "";
  sheet.check_address = settings_.address + "/check?n=" + sheet.identifier + "&k=" + check_code;
  sheet.metadata = Facts(*type, out.values);
  TRY(documents::Document document, LayOutSheet(sheet));
  TRY(std::string signed_ofd, seals_.WriteSigned(*seal, document, SealPlace(*type), now));
  TRY(std::string credential, MakeCredential(Facts(*type, out.values), faces, kCredentialKey,
                                             authority_.SignerOfKey(kCredentialKey)));
  out.values["ofd_sm3"] = crypto::ToHex(crypto::Sm3(signed_ofd));
  out.values["credential"] = std::move(credential);
  TRY_VOID(files_.Keep(out.id + ".ofd", signed_ofd, flush));
  return out;
}

Result<void> Certificates::NoteEvent(Writer& writer, const std::string& id, const std::string& act,
                                     std::string_view from, std::string_view to,
                                     const std::string& reason, const std::string& region,
                                     const std::string& by) {
  TRY_VOID(writer.Create("certificate_event",
                         {{"certificate", id},
                          {"act", act},
                          {"from_state", from.empty() ? json::value() : json::value(from)},
                          {"to_state", to},
                          {"reason", OrNull(reason)},
                          {"at", IsoChina(writer.now())},
                          {"by_name", by}},
                         region));
  writer.Note({"certificate:" + act, "certificate", id, region,
               ToText(json::object{{"from", from}, {"to", to}})});
  return writer.Send("certificate", id, {{"id", id}, {"act", act}, {"state", to}});
}

Result<void> Certificates::KeepIn(Writer& writer, const CertificateType& type,
                                  const Prepared& prepared, const Order& order,
                                  const std::string& by) {
  if (!order.previous.empty()) {
    TRY(json::object before,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "certificate", order.previous));
    std::string state = Text(before, "state");
    if (state != "active") return error::kActNotPossible({{"state", StateWords(state).zh}});
    TRY_VOID(writer.Update("certificate", order.previous,
                           {{"state", "superseded"}, {"next", prepared.id}, {"one_key", nullptr}},
                           IntAt(before, "version")));
    TRY_VOID(NoteEvent(writer, order.previous, "supersede", state, "superseded", order.reason,
                       prepared.region, by));
  }
  auto made = writer.Create("certificate", prepared.values, prepared.region, prepared.id);
  if (!made && made.error().Is(ledger::error::kDuplicate))
    return error::kHoldsOneAlready({{"type", type.label.zh}});
  if (!made) return Fail(std::move(made).error());
  return NoteEvent(writer, prepared.id, order.event, "", "active", order.reason, prepared.region,
                   by);
}

Result<std::string> Certificates::Issue(const ledger::CommandInfo& info, Order order) {
  std::vector<Order> orders;
  orders.push_back(std::move(order));
  return IssueSome(info, orders)[0];
}

std::vector<Result<std::string>> Certificates::IssueSome(const ledger::CommandInfo& info,
                                                         std::span<const Order> orders) {
  std::vector<Result<std::string>> out(orders.size(), std::string());
  auto all_fail = [&](const Error& error) {
    for (auto& each : out)
      if (each) each = Fail(error);
    return out;
  };
  std::vector<const CertificateType*> types(orders.size());
  std::vector<int64_t> serials(orders.size());
  bool numbered = false;
  for (size_t i = 0; i < orders.size(); ++i) {
    auto type = TypeOf(orders[i].type);
    if (!type) {
      out[i] = Fail(type.error());
      continue;
    }
    types[i] = *type;
    numbered = numbered || IsNumbered(*types[i], orders[i]);
  }
  if (numbered) {
    auto taken =
        ledger_.Command({ledger::System("certificates"), info.shard, "", ""},
                        [&](Writer& writer) -> Result<std::string> {
                          for (size_t i = 0; i < orders.size(); ++i) {
                            if (types[i] == nullptr || !IsNumbered(*types[i], orders[i])) continue;
                            TRY(serials[i], writer.NextNumber("certificate:" + types[i]->name));
                          }
                          return "";
                        });
    if (!taken) return all_fail(taken.error());
  }
  const bool alone = orders.size() == 1;
  std::vector<std::optional<Prepared>> prepared(orders.size());
  for (size_t i = 0; i < orders.size(); ++i) {
    if (types[i] == nullptr) continue;
    auto make = [&]() -> Result<Prepared> {
      std::string number = orders[i].number;
      if (number.empty()) {
        TRY(number, NumberFor(*types[i], orders[i], serials[i]));
      }
      return Prepare(orders[i], number, alone);
    };
    if (auto made = make())
      prepared[i] = std::move(*made);
    else
      out[i] = Fail(made.error());
  }
  const bool some = std::any_of(prepared.begin(), prepared.end(),
                                [](const auto& each) { return each.has_value(); });
  if (!alone && some)
    if (auto flushed = files_.Flush(); !flushed) return all_fail(flushed.error());
  auto keep = [&](size_t from, size_t to) {
    return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
      std::string by = writer.who().name, id;
      writer.ActAsEngine();
      for (size_t i = from; i < to; ++i) {
        if (!prepared[i]) continue;
        TRY_VOID(KeepIn(writer, *types[i], *prepared[i], orders[i], by));
        id = prepared[i]->id;
      }
      return id;
    });
  };
  if (alone) {
    if (prepared[0]) out[0] = keep(0, 1);
    return out;
  }
  // All or, when one of them is refused, each on its own.
  const bool together = keep(0, orders.size()).has_value();
  for (size_t i = 0; i < orders.size(); ++i)
    if (prepared[i]) out[i] = together ? Result<std::string>(prepared[i]->id) : keep(i, i + 1);
  return out;
}

Result<std::string> Certificates::IssueMany(const ledger::CommandInfo& info,
                                            std::vector<Order> orders) {
  json::array issued, refused;
  ledger::CommandInfo each = info;
  each.idempotency_key.clear();
  for (size_t from = 0; from < orders.size(); from += kAtOnce) {
    const std::span<const Order> some =
        std::span(orders).subspan(from, std::min(kAtOnce, orders.size() - from));
    const std::vector<Result<std::string>> made = IssueSome(each, some);
    for (size_t i = 0; i < made.size(); ++i) {
      if (made[i])
        issued.push_back(json::string(*made[i]));
      else
        refused.push_back(json::object{{"row", static_cast<int64_t>(from + i + 1)},
                                       {"code", made[i].error().code()},
                                       {"says_zh", made[i].error().SaysZh()},
                                       {"says_en", made[i].error().SaysEn()}});
    }
  }
  return ToText(json::object{{"issued", std::move(issued)}, {"refused", std::move(refused)}});
}
}  // namespace city::certificates
