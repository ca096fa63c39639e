// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/loader.h"

#include <gtest/gtest.h>

#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Model, BringsResultsToTheirTypes) {
  std::string types =
      R"(<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>)";
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[\"a\"]", "", "tGrade")), "d"), "\"a\"");
  EXPECT_EQ(Decide(*Load(types + Literal("d", "\"c\"", "", "tGrade")), "d"), "null");
  EXPECT_EQ(Decide(*Load(Literal("d", "@\"2026-01-31\"", "", "dateTime")), "d"),
            "@\"2026-01-31T00:00:00Z\"");
}

TEST(ItemDefinitions, ConstrainItemsOrTheWholeList) {
  std::string types =
      R"(<itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition name="tSmall" isCollection="true"><typeRef>number</typeRef><allowedValues><text>[1..5]</text></allowedValues></itemDefinition>)";
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[1, 9]", "", "tFew")), "d"), "[1, 9]");
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[1, 2, 3]", "", "tFew")), "d"), "null");
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[1, 5]", "", "tSmall")), "d"), "[1, 5]");
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[1, 9]", "", "tSmall")), "d"), "null");
}

TEST(ItemDefinitions, MayContainThemselves) {
  std::string types =
      R"(<itemDefinition name="tNode"><itemComponent name="next"><typeRef>tNode</typeRef></itemComponent></itemDefinition>)";
  EXPECT_EQ(Decide(*Load(types + Literal("d", "{next: {next: null}}", "", "tNode")), "d"),
            "{next: {next: null}}");
}

}  // namespace
}  // namespace city::decisions
