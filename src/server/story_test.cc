// SPDX-License-Identifier: Apache-2.0
#include "server/story.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace city::server {
namespace {
StoryOutcome Tell(const std::string& steps) {
  auto path =
      std::filesystem::temp_directory_path() / ("story-" + std::to_string(getpid()) + ".yaml");
  std::ofstream(path) << "story: a test\nsteps:\n" << steps;
  StoryOutcome outcome = RunStory(path.string(), std::string(CITY_SOURCE_DIR) + "/city");
  std::filesystem::remove(path);
  return outcome;
}

TEST(Story, PassesWhenTheCityDoesWhatItSays) {
  StoryOutcome outcome = Tell(
      "  - { as: citizen, call: GET /api/session, shows: { /account/name: 李明 } }\n  - wait: 3 "
      "work days\n  - { call: GET /api/site, shows: { /now: { starts: '2026-03-05' } } }\n");
  EXPECT_TRUE(outcome.passed) << outcome.trouble;
  EXPECT_EQ(outcome.steps, 3);
}
TEST(Story, FailsWhenTheCityDoesNot) {
  EXPECT_FALSE(
      Tell("  - { as: citizen, call: GET /api/session, shows: { /account/name: 王五 } }\n").passed);
  EXPECT_FALSE(Tell("  - { as: citizen, call: GET /api/todo }\n").passed);
  EXPECT_FALSE(Tell("  - { as: nobody-known, call: GET /api/todo }\n").passed);
  EXPECT_FALSE(Tell("  - { call: GET /api/todo, refused: cases.act_not_yours }\n").passed);
}
}  // namespace
}  // namespace city::server
