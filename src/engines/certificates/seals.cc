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
#include "parts/documents/png.h"
#include "parts/documents/seal_picture.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Text;
namespace {
using ledger::Writer;

/// Whom seals are made by when the program sets a city up.
constexpr const char* kByProgram = "seals";
constexpr auto kYear = std::chrono::hours(24) * 365;

crypto::SealKind KindOf(std::string_view kind) {
  if (kind == "finance") return crypto::SealKind::kFinance;
  if (kind == "business") return crypto::SealKind::kBusiness;
  if (kind == "legal_person") return crypto::SealKind::kLegalPerson;
  if (kind == "person") return crypto::SealKind::kPerson;
  return crypto::SealKind::kOfficial;
}

/// What is stamped beside the signature, in mm: a drawn signature keeps its proportions.
void SizeOf(std::string_view picture, crypto::SealKind kind, int& width, int& height) {
  if (kind != crypto::SealKind::kPerson && kind != crypto::SealKind::kLegalPerson) return;
  int across = 0, down = 0;
  if (!documents::PngSize(picture, across, down)) return;
  width = across >= down * 2 ? 36 : 20;
  height = std::clamp(static_cast<int>(width * static_cast<double>(down) / across + 0.5), 8, 40);
}

/// The path of the body whose seal it is; empty for a seal of an enterprise or a person.
Result<std::string> PathOf(Writer& writer, const json::object& row) {
  if (Text(row, "organisation").empty()) return std::string();
  TRY(json::object body, ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation",
                                         TextAt(row, "organisation")));
  return Text(body, "path");
}
}  // namespace

bool Serves(const ledger::Subject& who, std::string_view role, const std::string& path) {
  return who.system || std::any_of(who.posts.begin(), who.posts.end(), [&](const auto& post) {
           return (role.empty() || post.role == role) && !post.organisation_path.empty() &&
                  path.starts_with(post.organisation_path);
         });
}

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
    json::object row{{"id", made.id}, {"region", organisation.at("region")}};
    TRY_VOID(NoteEvent(writer, row, "apply", "applied", Text(body, "reason"), name));
    return made.id;
  });
}

Result<void> Seals::NoteEvent(Writer& writer, const json::object& row, const std::string& act,
                              const std::string& to, const std::string& reason,
                              const std::string& by) {
  TRY_VOID(
      writer.Create("seal_event",
                    {{"seal", row.at("id")},
                     {"act", act},
                     {"from_state", OrNull(Text(row, "state"))},
                     {"to_state", to},
                     {"reason", OrNull(reason)},
                     {"at", IsoChina(writer.now())},
                     {"by_name", by == kByProgram ? json::value("系统 / system") : OrNull(by)}},
                    Text(row, "region")));
  writer.Note({"seal:" + act, "seal", Text(row, "id"), Text(row, "region"),
               ToText(json::object{{"from", OrNull(Text(row, "state"))}, {"to", to}})});
  return {};
}

Result<void> Seals::MakeNow(Writer& writer, const json::object& row) {
  std::string id = Text(row, "id"), key_name = "seal-" + id;
  Time now = writer.now();
  TRY_VOID(keys_.Ensure(key_name, crypto::Purpose::kSign, now));
  std::string purpose = Text(row, "purpose"), name = Text(row, "name");
  bool of_person = Text(row, "holder_kind") == "person";
  if (of_person) name = Text(row, "holder_name");
  Time from = now;
  if (auto given = ParseDate(TextAt(row, "valid_from"))) from = StartOfChinaDay(*given);
  Time to = from + kYear * 5;
  std::string whole = of_person ? name : name + purpose;
  TRY(crypto::Certificate certificate,
      authority_.Certify(key_name, of_person ? "自然人" : name, whole, from, to));
  std::string picture;
  if (Text(row, "picture").empty()) {
    TRY(picture, documents::SealPng({.name = name, .purpose = purpose}));
  } else {
    TRY(picture, crypto::FromBase64(TextAt(row, "picture")));
  }
  crypto::SealFacts facts{.id = ReplaceAll(id, "-", "").substr(0, 32),
                          .name = whole,
                          .kind = KindOf(TextAt(row, "kind")),
                          .users = {certificate},
                          .made_at = from,
                          .from = from,
                          .to = to,
                          .picture = picture};
  SizeOf(picture, facts.kind, facts.width_mm, facts.height_mm);
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
    bool reason, holder;  // holder: the person or the enterprise itself may as well
  };
  static constexpr Edge kEdges[] = {
      {"approve", "applied", "approved", false, false},
      {"refuse", "applied", "refused", true, false},
      {"make", "approved", "active", false, false},
      {"suspend", "active", "suspended", true, true},
      {"resume", "suspended", "active", true, true},
      {"revoke", "active", "revoked", true, true},
      {"revoke", "suspended", "revoked", true, true},
      {"hand-over", "active", "active", true, false},
      {"limit", "active", "active", true, false},
  };
  auto done = ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "seal", id));
    std::string state = Text(row, "state"), reason = Text(body, "reason");
    const Edge* edge = nullptr;
    for (const Edge& each : kEdges)
      if (act == each.act && state == each.from) edge = &each;
    const ledger::Subject& who = writer.who();
    TRY(std::string path, PathOf(writer, row));
    // A keeper looks after the seals of bodies at or below the own post, and after those of
    // enterprises; a person's signature is nobody else's.
    bool may = who.system ||
               (who.HasRole("seal_keeper") && (path.empty() ? Text(row, "holder_kind") != "person"
                                                            : Serves(who, "seal_keeper", path)));
    if (!may && edge != nullptr && edge->holder) {
      TRY(may, SpeaksFor(writer.tx(), who, Text(row, "holder")));
    }
    // Whoever applied does not decide.
    if (!may || ((act == "approve" || act == "refuse") && !who.system &&
                 Text(row, "applied_by") == who.account))
      return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", act}});
    if (edge == nullptr) return error::kActNotPossible({{"state", state}});
    if (edge->reason && Trim(reason).empty()) return error::kReasonMissing;
    std::string by = who.name;
    writer.ActAsEngine();
    json::object changes{{"state", edge->to}};
    if (act != "make" && act != "hand-over" && act != "limit") changes["reason"] = OrNull(reason);
    int64_t limit = IntAt(body, "use_limit", 0);
    if (act == "make") TRY_VOID(MakeNow(writer, row));
    if (act == "revoke") changes["revoked_at"] = IsoChina(writer.now());
    if (act == "approve") changes["approved_by_name"] = by;
    if ((act == "approve" && limit > 0) || act == "limit")
      changes["use_limit"] = limit > 0 ? json::value(limit) : json::value();
    if (act == "hand-over") {
      TRY(json::array keepers, ledger::FindRows(writer.tx(), writer.catalogue(), "post",
                                                "role = \"seal_keeper\" and account = " +
                                                    ledger::Quoted(TextAt(body, "custodian")),
                                                1));
      if (keepers.empty()) return error::kNoKeeper;
      TRY(json::object keeper,
          ledger::ReadRow(writer.tx(), writer.catalogue(), "account", TextAt(body, "custodian")));
      changes["custodian"] = keeper.at("id");
      changes["custodian_name"] = keeper.at("name");
      reason += " → " + Text(keeper, "name");
    }
    TRY_VOID(writer.Update("seal", id, changes));
    TRY_VOID(NoteEvent(writer, row, act, edge->to, reason, by));
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
  ledger::CommandInfo info{ledger::System(kByProgram), "", "", ""};
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
    if (found != known_.end() && ledger_.clock().Now() <= found->second->to) return found->second;
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
  TRY(std::shared_ptr<const SealInUse> made, InUse(*chosen));
  std::lock_guard lock(mutex_);
  known_[key] = made;
  return made;
}

Result<std::shared_ptr<const SealInUse>> Seals::InUse(const json::object& row) const {
  if (TextAt(row, "state") != "active")
    return error::kActNotPossible({{"state", Text(row, "state")}});
  TRY(crypto::Certificate certificate, crypto::Certificate::Parse(TextAt(row, "certificate")));
  TRY(std::string der, crypto::FromBase64(TextAt(row, "esl")));
  TRY(crypto::ElectronicSeal esl, crypto::ReadSeal(der));
  if (ledger_.clock().Now() > esl.facts.to) return error::kSealOver;
  const int width = esl.facts.width_mm, height = esl.facts.height_mm;
  const Time to = esl.facts.to;
  TRY(crypto::SealInHand hand, crypto::SealInHand::Take(std::move(esl), std::move(certificate)));
  return std::make_shared<const SealInUse>(
      SealInUse{Text(row, "id"), Text(row, "key_name"), Text(row, "name"), Text(row, "purpose"),
                std::move(hand), KindOf(TextAt(row, "kind")), width, height, to});
}

Result<std::string> Seals::Sign(const SealInUse& seal, std::string_view ofd,
                                std::vector<documents::Stamp> stamps, Time now) const {
  documents::SigningOrder order;
  order.signed_at = now;
  order.stamps = std::move(stamps);
  order.lock = false;
  return documents::SignOfd(ofd, order, [&](std::string_view hash, std::string_view info) {
    return seal.hand.Sign(hash, info, now, authority_.DigestSignerOfKey(seal.key_name),
                          [&](std::string_view digest) { return authority_.Stamp(digest, now); });
  });
}

Result<std::string> Seals::WriteSigned(const SealInUse& seal, const documents::Document& document,
                                       const documents::Stamp& stamp, Time now) const {
  documents::SigningOrder order;
  order.signed_at = now;
  order.stamps = {stamp};
  return documents::WriteSignedOfd(
      document, order, [&](std::string_view hash, std::string_view info) {
        return seal.hand.Sign(hash, info, now, authority_.DigestSignerOfKey(seal.key_name));
      });
}

Result<std::string> Seals::SignPdf(const SealInUse& seal, std::string_view pdf, Time now,
                                   std::vector<documents::Stamp> stamps) const {
  const crypto::SealFacts& facts = seal.hand.seal().facts;
  documents::PdfStamp shown{facts.picture, std::move(stamps)};
  if (facts.picture_format != "PNG") shown.places.clear();
  return documents::SignPdf(
      pdf, seal.name, now,
      [&](std::string_view digest) {
        return crypto::SignDetached(digest, now, seal.hand.signer(),
                                    authority_.SignerOfKey(seal.key_name));
      },
      &shown);
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
