// SPDX-License-Identifier: Apache-2.0
#include "engines/rooms/signal.h"

#include <gtest/gtest.h>

#include "engines/rooms/errors.h"

namespace city::rooms {
namespace {
json::object Said(std::string_view text) { return ParseJson(text)->as_object(); }

TEST(Signal, KeepsWhatIsKnownAndDropsTheRest) {
  auto read = ReadSignal(Said(
      R"({"kind":"publish","jsep":{"type":"offer","sdp":"v=0\r\n","x":1},"body":{"request":"destroy"}})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(ToText(*read), R"({"kind":"publish","jsep":{"type":"offer","sdp":"v=0\r\n"}})");
}
TEST(Signal, RefusesWhatIsNoneOfItsKinds) {
  for (const char* bad :
       {R"({})", R"({"kind":"destroy"})", R"({"kind":"publish"})",
        R"({"kind":"publish","jsep":{"type":"answer","sdp":"v=0"}})",
        R"({"kind":"answer","jsep":{"type":"answer","sdp":"x"}})",
        R"({"kind":"candidate","on":"admin"})",
        R"({"kind":"candidate","on":"out","candidate":{"candidate":"a","sdpMLineIndex":99}})"}) {
    auto read = ReadSignal(Said(bad));
    EXPECT_TRUE(!read && read.error().Is(error::kSignalWrong)) << bad;
  }
}
TEST(Signal, TellsTheEndOfCandidatesByNull) {
  auto read = ReadSignal(Said(R"({"kind":"candidate","on":"in","candidate":null})"));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->at("candidate").is_null());
}
TEST(Signal, RefusesTextsThatAreTooLong) {
  std::string sdp = "v=0" + std::string(70'000, 'a');
  EXPECT_FALSE(ReadSignal({{"kind", "publish"}, {"jsep", {{"type", "offer"}, {"sdp", sdp}}}}));
}
}  // namespace
}  // namespace city::rooms
