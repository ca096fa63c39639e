// SPDX-License-Identifier: Apache-2.0
// yiwang archive verify FILE: checks the archive package of a case without the city.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engines/cases/archive.h"
#include "server/commands.h"
#include "server/options.h"

namespace city::server {

int RunArchive(Arguments arguments) {
  Options options(arguments);
  std::string key = options.Text("--key", "");
  std::vector<std::string> rest = options.Rest();
  if (!options.Check("yiwang archive verify FILE [--key HEX]")) return 2;
  if (rest.size() != 2 || rest[0] != "verify") {
    fmt::print(stderr, "yiwang archive verify FILE [--key HEX]\n");
    return 2;
  }
  const std::string& path = rest[1];
  constexpr uintmax_t kMost = 512u << 20;
  std::error_code failed;
  uintmax_t size = std::filesystem::file_size(path, failed);
  std::ifstream in(path, std::ios::binary);
  if (failed || !in || size > kMost) {
    fmt::print(stderr, "不能读取“{}” / cannot read \"{}\"\n", path, path);
    return 2;
  }
  std::ostringstream bytes;
  bytes << in.rdbuf();
  cases::ArchiveReport report = cases::VerifyArchive(bytes.str(), key);
  if (!report.good) {
    fmt::print("{}\n  首个不符的部分：{}（{}）\n  first part that is broken: {} ({})\n", path,
               report.broken, report.why_zh, report.broken, report.why_en);
    return 1;
  }
  fmt::print(
      "{}\n  办件 {} {}：{} 个部分完好，签封有效\n  case {}: {} parts unbroken, seal good\n"
      "  签封公钥 / key of the seal: {}\n",
      path, report.number, report.item_name, report.parts, report.number, report.parts, report.key);
  return 0;
}
}  // namespace city::server
