// SPDX-License-Identifier: Apache-2.0
// What the shared examples cannot show: bounds of work and places in data.
#include "engines/forms/internal/schema.h"

#include <gtest/gtest.h>

namespace city::forms {
namespace {

TEST(Schema, StopsWhenReferencesMultiply) {
  const json::value schema = json::parse(
      R"({"$defs":{"x":{"allOf":[{"$ref":"#/$defs/x"},{"$ref":"#/$defs/x"}]}},"$ref":"#/$defs/x"})");
  Judgement judgement{&schema};
  EXPECT_FALSE(Judge(judgement, schema, 1, ""));
  EXPECT_LE(judgement.faults.size(), kMaxFaults);
}

TEST(Schema, FindsPlacesWithEscapedNames) {
  const json::value data = json::parse(R"({"a/b":[{"~":1}]})");
  ASSERT_NE(ValueAt(data, "/a~1b/0/~0"), nullptr);
  EXPECT_EQ(ValueAt(data, "/a~1b/00/~0"), nullptr);
  EXPECT_EQ(ValueAt(data, "/a~1b/99999999999999999999"), nullptr);
  EXPECT_EQ(ValueAt(data, "x"), nullptr);
  EXPECT_EQ(ValueAt(data, ""), &data);
}

TEST(Schema, SeesOneAndOnePointZeroAsEqual) {
  EXPECT_EQ(Canonical(json::parse("[1.0,{\"b\":1,\"a\":2}]")),
            Canonical(json::parse("[1,{\"a\":2.0,\"b\":1}]")));
  EXPECT_NE(Canonical(json::parse("1")), Canonical(json::parse("\"1\"")));
}

}  // namespace
}  // namespace city::forms
