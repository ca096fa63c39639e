// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/zone.h"

#include <gtest/gtest.h>

#include "parts/feel/temporal.h"

namespace city::feel {
namespace {

int64_t At(const char* text) {
  return static_cast<int64_t>(InstantOf(*ParseDateTime(text)) / kNanosPerSecond);
}

TEST(Zone, KnowsSummerTime) {
  auto paris = *FindZone("Europe/Paris");
  EXPECT_EQ(ZoneOffsetAt(paris, At("2026-01-15T00:00:00Z")), 3600);
  EXPECT_EQ(ZoneOffsetAt(paris, At("2026-07-15T00:00:00Z")), 7200);
  EXPECT_EQ(ZoneStandardOffset(paris), 3600);
}

TEST(Zone, FollowsTheRuleBeyondItsTable) {
  auto melbourne = *FindZone("Australia/Melbourne");
  EXPECT_EQ(ZoneOffsetAt(melbourne, At("2400-01-15T00:00:00Z")), 11 * 3600);
  EXPECT_EQ(ZoneOffsetAt(melbourne, At("2400-07-15T00:00:00Z")), 10 * 3600);
}

// 2026-10-25 03:00 local is repeated in Paris, 2026-03-29 02:30 does not exist.
TEST(Zone, TakesTheEarlierOfARepeatedHourAndTheOffsetBeforeAGap) {
  auto paris = *FindZone("Europe/Paris");
  EXPECT_EQ(ZoneOffsetForLocal(paris, At("2026-10-25T02:30:00Z")), 7200);
  EXPECT_EQ(ZoneOffsetForLocal(paris, At("2026-03-29T02:30:00Z")), 3600);
}

TEST(Zone, RefusesNamesThatAreNoZones) {
  for (const char* name :
       {"", "/etc/passwd", "../passwd", "Europe", "zone.tab", "Nowhere", "right/UTC"})
    EXPECT_FALSE(FindZone(name)) << name;
  EXPECT_EQ(*FindZone("Asia/Shanghai"), *FindZone("Asia/Shanghai"));
  EXPECT_EQ(ZoneName(*FindZone("Asia/Shanghai")), "Asia/Shanghai");
}

}  // namespace
}  // namespace city::feel
