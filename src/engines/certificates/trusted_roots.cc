// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/trusted_roots.h"

#include "base/text.h"
#include "engines/certificates/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr size_t kMostInBundle = 8;

tl::unexpected<Error> Wrong(std::string zh, std::string en) {
  return error::kRootWrong({{"reason_zh", std::move(zh)}, {"reason_en", std::move(en)}});
}
std::string Fingerprint(const crypto::Certificate& certificate) {
  return crypto::ToHex(crypto::Sm3(certificate.der()));
}
}  // namespace

Result<std::vector<crypto::Certificate>> ReadBundle(std::string_view pem, Time now) {
  static constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----",
                                    kEnd = "-----END CERTIFICATE-----";
  std::vector<crypto::Certificate> all, out;
  for (size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
    size_t end = pem.find(kEnd, at);
    if (end == std::string_view::npos || all.size() >= kMostInBundle) break;
    auto one = crypto::Certificate::Parse(pem.substr(at, end + kEnd.size() - at));
    if (!one)
      return Wrong("证书无法读取或不是 SM2 证书", "a certificate cannot be read or is not SM2");
    all.push_back(std::move(*one));
    at = end;
  }
  for (const crypto::Certificate& one : all)
    if (one.SignedBy(one.key()) && one.subject_der() == one.issuer_der()) out.push_back(one);
  if (out.size() != 1)
    return Wrong("须有且只有一张自签名的根证书", "there must be one root that signed itself");
  if (!out[0].is_authority() || !out[0].Allows(crypto::CertificateUse::kAuthority))
    return Wrong("根证书不能用于签发", "the root may not issue certificates");
  if (now < out[0].from() || now > out[0].to())
    return Wrong("根证书不在有效期内", "the root is not valid now");
  const crypto::Certificate root[] = {out[0]};
  for (const crypto::Certificate& one : all) {
    if (one == root[0]) continue;
    if (!one.is_authority())
      return Wrong("中间证书不是签发机构的证书", "a certificate below it is no authority's");
    if (auto chain = crypto::CheckChain(one, all, root, now); !chain)
      return Wrong(chain.error().SaysZh(), chain.error().SaysEn());
    out.push_back(one);
  }
  return out;
}

Result<std::string> TrustedRoots::Propose(const ledger::CommandInfo& info,
                                          const json::object& body) {
  TRY(auto bundle, ReadBundle(TextAt(body, "certificates"), ledger_.clock().Now()));
  const crypto::Certificate& root = bundle.front();
  if (root == own_) return Wrong("这是本市自己的根证书", "it is the city's own root");
  std::string name(Trim(TextAt(body, "name"))), reason(Trim(TextAt(body, "reason")));
  if (name.empty()) return Wrong("须写明机构名称", "the name of the authority is needed");
  if (reason.empty()) return error::kReasonMissing;
  std::string pem;
  for (const crypto::Certificate& one : bundle) pem += one.ToPem();
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array same, ledger::FindRows(writer.tx(), writer.catalogue(), "trusted_root",
                                           "fingerprint = " + Quoted(Fingerprint(root)) +
                                               " and (state = \"proposed\" or state = \"trusted\")",
                                           1));
    if (!same.empty()) return Wrong("这张根证书已在名单中", "this root is on the list already");
    std::string account = writer.who().account, by = writer.who().name;
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("trusted_root", {{"name", name},
                                       {"area_code", OrNull(Text(body, "area_code"))},
                                       {"subject", root.subject()},
                                       {"fingerprint", Fingerprint(root)},
                                       {"certificates", pem},
                                       {"valid_from", IsoDate(ChinaDate(root.from()))},
                                       {"valid_until", IsoDate(ChinaDate(root.to()))},
                                       {"state", "proposed"},
                                       {"purpose", reason},
                                       {"proposed_by", OrNull(account)},
                                       {"proposed_by_name", by},
                                       {"proposed_at", IsoChina(writer.now())}}));
    writer.Note({"trusted-root:propose", "trusted_root", made.id, writer.shard(),
                 ToText(json::object{{"fingerprint", Fingerprint(root)}})});
    return made.id;
  });
}

Result<std::string> TrustedRoots::Act(const ledger::CommandInfo& info, const std::string& id,
                                      const std::string& act, const std::string& reason) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "trusted_root", id));
    std::string state = Text(row, "state"), to;
    if (act == "approve" && state == "proposed") to = "trusted";
    if (act == "refuse" && state == "proposed") to = "refused";
    if (act == "withdraw" && state == "trusted") to = "withdrawn";
    if (to.empty()) return error::kActNotPossible({{"state", state}});
    if (Trim(reason).empty()) return error::kReasonMissing;
    // Whoever proposed it does not review it; withdrawing needs no second person.
    if (act != "withdraw" && Text(row, "proposed_by") == writer.who().account)
      return ledger::error::kForbidden({{"type", "可信根证书"}, {"verb", act}});
    std::string by = writer.who().name, now = IsoChina(writer.now());
    writer.ActAsEngine();
    json::object changes{{"state", to}, {"reason", reason}};
    changes[act == "withdraw" ? "withdrawn_by_name" : "reviewed_by_name"] = by;
    changes[act == "withdraw" ? "withdrawn_at" : "reviewed_at"] = now;
    TRY_VOID(writer.Update("trusted_root", id, changes, IntAt(row, "version")));
    int64_t suspended = 0;
    if (act == "withdraw") {
      TRY(json::array held,
          ledger::FindRows(writer.tx(), writer.catalogue(), "certificate",
                           "trusted_root = " + Quoted(id) + " and state = \"active\"", 500));
      for (const json::value& each : held) {
        const json::object& certificate = each.get_object();
        std::string why = "签发方的根证书已不再受信任：" + reason;
        TRY_VOID(writer.Update("certificate", Text(certificate, "id"),
                               {{"state", "suspended"}, {"reason", why}}));
        TRY_VOID(writer.Create("certificate_event",
                               {{"certificate", certificate.at("id")},
                                {"act", "suspend"},
                                {"from_state", "active"},
                                {"to_state", "suspended"},
                                {"reason", why},
                                {"at", now},
                                {"by_name", by}},
                               Text(certificate, "region")));
        ++suspended;
      }
    }
    writer.Note({"trusted-root:" + act, "trusted_root", id, Text(row, "region"),
                 ToText(json::object{{"from", state}, {"to", to}, {"suspended", suspended}})});
    return id;
  });
}

Result<Trust> TrustedRoots::Trusted() {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "trusted_root", "state = \"trusted\"", 500));
  Trust out;
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    // One that has expired meanwhile is left out by this reading.
    auto bundle = ReadBundle(TextAt(row, "certificates"), ledger_.clock().Now());
    if (!bundle) continue;
    out.named.push_back({Text(row, "id"), Text(row, "name"), bundle->front()});
    out.roots.push_back(bundle->front());
    out.others.insert(out.others.end(), bundle->begin() + 1, bundle->end());
  }
  return out;
}
}  // namespace city::certificates
