// SPDX-License-Identifier: Apache-2.0
// `yiwang story [PATH…]`: runs stories and says which hold.
#include "server/story.h"

#include <fmt/format.h>

#include "server/commands.h"
#include "server/options.h"

namespace city::server {

int RunStoryCommand(Arguments arguments) {
  Options options(arguments);
  std::string city = options.Text("--city", "city");
  std::vector<std::string> paths = options.Rest();
  if (!options.Check("yiwang story [PATH…] [--city FOLDER]")) return 2;
  if (paths.empty()) paths.push_back(city + "/systems");
  int passed = 0, failed = 0;
  for (const std::string& path : paths) {
    for (const std::string& story : StoriesUnder(path)) {
      StoryOutcome outcome = RunStory(story, city);
      fmt::print("{} {}  {} ({} steps, {:.1f} s)\n", outcome.passed ? "good  " : "FAILED", story,
                 outcome.title, outcome.steps, outcome.seconds);
      if (!outcome.passed) fmt::print("       {}\n", outcome.trouble);
      std::fflush(stdout);
      (outcome.passed ? passed : failed) += 1;
    }
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
}  // namespace city::server
