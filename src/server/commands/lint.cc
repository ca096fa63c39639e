// SPDX-License-Identifier: Apache-2.0
// `yiwang lint [--deploy] FILE…`: what the BPMN standard has to say about these files.
#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>

#include "engines/flow/definition.h"
#include "engines/flow/document.h"
#include "engines/flow/findings.h"
#include "server/commands.h"

namespace city::server {

int RunLint(Arguments arguments) {
  if (arguments.empty()) {
    fmt::print(stderr, "用法 / usage: yiwang lint [--deploy] FILE…\n");
    return 2;
  }
  std::size_t errors = 0;
  std::size_t warnings = 0;
  bool deploy = false;
  for (auto name : arguments) {
    if (name == "--deploy") {
      deploy = true;
      continue;
    }
    std::ifstream in{std::string(name), std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
      fmt::print("{}:0: error: 无法读取 / cannot be read\n", name);
      ++errors;
      continue;
    }
    auto document = flow::Document::Load(text.str());
    if (!document) {
      fmt::print("{}:0: error: definitions [{}]: {}\n", name, document.error().code(),
                 document.error().ToLine());
      ++errors;
      continue;
    }
    for (const auto& finding : flow::Lint(**document)) {
      ++(finding.is_error() ? errors : warnings);
      fmt::print("{}\n", finding.ToLine(name));
    }
    if (!deploy) continue;
    // What stands in the way of running it here, besides the standard.
    auto definition = flow::Deploy(**document);
    if (definition) continue;
    ++errors;
    fmt::print("{}:0: error: {}\n", name, definition.error().ToLine());
    for (const auto& d : definition.error().details) {
      fmt::print("{}:0: error: {} [{}]: {}. {}。\n", name, d.pointer, d.keyword, d.says_en,
                 d.says_zh);
    }
  }
  fmt::print("{} 错误 errors, {} 警告 warnings\n", errors, warnings);
  return errors == 0 ? 0 : 1;
}

}  // namespace city::server
