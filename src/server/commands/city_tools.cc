// SPDX-License-Identifier: Apache-2.0
// Commands on the city's files and records: check, import plan, audit, status, errors.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engines/items/item_rules.h"
#include "model/city.h"
#include "model/decision_files.h"
#include "model/plan_notice.h"
#include "server/commands.h"
#include "server/options.h"

namespace city::server {
namespace {
std::string ReadFile(const std::string& path, bool& good) {
  std::ifstream in(path, std::ios::binary);
  good = static_cast<bool>(in);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

int Complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.ToLine());
  return 1;
}
}  // namespace

int RunCheck(Arguments arguments) {
  Options options(arguments);
  std::string place = options.Text("--place");
  std::vector<std::string> rest = options.Rest();
  if (!options.Check("yiwang check [city/] [--place NAME]")) return 2;
  auto model = model::Load(rest.empty() ? "city" : rest[0], place);
  if (!model) return Complain(model.error());
  auto read = model::ReadPlace(*model);
  if (!read) return Complain(read.error());
  SystemClock clock;
  auto world = model::CaseWorld::Make(*model, read->calendar, clock);
  if (!world) return Complain(world.error());
  auto decisions = model::ReadDecisionFiles(*model, clock.Now());
  if (!decisions) return Complain(decisions.error());
  // What the demo says of items must agree with itself.
  int items = 0, wrong = 0;
  std::vector<json::object> all;
  for (const model::ShelfFile& file : model->shelves["demo"]) {
    if (file.name != "items") continue;
    auto list = yaml::Load(file.path);
    if (!list) return Complain(list.error());
    for (const yaml::Node& node : list->items) {
      json::object item = node.ToJson().get_object();
      ++items;
      auto fault = [&](const std::string& field, const std::string& zh, const std::string& en) {
        ++wrong;
        fmt::print(stderr, "{}: {} {}: {} / {}\n", node.Place(), TextAt(item, "name"), field, zh,
                   en);
      };
      for (const items::ItemFault& each : items::CheckItem(item))
        fault(each.field, each.zh, each.en);
      std::string flow(TextAt(item, "flow")), form(TextAt(item, "form"));
      if (!flow.empty() && !(*world)->HasFlow(flow))
        fault("flow", "没有流程 " + flow, "no process " + flow);
      if (!form.empty() && !(*world)->HasForm(form))
        fault("form", "没有申请表 " + form, "no form " + form);
      bool body = std::any_of(
          read->organisations.begin(), read->organisations.end(),
          [&](const model::Organisation& each) { return each.code == TextAt(item, "department"); });
      if (!body) fault("department", "没有实施主体", "no such body");
      if (const json::object* guide = ObjectAt(item, "guide");
          guide != nullptr && !(*world)->decisions().Has(TextAt(*guide, "model")))
        fault("guide", "没有决策模型", "no such decision model");
      all.push_back(std::move(item));
    }
  }
  for (const auto& [index, each] : items::CheckTogether(all)) {
    ++wrong;
    fmt::print(stderr, "{} {}: {} / {}\n", TextAt(all[index], "name"), each.field, each.zh,
               each.en);
  }
  if (wrong > 0) return 1;
  fmt::print("{} items consistent\n", items);
  fmt::print(
      "{} systems, {} decision models, {} record types, {} code lists, {} divisions, {} "
      "organisations: no fault\n",
      model->systems.size(), decisions->size(), model->catalogue->types().size(),
      model->catalogue->lists().size(), read->divisions.size(), read->organisations.size());
  return 0;
}

int RunImport(Arguments arguments) {
  Options options(arguments);
  bool dry = options.Has("--dry-run");
  model::CityOptions city_options = CityOptionsFrom(options);
  std::vector<std::string> rest = options.Rest();
  if (!options.Check("yiwang import plan FILE [--dry-run] [--data FOLDER] [--store URL]")) return 2;
  if (rest.size() != 2 || rest[0] != "plan") {
    fmt::print(stderr, "用法 / usage: yiwang import plan FILE [--dry-run]\n");
    return 2;
  }
  bool good = false;
  std::string text = ReadFile(rest[1], good);
  if (!good) {
    fmt::print(stderr, "无法读取文件 / cannot read file: {}\n", rest[1]);
    return 1;
  }
  auto model = model::Load(city_options.model_folder, city_options.place);
  if (!model) return Complain(model.error());
  auto place = model::ReadPlace(*model);
  if (!place) return Complain(place.error());
  auto notice = model::ReadNotice(text, *place);
  if (!notice) return Complain(notice.error());
  for (const model::NoticeTask& task : notice->tasks) {
    std::string names;
    for (const std::string& name : task.lead_names) names += (names.empty() ? "" : "、") + name;
    fmt::print("{:>3}  {}  [{}] {} matched\n", task.number, task.title.substr(0, 60), names,
               task.leads.size());
  }
  for (const model::NoticeQuestion& question : notice->questions)
    fmt::print("  ? {} {}{}{}\n", question.kind, question.question,
               question.proposal.empty() ? "" : " → ", question.proposal);
  fmt::print("{}\n", notice->Summary());
  if (dry) return 0;
  SystemClock clock;
  auto city = model::City::Open(city_options, clock);
  if (!city) return Complain(city.error());
  auto kept = (*city)->ledger().Command(
      {ledger::System("import"), (*city)->place().code, {}, {}},
      [&](ledger::Writer& writer) { return model::KeepNotice(writer, *notice); });
  if (!kept) return Complain(kept.error());
  fmt::print("plan {}\n", *kept);
  return 0;
}

int RunAudit(Arguments arguments) {
  Options options(arguments);
  model::CityOptions city_options = CityOptionsFrom(options);
  std::string key_file = options.Text("--key", city_options.data_folder + "/audit-public.pem");
  std::vector<std::string> rest = options.Rest();
  constexpr std::string_view kUsage =
      "yiwang audit verify|seal [--data FOLDER] [--store URL] [--key PUBLIC.pem]";
  if (!options.Check(kUsage)) return 2;
  if (rest.size() != 1 || (rest[0] != "verify" && rest[0] != "seal")) {
    fmt::print(stderr, "用法 / usage: {}\n", kUsage);
    return 2;
  }
  if (rest[0] == "seal") {
    SystemClock clock;
    auto city = model::City::Open(city_options, clock);
    if (!city) return Complain(city.error());
    auto sealed = (*city)->SealAudit();
    if (!sealed) return Complain(sealed.error());
    fmt::print("{} chains signed\n", *sealed);
    return 0;
  }
  // Checking needs the log and the public key, nothing else of the city.
  bool good = false;
  auto key = crypto::Sm2PublicKey::Parse(ReadFile(key_file, good));
  if (!key) return Complain(key.error());
  auto store = store::Open(city_options.store_url);
  if (!store) return Complain(store.error());
  Result<ledger::AuditReport> report = [&]() -> Result<ledger::AuditReport> {
    TRY(auto snapshot, (*store)->Read());
    return ledger::VerifyAudit(*snapshot, [&](std::string_view bytes, std::string_view signature) {
      auto raw = crypto::FromHex(signature);
      return raw && key->Verify(bytes, *raw);
    });
  }();
  if (!report) return Complain(report.error());
  fmt::print("{} lines in {} chains, {} seals, {} lines after the last seal: {}\n", report->lines,
             report->chains, report->seals, report->unsealed,
             report->Good() ? "good" : report->first_broken);
  return report->Good() ? 0 : 1;
}

int RunStatus(Arguments arguments) {
  Options options(arguments);
  std::string out = options.Text("--write");
  bool check = options.Has("--check");
  std::vector<std::string> rest = options.Rest();
  if (!options.Check("yiwang status [city/] [--write FILE | --check]")) return 2;
  std::string folder = rest.empty() ? "city" : rest[0];
  auto model = model::Load(folder);
  if (!model) return Complain(model.error());
  std::string page = model::StatusPage(*model, {});
  if (!out.empty()) {
    std::ofstream(out) << page;
  } else if (check) {
    bool good = false;
    if (ReadFile(folder + "/README.md", good) != page) {
      fmt::print(stderr,
                 "{}/README.md 已过时，请运行 yiwang status --write / is out of date: run yiwang "
                 "status --write {}/README.md\n",
                 folder, folder);
      return 1;
    }
  } else {
    fmt::print("{}", page);
  }
  return 0;
}
}  // namespace city::server
