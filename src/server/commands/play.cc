// SPDX-License-Identifier: Apache-2.0
// `yiwang play DIR`: runs a folder of processes with expected traces (cases.json beside models).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "engines/flow/definition.h"
#include "engines/flow/document.h"
#include "engines/flow/simulator.h"
#include "server/commands.h"

namespace city::server {
namespace {

using std::chrono::seconds;

/// The symbols that stand for scripts in such a folder; what they leave is the trace of a run.
class Symbols : public flow::Host {
 public:
  flow::ScriptOutcome Run(const flow::Definition& definition, flow::Index node,
                          const flow::Variables& variables) override {
    flow::ScriptOutcome out;
    const std::string& body = definition.node(node).script;
    auto integer = [&]() -> int64_t {
      const auto* v = variables.Find("integerVariable");
      return v != nullptr && v->is_int64() ? v->get_int64() : 0;
    };
    if (body.starts_with("SCRIPT_")) {
      trace.push_back(body.substr(7));
    } else if (body == "CREATE_MARKER_FILE") {
      if (std::find(trace.begin(), trace.end(), "marker") == trace.end()) {
        trace.emplace_back("marker");
      }
    } else if (body == "INCREMENT_INTEGER_VARIABLE") {
      out.variables.emplace("integerVariable", integer() + 1);
    } else if (body == "INCREMENT_INTEGER_VARIABLE_AND_LOG") {
      trace.emplace_back("increment");
      out.variables.emplace("integerVariable", integer() + 1);
    } else if (body == "SET_STRING_DATA") {
      out.variables.emplace("data", "String");
    } else if (body == "LOG_DATA") {
      const auto* v = variables.Find("data");
      if (v != nullptr && v->is_string() && v->get_string() == "String") {
        trace.emplace_back("data");
      }
    } else if (body == "THROW_ERROR") {
      out.kind = flow::ScriptOutcome::Kind::kError;
      out.text = "ERR_CODE";
    } else if (body == "WAIT_TEN_SECONDS" || body.starts_with("CREATE_TIMESTAMP_LOG_")) {
      out.kind = flow::ScriptOutcome::Kind::kLater;
      out.text = body;
    } else if (body != "CREATE_LOG_FILE") {
      out.kind = flow::ScriptOutcome::Kind::kFailed;
      out.text = "unknown symbol " + body;
    }
    return out;
  }

  std::optional<flow::Simulator::Work> Work(const flow::Row& job, Time now) {
    flow::Simulator::Work work;
    if (job.name == "WAIT_TEN_SECONDS") {
      work.takes = seconds(10);
      return work;
    }
    if (!job.name.starts_with("CREATE_TIMESTAMP_LOG_")) return std::nullopt;
    work.takes = seconds(3);
    for (auto [from, to] : stamps_) {
      if (now < to && from < now + work.takes &&
          std::find(trace.begin(), trace.end(), "parallel") == trace.end()) {
        trace.emplace_back("parallel");
      }
    }
    stamps_.emplace_back(now, now + work.takes);
    return work;
  }

  std::vector<std::string> trace;

 private:
  std::vector<std::pair<Time, Time>> stamps_;
};

std::vector<std::string> Texts(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* list = ArrayAt(o, key)) {
    for (const auto& v : *list) {
      if (v.is_string()) out.emplace_back(v.get_string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// What one case leaves.
std::vector<std::string> PlayCase(const std::shared_ptr<const flow::Definition>& definition,
                                  const json::object& the_case) {
  auto expect = Texts(the_case, "expect");
  auto also = std::string(TextAt(the_case, "also_start"));
  Symbols symbols;
  const Time begin = FromMicros(0);
  flow::Simulator world(definition, &symbols, begin);
  world.set_worker([&](const flow::Row& job, Time now) { return symbols.Work(job, now); });
  json::object input;
  if (const auto* given = ObjectAt(the_case, "input")) input = *given;
  // Started by hand: plain starts first, else those with a condition; times begin by themselves.
  std::string main;
  for (bool plain : {true, false}) {
    for (auto p : definition->processes) {
      const auto& process = definition->node(p);
      bool fits = plain ? !process.starts.empty() : true;
      if (main.empty() && process.id != also && fits) main = process.id;
    }
  }
  // Whoever only listens listens before the other speaks.
  for (const auto& id : {also, main}) {
    if (id.empty()) continue;
    auto started = world.Start(id, input);
    if (started) continue;
    if (started.error().code() == "flow.cannot_start") {
      world.Arm(id, input);
    } else {
      symbols.trace.emplace_back("error");
    }
  }
  world.RunUntil(begin + seconds(120));
  std::string trouble;  // a run ends in one error, however many branches stand still
  for (std::size_t i = 0; i < world.instances().size(); ++i) {
    for (const auto& row : world.rows(i)) {
      if (row.kind != flow::RowKind::kIncident) continue;
      bool event = definition->node(row.node).kind == flow::NodeKind::kEnd &&
                   std::find(expect.begin(), expect.end(), "error-event") != expect.end();
      if (trouble.empty() || event) trouble = event ? "error-event" : "error";
    }
  }
  bool told = std::find(symbols.trace.begin(), symbols.trace.end(), "error") != symbols.trace.end();
  if (!trouble.empty() && !told) symbols.trace.push_back(trouble);
  std::sort(symbols.trace.begin(), symbols.trace.end());
  return symbols.trace;
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

int RunPlay(Arguments arguments) {
  std::filesystem::path dir;
  std::string out_file;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--json" && i + 1 < arguments.size()) {
      out_file = arguments[++i];
    } else {
      dir = arguments[i];
    }
  }
  auto text = ReadFile(dir / "cases.json");
  auto cases = text ? ParseJson(*text, {.max_bytes = 64U << 20, .max_depth = 32})
                    : Result<json::value>(Fail(text.error()));
  if (dir.empty() || !cases || !cases->is_object()) {
    fmt::print(stderr, "用法 / usage: yiwang play DIR [--json FILE]\n");
    return 2;
  }
  json::array report;
  std::size_t tests = 0;
  std::size_t tests_passed = 0;
  std::size_t total = 0;
  std::size_t passed = 0;
  for (const auto& entry : cases->get_object()) {
    if (!entry.value().is_array()) continue;
    ++tests;
    std::string file(entry.key());
    std::shared_ptr<const flow::Definition> definition;
    std::string refusal;
    bool wrong_model = false;
    std::unique_ptr<flow::Document> document;
    auto model = ReadFile(dir / file);
    auto loaded = flow::Document::Load(model ? *model : std::string());
    if (loaded) {
      document = std::move(*loaded);
      auto deployed = flow::Deploy(*document);
      if (deployed) {
        definition = *deployed;
      } else {
        for (const auto& d : deployed.error().details) {
          refusal += (refusal.empty() ? "" : "; ") + d.pointer + " " + d.keyword;
          // A model that breaks the standard is an error of the model, told before it runs.
          wrong_model |= d.keyword.starts_with("bpmn.");
        }
        if (refusal.empty()) refusal = deployed.error().ToLine();
      }
    } else {
      refusal = loaded.error().ToLine();
    }
    bool all = true;
    json::array results;
    for (const auto& c : entry.value().get_array()) {
      if (!c.is_object()) continue;
      ++total;
      const auto& the_case = c.get_object();
      auto expect = Texts(the_case, "expect");
      std::vector<std::string> got;
      if (definition) {
        got = PlayCase(definition, the_case);
      } else {
        got.emplace_back(wrong_model ? "error" : "refused");
      }
      bool good = got == expect;
      passed += good ? 1 : 0;
      all &= good;
      results.push_back(
          json::object{{"input", the_case.contains("input") ? the_case.at("input")
                                                            : json::value(json::object())},
                       {"passed", good},
                       {"expect", json::value_from(expect)},
                       {"got", json::value_from(got)}});
      if (!good) {
        fmt::print("FAIL {}: expected [{}], got [{}] {}\n", file, Join(expect, ", "),
                   Join(got, ", "), refusal);
      }
    }
    tests_passed += all ? 1 : 0;
    json::object row{{"file", file}, {"passed", all}, {"cases", std::move(results)}};
    if (!refusal.empty()) row.emplace("refused", refusal);
    report.push_back(std::move(row));
  }
  fmt::print("tests {}/{}  cases {}/{}\n", tests_passed, tests, passed, total);
  if (!out_file.empty()) {
    std::ofstream out(out_file, std::ios::binary);
    out << ToText(json::object{{"tests", tests},
                               {"tests_passed", tests_passed},
                               {"cases", total},
                               {"cases_passed", passed},
                               {"results", std::move(report)}})
        << "\n";
  }
  return tests_passed == tests ? 0 : 1;
}

}  // namespace city::server
