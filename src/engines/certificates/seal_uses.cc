// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/seal_uses.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/ids.h"
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
constexpr size_t kMostDocuments = 200;
constexpr size_t kMostBytes = 20u << 20;

std::string FileName(const std::string& id, size_t index, const char* ending) {
  return id + "." + std::to_string(index) + ending;
}

/// What kind of document these bytes are; an error says why they are none.
Result<std::string> FormatOf(std::string_view bytes) {
  if (bytes.size() > kMostBytes) return error::kNotSignable;
  if (bytes.starts_with("%PDF-")) return std::string("pdf");
  if (!bytes.starts_with("PK")) return error::kNotSignable;
  TRY(auto signatures, documents::CheckOfdSignatures(bytes));
  (void)signatures;
  return std::string("ofd");
}

void Refuse(json::object& document, const Error& why) {
  document["outcome"] = "refused";
  document["says"] = json::object{{"zh", why.SaysZh()}, {"en", why.SaysEn()}};
}

size_t Accepted(const json::array& documents) {
  return static_cast<size_t>(std::count_if(
      documents.begin(), documents.end(),
      [](const json::value& each) { return TextAt(each.get_object(), "outcome") != "refused"; }));
}
}  // namespace

Result<json::object> SealUses::Row(const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  return ledger::ReadRow(*snapshot, *catalogue, "seal_use", id);
}

Result<SealUses::Standing> SealUses::StandingOf(store::Reader& reader, const ledger::Subject& who,
                                                const json::object& use) {
  Standing out;
  auto catalogue = ledger_.catalogue();
  out.asked = !who.account.empty() && Text(use, "asked_by") == who.account;
  if (std::string holder = Text(use, "holder"); !holder.empty()) {
    TRY(out.decides, seals_.SpeaksFor(reader, who, holder));
    TRY(out.reads, seals_.SpeaksFor(reader, who, holder, true));
  } else {
    TRY(json::object body,
        ledger::ReadRow(reader, *catalogue, "organisation", TextAt(use, "organisation")));
    TRY(json::object seal, ledger::ReadRow(reader, *catalogue, "seal", TextAt(use, "seal")));
    std::string custodian = Text(seal, "custodian");
    out.reads = Serves(who, "seal_keeper", Text(body, "path"));
    out.decides =
        out.reads && !out.asked && (custodian.empty() || custodian == who.account || who.system);
  }
  out.reads = out.reads || out.asked;
  return out;
}

Result<json::object> SealUses::Told(const json::object& use, const Standing& standing) {
  json::object out;
  for (const char* key :
       {"id", "seal", "seal_name", "reason", "copies", "place", "state", "asked_by_name",
        "asked_at", "decided_by_name", "decided_at", "decision_reason", "documents"})
    if (const json::value* value = use.if_contains(key)) out[key] = *value;
  out["may_decide"] = standing.decides && Text(use, "state") == "asked";
  return out;
}

Result<std::string> SealUses::Ask(const ledger::CommandInfo& info, const json::object& body) {
  const json::array* given = ArrayAt(body, "documents");
  if (given == nullptr || given->empty() || given->size() > kMostDocuments)
    return error::kRequestWrong(
        {{"reason_zh", "须有 1 至 200 份文件"}, {"reason_en", "there must be 1 to 200 documents"}});
  std::string reason = Text(body, "reason");
  if (Trim(reason).empty()) return error::kReasonMissing;
  int64_t copies = IntAt(body, "copies", 1);
  if (copies < 1 || copies > 100)
    return error::kRequestWrong(
        {{"reason_zh", "份数须为 1 至 100"}, {"reason_en", "copies must be 1 to 100"}});
  static const json::object kEmpty;
  const json::object* place = ObjectAt(body, "place");
  TRY_VOID(ReadPosition(place != nullptr ? *place : kEmpty));
  std::string id = NewId(ledger_.clock().Now());
  json::array kept;
  for (size_t i = 0; i < given->size(); ++i) {
    const json::object* one = (*given)[i].if_object();
    json::object document{
        {"name", one != nullptr ? Text(*one, "name").substr(0, 200) : std::string()}};
    auto bytes = one != nullptr ? crypto::FromBase64(TextAt(*one, "bytes"))
                                : Result<std::string>(error::kNotSignable);
    auto format = bytes ? FormatOf(*bytes) : Fail(bytes.error());
    if (format) {
      document["format"] = *format;
      document["size"] = static_cast<int64_t>(bytes->size());
      document["sm3"] = crypto::ToHex(crypto::Sm3(*bytes));
      document["outcome"] = "waiting";
      TRY_VOID(files_.Keep(FileName(id, i, ".in"), *bytes));
    } else {
      Refuse(document, format.error());
    }
    kept.push_back(std::move(document));
  }
  if (Accepted(kept) == 0) return error::kNotSignable;
  bool alone = false;
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    const ledger::Subject who = writer.who();
    TRY(json::object seal,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "seal", TextAt(body, "seal")));
    if (std::string holder = Text(seal, "holder"); !holder.empty()) {
      TRY(bool asks, seals_.SpeaksFor(writer.tx(), who, holder, true));
      // Whose seal nobody may see is not told apart from one that is not there.
      if (!asks) return ledger::error::kNotFound;
      TRY(alone, seals_.SpeaksFor(writer.tx(), who, holder));
    } else {
      TRY(json::object organisation, ledger::ReadRow(writer.tx(), writer.catalogue(),
                                                     "organisation", TextAt(seal, "organisation")));
      if (!Serves(who, "", Text(organisation, "path")))
        return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", "use"}});
    }
    if (TextAt(seal, "state") != "active")
      return error::kActNotPossible({{"state", Text(seal, "state")}});
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("seal_use",
                      {{"seal", seal.at("id")},
                       {"seal_name", seal.at("name")},
                       {"organisation", seal.at("organisation")},
                       {"holder", seal.at("holder")},
                       {"documents", kept},
                       {"reason", reason},
                       {"copies", copies},
                       {"place", place != nullptr ? json::value(*place) : json::value()},
                       {"state", "asked"},
                       {"asked_by", OrNull(who.account)},
                       {"asked_by_name", who.name},
                       {"asked_at", IsoChina(writer.now())}},
                      Text(seal, "region"), id));
    writer.Note({"seal:ask-use", "seal", Text(seal, "id"), Text(seal, "region"),
                 ToText(json::object{{"use", id}})});
    return made.id;
  }));
  if (alone) {
    ledger::CommandInfo next = info;
    next.idempotency_key.clear();
    return Decide(next, id, true, "");
  }
  return View(info.who, id);
}

Result<void> SealUses::SignAll(const json::object& seal_row, json::object& use) {
  TRY(std::shared_ptr<const SealInUse> seal, seals_.InUse(seal_row));
  static const json::object kEmpty;
  const json::object* place = ObjectAt(use, "place");
  TRY(SealPosition position, ReadPosition(place != nullptr ? *place : kEmpty));
  std::string id = Text(use, "id");
  Time now = ledger_.clock().Now();
  json::array& documents = use.at("documents").as_array();
  for (size_t i = 0; i < documents.size(); ++i) {
    json::object& document = documents[i].as_object();
    if (Text(document, "outcome") != "waiting") continue;
    auto sign = [&]() -> Result<std::string> {
      TRY(std::string bytes, files_.Read(FileName(id, i, ".in")));
      TRY(auto stamps, StampsOn(bytes, position, seal->width_mm, seal->height_mm));
      if (Text(document, "format") == "pdf")
        return seals_.SignPdf(*seal, bytes, now, std::move(stamps));
      return seals_.Sign(*seal, bytes, std::move(stamps), now);
    };
    auto done = sign();
    if (!done) {
      Refuse(document, done.error());
      continue;
    }
    TRY_VOID(files_.Keep(FileName(id, i, ".out"), *done));
    document["outcome"] = "signed";
    document["signed_sm3"] = crypto::ToHex(crypto::Sm3(*done));
    document["taken"] = 0;
  }
  return {};
}

Result<std::string> SealUses::Decide(const ledger::CommandInfo& info, const std::string& id,
                                     bool allow, const std::string& reason) {
  TRY(json::object use, Row(id));
  Standing standing;
  json::object seal;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(standing, StandingOf(*snapshot, info.who, use));
    TRY(seal, ledger::ReadRow(*snapshot, *catalogue, "seal", TextAt(use, "seal")));
  }
  if (!standing.reads) return ledger::error::kNotFound;
  if (!standing.decides) return ledger::error::kForbidden({{"type", "用章"}, {"verb", "decide"}});
  if (TextAt(use, "state") != "asked")
    return error::kActNotPossible({{"state", Text(use, "state")}});
  if (!allow && Trim(reason).empty()) return error::kReasonMissing;
  size_t wanted = Accepted(use.at("documents").as_array()), signed_now = 0;
  std::string state = "refused";
  if (allow) {
    int64_t limit = IntAt(seal, "use_limit", 0), uses = IntAt(seal, "uses", 0);
    if (limit > 0 && uses + static_cast<int64_t>(wanted) > limit)
      return error::kSealUsedUp({{"limit", std::to_string(limit)},
                                 {"left", std::to_string(std::max<int64_t>(0, limit - uses))}});
    TRY_VOID(SignAll(seal, use));
    signed_now = Accepted(use.at("documents").as_array());
    size_t all = use.at("documents").as_array().size();
    state = signed_now == all ? "signed" : signed_now > 0 ? "partly" : "failed";
  }
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string by = writer.who().name;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("seal_use", id,
                           {{"state", state},
                            {"documents", use.at("documents")},
                            {"decided_by_name", by},
                            {"decided_at", IsoChina(writer.now())},
                            {"decision_reason", OrNull(reason)}},
                           IntAt(use, "version")));
    // Counted under the version that was looked at: two decisions cannot share what is left, and a
    // seal that was suspended meanwhile signs nothing.
    if (signed_now > 0)
      TRY_VOID(writer.Update("seal", Text(seal, "id"),
                             {{"uses", IntAt(seal, "uses", 0) + static_cast<int64_t>(signed_now)}},
                             IntAt(seal, "version")));
    writer.Note(
        {allow ? "seal:use" : "seal:refuse-use", "seal", Text(use, "seal"), Text(use, "region"),
         ToText(json::object{{"use", id}, {"documents", static_cast<int64_t>(signed_now)}})});
    return id;
  }));
  return View(info.who, id);
}

Result<std::string> SealUses::View(const ledger::Subject& who, const std::string& id) {
  TRY(json::object use, Row(id));
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Standing standing, StandingOf(*snapshot, who, use));
  if (!standing.reads) {
    // Others who may read the record, such as auditors, see it as the declaration masks it.
    TRY(ledger::One one, ledger_.Read(who, "seal_use", id));
    TRY(json::value row, ParseJson(one.row));
    use = row.get_object();
  }
  TRY(json::object told, Told(use, standing));
  return ToText(told);
}

Result<std::string> SealUses::Mine(const ledger::Subject& who) {
  std::string filter = "asked_by = " + Quoted(who.account);
  for (const std::string& holder : who.holders) filter += " or holder = " + Quoted(holder);
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "seal_use", filter, 100, "-created_at"));
  json::array out;
  for (const json::value& each : rows) {
    TRY(Standing standing, StandingOf(*snapshot, who, each.get_object()));
    if (!standing.reads) continue;
    TRY(json::object told, Told(each.get_object(), standing));
    out.push_back(std::move(told));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

namespace {
const json::object* DocumentAt(const json::object& use, int index) {
  const json::array* documents = ArrayAt(use, "documents");
  if (documents == nullptr || index < 0 || static_cast<size_t>(index) >= documents->size())
    return nullptr;
  return (*documents)[static_cast<size_t>(index)].if_object();
}
File FileOf(const json::object& document, std::string bytes, const char* mark) {
  std::string format = Text(document, "format"), name = Text(document, "name");
  if (size_t dot = name.rfind('.'); dot != std::string::npos) name.resize(dot);
  return {name + mark + "." + format, "application/" + format, std::move(bytes)};
}
}  // namespace

Result<File> SealUses::Take(const ledger::CommandInfo& info, const std::string& id, int index) {
  TRY(json::object use, Row(id));
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(Standing standing, StandingOf(*snapshot, info.who, use));
    if (!standing.reads) return ledger::error::kNotFound;
  }
  const json::object* document = DocumentAt(use, index);
  if (document == nullptr || Text(*document, "outcome") != "signed")
    return ledger::error::kNotFound;
  int64_t copies = IntAt(use, "copies", 1);
  if (IntAt(*document, "taken", 0) >= copies)
    return error::kCopiesUsedUp({{"copies", std::to_string(copies)}});
  TRY(std::string bytes, files_.Read(FileName(id, static_cast<size_t>(index), ".out")));
  File out = FileOf(*document, std::move(bytes), "-已签章");
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    json::array documents = use.at("documents").as_array();
    json::object& taken = documents[static_cast<size_t>(index)].as_object();
    taken["taken"] = IntAt(taken, "taken", 0) + 1;
    TRY_VOID(writer.Update("seal_use", id, {{"documents", std::move(documents)}},
                           IntAt(use, "version")));
    writer.Note({"seal:take-document", "seal", Text(use, "seal"), Text(use, "region"),
                 ToText(json::object{{"use", id}, {"index", index}})});
    return id;
  }));
  return out;
}

Result<File> SealUses::Original(const ledger::Subject& who, const std::string& id, int index) {
  TRY(json::object use, Row(id));
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Standing standing, StandingOf(*snapshot, who, use));
  const json::object* document = DocumentAt(use, index);
  if (!standing.reads || document == nullptr || Text(*document, "format").empty())
    return ledger::error::kNotFound;
  TRY(std::string bytes, files_.Read(FileName(id, static_cast<size_t>(index), ".in")));
  std::string region = Text(use, "region"), seal = Text(use, "seal");
  snapshot.reset();
  TRY_VOID(ledger_.store().Command(region, [&](store::Tx& tx) -> Result<void> {
    return ledger::AppendAudit(tx, ledger::ChainOf(region), who, ledger_.clock().Now(),
                               {{"seal:read-document", "seal", seal, region,
                                 ToText(json::object{{"use", id}, {"index", index}})}});
  }));
  return FileOf(*document, std::move(bytes), "");
}
}  // namespace city::certificates
