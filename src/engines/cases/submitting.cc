// SPDX-License-Identifier: Apache-2.0
// An application becomes a case: form, materials, eligibility and routing are settled in one
// command.
#include "engines/cases/cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/case_steps.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "parts/crypto/crypto.h"

namespace city::cases {
using ledger::Subject;
using ledger::Writer;

Result<std::string> Cases::Number(Writer& writer, const std::string& region,
                                  const std::string& type) {
  std::string day = ReplaceAll(IsoDate(ChinaDate(writer.now())), "-", "");
  std::string head = region.substr(0, 6) + day + (type.empty() ? "00" : type);
  TRY(int64_t next, writer.NextNumber("case:" + region.substr(0, 6) + ":" + day));
  std::string body = head + fmt::format("{:06}", next);
  // ISO 7064 MOD 11-2 over the digits, as in GB 11643.
  int sum = 0;
  for (char c : body) sum = (sum + (c - '0')) * 2 % 11;
  return body + "0123456789X"[static_cast<size_t>((12 - sum) % 11)];
}

Result<void> Cases::KeepMaterials(Writer& writer, const std::string& id, const std::string& region,
                                  const json::array& given, const Subject& applicant,
                                  const json::object& item, bool agreed_before) {
  for (const json::value& each : given) {
    const json::object* material = each.if_object();
    if (material == nullptr || TextAt(*material, "material").empty()) continue;
    std::string name = Text(*material, "material").substr(0, 200);
    std::string existing;
    {
      TRY(store::Rows rows, writer.tx().Query("select id from r_case_material where case_id = $1 "
                                              "and name = $2 and ended_at is null",
                                              {id, name}));
      if (rows.Next()) existing = rows.Text(0);
    }
    const json::array* files = ArrayAt(*material, "attachments");
    json::object values{
        {"attachments", files != nullptr ? json::value(*files) : json::value(json::array{})},
        {"state", "received"}};
    std::string certificate = Text(*material, "certificate");
    if (agreed_before && material->contains("authorisation")) {
      // Agreed for the whole of one thing when it was applied for.
      for (const char* key : {"certificate", "authorisation", "note"})
        values[key] = material->at(key);
    } else if (agreed_before && material->contains("yielded_by")) {
      values["note"] = "由本次“一件事”的环节产生：" + Text(*material, "yielded_by");
    } else if (const json::object* written = ObjectAt(*material, "written");
               agreed_before && written != nullptr) {
      CasePaper paper{"material",
                      Text(*ObjectAt(*written, "title"), "zh"),
                      Text(*ObjectAt(*written, "title"), "en"),
                      {},
                      Text(*written, "signed_by"),
                      name,
                      {}};
      for (const json::value& one : written->at("paragraphs").as_array())
        paper.paragraphs.emplace_back(one.as_string());
      TRY(std::string kept, KeepPaper(writer, id, region, paper));
      values["note"] = "由申请表内容生成，申请人已确认";
      values["paper"] = kept;
    } else if (!certificate.empty()) {
      TRY(json::object used, rules_.UseCertificate(writer, applicant, item, certificate));
      values["certificate"] = certificate;
      values["authorisation"] = used.at("authorisation");
      values["note"] = used.at("note");
    }
    if (existing.empty()) {
      values["case_id"] = id;
      values["name"] = name;
      TRY_VOID(writer.Create("case_material", values, region));
    } else {
      TRY_VOID(writer.Update("case_material", existing, values));
    }
  }
  return {};
}

Result<std::string> Cases::SubmitIn(Writer& writer, const json::object& body) {
  Subject caller = writer.who();
  std::string item_id = Text(body, "item");
  auto item_row = ledger::ReadRow(writer.tx(), writer.catalogue(), "item", item_id);
  if (!item_row || TextAt(*item_row, "state") != "published") return error::kItemNotOpen;
  const json::object& item = *item_row;
  static const json::object kEmpty;
  const json::object* answers = ObjectAt(body, "data");
  std::string form = Text(item, "form");
  json::object clean = answers != nullptr ? *answers : kEmpty;
  if (!form.empty()) {
    TRY(json::object checked, rules_.CheckForm(form, clean));
    clean = std::move(checked);
  }
  std::string applicant = caller.account, name = caller.name, kind = caller.kind, id_number, phone;
  const json::object* named = ObjectAt(body, "applicant");
  bool at_window = caller.system || caller.HasRole("clerk");
  if (named != nullptr && at_window) {
    applicant = Text(*named, "account");
    name = Text(*named, "name");
    kind = Text(*named, "kind").empty() ? "citizen" : Text(*named, "kind");
    id_number = Text(*named, "id_number");
    phone = Text(*named, "phone");
    if (phone.empty()) phone = Text(*named, "mobile");
  } else if (!caller.account.empty()) {
    auto account = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", caller.account);
    std::string key = account ? Text(*account, "person") : std::string();
    if (!key.empty()) {
      TRY(json::object person, ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key));
      name = Text(person, "name");
      id_number = Text(person, "citizen_id");
      phone = Text(person, "mobile");
    }
  }
  if (name.empty()) name = Text(clean, "applicant_name");
  // Required materials must come with the application, but for what may follow and for what is
  // promised instead.
  const json::array* given = ArrayAt(body, "materials");
  const json::object* situation = ObjectAt(body, "situation");
  TRY(json::array asked, rules_.Materials(item, situation != nullptr ? *situation : kEmpty));
  TRY(std::vector<std::string> promised, CheckPromised(writer.tx(), item, asked, body, applicant));
  bool in_bundle = !Text(body, "bundle_case").empty();
  bool may_follow = BoolAt(item, "accept_missing");
  std::string missing;
  for (const json::value& each : asked) {
    const json::object* material = each.if_object();
    if (material == nullptr || !BoolAt(*material, "required") ||
        (may_follow && BoolAt(*material, "accept_missing")))
      continue;
    std::string name_of = Text(*material, "name");
    if (!HandedIn(given, name_of, in_bundle) &&
        std::find(promised.begin(), promised.end(), name_of) == promised.end())
      missing += (missing.empty() ? "" : "、") + name_of;
  }
  if (!missing.empty()) return error::kMaterialMissing({{"names", missing}});
  std::vector<Owed> owed;
  if (may_follow) owed = MayFollow(asked, given, promised, settings_.supply_days);

  json::object applicant_facts{
      {"account", applicant}, {"name", name}, {"kind", kind}, {"id_number", id_number}};
  std::string region = Text(body, "region");
  if (region.empty()) region = Text(item, "region");
  std::string channel = Text(body, "channel");
  if (channel.empty()) channel = at_window && named != nullptr ? "window" : "web";
  Application application{item, applicant_facts, clean, region, channel};
  TRY(auto eligible, rules_.CheckEligible(writer.tx(), application));
  TRY(auto routed, rules_.Route(writer.tx(), application));
  TRY(std::string number, Number(writer, region, Text(item, "item_type")));
  writer.ActAsEngine();
  json::object values{
      {"number", number},
      {"query_code", crypto::ToBase32(crypto::RandomBytes(5)).substr(0, 8)},
      {"item", item_id},
      {"item_code", item.at("code")},
      {"item_name", item.at("name")},
      {"item_version", item.at("item_version")},
      {"department", routed && !routed->department.empty() ? json::value(routed->department)
                                                           : item.at("department")},
      {"applicant", OrNull(applicant)},
      {"applicant_name", name},
      {"applicant_kind", kind},
      {"id_number", ledger::IsCitizenId(id_number) ? OrNull(id_number) : json::value()},
      {"phone", OrNull(phone)},
      {"channel", channel},
      {"state", "submitted"},
      {"form_name", OrNull(form)},
      {"form", clean},
      {"submitted_at", IsoChina(writer.now())},
      {"legal_days", item.at("legal_days")},
      {"promised_days", item.at("promised_days")},
      {"flow", OrNull(Text(item, "flow"))},
      {"asked", asked},
      {"bundle_case", OrNull(Text(body, "bundle_case"))},
      {"situation", situation != nullptr ? json::value(*situation) : json::value()},
      {"generated", BoolAt(body, "generated")}};
  TRY(ledger::Written made, writer.Create("service_case", values, region));
  if (given != nullptr)
    TRY_VOID(KeepMaterials(writer, made.id, region, *given, caller, item, in_bundle));
  if (!promised.empty() || !owed.empty()) {
    Loaded fresh;
    fresh.row = values;
    fresh.id = made.id;
    fresh.region = region;
    TRY_VOID(KeepPromises(writer, fresh, item, promised, owed));
  }
  TRY_VOID(NoteEvent(writer, made.id, "submit", "", "", "submitted", "", region));
  TRY_VOID(Keep(writer, made.id, region, eligible));
  TRY_VOID(Keep(writer, made.id, region, routed));
  // Online pre-check: within one working day by promise, five by law (Art. 32(4)). A bundle is
  // accepted as a whole.
  if (Text(body, "bundle_case").empty()) {
    WorkDays::Day due = calendar_.After(ChinaDate(writer.now()), 5);
    TRY_VOID(OpenTask(writer, values, made.id, region, {"accept", "accept", "收件与受理", "clerk"},
                      IsoDate(due.date)));
  }
  if (std::string draft = Text(body, "draft"); !draft.empty()) {
    auto row = ledger::ReadRow(writer.tx(), writer.catalogue(), "draft", draft);
    if (row && TextAt(*row, "account") == caller.account) TRY_VOID(writer.End("draft", draft));
  }
  return made.id;
}

Result<std::string> Cases::Submit(const ledger::CommandInfo& info, const json::object& body) {
  TRY(std::string id,
      ledger_.Command(info, [&](Writer& writer) { return SubmitIn(writer, body); }));
  return View(info.who, id);
}

}  // namespace city::cases
