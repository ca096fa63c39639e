// SPDX-License-Identifier: Apache-2.0
#include "engines/exchange/partners.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "engines/exchange/errors.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::exchange {
using crypto::CertificateUse;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace fs = std::filesystem;
namespace {
tl::unexpected<Error> Wrong(std::string zh, std::string en) {
  return error::kCertificatesWrong({{"reason_zh", std::move(zh)}, {"reason_en", std::move(en)}});
}

/// The unit in a certificate's subject names the city by its division code.
bool IsOf(const crypto::Certificate& certificate, const std::string& code) {
  const std::string unit = "OU=" + code, &subject = certificate.subject();
  for (size_t at = subject.find(unit); at != std::string::npos; at = subject.find(unit, at + 1)) {
    bool begins = at == 0 || subject[at - 1] == ' ' || subject[at - 1] == ',';
    size_t end = at + unit.size();
    if (begins && (end == subject.size() || subject[end] == ',')) return true;
  }
  return false;
}
}  // namespace

std::string Pair::Fingerprint() const {
  return crypto::ToHex(crypto::Sm3(sign.der() + open.der()));
}

Result<Pair> ReadPair(std::string_view pem, const std::string& code, Time now) {
  static constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----",
                                    kEnd = "-----END CERTIFICATE-----";
  std::optional<crypto::Certificate> sign, open;
  for (size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
    size_t end = pem.find(kEnd, at);
    if (end == std::string_view::npos) break;
    auto one = crypto::Certificate::Parse(pem.substr(at, end + kEnd.size() - at));
    at = end;
    if (!one)
      return Wrong("证书无法读取或不是 SM2 证书", "a certificate cannot be read or is not SM2");
    if (now < one->from() || now > one->to())
      return Wrong("证书不在有效期内", "a certificate is not valid now");
    if (!IsOf(*one, code))
      return Wrong("证书不属于该区划代码的城市", "a certificate is not of the city with this code");
    auto& place = one->Allows(CertificateUse::kEncrypt) ? open : sign;
    if (place) return Wrong("同一用途的证书有两张", "there are two certificates for one use");
    if (&place == &sign && !one->Allows(CertificateUse::kSign))
      return Wrong("证书不能用于签名", "a certificate may not be used for signing");
    place = std::move(*one);
  }
  if (!sign || !open)
    return Wrong("须有一张签名证书和一张加密证书",
                 "a signing and an encrypting certificate are needed");
  if (sign->key().Point() == open->key().Point())
    return Wrong("签名与加密须用不同的密钥", "signing and encrypting need different keys");
  return Pair{std::move(*sign), std::move(*open)};
}

Result<Pair> OwnPair(const std::string& folder, crypto::KeyDevice& keys,
                     const crypto::Certificate& issuer, const crypto::SignMessage& sign,
                     const std::string& code, const std::string& name, Time now) {
  TRY_VOID(keys.Ensure(kSignKey, crypto::Purpose::kSign, now));
  TRY_VOID(keys.Ensure(kOpenKey, crypto::Purpose::kUnwrap, now));
  TRY(crypto::Sm2PublicKey sign_key, keys.PublicKey(kSignKey));
  TRY(crypto::Sm2PublicKey open_key, keys.PublicKey(kOpenKey));
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  fs::path path = fs::path(folder) / "exchange.pem";
  {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    auto found = ReadPair(text.str(), code, now);
    if (found && found->sign.key().Point() == sign_key.Point() &&
        found->open.key().Point() == open_key.Point())
      return found;
  }
  auto issue = [&](const crypto::Sm2PublicKey& key, CertificateUse use, const char* words) {
    return crypto::IssueCertificate(
        {.subject = {.organization = name, .unit = code, .common_name = name + words},
         .key = key,
         .use = use,
         .from = now - std::chrono::hours(24),
         .to = now + std::chrono::hours(24 * 365 * 5),
         .crl_address = "",
         .status_address = ""},
        &issuer, sign);
  };
  TRY(crypto::Certificate first, issue(sign_key, CertificateUse::kSign, "数据交换签名"));
  TRY(crypto::Certificate second, issue(open_key, CertificateUse::kEncrypt, "数据交换加密"));
  Pair made{std::move(first), std::move(second)};
  std::ofstream out(path, std::ios::binary);
  out << made.ToPem();
  if (!out.flush())
    return Wrong("无法保存本市的证书", "the city's own certificates cannot be kept");
  return made;
}

Result<std::string> Partners::Propose(const ledger::CommandInfo& info, const json::object& body) {
  std::string code(Trim(TextAt(body, "code"))), name(Trim(TextAt(body, "name"))),
      address(Trim(TextAt(body, "address"))), reason(Trim(TextAt(body, "reason")));
  if (!ledger::IsDivisionCode(code)) return Wrong("须写明区划代码", "a division code is needed");
  if (code == own_code_) return Wrong("这是本市自己", "it is this city itself");
  if (name.empty()) return Wrong("须写明城市名称", "the city's name is needed");
  if (!(address.starts_with("http://") || address.starts_with("https://")) || address.size() > 200)
    return Wrong("须写明以 http:// 或 https:// 开头的网址",
                 "an address that begins with http:// or https:// is needed");
  TRY(Pair pair, ReadPair(TextAt(body, "certificates"), code, ledger_.clock().Now()));
  if (reason.empty()) return error::kReasonMissing;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array waiting,
        ledger::FindRows(writer.tx(), writer.catalogue(), "exchange_partner",
                         "code = " + Quoted(code) + " and state = \"proposed\"", 1));
    if (!waiting.empty()) return error::kProposedAlready;
    std::string account = writer.who().account, by = writer.who().name;
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create(
            "exchange_partner",
            {{"code", code},
             {"name", name},
             {"address", address},
             {"certificates", pair.ToPem()},
             {"fingerprint", pair.Fingerprint()},
             {"valid_until", IsoDate(ChinaDate(std::min(pair.sign.to(), pair.open.to())))},
             {"state", "proposed"},
             {"purpose", reason},
             {"proposed_by", ledger::OrNull(account)},
             {"proposed_by_name", by},
             {"proposed_at", IsoChina(writer.now())}}));
    writer.Note({"exchange-partner:propose", "exchange_partner", made.id, writer.shard(),
                 ToText(json::object{{"code", code}, {"fingerprint", pair.Fingerprint()}})});
    return made.id;
  });
}

Result<void> Partners::Act(Writer& writer, const std::string& id, const std::string& act,
                           const std::string& reason) {
  TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "exchange_partner", id));
  std::string state = Text(row, "state"), to;
  if (act == "approve" && state == "proposed") to = "trusted";
  if (act == "refuse" && state == "proposed") to = "refused";
  if (act == "end" && state == "trusted") to = "ended";
  if (to.empty()) return error::kActNotPossible({{"state", state}});
  if (Trim(reason).empty()) return error::kReasonMissing;
  if (act != "end" && Text(row, "proposed_by") == writer.who().account)
    return ledger::error::kForbidden({{"type", "交换伙伴"}, {"verb", act}});
  std::string by = writer.who().name, now = IsoChina(writer.now());
  writer.ActAsEngine();
  json::object changes{{"state", to}, {"reason", std::string(Trim(reason))}};
  changes[act == "end" ? "ended_by_name" : "reviewed_by_name"] = by;
  changes[act == "end" ? "ended_on" : "reviewed_at"] = now;
  if (to == "trusted") {
    TRY(json::array before,
        ledger::FindRows(writer.tx(), writer.catalogue(), "exchange_partner",
                         "code = " + Quoted(Text(row, "code")) + " and state = \"trusted\""));
    for (const json::value& each : before) {
      const json::object& old = each.get_object();
      TRY_VOID(writer.Update("exchange_partner", Text(old, "id"),
                             {{"state", "replaced"},
                              {"ended_by_name", by},
                              {"ended_on", now},
                              {"reason", changes.at("reason")}}));
      changes["offer"] = old.at("offer");
      changes["offer_at"] = old.at("offer_at");
    }
  }
  TRY_VOID(writer.Update("exchange_partner", id, changes, IntAt(row, "version")));
  writer.Note({"exchange-partner:" + act, "exchange_partner", id, Text(row, "region"),
               ToText(json::object{{"from", state}, {"to", to}, {"code", row.at("code")}})});
  return {};
}

Result<std::optional<Partner>> Partners::Find(store::Reader& reader, const std::string& code) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(reader, *catalogue, "exchange_partner",
                       "code = " + Quoted(code) + " and state = \"trusted\"", 1, "-reviewed_at"));
  if (rows.empty()) return std::optional<Partner>();
  const json::object& row = rows[0].get_object();
  auto pair = ReadPair(TextAt(row, "certificates"), code, ledger_.clock().Now());
  if (!pair) return std::optional<Partner>();
  return std::optional(
      Partner{Text(row, "id"), code, Text(row, "name"), Text(row, "address"), std::move(*pair)});
}
}  // namespace city::exchange
