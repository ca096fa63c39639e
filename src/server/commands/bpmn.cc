// SPDX-License-Identifier: Apache-2.0
// `yiwang bpmn roundtrip FILE`: imports a BPMN file and writes it canonically, nothing lost.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "engines/flow/document.h"
#include "server/commands.h"

namespace city::server {

int RunBpmn(Arguments arguments) {
  if (arguments.size() != 2 || arguments[0] != "roundtrip") {
    fmt::print(stderr, "用法 / usage: yiwang bpmn roundtrip FILE\n");
    return 2;
  }
  std::ifstream in{std::string(arguments[1]), std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    fmt::print(stderr, "无法读取 / cannot be read: {}\n", arguments[1]);
    return 2;
  }
  auto document = flow::Document::Load(text.str());
  if (!document) {
    fmt::print(stderr, "{}\n", document.error().ToLine());
    return 1;
  }
  std::string out = (*document)->Canonical();
  auto again = flow::Document::Load(out);
  if (!again) {
    fmt::print(stderr, "{}\n", again.error().ToLine());
    return 1;
  }
  auto difference = flow::FirstDifference(**document, **again);
  if (!difference.empty()) {
    fmt::print(stderr, "往返有丢失 / lost on the way: {}\n", difference);
    return 1;
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}

}  // namespace city::server
