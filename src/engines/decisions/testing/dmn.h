// SPDX-License-Identifier: Apache-2.0
// Small models for tests, written in a line or two.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engines/decisions/model.h"

namespace city::decisions::testing {

using feel::Value;

inline std::string Dmn(const std::string& body, const std::string& name_space = "urn:test") {
  return R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="test" namespace=")" +
         name_space + "\">" + body + "</definitions>";
}

inline std::string Literal(const std::string& name, const std::string& text,
                           const std::string& needs = "", const std::string& type = "") {
  std::string requirements;
  if (!needs.empty())
    requirements =
        "<informationRequirement><requiredInput href=\"#" + needs + "\"/></informationRequirement>";
  return "<decision id=\"" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" +
         (type.empty() ? "" : " typeRef=\"" + type + "\"") + "/>" + requirements +
         "<literalExpression><text><![CDATA[" + text + "]]></text></literalExpression></decision>";
}

inline std::shared_ptr<const Model> Load(const std::string& body) {
  auto model = Model::Load({"test.dmn", Dmn(body)});
  EXPECT_TRUE(model) << (model ? "" : model.error().ToLine());
  return model ? *model : nullptr;
}

inline std::string Decide(const Model& model, const std::string& decision,
                          const Value& inputs = Value()) {
  auto outcome = model.Decide(decision, inputs);
  return outcome ? feel::ToLiteral(outcome->value) : outcome.error().ToLine();
}

inline Value Inputs(std::initializer_list<std::pair<const char*, Value>> pairs) {
  feel::ContextBuilder builder;
  for (const auto& [name, value] : pairs) builder.Add(name, value);
  return builder.Build();
}

inline std::string FeeTable(const std::string& policy, const std::string& more = "") {
  return R"(<inputData id="days" name="days late"><variable name="days late" typeRef="number"/></inputData>
<decision id="fee" name="fee"><variable name="fee"/>
<informationRequirement><requiredInput href="#days"/></informationRequirement>
<decisionTable )" +
         policy +
         R"(><input label="Days"><inputExpression><text>days late</text></inputExpression></input>
<output name="fee"><outputValues><text>30, 20, 10, 0</text></outputValues>)" +
         more + R"(</output><annotation name="basis"/>
<rule><inputEntry><text>&lt;= 0</text></inputEntry><outputEntry><text>0</text></outputEntry><annotationEntry><text>Art. 1</text></annotationEntry></rule>
<rule><inputEntry><text>[1..10]</text></inputEntry><outputEntry><text>10</text></outputEntry><annotationEntry><text>Art. 2</text></annotationEntry></rule>
<rule><inputEntry><text>&gt;= 5</text></inputEntry><outputEntry><text>20</text></outputEntry><annotationEntry><text>Art. 3</text></annotationEntry></rule>
<rule><inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>30</text></outputEntry></rule>
</decisionTable></decision>)";
}

inline std::string Fee(const std::string& policy, int days, const std::string& more = "") {
  return Decide(*Load(FeeTable(policy, more)), "fee", Inputs({{"days late", Value::Of(days)}}));
}

}  // namespace city::decisions::testing
