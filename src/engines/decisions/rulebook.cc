// SPDX-License-Identifier: Apache-2.0
// Changing decision models: drafts, tests, publication. Every change is one command.
#include "engines/decisions/rulebook.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "engines/decisions/errors.h"
#include "engines/decisions/inputs.h"
#include "engines/decisions/internal/review.h"
#include "ledger/row_text.h"

namespace city::decisions {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Writer;

namespace {

constexpr size_t kMostEditions = 512;

/// A key that stands in addresses and file names.
bool IsKey(std::string_view name) {
  if (name.empty() || name.size() > 60 || name.front() == '-') return false;
  for (char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}

Result<void> MustHold(const ledger::Subject& who, std::string_view role) {
  if (!who.system && !who.HasRole(role)) return error::kNotYours;
  return {};
}

Result<std::string> ReasonOf(const json::object& body) {
  std::string reason(Trim(TextAt(body, "reason")));
  if (reason.empty()) return error::kReasonMissing;
  return reason;
}

std::pair<std::string, std::string> StateWords(std::string_view state) {
  if (state == "published") return {"发布", "published"};
  if (state == "retired") return {"停用", "retired"};
  return {"存为草稿", "a draft"};
}

Result<void> MustBeDraft(const json::object& version) {
  std::string state = TextOf(version, "state");
  if (state == "draft" || state == "tested") return {};
  auto [zh, en] = StateWords(state);
  return error::kNotADraft(
      {{"number", std::to_string(IntAt(version, "number"))}, {"state_zh", zh}, {"state_en", en}});
}

const json::array& TestsOf(const json::object& row) {
  static const json::array kNone;
  const json::array* tests = ArrayAt(row, "tests");
  return tests != nullptr ? *tests : kNone;
}

/// Checks and tests of one version; `report` is what is kept with it.
struct Examined {
  json::object report;
  std::vector<ErrorDetail> table_faults, test_faults;
  size_t tests = 0;
};

Result<Examined> Examine(const Model& model, const json::array& tests, const std::string& main,
                         Time now) {
  Examined out;
  out.table_faults = LookOver(model).errors;
  TRY(std::vector<TestCase> cases, ReadTestCases(tests));
  out.tests = cases.size();
  std::vector<TestResult> results = RunTestCases(model, cases, main, now);
  for (const TestResult& result : results) {
    if (result.passed) continue;
    std::string expected = city::ToText(result.expected), actual = city::ToText(result.actual);
    out.test_faults.push_back(
        {"/tests/" + result.name, "test",
         fmt::format("“{}”应为 {}，实为 {}", result.name, expected, actual),
         fmt::format("\"{}\" should give {}, gives {}", result.name, expected, actual)});
  }
  out.report = ToJson(results);
  out.report["at"] = IsoChina(now);
  out.report["digest"] = model.version();
  out.report["table_errors"] = static_cast<int64_t>(out.table_faults.size());
  return out;
}

Result<void> MustBeSound(const Examined& examined) {
  if (!examined.table_faults.empty())
    return Fail(Error{&error::kTableWrong,
                      {{"count", std::to_string(examined.table_faults.size())}},
                      examined.table_faults});
  if (examined.tests == 0) return error::kNoTestCases;
  if (!examined.test_faults.empty())
    return Fail(Error{&error::kTestFailed,
                      {{"count", std::to_string(examined.test_faults.size())}},
                      examined.test_faults});
  return {};
}

}  // namespace

Result<json::object> Rulebook::ModelRow(store::Reader& reader, const std::string& name) const {
  TRY(json::array rows, ledger::FindRows(reader, *ledger_.catalogue(), "decision_model",
                                         "name = " + Quoted(name), 1));
  if (rows.empty()) return error::kUnknownModel({{"name", name.substr(0, 80)}});
  return std::move(rows[0].get_object());
}

Result<json::array> Rulebook::VersionRows(store::Reader& reader,
                                          const std::string& model_id) const {
  return ledger::FindRows(reader, *ledger_.catalogue(), "decision_version",
                          "model = " + Quoted(model_id), 500, "-number");
}

Result<Rulebook::Known> Rulebook::Find(store::Reader& reader, const std::string& name,
                                       int number) const {
  Known out;
  TRY(out.model, ModelRow(reader, name));
  TRY(json::array rows, ledger::FindRows(reader, *ledger_.catalogue(), "decision_version",
                                         "model = " + Quoted(TextAt(out.model, "id")) +
                                             " and number = " + std::to_string(number),
                                         1));
  if (rows.empty())
    return error::kUnknownVersion({{"name", name}, {"number", std::to_string(number)}});
  out.version = std::move(rows[0].get_object());
  return out;
}

Result<std::shared_ptr<const Edition>> Rulebook::Compiled(const Known& known) {
  std::string key = TextOf(known.version, "id") + " " + TextOf(known.version, "digest");
  {
    std::lock_guard lock(mutex_);
    if (auto found = editions_.find(key); found != editions_.end()) return found->second;
  }
  auto made = std::make_shared<Edition>();
  made->name = TextOf(known.model, "name");
  made->label = BothWords(TextAt(known.model, "label_zh"), TextAt(known.model, "label_en"));
  made->version_id = TextOf(known.version, "id");
  made->number = static_cast<int>(IntAt(known.version, "number"));
  TRY(made->model, Model::Load({made->name, TextOf(known.version, "xml")}));
  made->decision = MainDecision(*made->model, TextAt(known.model, "decision"));
  std::lock_guard lock(mutex_);
  if (editions_.size() >= kMostEditions) editions_.clear();
  editions_[key] = made;
  return std::shared_ptr<const Edition>(made);
}

Result<std::shared_ptr<const Edition>> Rulebook::InForce(store::Reader& reader,
                                                         const std::string& name) {
  // Which version is in force is asked in the caller's own transaction: a publication counts from
  // its commit on, on every server.
  std::string version_id, digest;
  {
    TRY(store::Rows rows,
        reader.Query("select v.id, v.digest from r_decision_version v join r_decision_model m on "
                     "m.id = v.model where m.name = $1 and v.state = 'published' and v.ended_at is "
                     "null and m.ended_at is null order by v.number desc limit 1",
                     {name}));
    if (!rows.Next()) return error::kNotInForce({{"name", name}});
    version_id = rows.Text(0);
    digest = rows.Text(1);
  }
  {
    std::lock_guard lock(mutex_);
    if (auto found = editions_.find(version_id + " " + digest); found != editions_.end())
      return found->second;
  }
  Known known;
  TRY(known.model, ModelRow(reader, name));
  TRY(known.version, ledger::ReadRow(reader, *ledger_.catalogue(), "decision_version", version_id));
  return Compiled(known);
}

Result<std::shared_ptr<const Edition>> Rulebook::InForceNow(const std::string& name) {
  TRY(auto snapshot, ledger_.store().Read());
  return InForce(*snapshot, name);
}

Result<Ruling> Rulebook::Decide(store::Reader& reader, const std::string& name,
                                const std::string& purpose, const json::object& facts, Time now) {
  TRY(auto edition, InForce(reader, name));
  TRY(feel::Value inputs, InputsFrom(*edition->model, edition->decision, facts));
  DecideOptions options;
  options.settings.now = now;
  options.trace = true;
  TRY(Outcome outcome, edition->model->Decide(edition->decision, inputs, options));
  Ruling out;
  out.purpose = purpose;
  out.model = edition->name;
  out.label = edition->label;
  out.version_id = edition->version_id;
  out.digest = edition->model->version();
  out.decision = edition->decision;
  out.number = edition->number;
  out.outcome = feel::ToJson(outcome.value);
  if (outcome.trace) {
    out.trace = ToJson(*outcome.trace);
    out.says_zh = Explain(*outcome.trace, Language::kChinese);
    out.says_en = Explain(*outcome.trace, Language::kEnglish);
    out.brief_zh = Explain(*outcome.trace, Language::kChinese, false);
    out.brief_en = Explain(*outcome.trace, Language::kEnglish, false);
  }
  for (const Error& remark : outcome.remarks) {
    out.says_zh += remark.SaysZh() + "\n";
    out.says_en += remark.SaysEn() + "\n";
  }
  return out;
}

std::vector<ErrorDetail> Rulebook::FaultsOf(const FileModel& file, Time now) {
  auto one = [](const Error& error) {
    return std::vector<ErrorDetail>{
        {"", std::string(error.code()), error.SaysZh(), error.SaysEn()}};
  };
  if (!IsKey(file.name)) return one(Error{&error::kNameWrong, {}, {}});
  auto model = Model::Load({file.path, file.xml});
  if (!model) return one(model.error());
  std::string main = MainDecision(**model, TextAt(file.about, "decision"));
  if (main.empty())
    return one(
        Error{&error::kNoDecision, {{"name", TextOf(file.about, "decision")}, {"known", ""}}, {}});
  auto examined = Examine(**model, TestsOf(file.about), main, now);
  if (!examined) return one(examined.error());
  auto sound = MustBeSound(*examined);
  if (sound) return {};
  return sound.error().details.empty() ? one(sound.error()) : sound.error().details;
}

Result<int> Rulebook::Keep(const std::vector<FileModel>& files, const std::string& shard) {
  int fresh = 0;
  for (const FileModel& file : files) {
    {
      TRY(auto snapshot, ledger_.store().Read());
      if (ModelRow(*snapshot, file.name)) continue;
    }
    std::vector<ErrorDetail> faults = FaultsOf(file, ledger_.clock().Now());
    if (!faults.empty())
      return Fail(Error{
          &error::kTableWrong, {{"count", std::to_string(faults.size())}}, std::move(faults)});
    TRY(auto model, Model::Load({file.path, file.xml}));
    const json::object* label = ObjectAt(file.about, "label");
    std::string zh = label != nullptr ? TextOf(*label, "zh") : model->name();
    std::string en = label != nullptr ? TextOf(*label, "en") : model->name();
    TRY_VOID(ledger_.Command(
        {ledger::System("系统文件"), shard, {}, {}}, [&](Writer& writer) -> Result<std::string> {
          std::string purpose = TextOf(file.about, "purpose");
          std::string main = MainDecision(*model, TextAt(file.about, "decision"));
          TRY(Examined examined, Examine(*model, TestsOf(file.about), main, writer.now()));
          TRY(ledger::Written made,
              writer.Create("decision_model", {{"name", file.name},
                                               {"label_zh", zh.empty() ? file.name : zh},
                                               {"label_en", en.empty() ? file.name : en},
                                               {"purpose", purpose.empty() ? "other" : purpose},
                                               {"decision", main},
                                               {"basis", OrNull(TextOf(file.about, "basis"))},
                                               {"system", OrNull(file.system)},
                                               {"in_force", 1}}));
          TRY(ledger::Written version,
              writer.Create("decision_version", {{"model", made.id},
                                                 {"name", file.name},
                                                 {"number", 1},
                                                 {"state", "published"},
                                                 {"xml", file.xml},
                                                 {"digest", model->version()},
                                                 {"tests", TestsOf(file.about)},
                                                 {"reason", "随系统提供的首个版本"},
                                                 {"author_name", writer.who().name},
                                                 {"test_report", examined.report},
                                                 {"tested_at", IsoChina(writer.now())},
                                                 {"published_at", IsoChina(writer.now())},
                                                 {"published_by", writer.who().name},
                                                 {"publish_reason", "随系统提供"}}));
          return version.id;
        }));
    ++fresh;
  }
  return fresh;
}

Result<std::string> Rulebook::Create(const ledger::CommandInfo& info, const json::object& body) {
  TRY_VOID(MustHold(info.who, kRuleEditor));
  TRY(std::string reason, ReasonOf(body));
  std::string name = TextOf(body, "name");
  const json::object* label = ObjectAt(body, "label");
  if (!IsKey(name) || label == nullptr || Trim(TextAt(*label, "zh")).empty())
    return error::kNameWrong;
  std::string xml = TextOf(body, "xml");
  TRY(auto model, Model::Load({name, xml}));
  TRY_VOID(ReadTestCases(TestsOf(body)));
  std::string decision = TextOf(body, "decision");
  std::string main = MainDecision(*model, decision);
  if (main.empty()) return error::kNoDecision({{"name", decision}, {"known", ""}});
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    if (ModelRow(writer.tx(), name)) return error::kNameTaken({{"name", name}});
    std::string purpose = TextOf(body, "purpose"), en(Trim(TextAt(*label, "en")));
    std::string zh(Trim(TextAt(*label, "zh")));
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("decision_model", {{"name", name},
                                         {"label_zh", zh},
                                         {"label_en", en.empty() ? zh : en},
                                         {"purpose", purpose.empty() ? "other" : purpose},
                                         {"decision", main},
                                         {"basis", OrNull(TextOf(body, "basis"))}}));
    TRY_VOID(writer.Create("decision_version", {{"model", made.id},
                                                {"name", name},
                                                {"number", 1},
                                                {"state", "draft"},
                                                {"xml", xml},
                                                {"digest", model->version()},
                                                {"tests", TestsOf(body)},
                                                {"reason", reason},
                                                {"author", OrNull(writer.who().account)},
                                                {"author_name", writer.who().name}}));
    return made.id;
  }));
  return ReadVersion(info.who, name, 1);
}

Result<std::string> Rulebook::SaveDraft(const ledger::CommandInfo& info, const std::string& name,
                                        const json::object& body, std::optional<int64_t> expected) {
  TRY_VOID(MustHold(info.who, kRuleEditor));
  TRY(std::string reason, ReasonOf(body));
  TRY(std::string number, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object model_row, ModelRow(writer.tx(), name));
    TRY(json::array versions, VersionRows(writer.tx(), TextOf(model_row, "id")));
    const json::object* draft = nullptr;
    const json::object* base = nullptr;
    int64_t highest = 0;
    for (const json::value& each : versions) {
      const json::object& version = each.get_object();
      highest = std::max(highest, IntAt(version, "number"));
      std::string_view state = TextAt(version, "state");
      if (state == "draft" || state == "tested") draft = &version;
      if (base == nullptr || state == "published") base = &version;
    }
    const json::object* from = draft != nullptr ? draft : base;
    std::string xml = TextOf(body, "xml");
    if (xml.empty() && from != nullptr) xml = TextOf(*from, "xml");
    TRY(auto model, Model::Load({name, xml}));
    const json::array* given = ArrayAt(body, "tests");
    json::array tests = given != nullptr  ? *given
                        : from != nullptr ? TestsOf(*from)
                                          : json::array{};
    TRY_VOID(ReadTestCases(tests));
    json::object values{{"xml", xml},
                        {"digest", model->version()},
                        {"tests", std::move(tests)},
                        {"reason", reason},
                        {"state", "draft"},
                        {"author", OrNull(writer.who().account)},
                        {"author_name", writer.who().name},
                        {"test_report", nullptr},
                        {"tested_at", nullptr}};
    writer.ActAsEngine();
    if (draft != nullptr) {
      TRY_VOID(writer.Update("decision_version", TextAt(*draft, "id"), values, expected));
      return std::to_string(IntAt(*draft, "number"));
    }
    values["model"] = model_row.at("id");
    values["name"] = name;
    values["number"] = highest + 1;
    if (base != nullptr) values["based_on"] = base->at("number");
    TRY(ledger::Written made, writer.Create("decision_version", values));
    writer.Note({"decision:draft", "decision_version", made.id, writer.shard(),
                 city::ToText(json::object{{"model", name}, {"number", highest + 1}})});
    return std::to_string(highest + 1);
  }));
  return ReadVersion(info.who, name, std::atoi(number.c_str()));
}

Result<std::string> Rulebook::RunTests(const ledger::CommandInfo& info, const std::string& name,
                                       int number) {
  if (!info.who.HasRole(kRuleReviewer)) TRY_VOID(MustHold(info.who, kRuleEditor));
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(Known known, Find(writer.tx(), name, number));
    TRY_VOID(MustBeDraft(known.version));
    TRY(auto edition, Compiled(known));
    TRY(Examined examined,
        Examine(*edition->model, TestsOf(known.version), edition->decision, writer.now()));
    bool sound = MustBeSound(examined).has_value();
    writer.ActAsEngine();
    TRY_VOID(writer.Update("decision_version", TextAt(known.version, "id"),
                           {{"test_report", examined.report},
                            {"tested_at", IsoChina(writer.now())},
                            {"state", sound ? "tested" : "draft"}}));
    return TextOf(known.version, "id");
  }));
  return ReadVersion(info.who, name, number);
}

Result<std::string> Rulebook::Publish(const ledger::CommandInfo& info, const std::string& name,
                                      int number, const json::object& body) {
  TRY_VOID(MustHold(info.who, kRuleReviewer));
  TRY(std::string reason, ReasonOf(body));
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(Known known, Find(writer.tx(), name, number));
    TRY_VOID(MustBeDraft(known.version));
    std::string author = TextOf(known.version, "author");
    if (!author.empty() && author == writer.who().account) return error::kOwnDraft;
    TRY(auto edition, Compiled(known));
    TRY(Examined examined,
        Examine(*edition->model, TestsOf(known.version), edition->decision, writer.now()));
    TRY_VOID(MustBeSound(examined));
    TRY(json::array versions, VersionRows(writer.tx(), TextOf(known.model, "id")));
    writer.ActAsEngine();
    std::string at = IsoChina(writer.now());
    for (const json::value& each : versions) {
      const json::object& other = each.get_object();
      if (TextAt(other, "state") != "published") continue;
      TRY_VOID(writer.Update("decision_version", TextAt(other, "id"),
                             {{"state", "retired"},
                              {"retired_at", at},
                              {"retired_by", writer.who().name},
                              {"retire_reason", fmt::format("由第 {} 版取代", number)}}));
    }
    std::string id = TextOf(known.version, "id");
    TRY_VOID(writer.Update("decision_version", id,
                           {{"state", "published"},
                            {"test_report", examined.report},
                            {"tested_at", at},
                            {"published_at", at},
                            {"published_by", writer.who().name},
                            {"publish_reason", reason}}));
    TRY_VOID(writer.Update("decision_model", TextAt(known.model, "id"), {{"in_force", number}}));
    writer.Note({"decision:publish", "decision_version", id, writer.shard(),
                 city::ToText(json::object{{"model", name},
                                           {"number", number},
                                           {"digest", edition->model->version()},
                                           {"reason", reason}})});
    return id;
  }));
  return ReadVersion(info.who, name, number);
}

Result<std::string> Rulebook::Retire(const ledger::CommandInfo& info, const std::string& name,
                                     int number, const json::object& body) {
  TRY_VOID(MustHold(info.who, kRuleReviewer));
  TRY(std::string reason, ReasonOf(body));
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(Known known, Find(writer.tx(), name, number));
    std::string state = TextOf(known.version, "state");
    if (state == "retired") {
      auto [zh, en] = StateWords(state);
      return error::kNotADraft(
          {{"number", std::to_string(number)}, {"state_zh", zh}, {"state_en", en}});
    }
    writer.ActAsEngine();
    std::string id = TextOf(known.version, "id");
    TRY_VOID(writer.Update("decision_version", id,
                           {{"state", "retired"},
                            {"retired_at", IsoChina(writer.now())},
                            {"retired_by", writer.who().name},
                            {"retire_reason", reason}}));
    if (state == "published")
      TRY_VOID(writer.Update("decision_model", TextAt(known.model, "id"), {{"in_force", nullptr}}));
    writer.Note(
        {"decision:retire", "decision_version", id, writer.shard(),
         city::ToText(json::object{{"model", name}, {"number", number}, {"reason", reason}})});
    return id;
  }));
  return ReadVersion(info.who, name, number);
}

}  // namespace city::decisions
