// SPDX-License-Identifier: Apache-2.0
// The life of a bundle: received, worked on part by part, delivered and reviewed as one.
#include "engines/cases/bundles.h"

#include <map>

#include "engines/cases/case_life.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
using ledger::Subject;
using ledger::Writer;

namespace {
struct BundleAct {
  std::string_view act, zh, en, from, to;
  Party party;
  bool needs_reason;
};
constexpr BundleAct kBundleActs[] = {
    {"accept", "统一受理", "Accept", "submitted", "handling", Party::kClerk, false},
    {"request-correction", "一次性告知补正", "Ask for correction", "submitted", "correction",
     Party::kClerk, true},
    {"refuse", "不予受理", "Refuse to accept", "submitted", "refused", Party::kClerk, true},
    {"correct", "提交补正", "Submit the correction", "correction", "submitted", Party::kApplicant,
     false},
    {"withdraw", "撤回申请", "Withdraw", "submitted|correction|handling", "withdrawn",
     Party::kApplicant, false},
    {"deliver", "统一送达", "Deliver", "decided", "delivered", Party::kClerk, false},
};

struct StateWords {
  std::string_view code, zh, en;
};
constexpr StateWords kStateWords[] = {
    {"submitted", "待受理", "Received"},   {"correction", "待补正", "Correction asked"},
    {"handling", "办理中", "In progress"}, {"decided", "已办结（待统一送达）", "Decided"},
    {"delivered", "已送达", "Delivered"},  {"refused", "不予受理", "Not accepted"},
    {"withdrawn", "已撤回", "Withdrawn"},  {"waiting", "等待前置环节", "Waiting for another part"},
    {"open", "办理中", "In progress"},     {"granted", "已办成", "Granted"},
    {"denied", "不予许可", "Denied"},      {"dropped", "不再办理", "Dropped"},
};
json::object Label(std::string_view code) {
  for (const StateWords& each : kStateWords)
    if (each.code == code) return {{"zh", each.zh}, {"en", each.en}};
  return {{"zh", code}, {"en", code}};
}

bool From(const BundleAct& act, std::string_view state) {
  for (std::string_view each : Split(act.from, '|'))
    if (each == state) return true;
  return false;
}

bool Yours(const BundleAct& act, const json::object& row, const Subject& who) {
  if (who.system) return true;
  bool clerk = HoldsInRegion(who, "clerk", Text(row, "region"));
  return act.party == Party::kClerk ? clerk : clerk || IsOwn(who, Text(row, "applicant"));
}

/// Files given under one shared name.
const json::object* Given(const json::array* materials, std::string_view name) {
  if (materials == nullptr) return nullptr;
  for (const json::value& each : *materials)
    if (each.is_object() && TextAt(each.get_object(), "material") == name)
      return &each.get_object();
  return nullptr;
}

/// What an applicant hands in, without anything that only the city may say of a material.
json::array Clean(const json::array* given) {
  json::array out;
  if (given == nullptr) return out;
  for (const json::value& each : *given) {
    const json::object* material = each.if_object();
    if (material == nullptr) continue;
    json::object kept;
    for (const char* key : {"material", "attachments", "paper", "certificate"})
      if (const json::value* value = material->if_contains(key)) kept[key] = *value;
    out.push_back(std::move(kept));
  }
  return out;
}

/// The materials of one part, under the names that its item uses, with what the city provides.
json::array MaterialsOf(const json::object& part, const json::array* given) {
  json::array out;
  if (const json::array* ready = ArrayAt(part, "ready")) out = *ready;
  for (const json::value& each : *ArrayAt(part, "materials")) {
    const json::object* found = Given(given, TextAt(each.get_object(), "shared"));
    // Certificates are among what is ready, authorised when it was applied for.
    if (found == nullptr || !TextAt(*found, "certificate").empty()) continue;
    json::object one = *found;
    one["material"] = each.at("name");
    out.push_back(std::move(one));
  }
  return out;
}
}  // namespace

Bundles::Bundles(Cases& cases, ledger::Ledger& ledger, CaseRules& rules, const WorkDays& calendar)
    : cases_(cases), ledger_(ledger), rules_(rules), calendar_(calendar) {
  cases_.OnDecided([this](Writer& writer, const std::string& id, bool granted) {
    return PartDecided(writer, id, granted);
  });
}

Result<std::string> Bundles::Plan(const Subject& who, const std::string& bundle,
                                  const json::object& answers) {
  TRY(ledger::One one, ledger_.Read(who, "bundle", bundle));
  TRY(json::value row, ParseJson(one.row));
  TRY(json::object plan, rules_.PlanBundle(row.get_object(), answers, who));
  Date today = ChinaDate(ledger_.clock().Now());
  if (plan.contains("days"))
    plan["due"] = IsoDate(calendar_.After(today, static_cast<int>(IntAt(plan, "days"))).date);
  return ToText(plan);
}

Result<std::string> Bundles::Papers(const Subject& who, const std::string& bundle,
                                    const json::object& body) {
  TRY(ledger::One one, ledger_.Read(who, "bundle", bundle));
  TRY(json::value row, ParseJson(one.row));
  static const json::object kEmpty;
  const json::object* answers = ObjectAt(body, "answers");
  const json::object* data = ObjectAt(body, "data");
  TRY(json::object plan,
      rules_.PlanBundle(row.get_object(), answers != nullptr ? *answers : kEmpty, who));
  if (!plan.contains("parts")) return error::kSituationOpen;
  TRY(json::object clean,
      rules_.CheckAnswers(plan.at("form").get_object(), data != nullptr ? *data : kEmpty));
  json::array out;
  for (const json::value& part : plan.at("parts").get_array())
    for (const json::value& each : part.at("provided").as_array()) {
      const json::object& provided = each.get_object();
      if (TextAt(provided, "why") != "written") continue;
      TRY(json::object paper, rules_.WritePaper(Text(provided, "paper"), clean));
      paper["material"] = provided.at("shared");
      out.push_back(std::move(paper));
    }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<json::array> Bundles::Provide(Writer& writer, const Subject& who, const json::object& part,
                                     const json::object& plan, const json::object& data,
                                     const json::array& given, const std::string& signer) {
  json::array out;
  // Applying is the holder's word; the use is a line in their own log.
  auto use = [&](const std::string& certificate, json::object& material) -> Result<void> {
    TRY(json::object item,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "item", Text(part, "item")));
    TRY(json::object used, rules_.UseCertificate(writer, who, item, certificate));
    material["certificate"] = certificate;
    material["authorisation"] = used.at("authorisation");
    material["note"] = used.at("note");
    return {};
  };
  for (const json::value& each : *ArrayAt(part, "materials")) {
    const json::object* found = Given(&given, TextAt(each.get_object(), "shared"));
    if (found == nullptr || TextAt(*found, "certificate").empty()) continue;
    json::object material{{"material", each.at("name")}};
    TRY_VOID(use(Text(*found, "certificate"), material));
    out.push_back(std::move(material));
  }
  for (const json::value& each : part.at("provided").as_array()) {
    const json::object& provided = each.get_object();
    std::string_view why = TextAt(provided, "why");
    json::object material{{"material", provided.at("name")}};
    if (why == "written") {
      TRY(json::object paper, rules_.WritePaper(Text(provided, "paper"), data));
      paper["signed_by"] = signer;
      material["written"] = std::move(paper);
    } else if (why == "yielded") {
      for (const json::value& other : plan.at("parts").get_array())
        if (other.at("name") == provided.at("by")) material["yielded_by"] = other.at("item_name");
    } else if (const json::object* certificate = ObjectAt(provided, "certificate")) {
      TRY_VOID(use(Text(*certificate, "id"), material));
    } else {
      continue;  // a register has it; the item does not require it
    }
    out.push_back(std::move(material));
  }
  return out;
}

Result<std::vector<Bundles::Part>> Bundles::PartsOf(store::Reader& reader, const std::string& id) {
  std::vector<Part> out;
  TRY(store::Rows rows,
      reader.Query("select id, name, item, coalesce(case_id, ''), state, coalesce(needs, '[]') "
                   "from r_bundle_part where bundle_case = $1 and ended_at is null order by "
                   "ordinal",
                   {id}));
  while (rows.Next()) {
    Part part{std::string(rows.Text(0)), std::string(rows.Text(1)), std::string(rows.Text(2)),
              std::string(rows.Text(3)), std::string(rows.Text(4)), {}};
    TRY(json::value needs, ParseJson(rows.Text(5)));
    for (const json::value& each : needs.as_array()) part.needs.emplace_back(each.as_string());
    out.push_back(std::move(part));
  }
  TRY_VOID(rows.status());
  return out;
}

Result<void> Bundles::OpenTask(Writer& writer, const json::object& row, const std::string& key,
                               const std::string& step, int days) {
  TRY(std::vector<Part> parts, PartsOf(writer.tx(), Text(row, "id")));
  std::string lead;
  for (const Part& part : parts)
    if (lead.empty()) lead = part.case_id;
  json::object about{{"department", row.at("lead")},
                     {"number", row.at("number")},
                     {"item_name", row.at("bundle_name")},
                     {"applicant_name", row.at("applicant_name")},
                     {"bundle_task", row.at("id")}};
  WorkDays::Day due = calendar_.After(ChinaDate(writer.now()), days);
  return cases_.OpenTask(writer, about, lead, Text(row, "region"), {key, key, step, "clerk"},
                         IsoDate(due.date));
}

Result<std::string> Bundles::BeginPart(Writer& writer, const json::object& row,
                                       const json::object& part) {
  const json::object* data = ObjectAt(row, "form");
  json::object body{{"item", part.at("item")},
                    {"data", rules_.PartAnswers(part, data != nullptr ? *data : json::object{})},
                    {"materials", MaterialsOf(part, ArrayAt(row, "materials"))},
                    {"bundle_case", row.at("id")},
                    {"channel", row.at("channel")},
                    {"applicant", json::object{{"account", Text(row, "applicant")},
                                               {"name", row.at("applicant_name")},
                                               {"kind", row.at("applicant_kind")},
                                               {"id_number", Text(row, "id_number")},
                                               {"phone", Text(row, "phone")}}}};
  return cases_.SubmitIn(writer, body);
}

Result<std::string> Bundles::ApplyIn(Writer& writer, const json::object& body) {
  Subject caller = writer.who();
  std::string bundle_id = Text(body, "bundle");
  auto found = ledger::ReadRow(writer.tx(), writer.catalogue(), "bundle", bundle_id);
  if (!found || TextAt(*found, "state") != "published") return error::kBundleNotOpen;
  static const json::object kEmpty;
  const json::object* answers = ObjectAt(body, "answers");
  TRY(json::object plan, rules_.PlanBundle(*found, answers != nullptr ? *answers : kEmpty, caller));
  if (!plan.contains("parts")) return error::kSituationOpen;
  const json::object* data = ObjectAt(body, "data");
  TRY(json::object clean,
      rules_.CheckAnswers(plan.at("form").get_object(), data != nullptr ? *data : kEmpty));
  json::array given = Clean(ArrayAt(body, "materials"));
  std::string missing;
  for (const json::value& each : plan.at("materials").get_array()) {
    const json::object& material = each.get_object();
    if (BoolAt(material, "accept_missing")) continue;
    if (!HandedIn(&given, TextAt(material, "name")))
      missing += (missing.empty() ? "" : "、") + Text(material, "name");
  }
  if (!missing.empty()) return error::kMaterialMissing({{"names", missing}});

  std::string applicant = caller.account, name = caller.name, kind = caller.kind, id_number, phone;
  const json::object* named = ObjectAt(body, "applicant");
  bool at_window = named != nullptr && (caller.system || caller.HasRole("clerk"));
  if (at_window) {
    applicant = Text(*named, "account");
    name = Text(*named, "name");
    kind = Text(*named, "kind").empty() ? "citizen" : Text(*named, "kind");
    id_number = Text(*named, "id_number");
    phone = Text(*named, "phone");
  } else {
    auto account = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", caller.account);
    if (std::string key = account ? Text(*account, "person") : std::string(); !key.empty()) {
      TRY(json::object person, ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key));
      name = Text(person, "name");
      id_number = Text(person, "citizen_id");
      phone = Text(person, "mobile");
    }
  }
  std::string region = Text(*found, "region");
  TRY(std::string number, cases_.Number(writer, region, "00"));
  writer.ActAsEngine();
  json::object row{
      {"number", number},
      {"bundle", bundle_id},
      {"bundle_name", found->at("name")},
      {"lead", found->at("lead")},
      {"applicant", OrNull(applicant)},
      {"applicant_name", name},
      {"applicant_kind", kind},
      {"id_number", ledger::IsCitizenId(id_number) ? OrNull(id_number) : json::value()},
      {"phone", OrNull(phone)},
      {"channel", at_window ? "window" : "web"},
      {"state", "submitted"},
      {"answers", plan.at("answers")},
      {"form", clean},
      {"materials", given},
      {"submitted_at", IsoChina(writer.now())}};
  for (json::value& each : plan.at("parts").get_array()) {
    TRY(json::array ready, Provide(writer, caller, each.get_object(), plan, clean, given, name));
    each.get_object()["ready"] = std::move(ready);
  }
  json::object kept = plan;
  kept.erase("questions");
  kept.erase("next");
  row["plan"] = kept;
  TRY(ledger::Written made, writer.Create("bundle_case", row, region));
  row["id"] = made.id;
  row["region"] = region;
  Date today = ChinaDate(writer.now());
  int ordinal = 0;
  for (const json::value& each : plan.at("parts").get_array()) {
    const json::object& part = each.get_object();
    bool now = ArrayAt(part, "needs")->empty();
    std::string case_id;
    if (now) {
      TRY(case_id, BeginPart(writer, row, part));
    }
    auto day = [&](const char* key) {
      return IsoDate(calendar_.After(today, static_cast<int>(IntAt(part, key))).date);
    };
    TRY_VOID(writer.Create("bundle_part",
                           {{"bundle_case", made.id},
                            {"ordinal", ++ordinal},
                            {"name", part.at("name")},
                            {"item", part.at("item")},
                            {"item_name", part.at("item_name")},
                            {"department", part.at("department")},
                            {"case_id", OrNull(case_id)},
                            {"state", now ? "open" : "waiting"},
                            {"needs", part.at("needs")},
                            {"planned_from", day("from_day")},
                            {"planned_until", day("until_day")}},
                           region));
  }
  TRY_VOID(OpenTask(writer, row, "accept", "一件事收件与受理", 5));
  writer.Note({"bundle:submit", "bundle_case", made.id, region,
               ToText(json::object{{"parts", ordinal}, {"rules", plan.at("rules")}})});
  return made.id;
}

Result<std::string> Bundles::Apply(const ledger::CommandInfo& info, const json::object& body) {
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) { return ApplyIn(writer, body); }));
  return View(info.who, id);
}

Result<void> Bundles::PartDecided(Writer& writer, const std::string& case_id, bool granted) {
  std::string bundle_case, part_id;
  {
    TRY(store::Rows rows,
        writer.tx().Query("select id, bundle_case from r_bundle_part where case_id = $1",
                          {case_id}));
    if (!rows.Next()) return {};
    part_id = rows.Text(0);
    bundle_case = rows.Text(1);
  }
  TRY_VOID(writer.Update("bundle_part", part_id, {{"state", granted ? "granted" : "denied"}}));
  TRY(json::object row,
      ledger::ReadRow(writer.tx(), writer.catalogue(), "bundle_case", bundle_case));
  if (TextAt(row, "state") != "handling") return {};
  TRY(std::vector<Part> parts, PartsOf(writer.tx(), bundle_case));
  const json::object plan = *ObjectAt(row, "plan");
  bool changed = true;
  while (changed) {
    changed = false;
    std::map<std::string, std::string> state;
    for (const Part& part : parts) state[part.name] = part.state;
    for (Part& part : parts) {
      if (part.state != "waiting") continue;
      bool ready = true, lost = false;
      for (const std::string& need : part.needs) {
        ready = ready && state[need] == "granted";
        lost = lost || state[need] == "denied" || state[need] == "dropped";
      }
      if (lost) {
        part.state = "dropped";
        TRY_VOID(writer.Update("bundle_part", part.id, {{"state", "dropped"}}));
        changed = true;
      } else if (ready) {
        for (const json::value& each : plan.at("parts").get_array()) {
          if (TextAt(each.get_object(), "name") != part.name) continue;
          TRY(std::string begun, BeginPart(writer, row, each.get_object()));
          // The bundle was accepted as a whole: its clock starts with what it waited for.
          TRY_VOID(cases_.ActForBundle(writer, begun, "accept", {}));
          part.case_id = begun;
        }
        part.state = "open";
        TRY_VOID(writer.Update("bundle_part", part.id,
                               {{"state", "open"}, {"case_id", OrNull(part.case_id)}}));
        changed = true;
      }
    }
  }
  for (const Part& part : parts)
    if (part.state == "open" || part.state == "waiting") return {};
  TRY_VOID(writer.Update("bundle_case", bundle_case,
                         {{"state", "decided"}, {"decided_at", IsoChina(writer.now())}}));
  return OpenTask(writer, row, "deliver", "一件事统一送达", 10);
}

Result<void> Bundles::ActIn(Writer& writer, const std::string& id, const std::string& act_name,
                            const json::object& body) {
  Subject caller = writer.who();
  TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "bundle_case", id));
  const BundleAct* act = nullptr;
  for (const BundleAct& each : kBundleActs)
    if (each.act == act_name) act = &each;
  std::string state = Text(row, "state");
  if (act == nullptr || !From(*act, state))
    return error::kActNotPossible(
        {{"state_zh", Text(Label(state), "zh")}, {"state_en", Text(Label(state), "en")}});
  if (!Yours(*act, row, caller)) return error::kActNotYours;
  std::string reason = Text(body, "reason");
  if (act->needs_reason && Trim(reason).empty()) return error::kReasonMissing;
  if (reason.size() > 6000) reason.resize(6000);
  TRY(std::vector<Part> parts, PartsOf(writer.tx(), id));
  writer.ActAsEngine();
  json::object changes{{"state", act->to}};
  if (!reason.empty()) changes["last_reason"] = reason;
  for (const Part& part : parts)
    if (!part.case_id.empty()) TRY_VOID(cases_.CloseTasks(writer, part.case_id));
  auto each_open = [&](std::string_view what, const json::object& with) -> Result<void> {
    for (const Part& part : parts)
      if (part.state == "open" && !part.case_id.empty())
        TRY_VOID(cases_.ActForBundle(writer, part.case_id, std::string(what), with));
    return {};
  };
  auto drop = [&](std::string_view which) -> Result<void> {
    for (const Part& part : parts)
      if (part.state == which)
        TRY_VOID(writer.Update("bundle_part", part.id, {{"state", "dropped"}}));
    return {};
  };
  if (act->act == "accept") {
    const json::object* plan = ObjectAt(row, "plan");
    int days = plan != nullptr ? static_cast<int>(IntAt(*plan, "days")) : 0;
    changes["accepted_at"] = IsoChina(writer.now());
    changes["promised_due"] = IsoDate(calendar_.After(ChinaDate(writer.now()), days).date);
    TRY_VOID(each_open("accept", {}));
  } else if (act->act == "request-correction") {
    if (IntAt(row, "corrections") > 0) return error::kCorrectedOnce;
    changes["corrections"] = 1;
    changes["correction_note"] = reason;
    TRY_VOID(each_open("request-correction", {{"reason", reason}}));
  } else if (act->act == "correct") {
    // A copy: a row that grows below moves what it holds.
    const json::object plan =
        ObjectAt(row, "plan") != nullptr ? *ObjectAt(row, "plan") : json::object{};
    const json::object* data = ObjectAt(body, "data");
    if (data != nullptr) {
      TRY(json::object clean, rules_.CheckAnswers(plan.at("form").get_object(), *data));
      changes["form"] = clean;
      row["form"] = clean;
    }
    if (ArrayAt(body, "materials") != nullptr) {
      json::array given = Clean(ArrayAt(body, "materials"));
      json::array kept =
          ArrayAt(row, "materials") != nullptr ? *ArrayAt(row, "materials") : json::array{};
      for (const json::value& each : given) {
        auto same = std::find_if(kept.begin(), kept.end(), [&](const json::value& old) {
          return TextAt(old.get_object(), "material") == TextAt(each.get_object(), "material");
        });
        if (same != kept.end()) kept.erase(same);
        kept.push_back(each);
      }
      changes["materials"] = kept;
      row["materials"] = std::move(kept);
    }
    for (const Part& part : parts) {
      if (part.state != "open") continue;
      for (const json::value& each : plan.at("parts").get_array()) {
        const json::object& planned = each.get_object();
        if (TextAt(planned, "name") != part.name) continue;
        json::object told{{"materials", MaterialsOf(planned, ArrayAt(row, "materials"))},
                          {"data", rules_.PartAnswers(planned, *ObjectAt(row, "form"))}};
        TRY_VOID(cases_.ActForBundle(writer, part.case_id, "correct", told));
      }
    }
    TRY_VOID(OpenTask(writer, row, "accept", "一件事收件与受理", 5));
  } else if (act->act == "refuse") {
    TRY_VOID(each_open("refuse", {{"reason", reason}}));
    TRY_VOID(drop("waiting"));
    TRY_VOID(drop("open"));
  } else if (act->act == "withdraw") {
    TRY_VOID(each_open("withdraw", {{"reason", reason}}));
    TRY_VOID(drop("waiting"));
    TRY_VOID(drop("open"));
  } else if (act->act == "deliver") {
    for (const Part& part : parts)
      if (part.state == "granted" || part.state == "denied")
        TRY_VOID(cases_.ActForBundle(writer, part.case_id, "deliver", {}));
    changes["delivered_at"] = IsoChina(writer.now());
  }
  TRY_VOID(writer.Update("bundle_case", id, changes));
  writer.Note({"bundle:" + std::string(act->act), "bundle_case", id, Text(row, "region"),
               ToText(json::object{{"from", state}, {"to", act->to}})});
  return {};
}

Result<std::string> Bundles::Act(const ledger::CommandInfo& info, const std::string& id,
                                 const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "bundle_case", id));
    TRY_VOID(ActIn(writer, id, act, body));
    return id;
  }));
  return View(info.who, id);
}

Result<std::string> Bundles::Review(const ledger::CommandInfo& info, const std::string& id,
                                    const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "bundle_case", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "bundle_case", id));
    if (!IsOwn(writer.who(), Text(row, "applicant"))) return error::kActNotYours;
    if (TextAt(row, "state") != "delivered") return error::kNotReviewable;
    if (!Text(row, "review_grade").empty()) return error::kReviewedBefore;
    TRY(std::vector<Part> parts, PartsOf(writer.tx(), id));
    std::string lead;
    for (const Part& part : parts)
      if (lead.empty()) lead = part.case_id;
    json::object about{{"number", row.at("number")},
                       {"item_name", row.at("bundle_name")},
                       {"department", row.at("lead")}};
    TRY_VOID(cases_.ReviewIn(writer, lead, body, about));
    TRY_VOID(
        writer.Update("bundle_case", id, {{"review_grade", std::to_string(IntAt(body, "grade"))}}));
    return id;
  }));
  return View(info.who, id);
}

Result<std::string> Bundles::View(const Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "bundle_case", id));
  TRY(json::value parsed, ParseJson(one.row, {.max_bytes = 16u << 20}));
  json::object out = std::move(parsed.get_object());
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "bundle_case", id));
  std::string state = Text(row, "state");
  out["state_label"] = Label(state);
  const json::object* plan = ObjectAt(row, "plan");
  json::object form{{"schema", nullptr},
                    {"ui", nullptr},
                    {"data", out.contains("form") ? out.at("form") : json::value()}};
  if (plan != nullptr) {
    form["schema"] = plan->at("form").at("schema");
    form["ui"] = plan->at("form").at("ui");
    out["left_out"] = plan->at("left_out");
    out["compared"] = plan->at("compared");
    out["days"] = plan->at("days");
    out["asked"] = plan->at("materials");
  }
  out["form"] = std::move(form);
  out.erase("plan");
  // Names of the files that came.
  if (json::value* materials = out.if_contains("materials"); materials && materials->is_array()) {
    for (json::value& material : materials->get_array()) {
      json::array files;
      if (const json::array* given = ArrayAt(material.get_object(), "attachments"))
        for (const json::value& file : *given) {
          if (!file.is_string()) continue;
          auto found = ledger::ReadRow(*snapshot, *catalogue, "attachment",
                                       std::string(file.get_string().c_str()));
          if (found)
            files.push_back(json::object{{"id", file},
                                         {"name", found->at("name")},
                                         {"size", found->at("size")},
                                         {"type", found->at("type")}});
        }
      material.get_object()["attachments"] = std::move(files);
    }
  }
  Date today = ChinaDate(ledger_.clock().Now());
  TRY(json::array parts, ledger::FindRows(*snapshot, *catalogue, "bundle_part",
                                          "bundle_case = " + Quoted(id), 100, "ordinal"));
  json::array shown;
  bool official = who.system || who.kind == "official";
  json::array timeline;
  for (const json::value& each : parts) {
    const json::object& part = each.get_object();
    json::object told{{"name", part.at("name")},
                      {"item", part.at("item")},
                      {"item_name", part.at("item_name")},
                      {"state", part.at("state")},
                      {"state_label", Label(TextAt(part, "state"))},
                      {"needs", part.at("needs")},
                      {"planned_from", part.at("planned_from")},
                      {"planned_until", part.at("planned_until")},
                      {"case_id", part.at("case_id")},
                      {"case", nullptr}};
    auto body = ledger::ReadRow(*snapshot, *catalogue, "organisation", Text(part, "department"));
    if (body) told["department_name"] = body->at("name");
    if (std::string case_id = Text(part, "case_id"); !case_id.empty()) {
      TRY(json::object its, ledger::ReadRow(*snapshot, *catalogue, "service_case", case_id));
      json::object brief{
          {"number", its.at("number")}, {"state", its.at("state")}, {"step", its.at("step")}};
      const StateInfo* info = FindState(TextAt(its, "state"));
      if (info != nullptr) brief["state_label"] = json::object{{"zh", info->zh}, {"en", info->en}};
      cases_.AddClock(brief, its, today);
      told["case"] = std::move(brief);
      TRY(json::array events, ledger::FindRows(*snapshot, *catalogue, "case_event",
                                               "case_id = " + Quoted(case_id), 100));
      for (const json::value& one_event : events) {
        const json::object& event = one_event.get_object();
        std::string_view what = TextAt(event, "act");
        if (!official && (what == "comment" || what == "forward" || what == "return")) continue;
        const ActInfo* known = FindAct(what);
        timeline.push_back(json::object{
            {"at", event.at("created_at")},
            {"by", event.at("by_name")},
            {"act", what},
            {"part", part.at("item_name")},
            {"label", what == "submit"   ? json::object{{"zh", "提交申请"}, {"en", "Submitted"}}
                      : what == "review" ? json::object{{"zh", "评价"}, {"en", "Reviewed"}}
                      : known != nullptr ? json::object{{"zh", known->zh}, {"en", known->en}}
                                         : json::object{{"zh", what}, {"en", what}}},
            {"note", event.at("note")}});
      }
    }
    shown.push_back(std::move(told));
  }
  std::stable_sort(timeline.begin(), timeline.end(),
                   [](const json::value& a, const json::value& b) {
                     return TextAt(a.get_object(), "at") > TextAt(b.get_object(), "at");
                   });
  out["parts"] = std::move(shown);
  out["timeline"] = std::move(timeline);
  json::array acts;
  for (const BundleAct& act : kBundleActs)
    if (From(act, state) && Yours(act, row, who) &&
        !(act.act == "request-correction" && IntAt(row, "corrections") > 0))
      acts.push_back(json::object{{"act", act.act},
                                  {"label", json::object{{"zh", act.zh}, {"en", act.en}}},
                                  {"needs_reason", act.needs_reason}});
  out["acts"] = std::move(acts);
  out["may_review"] = IsOwn(who, Text(row, "applicant")) && state == "delivered" &&
                      Text(row, "review_grade").empty();
  return ToText(out);
}
}  // namespace city::cases
