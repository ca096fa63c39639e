// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/seals.h"

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/certificates/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/signed_data.h"
#include "parts/documents/pdf_signature.h"
#include "parts/documents/seal_picture.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Text;
namespace {
using ledger::Writer;

constexpr auto kYear = std::chrono::hours(24) * 365;

crypto::SealKind KindOf(std::string_view kind) {
  if (kind == "finance") return crypto::SealKind::kFinance;
  if (kind == "business") return crypto::SealKind::kBusiness;
  if (kind == "legal_person") return crypto::SealKind::kLegalPerson;
  if (kind == "person") return crypto::SealKind::kPerson;
  return crypto::SealKind::kOfficial;
}

/// An official signs for a body when a post lies in it or above it.
bool Serves(const ledger::Subject& who, std::string_view role, const std::string& path) {
  return who.system || std::any_of(who.posts.begin(), who.posts.end(), [&](const auto& post) {
           return (role.empty() || post.role == role) && !post.organisation_path.empty() &&
                  path.starts_with(post.organisation_path);
         });
}
}  // namespace

void Seals::Forget() {
  std::lock_guard lock(mutex_);
  known_.clear();
}

Result<std::string> Seals::Apply(const ledger::CommandInfo& info, const json::object& body) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object organisation, ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation",
                                                   TextAt(body, "organisation")));
    if (!Serves(writer.who(), "", Text(organisation, "path")) &&
        !writer.who().HasRole("seal_keeper"))
      return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", "apply"}});
    std::string applicant = writer.who().account, name = writer.who().name;
    writer.ActAsEngine();
    std::string kind = Text(body, "kind").empty() ? "business" : Text(body, "kind");
    TRY(ledger::Written made, writer.Create("seal",
                                            {{"name", organisation.at("name")},
                                             {"purpose", OrNull(Text(body, "purpose"))},
                                             {"organisation", organisation.at("id")},
                                             {"kind", kind},
                                             {"state", "applied"},
                                             {"applied_by", OrNull(applicant)},
                                             {"applied_by_name", name},
                                             {"custodian", OrNull(Text(body, "custodian"))}},
                                            Text(organisation, "region")));
    return made.id;
  });
}

Result<void> Seals::MakeNow(Writer& writer, const json::object& row) {
  std::string id = Text(row, "id"), key_name = "seal-" + id;
  Time now = writer.now();
  TRY_VOID(keys_.Ensure(key_name, crypto::Purpose::kSign, now));
  std::string purpose = Text(row, "purpose"), name = Text(row, "name");
  Time from = now;
  if (auto given = ParseDate(TextAt(row, "valid_from"))) from = StartOfChinaDay(*given);
  Time to = from + kYear * 5;
  TRY(crypto::Certificate certificate,
      authority_.Certify(key_name, name, name + purpose, from, to));
  TRY(std::string picture, documents::SealPng({.name = name, .purpose = purpose}));
  crypto::SealFacts facts{.id = ReplaceAll(id, "-", "").substr(0, 32),
                          .name = name + purpose,
                          .kind = KindOf(TextAt(row, "kind")),
                          .users = {certificate},
                          .made_at = from,
                          .from = from,
                          .to = to,
                          .picture = picture};
  TRY(std::string esl,
      crypto::MakeSeal(facts, authority_.maker(), authority_.SignerOf("seal-maker")));
  TRY_VOID(writer.Update("seal", id,
                         {{"state", "active"},
                          {"key_name", key_name},
                          {"certificate", certificate.ToPem()},
                          {"serial", certificate.serial()},
                          {"esl", crypto::ToBase64(esl)},
                          {"made_at", IsoChina(now)},
                          {"valid_from", IsoDate(ChinaDate(from))},
                          {"valid_until", IsoDate(ChinaDate(to))}}));
  return {};
}

Result<void> Seals::Act(const ledger::CommandInfo& info, const std::string& id,
                        const std::string& act, const json::object& body) {
  struct Edge {
    const char *act, *from, *to;
    bool reason;
  };
  static constexpr Edge kEdges[] = {
      {"approve", "applied", "approved", false}, {"refuse", "applied", "refused", true},
      {"make", "approved", "active", false},     {"suspend", "active", "suspended", true},
      {"resume", "suspended", "active", true},   {"revoke", "active", "revoked", true},
      {"revoke", "suspended", "revoked", true},
  };
  auto done = ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "seal", id));
    std::string state = Text(row, "state"), reason = Text(body, "reason");
    const Edge* edge = nullptr;
    for (const Edge& each : kEdges)
      if (act == each.act && state == each.from) edge = &each;
    if (edge == nullptr) return error::kActNotPossible({{"state", state}});
    if (edge->reason && Trim(reason).empty()) return error::kReasonMissing;
    bool keeper = writer.who().system || writer.who().HasRole("seal_keeper");
    // Whoever applied does not decide.
    if (!keeper || ((act == "approve" || act == "refuse") && !writer.who().system &&
                    Text(row, "applied_by") == writer.who().account))
      return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", act}});
    std::string by = writer.who().name;
    writer.ActAsEngine();
    writer.Note({"seal:" + act, "seal", id, Text(row, "region"),
                 ToText(json::object{{"from", state}, {"to", edge->to}})});
    if (act == "make") {
      TRY_VOID(MakeNow(writer, row));
      return id;
    }
    json::object changes{{"state", edge->to}, {"reason", OrNull(reason)}};
    if (act == "revoke") changes["revoked_at"] = IsoChina(writer.now());
    if (act == "approve") changes["approved_by_name"] = by;
    TRY_VOID(writer.Update("seal", id, changes));
    return id;
  });
  Forget();
  if (!done) return Fail(std::move(done).error());
  return {};
}

Result<void> Seals::Provide(const std::string& organisation, const std::string& purpose,
                            Time from) {
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query("select 1 from r_seal where organisation = $1 and coalesce(purpose, '') = "
                        "$2 and ended_at is null limit 1",
                        {organisation, purpose}));
    if (rows.Next()) return {};
  }
  ledger::CommandInfo info{ledger::System("seals"), "", "", ""};
  TRY(std::string id,
      Apply(info, {{"organisation", organisation}, {"purpose", purpose}, {"kind", "business"}}));
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(writer.Update("seal", id, {{"valid_from", IsoDate(ChinaDate(from))}}));
    return id;
  }));
  TRY_VOID(Act(info, id, "approve", {}));
  return Act(info, id, "make", {});
}

Result<std::shared_ptr<const SealInUse>> Seals::Find(const std::string& organisation,
                                                     const std::string& organisation_name,
                                                     const std::string& purpose) {
  std::string key = organisation + "|" + purpose;
  {
    std::lock_guard lock(mutex_);
    auto found = known_.find(key);
    if (found != known_.end()) return found->second;
  }
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "seal",
                                         "organisation = " + ToText(json::value(organisation)) +
                                             " and state = \"active\""));
  const json::object* chosen = nullptr;
  for (const json::value& each : rows)
    if (Text(each.get_object(), "purpose") == purpose) chosen = &each.get_object();
  if (chosen == nullptr && !rows.empty()) chosen = &rows[0].get_object();
  if (chosen == nullptr) return error::kNoSeal({{"organisation", organisation_name}});
  TRY(crypto::Certificate certificate, crypto::Certificate::Parse(TextAt(*chosen, "certificate")));
  TRY(std::string der, crypto::FromBase64(TextAt(*chosen, "esl")));
  TRY(crypto::ElectronicSeal esl, crypto::ReadSeal(der));
  auto made = std::make_shared<SealInUse>(SealInUse{Text(*chosen, "id"), Text(*chosen, "key_name"),
                                                    Text(*chosen, "name"), Text(*chosen, "purpose"),
                                                    std::move(esl), std::move(certificate),
                                                    KindOf(TextAt(*chosen, "kind"))});
  std::lock_guard lock(mutex_);
  known_[key] = made;
  return std::shared_ptr<const SealInUse>(made);
}

Result<std::string> Seals::Sign(const SealInUse& seal, std::string_view ofd,
                                const documents::Stamp& stamp, Time now, bool lock) const {
  documents::SigningOrder order;
  order.signed_at = now;
  order.stamps = {stamp};
  order.lock = lock;
  return documents::SignOfd(ofd, order, [&](std::string_view hash, std::string_view info) {
    return crypto::SignWithSeal(seal.esl, hash, info, now, seal.certificate,
                                authority_.SignerOfKey(seal.key_name));
  });
}

Result<std::string> Seals::WriteSigned(const SealInUse& seal, const documents::Document& document,
                                       const documents::Stamp& stamp, Time now) const {
  documents::SigningOrder order;
  order.signed_at = now;
  order.stamps = {stamp};
  return documents::WriteSignedOfd(
      document, order, [&](std::string_view hash, std::string_view info) {
        return crypto::SignWithSeal(seal.esl, hash, info, now, seal.certificate,
                                    authority_.SignerOfKey(seal.key_name));
      });
}

Result<std::string> Seals::SignPdf(const SealInUse& seal, std::string_view pdf, Time now) const {
  return documents::SignPdf(pdf, seal.name, now, [&](std::string_view digest) {
    return crypto::SignDetached(digest, now, seal.certificate,
                                authority_.SignerOfKey(seal.key_name));
  });
}

Result<std::string> Seals::AskUse(const ledger::CommandInfo& info, const json::object& body) {
  const json::array* given = ArrayAt(body, "documents");
  if (given == nullptr || given->empty() || given->size() > 200) return error::kNotADocument;
  std::string id = NewId(ledger_.clock().Now());
  json::array names;
  for (size_t i = 0; i < given->size(); ++i) {
    const json::object* one = (*given)[i].if_object();
    if (one == nullptr) return error::kNotADocument;
    auto bytes = crypto::FromBase64(TextAt(*one, "bytes"));
    if (!bytes || !documents::CheckOfdSignatures(*bytes)) return error::kNotADocument;
    TRY_VOID(files_.Keep(id + "." + std::to_string(i) + ".in", *bytes));
    names.push_back(json::object{{"name", Text(*one, "name").substr(0, 200)},
                                 {"sm3", crypto::ToHex(crypto::Sm3(*bytes))}});
  }
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object seal,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "seal", TextAt(body, "seal")));
    if (TextAt(seal, "state") != "active")
      return error::kActNotPossible({{"state", Text(seal, "state")}});
    TRY(json::object organisation, ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation",
                                                   TextAt(seal, "organisation")));
    if (!Serves(writer.who(), "", Text(organisation, "path")))
      return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", "use"}});
    if (Trim(TextAt(body, "reason")).empty()) return error::kReasonMissing;
    std::string account = writer.who().account, name = writer.who().name;
    writer.ActAsEngine();
    TRY(ledger::Written made, writer.Create("seal_use",
                                            {{"seal", seal.at("id")},
                                             {"seal_name", seal.at("name")},
                                             {"organisation", seal.at("organisation")},
                                             {"documents", names},
                                             {"reason", Text(body, "reason")},
                                             {"state", "asked"},
                                             {"asked_by", OrNull(account)},
                                             {"asked_by_name", name}},
                                            Text(seal, "region"), id));
    return made.id;
  });
}

Result<void> Seals::DecideUse(const ledger::CommandInfo& info, const std::string& id, bool allow,
                              const std::string& reason) {
  json::object use, seal_row, organisation;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(use, ledger::ReadRow(*snapshot, *catalogue, "seal_use", id));
    TRY(seal_row, ledger::ReadRow(*snapshot, *catalogue, "seal", TextAt(use, "seal")));
    TRY(organisation,
        ledger::ReadRow(*snapshot, *catalogue, "organisation", TextAt(use, "organisation")));
  }
  if (!Serves(info.who, "seal_keeper", Text(organisation, "path")) ||
      Text(use, "asked_by") == info.who.account)
    return ledger::error::kForbidden({{"type", "用章"}, {"verb", "decide"}});
  if (TextAt(use, "state") != "asked")
    return error::kActNotPossible({{"state", Text(use, "state")}});
  if (!allow && Trim(reason).empty()) return error::kReasonMissing;
  if (allow) {
    if (TextAt(seal_row, "state") != "active")
      return error::kActNotPossible({{"state", Text(seal_row, "state")}});
    TRY(std::shared_ptr<const SealInUse> seal,
        Find(Text(use, "organisation"), Text(organisation, "name"), Text(seal_row, "purpose")));
    const json::array* documents_list = ArrayAt(use, "documents");
    for (size_t i = 0; documents_list != nullptr && i < documents_list->size(); ++i) {
      std::string name = id + "." + std::to_string(i);
      TRY(std::string bytes, files_.Read(name + ".in"));
      TRY(std::string signed_ofd,
          Sign(*seal, bytes, {0, 130, 220, 42, 42}, ledger_.clock().Now(), false));
      TRY_VOID(files_.Keep(name + ".out", signed_ofd));
    }
  }
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string by = writer.who().name;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("seal_use", id,
                           {{"state", allow ? "signed" : "refused"},
                            {"decided_by_name", by},
                            {"decided_at", IsoChina(writer.now())},
                            {"decision_reason", OrNull(reason)}},
                           IntAt(use, "version")));
    writer.Note({allow ? "seal:use" : "seal:refuse-use", "seal", Text(use, "seal"),
                 Text(use, "region"),
                 ToText(json::object{{"use", id}, {"documents", use.at("documents")}})});
    return id;
  }));
  return {};
}

Result<std::string> Seals::SignedDocument(const ledger::Subject& who, const std::string& use,
                                          int index) {
  TRY(ledger::One one, ledger_.Read(who, "seal_use", use));
  TRY(json::value row, ParseJson(one.row));
  if (TextAt(row.get_object(), "state") != "signed") return ledger::error::kNotFound;
  return files_.Read(use + "." + std::to_string(index) + ".out");
}

Result<std::map<std::string, crypto::Revocation>> Seals::Revoked() {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "seal", "state = \"revoked\" and serial != null"));
  std::map<std::string, crypto::Revocation> out;
  for (const json::value& each : rows) {
    auto at = ParseTime(TextAt(each.get_object(), "revoked_at"));
    if (at) out[Text(each.get_object(), "serial")] = {*at, 5};
  }
  return out;
}

Result<crypto::RevocationList> Seals::RevocationListNow() {
  TRY(auto revoked, Revoked());
  return authority_.Revocations(revoked, ledger_.clock().Now());
}
}  // namespace city::certificates
