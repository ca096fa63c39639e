// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <unistd.h>

#include <atomic>

#include "base/json.h"
#include "base/time.h"

namespace city {
namespace {
std::atomic<LogLevel> g_level{LogLevel::kInfo};
constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
}  // namespace

void SetLogLevel(LogLevel level) { g_level = level; }

void Log(LogLevel level, std::string_view what,
         std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  if (level < g_level.load()) return;
  std::string line = "{\"at\":\"" + IsoChina(SystemClock().Now(), true) + "\",\"level\":\"";
  line += kNames[static_cast<size_t>(level)];
  line += "\",\"what\":";
  AppendJsonString(line, what);
  for (const auto& [key, value] : fields) {
    line += ',';
    AppendJsonString(line, key);
    line += ':';
    AppendJsonString(line, value);
  }
  line += "}\n";
  // A lost log line must not stop the program.
  [[maybe_unused]] ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}
}  // namespace city
