// SPDX-License-Identifier: Apache-2.0
// The command line of the preparation: `bench_city people FOLDER COUNT CLERKS`,
// `bench_city past FOLDER ROWS [SHARE_OF_WHOLE]`. Run from the root, the city stopped.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "prepare.h"

namespace city::bench {
Result<std::unique_ptr<model::City>> OpenCity(const std::string& folder, const Clock& clock) {
  model::CityOptions options;
  options.data_folder = folder;
  options.store_url = "sqlite:" + (std::filesystem::path(folder) / "city.db").string();
  options.demo = true;
  return model::City::Open(options, clock);
}
}  // namespace city::bench

int main(int count, char** words) {
  using namespace city::bench;  // NOLINT
  std::string what = count > 1 ? words[1] : "";
  city::Result<void> done;
  if (what == "people" && count == 5) {
    done = MakePeople(words[2], std::atoi(words[3]), std::atoi(words[4]));
  } else if (what == "past" && (count == 4 || count == 5)) {
    PastWish wish;
    wish.rows = std::atoll(words[3]);
    if (count == 5) wish.whole = std::atof(words[4]);
    done = MakePast(words[2], wish);
  } else {
    fmt::print(stderr,
               "bench_city people FOLDER COUNT CLERKS | past FOLDER ROWS [SHARE_OF_WHOLE]\n");
    return 2;
  }
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().ToLine());
  return 1;
}
