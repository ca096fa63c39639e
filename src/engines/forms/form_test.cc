// SPDX-License-Identifier: Apache-2.0
// The examples that both evaluators share, run by the C++ one.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engines/forms/forms.h"
#include "engines/forms/internal/schema.h"

namespace city::forms {
namespace {

json::value Examples() {
  const std::string path = CITY_SOURCE_DIR "/src/engines/forms/forms.examples.json";
  std::ostringstream text;
  std::ifstream file(path);
  text << file.rdbuf();
  return json::parse(text.str(), {}, {.max_depth = 128});
}

std::vector<std::string> Sorted(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) {
    lines.push_back(fault.pointer + " " + fault.keyword + " " + Canonical(fault.params));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> Sorted(const json::value& faults) {
  std::vector<Fault> list;
  for (const json::value& one : faults.as_array()) {
    const json::object& fault = one.as_object();
    list.push_back({std::string(TextAt(fault, "pointer")), std::string(TextAt(fault, "keyword")),
                    fault.at("params").as_object()});
  }
  return Sorted(list);
}

TEST(Form, DecidesEverySharedExampleAsTheBrowserDoes) {
  const json::value examples = Examples();
  int count = 0;
  for (const json::value& entry : examples.at("cases").as_array()) {
    const std::string name(TextAt(entry.as_object(), "name"));
    const auto form = Load(entry.at("form"));
    ASSERT_TRUE(form.has_value()) << name << ": " << form.error().ToLine();
    for (const json::value& one : entry.at("checks").as_array()) {
      const json::object& check = one.as_object();
      const Outcome outcome = Check(*form, check.at("data"));
      const std::string where = name + ": " + ToText(check.at("data"));
      EXPECT_EQ(Sorted(outcome.errors), Sorted(check.at("errors"))) << where;
      const json::value* clean = check.if_contains("clean");
      EXPECT_EQ(Canonical(outcome.data), Canonical(clean ? *clean : check.at("data"))) << where;
      if (const json::value* warnings = check.if_contains("warnings")) {
        EXPECT_EQ(Sorted(outcome.warnings), Sorted(*warnings)) << where;
      }
      ++count;
    }
  }
  EXPECT_GT(count, 100);
}

TEST(Form, StaysBoundedWhenRowsMultiply) {
  const auto form = Load(json::parse(
      R"({"schema":{},"ui":[{"type":"Control","scope":"/r","label":{"zh":"行"},"widget":"rows","elements":[
          {"type":"Control","scope":"/a","label":{"zh":"甲"},
           "rule":{"effect":"SHOW","condition":{"scope":"./b","schema":true}}}]}]})"));
  ASSERT_TRUE(form.has_value());
  json::array rows(50'000, json::object{{"a", 1}});
  const Outcome outcome = Check(*form, json::object{{"r", std::move(rows)}});
  EXPECT_TRUE(outcome.ok());
}

}  // namespace
}  // namespace city::forms
