// SPDX-License-Identifier: Apache-2.0
// The life of a certificate; how one is made: issuing.cc.
#include "engines/certificates/certificates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/certificates/credential.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/face_sheet.h"
#include "engines/certificates/identifier.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
struct StateName {
  const char *state, *zh, *en;
};
constexpr StateName kStates[] = {
    {"active", "有效", "In force"},       {"suspended", "暂停使用", "Suspended"},
    {"expired", "已到期", "Expired"},     {"superseded", "已变更或换发", "Superseded"},
    {"cancelled", "已注销", "Cancelled"}, {"revoked", "已吊销（撤销）", "Revoked"},
};
}  // namespace

ledger::Words StateWords(std::string_view state) {
  for (const StateName& each : kStates)
    if (state == each.state) return {each.zh, each.en};
  return {std::string(state), std::string(state)};
}

std::string MaskedName(std::string_view name) {
  std::vector<char32_t> points = CodePoints(name);
  std::string out;
  for (size_t i = 0; i < points.size() && i < 12; ++i) {
    if (i == 0)
      AppendUtf8(out, points[i]);
    else
      out += '*';
  }
  return out;
}

std::string MaskedCode(std::string_view code) {
  // Signs, not bytes: numbers of certificates have Chinese signs in them.
  std::vector<char32_t> signs = CodePoints(code);
  if (signs.size() < 3) return "***";
  return FromCodePoints({signs.front()}) + std::string(signs.size() - 2, '*') +
         FromCodePoints({signs.back()});
}

Certificates::Certificates(ledger::Ledger& ledger, crypto::KeyDevice& keys,
                           const Authority& authority, Seals& seals, const SealedFiles& files,
                           CertificateTypes types, Settings settings)
    : ledger_(ledger),
      keys_(keys),
      authority_(authority),
      seals_(seals),
      files_(files),
      types_(std::move(types)),
      settings_(std::move(settings)) {}

Result<const CertificateType*> Certificates::TypeOf(std::string_view name) const {
  auto found = types_.find(name);
  if (found == types_.end())
    return error::kUnknownType({{"type", std::string(name.substr(0, 60))}});
  return &found->second;
}

Result<std::string> Certificates::HolderIndex(std::string_view code) const {
  std::string upper(Trim(code));
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  TRY(crypto::Digest digest, keys_.Index(kHolderKey, upper));
  return crypto::ToHex(digest).substr(0, 40);
}

Result<json::object> Certificates::Row(const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  return ledger::ReadRow(*snapshot, *catalogue, "certificate", id);
}

std::string Certificates::StateNow(const json::object& row) const {
  std::string state = Text(row, "state");
  auto until = ParseDate(TextAt(row, "valid_until"));
  if (state == "active" && until && ChinaDate(ledger_.clock().Now()) > *until) return "expired";
  return state;
}

json::object Certificates::Facts(const CertificateType& type, const json::object& row) const {
  json::object out{{"certificate_identifier", row.at("identifier")},
                   {"certificate_type", type.label.zh},
                   {"certificate_type_code", type.code},
                   {"certificate_number", row.at("number")},
                   {"certificate_defining_authority", type.defined_by},
                   {"certificate_issuing_authority", row.at("issuer_name")},
                   {"certificate_issuing_authority_code", row.at("issuer_code")},
                   {"certificate_issued_date", Text(row, "issued_at").substr(0, 10)},
                   {"certificate_effective_date", Text(row, "valid_from")},
                   {"certificate_expiring_date", Text(row, "valid_until")},
                   {"certificate_area_code", Text(row, "area_code")},
                   {"certificate_holder_category_code", type.for_enterprise ? "001" : "111"},
                   {"certificate_level", Text(row, "level")}};
  return out;
}

Result<Order> Certificates::OrderFrom(const ledger::Subject& who, const json::object& body) {
  Order order;
  order.type = Text(body, "type");
  TRY(const CertificateType* type, TypeOf(order.type));
  order.holder_name = Text(body, "holder_name");
  order.holder_code = Text(body, "holder_code");
  if (const json::object* faces = ObjectAt(body, "faces")) order.faces = *faces;
  for (const ledger::Post& post : who.posts)
    if (post.role == "certificate_officer") {
      order.organisation = post.organisation;
      order.region = post.region;
    }
  if (auto day = ParseDate(TextAt(body, "valid_from"))) order.valid_from = *day;
  if (auto day = ParseDate(TextAt(body, "valid_until"))) order.valid_to = *day;
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  const char* base = type->for_enterprise ? "enterprise" : "person";
  const char* code = type->for_enterprise ? "credit_code" : "citizen_id";
  if (!order.holder_code.empty()) {
    TRY(json::array rows,
        ledger::FindRows(*snapshot, *catalogue, base,
                         fmt::format("{} = {}", code, Quoted(order.holder_code)), 1));
    if (!rows.empty()) {
      order.holder = Text(rows[0].get_object(), "id");
      order.holder_name = Text(rows[0].get_object(), "name");
    }
  }
  return order;
}

Result<Order> Certificates::OrderForCase(const CertificateType& type, const json::object& row,
                                         const json::object& item) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  static const json::object kEmpty;
  const json::object* form = ObjectAt(row, "form");
  if (form == nullptr) form = &kEmpty;
  Order order;
  order.type = type.name;
  order.case_id = Text(row, "id");
  // The body that the item names answers for the result, whichever of its units handled the case.
  order.organisation = Text(item, "department");
  if (order.organisation.empty()) order.organisation = Text(row, "department");
  order.region = Text(row, "region");
  auto find = [&](const char* record, const std::string& filter) -> json::object {
    auto rows = ledger::FindRows(*snapshot, *catalogue, record, filter, 1);
    return rows && !rows->empty() ? rows->front().get_object() : json::object{};
  };
  json::object person, enterprise;
  if (std::string account = Text(row, "applicant"); !account.empty()) {
    if (auto found = ledger::ReadRow(*snapshot, *catalogue, "account", account)) {
      if (std::string key = Text(*found, "person"); !key.empty())
        if (auto one = ledger::ReadRow(*snapshot, *catalogue, "person", key)) person = *one;
      if (std::string key = Text(*found, "enterprise"); !key.empty())
        if (auto one = ledger::ReadRow(*snapshot, *catalogue, "enterprise", key)) enterprise = *one;
    }
  }
  std::string id_number = Text(row, "id_number");
  if (id_number.empty()) id_number = Text(*form, "id_number");
  if (person.empty() && !id_number.empty())
    person = find("person", "citizen_id = " + Quoted(id_number));
  if (std::string code = Text(*form, "credit_code"); !code.empty())
    enterprise = find("enterprise", "credit_code = " + Quoted(code));
  if (std::string bundle = Text(row, "bundle_case"); enterprise.empty() && !bundle.empty()) {
    // Founded by another part of the same thing.
    TRY(store::Rows rows,
        snapshot->Query(
            "select c.holder from r_bundle_part p join r_certificate c on c.case_id = "
            "p.case_id where p.bundle_case = $1 and c.holder_kind = 'enterprise' and "
            "c.holder is not null and c.state = 'active' and c.ended_at is null limit 1",
            {bundle}));
    if (rows.Next()) {
      TRY(enterprise,
          ledger::ReadRow(*snapshot, *catalogue, "enterprise", std::string(rows.Text(0))));
    }
  }
  if (type.for_enterprise && enterprise.empty()) {
    std::string name = Text(*form, "enterprise_name");
    if (name.empty()) name = Text(row, "applicant_name");
    if (!type.founds) {
      order.holder_name = name;
    } else {
      // Founded by this very case: entered into the base of legal entities with a new code.
      TRY(std::string made,
          ledger_.Command(
              {ledger::System("certificates"), order.region, "", ""},
              [&](Writer& writer) -> Result<std::string> {
                TRY(int64_t next, writer.NextNumber("credit-code:" + order.region.substr(0, 6)));
                std::string code = "91" + order.region.substr(0, 6) + fmt::format("MAC{:05}", next);
                code += ledger::OrganisationCodeCheckCharacter(std::string_view(code).substr(8));
                code += ledger::CreditCodeCheckCharacter(code);
                json::object values{{"name", name},
                                    {"credit_code", code},
                                    {"legal_person", OrNull(Text(*form, "applicant_name"))},
                                    {"kind", "company"},
                                    {"address", OrNull(Text(*form, "address"))},
                                    {"founded", IsoDate(ChinaDate(writer.now()))},
                                    {"state", "active"}};
                TRY(ledger::Written written, writer.Create("enterprise", values, order.region));
                if (std::string account = Text(row, "applicant"); !account.empty())
                  TRY_VOID(writer.Create("space_member",
                                         {{"enterprise", written.id},
                                          {"account", account},
                                          {"name", Text(row, "applicant_name")},
                                          {"role", "legal_person"},
                                          {"state", "active"}},
                                         order.region));
                return written.id;
              }));
      TRY(auto fresh, ledger_.store().Read());
      TRY(enterprise, ledger::ReadRow(*fresh, *catalogue, "enterprise", made));
    }
  }
  const json::object& holder = type.for_enterprise ? enterprise : person;
  if (!holder.empty()) {
    order.holder = Text(holder, "id");
    order.holder_name = Text(holder, "name");
    order.holder_code = Text(holder, type.for_enterprise ? "credit_code" : "citizen_id");
  } else if (!type.for_enterprise) {
    order.holder_name = Text(row, "applicant_name");
    order.holder_code = id_number;
  }
  json::object issuer;
  if (auto found = ledger::ReadRow(*snapshot, *catalogue, "organisation", order.organisation))
    issuer = *found;
  json::object world{{"case", row},
                     {"form", *form},
                     {"item", item},
                     {"person", person},
                     {"issuer", issuer},
                     {"enterprise", enterprise},
                     {"holder_name", order.holder_name},
                     {"holder_code", order.holder_code},
                     {"day", IsoDate(ChinaDate(ledger_.clock().Now()))}};
  order.faces = FacesFrom(type, world, ledger_.clock().Now());
  return order;
}

Result<std::optional<std::string>> Certificates::FollowCase(const std::string& case_id) {
  json::object row, item;
  std::string existing, existing_state;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(row, ledger::ReadRow(*snapshot, *catalogue, "service_case", case_id));
    auto found = ledger::ReadRow(*snapshot, *catalogue, "item", TextAt(row, "item"));
    if (!found) return std::optional<std::string>();
    item = *found;
    TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate",
                                           "case_id = " + Quoted(case_id), 1, "-created_at"));
    if (!rows.empty()) {
      existing = Text(rows[0].get_object(), "id");
      existing_state = Text(rows[0].get_object(), "state");
    }
  }
  std::string state = Text(row, "state");
  if (state == "revoked" && (existing_state == "active" || existing_state == "suspended")) {
    TRY_VOID(Act({ledger::System("certificates"), Text(row, "region"), "", ""}, existing, "revoke",
                 {{"reason", Text(row, "last_reason").empty() ? "办件决定已撤销"
                                                              : Text(row, "last_reason")}}));
    return std::optional<std::string>(existing);
  }
  if (state != "granted" && state != "granted_missing" && state != "delivered")
    return std::optional<std::string>();
  if (!existing.empty()) return std::optional<std::string>(existing);
  const CertificateType* type = nullptr;
  for (const auto& [name, each] : types_)
    if (std::find(each.results.begin(), each.results.end(), Text(item, "result_name")) !=
        each.results.end())
      type = &each;
  if (type == nullptr) return std::optional<std::string>();
  // One at a time for a case: a case gives one certificate however often it is asked for.
  TRY(Order order, OrderForCase(*type, row, item));
  ledger::CommandInfo info{ledger::System("certificates"), Text(row, "region"),
                           "certificate-of-case-" + case_id, case_id};
  TRY(std::string id, Issue(info, std::move(order)));
  return std::optional<std::string>(id);
}

Result<std::string> Certificates::Act(const ledger::CommandInfo& info, const std::string& id,
                                      const std::string& act, const json::object& body) {
  // Who may act is who may update it by the declared rights of the issuing body.
  if (!info.who.system) {
    TRY(ledger::One seen, ledger_.Read(info.who, "certificate", id));
    if (!info.who.HasRole("certificate_officer"))
      return ledger::error::kForbidden({{"type", "电子证照"}, {"verb", act}});
  }
  TRY(json::object row, Row(id));
  std::string state = Text(row, "state"), reason = Text(body, "reason");
  if (act == "renew" || act == "change") {
    if (state != "active") return error::kActNotPossible({{"state", StateWords(state).zh}});
    if (Text(row, "source") != "own") return error::kActNotPossible({{"state", "引入 / imported"}});
    Order order;
    order.type = Text(row, "type");
    order.holder = Text(row, "holder");
    order.holder_name = Text(row, "holder_name");
    order.holder_code = Text(row, "holder_code");
    if (const json::object* faces = ObjectAt(row, "faces")) order.faces = *faces;
    if (const json::object* faces = ObjectAt(body, "faces"))
      for (const auto& [key, value] : *faces) order.faces[key] = value;
    order.organisation = Text(row, "issuer");
    order.region = Text(row, "region");
    order.case_id = Text(row, "case_id");
    order.previous = id;
    order.serial = Text(row, "serial");
    order.number = Text(row, "number");
    order.version = static_cast<int>(IntAt(row, "version_number", 1)) + 1;
    order.event = act;
    order.reason = reason;
    if (act == "change") {
      if (auto day = ParseDate(TextAt(row, "valid_from"))) order.valid_from = *day;
      if (auto day = ParseDate(TextAt(row, "valid_until"))) order.valid_to = *day;
    }
    if (auto day = ParseDate(TextAt(body, "valid_until"))) order.valid_to = *day;
    return Issue(info, std::move(order));
  }
  struct Edge {
    const char *act, *from, *to;
  };
  static constexpr Edge kEdges[] = {
      {"suspend", "active", "suspended"}, {"resume", "suspended", "active"},
      {"revoke", "active", "revoked"},    {"revoke", "suspended", "revoked"},
      {"cancel", "active", "cancelled"},  {"cancel", "suspended", "cancelled"},
  };
  const Edge* edge = nullptr;
  for (const Edge& each : kEdges)
    if (act == each.act && state == each.from) edge = &each;
  if (edge == nullptr) return error::kActNotPossible({{"state", StateWords(state).zh}});
  if (Trim(reason).empty()) return error::kReasonMissing;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string by = writer.who().name;
    writer.ActAsEngine();
    json::object changes{{"state", edge->to}, {"reason", reason}};
    if (std::string(edge->to) == "revoked" || std::string(edge->to) == "cancelled")
      changes["one_key"] = nullptr;
    TRY_VOID(writer.Update("certificate", id, changes, IntAt(row, "version")));
    TRY_VOID(NoteEvent(writer, id, act, state, edge->to, reason, Text(row, "region"), by));
    return id;
  });
}

namespace {
json::object Summary(const json::object& row, const std::string& state) {
  json::object out;
  for (const char* key : {"id", "type", "type_name", "number", "identifier", "holder_name",
                          "issuer_name", "issued_at", "valid_from", "valid_until", "level",
                          "source", "version_number", "holder_kind", "reason", "case_id"})
    if (row.contains(key)) out[key] = row.at(key);
  out["state"] = state;
  ledger::Words words = StateWords(state);
  out["state_label"] = json::object{{"zh", words.zh}, {"en", words.en}};
  return out;
}
}  // namespace

Result<std::string> Certificates::Mine(const ledger::Subject& who) {
  std::string filter;
  for (const std::string& holder : who.holders)
    filter += (filter.empty() ? "holder = " : " or holder = ") + Quoted(holder);
  if (filter.empty()) return std::string("{\"rows\":[],\"next\":null}");
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "certificate", filter, 200, "-issued_at"));
  json::array out;
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    std::string state = StateNow(row);
    if (state == "superseded") continue;
    out.push_back(Summary(row, state));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Certificates::View(const ledger::Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "certificate", id));
  TRY(json::value parsed, ParseJson(one.row));
  json::object& row = parsed.get_object();
  for (const char* key : {"credential", "holder_index", "one_key"}) row.erase(key);
  std::string state = StateNow(row);
  ledger::Words words = StateWords(state);
  row["state"] = state;
  row["state_label"] = json::object{{"zh", words.zh}, {"en", words.en}};
  if (auto type = TypeOf(Text(row, "type"))) row["declared"] = Describe(**type);
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array events,
      ledger::FindRows(*snapshot, *catalogue, "certificate_event", "certificate = " + Quoted(id)));
  row["events"] = std::move(events);
  return ToText(row);
}

Result<File> Certificates::Download(const ledger::Subject& who, const std::string& id,
                                    const std::string& format) {
  TRY(ledger::One one, ledger_.Read(who, "certificate", id));
  TRY(json::object row, Row(id));
  // Whoever sees it with a mask does not get the file.
  TRY(json::value seen, ParseJson(one.row));
  if (!who.system &&
      (!seen.get_object().contains("faces") || seen.get_object().at("faces") != row.at("faces")))
    return ledger::error::kForbidden({{"type", "电子证照"}, {"verb", "download"}});
  std::string name = Text(row, "type_name") + "-" + Text(row, "number");
  auto note = [&]() -> Result<void> {
    return ledger_.store().Command(one.region, [&](store::Tx& tx) -> Result<void> {
      return ledger::AppendAudit(tx, ledger::ChainOf(one.region), who, ledger_.clock().Now(),
                                 {{"certificate:download", "certificate", id, one.region,
                                   ToText(json::object{{"format", format}})}});
    });
  };
  if (format == "json") {
    TRY_VOID(note());
    return File{name + ".json", "application/json", Text(row, "credential")};
  }
  if (format == "pdf" && Text(row, "source") == "own") {
    TRY(const CertificateType* type, TypeOf(Text(row, "type")));
    TRY(std::shared_ptr<const SealInUse> seal,
        seals_.Find(Text(row, "issuer"), Text(row, "issuer_name"), type->seal));
    TRY(Sheet sheet, PrintedSheet(*type, row, *seal));
    TRY(documents::Document document, LayOutSheet(sheet));
    TRY(std::string pdf, documents::WritePdf(document));
    TRY(std::string signed_pdf, seals_.SignPdf(*seal, pdf, ledger_.clock().Now()));
    TRY_VOID(note());
    return File{name + ".pdf", "application/pdf", std::move(signed_pdf)};
  }
  if (format != "ofd") return ledger::error::kNotFound;
  TRY(std::string bytes, files_.Read(id + ".ofd"));
  TRY_VOID(note());
  return File{name + ".ofd", "application/ofd", std::move(bytes)};
}
}  // namespace city::certificates
