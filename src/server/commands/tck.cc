// SPDX-License-Identifier: Apache-2.0
// `yiwang tck DIR [--json FILE]`: how much of a DMN conformance suite passes.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "engines/decisions/tck.h"
#include "server/commands.h"

namespace city::server {

int RunTck(Arguments arguments) {
  std::string folder;
  std::string json_file;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--json" && i + 1 < arguments.size()) {
      json_file = arguments[++i];
    } else if (folder.empty() && !arguments[i].starts_with("--")) {
      folder = arguments[i];
    } else {
      folder.clear();
      break;
    }
  }
  if (folder.empty()) {
    fmt::print(stderr, "用法 / usage: yiwang tck DIR [--json FILE]\n");
    return 2;
  }
  auto report = decisions::RunTck(folder);
  if (!report) {
    fmt::print(stderr, "{}\n", report.error().ToLine());
    return 1;
  }
  for (const auto& failure : report->failures)
    fmt::print("failed {} {} {} {}: expected {}, got {}{}\n", failure.level, failure.test,
               failure.id, failure.node, failure.expected, failure.actual,
               failure.remark.empty() ? "" : " (" + failure.remark + ")");
  for (const auto& level : report->levels)
    fmt::print("{}: {}/{} passed, non-null {}/{} passed\n", level.name, level.passed, level.total,
               level.non_null_passed, level.non_null_total);
  if (!json_file.empty()) {
    std::ofstream out(json_file, std::ios::binary);
    out << city::ToText(decisions::ToJson(*report)) << '\n';
    if (!out) {
      fmt::print(stderr, "无法写入 / cannot write {}\n", json_file);
      return 1;
    }
  }
  return 0;
}

}  // namespace city::server
