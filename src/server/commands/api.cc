// SPDX-License-Identifier: Apache-2.0
// `yiwang api`: the interface's description, and the web app's client that is made from it.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ids.h"
#include "gate/gate.h"
#include "gate/typescript_client.h"
#include "model/city.h"
#include "server/commands.h"
#include "server/options.h"

namespace city::server {
namespace {
namespace fs = std::filesystem;

/// The description of a city that is opened in a temporary folder and forgotten.
Result<std::string> Description(const std::string& model_folder) {
  fs::path folder = fs::temp_directory_path() / ("yiwang-api-" + NewId(SystemClock().Now()));
  struct Forget {
    fs::path path;
    ~Forget() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  } forget{folder};
  SystemClock clock;
  model::CityOptions options;
  options.model_folder = model_folder;
  options.data_folder = folder.string();
  options.store_url = "sqlite:" + (folder / "city.db").string();
  fs::create_directories(folder);
  TRY(auto city, model::City::Open(options, clock));
  gate::GateOptions gate_options;
  gate_options.demo = true;
  return gate::Gate(*city, gate_options).api_text();
}
}  // namespace

int RunApi(Arguments arguments) {
  Options options(arguments);
  std::string client = options.Text("--client"), folder = options.Text("--city", "city");
  bool check = options.Has("--check");
  if (!options.Check("yiwang api [--client FILE [--check]] [--city FOLDER]")) return 2;
  auto text = Description(folder);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().ToLine());
    return 1;
  }
  if (client.empty()) {
    fmt::print("{}\n", *text);
    return 0;
  }
  std::string made =
      gate::TypeScriptClient(ParseJson(*text, {.max_bytes = 64u << 20})->get_object());
  if (!check) {
    std::ofstream(client) << made;
    return 0;
  }
  std::ifstream in(client);
  std::ostringstream there;
  there << in.rdbuf();
  if (there.str() == made) return 0;
  fmt::print(stderr,
             "{0} 已过时，请运行 yiwang api --client {0} / {0} is out of date: run yiwang api "
             "--client {0}\n",
             client);
  return 1;
}
}  // namespace city::server
