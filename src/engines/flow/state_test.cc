// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/state.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::DeployModel;
using testing::Flow;
using testing::Model;
using testing::World;

World Waiting() {
  World w(
      DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"a\"/>"
                        "<bpmn:endEvent id=\"e\"/>" +
                        Flow("s", "a") + Flow("a", "e"))));
  w.Start({{"amount", 12}, {"name", "明月茶业"}});
  return w;
}

TEST(State, OfAWaitingInstanceIsSmall) {
  World w = Waiting();
  EXPECT_LT(w.instance.Encode().size(), 200U);
}

TEST(State, RefusesStrangeBytesWithoutCrashing) {
  World w = Waiting();
  auto bytes = w.instance.Encode();
  EXPECT_EQ(Instance::Decode("").error().code(), "flow.bad_state");
  EXPECT_EQ(Instance::Decode("x").error().code(), "flow.bad_state");
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(Instance::Decode(bytes.substr(0, n))) << n;
  }
  SeededRandom random(7);
  for (int i = 0; i < 20'000; ++i) {
    auto broken = bytes;
    for (int k = 0; k < 3; ++k) {
      broken[random.Below(broken.size())] = static_cast<char>(random.Below(256));
    }
    auto read = Instance::Decode(broken);
    if (read) (void)read->Encode();
    (void)DecodeLog(broken);
  }
}

TEST(Rows, ShowDeclaredVariablesForSearch) {
  World w(
      DeployModel(Model("<bpmn:extensionElements><city:variable name=\"amount\"/>"
                        "</bpmn:extensionElements><bpmn:startEvent id=\"s\"/>"
                        "<bpmn:userTask id=\"a\"/><bpmn:endEvent id=\"e\"/>" +
                        Flow("s", "a") + Flow("a", "e"))));
  w.Start({{"amount", 12}, {"secret", 1}});
  EXPECT_EQ(w.Rows(RowKind::kVariable), std::vector<std::string>{"amount=12"});
}

}  // namespace
}  // namespace city::flow
