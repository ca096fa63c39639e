// SPDX-License-Identifier: Apache-2.0
// Test cases from XML, run and compared: numbers within 1e-8, strings exactly, lists in order.
#include "engines/decisions/tck.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/errors.h"
#include "base/text.h"
#include "base/xml.h"
#include "engines/decisions/internal/loader.h"
#include "engines/decisions/model.h"

namespace city::decisions {
namespace {

namespace fs = std::filesystem;
using feel::Value;
using feel::ValueKind;

std::string TypeOf(pugi::xml_node node) {
  for (pugi::xml_attribute a : node.attributes())
    if (LocalName(a.name()) == "type") return std::string(LocalName(a.value()));
  return {};
}

bool IsNil(pugi::xml_node node) {
  for (pugi::xml_attribute a : node.attributes())
    if (LocalName(a.name()) == "nil") return std::string_view(a.value()) == "true";
  return false;
}

template <class T>
Value Or(const std::optional<T>& v, std::string_view text) {
  return v ? Value::Of(*v) : Value::Of(text);
}

Value ScalarOf(pugi::xml_node node) {
  if (IsNil(node)) return Value();
  std::string text;
  for (pugi::xml_node child : node.children()) text += child.value();
  std::string type = TypeOf(node);
  if (type == "string") return Value::Of(text);
  std::string_view trimmed = Trim(text);
  if (type == "boolean") return Value::Of(trimmed == "true" || trimmed == "1");
  if (type == "date") return Or(feel::ParseDate(trimmed), trimmed);
  if (type == "time") return Or(feel::ParseTime(trimmed), trimmed);
  if (type == "dateTime") return Or(feel::ParseDateTime(trimmed), trimmed);
  if (type == "duration" || type == "yearMonthDuration" || type == "dayTimeDuration") {
    if (auto v = feel::ParseYearsMonths(trimmed)) return Value::Of(*v);
    return Or(feel::ParseDaysTime(trimmed), trimmed);
  }
  if (type == "decimal" || type == "double" || type == "integer" || type == "int" ||
      type == "long" || type == "float")
    return Or(feel::Number::Parse(trimmed), trimmed);
  if (type.empty()) {
    if (trimmed == "true" || trimmed == "false") return Value::Of(trimmed == "true");
    if (auto n = feel::Number::Parse(trimmed)) return Value::Of(*n);
  }
  return Value::Of(text);
}

/// The value inside <inputNode>, <expected>, <item> or <component>.
Value ValueOf(pugi::xml_node parent) {
  if (IsNil(parent)) return Value();
  bool components = false;
  feel::ContextBuilder context;
  for (pugi::xml_node child : parent.children()) {
    if (IsNamed(child, "value")) return ScalarOf(child);
    if (IsNamed(child, "list")) {
      if (IsNil(child)) return Value();
      std::vector<Value> items;
      for (pugi::xml_node item : ChildrenOf(child, "item")) items.push_back(ValueOf(item));
      return Value::List(std::move(items));
    }
    if (IsNamed(child, "component")) {
      components = true;
      context.Add(feel::NormalizedName(child.attribute("name").as_string()), ValueOf(child));
    }
  }
  return components ? context.Build() : Value();
}

bool Matches(const Value& expected, const Value& actual) {
  if (expected.IsNull()) return actual.IsNull();
  if (expected.kind() != actual.kind()) return false;
  switch (expected.kind()) {
    case ValueKind::kNumber: {
      auto gap = feel::Subtract(expected.number(), actual.number());
      if (!gap) return false;
      double size = std::fabs(expected.number().ToDouble());
      return std::fabs(gap->ToDouble()) <= 1e-8 * (size > 1 ? size : 1);
    }
    case ValueKind::kList: {
      auto a = expected.items();
      auto b = actual.items();
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), Matches);
    }
    case ValueKind::kContext: {
      if (expected.context().size() != actual.context().size()) return false;
      for (const auto& entry : expected.context().entries()) {
        const Value* other = actual.context().Find(entry.name());
        if (other == nullptr || !Matches(entry.value, *other)) return false;
      }
      return true;
    }
    case ValueKind::kString:
      return expected.text() == actual.text();
    default:
      return feel::Equal(expected, actual).IsTrue();
  }
}

bool AllNull(const Value& v) {
  if (v.IsNull()) return true;
  if (v.IsList() && !v.items().empty())
    return std::all_of(v.items().begin(), v.items().end(), AllNull);
  return false;
}

class Runner {
 public:
  explicit Runner(TckReport& report) : report_(report) {}

  void Level(const fs::path& folder, const std::string& name) {
    report_.levels.push_back({name, 0, 0, 0, 0});
    std::vector<fs::path> tests;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_directory()) tests.push_back(entry.path());
    std::sort(tests.begin(), tests.end());
    for (const fs::path& test : tests) Folder(test);
  }

 private:
  void Folder(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && entry.path().extension() == ".xml")
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) File(folder, file);
  }

  void File(const fs::path& folder, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    auto document = ParseXml(text);
    if (!document) return;
    pugi::xml_node root = (*document)->document_element();
    if (!IsNamed(root, "testCases")) return;
    std::string model_name(Trim(TextOf(ChildOf(root, "modelName"))));
    auto model = Model::LoadFile((file.parent_path() / model_name).string());
    std::string label = folder.filename().string() + "/" + file.filename().string();
    for (pugi::xml_node test : ChildrenOf(root, "testCase")) Case(test, model, label);
  }

  void Case(pugi::xml_node test, const Result<std::shared_ptr<const Model>>& model,
            const std::string& label) {
    TckLevel& level = report_.levels.back();
    feel::ContextBuilder inputs;
    for (pugi::xml_node input : ChildrenOf(test, "inputNode"))
      inputs.Add(feel::NormalizedName(input.attribute("name").as_string()), ValueOf(input));
    Value context = inputs.Build();
    std::string type = test.attribute("type").as_string("decision");
    std::string invocable = test.attribute("invocableName").as_string();
    bool passed = true;
    bool non_null = false;
    for (pugi::xml_node node : ChildrenOf(test, "resultNode")) {
      std::string name = feel::NormalizedName(node.attribute("name").as_string());
      pugi::xml_node expected_node = ChildOf(node, "expected");
      Value expected = expected_node ? ValueOf(expected_node) : Value();
      bool error_wanted = node.attribute("errorResult").as_bool();
      if (error_wanted) expected = Value();
      non_null = non_null || !AllNull(expected);
      Value actual;
      std::string remark;
      if (!model) {
        remark = model.error().SaysEn();
        actual = Value::Of("(model not loaded)");
      } else {
        DecideOptions options;
        options.settings.now = SystemClock().Now();
        auto outcome = type == "decisionService" && !invocable.empty()
                           ? (*model)->Serve(invocable, context, options)
                           : (*model)->Decide(name, context, options);
        if (outcome) {
          actual = outcome->value;
          if (type == "decisionService" && actual.IsContext())
            if (const Value* member = actual.context().Find(name);
                member != nullptr && ServesSeveral(test))
              actual = Value(*member);
          if (!outcome->remarks.empty()) remark = outcome->remarks[0].SaysEn();
        } else {
          remark = outcome.error().SaysEn();
        }
        if (remark.empty() && !(*model)->problems().empty())
          remark = (*model)->problems()[0].error.SaysEn();
      }
      if (Matches(expected, actual)) continue;
      passed = false;
      report_.failures.push_back({level.name, label, test.attribute("id").as_string(), name,
                                  feel::ToLiteral(expected), feel::ToLiteral(actual), remark});
    }
    ++level.total;
    if (passed) ++level.passed;
    if (non_null) {
      ++level.non_null_total;
      if (passed) ++level.non_null_passed;
    }
  }

  static bool ServesSeveral(pugi::xml_node test) {
    std::string own = test.attribute("invocableName").as_string();
    for (pugi::xml_node node : ChildrenOf(test, "resultNode"))
      if (own == node.attribute("name").as_string()) return false;
    return true;
  }

  TckReport& report_;
};

}  // namespace

Result<TckReport> RunTck(const std::string& folder) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed))
    return error::kFileUnreadable({{"file", folder}, {"reason", "not a folder"}});
  TckReport report;
  Runner runner(report);
  std::vector<fs::path> levels;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && entry.path().filename().string().starts_with("compliance-level"))
      levels.push_back(entry.path());
  std::sort(levels.begin(), levels.end());
  if (levels.empty()) {
    runner.Level(folder, fs::path(folder).filename().string());
  } else {
    for (const fs::path& level : levels) runner.Level(level, level.filename().string());
  }
  return report;
}

json::value ToJson(const TckReport& report) {
  json::array levels;
  for (const TckLevel& level : report.levels)
    levels.push_back(json::object{{"level", level.name},
                                  {"passed", level.passed},
                                  {"total", level.total},
                                  {"non_null_passed", level.non_null_passed},
                                  {"non_null_total", level.non_null_total}});
  json::array failures;
  for (const TckFailure& f : report.failures)
    failures.push_back(json::object{{"level", f.level},
                                    {"test", f.test},
                                    {"id", f.id},
                                    {"node", f.node},
                                    {"expected", f.expected},
                                    {"actual", f.actual},
                                    {"remark", f.remark}});
  return json::object{{"levels", std::move(levels)}, {"failures", std::move(failures)}};
}

}  // namespace city::decisions
