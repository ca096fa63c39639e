// SPDX-License-Identifier: Apache-2.0
// One JSON line an event on standard error. No personal data goes into the log.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace city {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Lines below this level are dropped. Thread-safe.
void SetLogLevel(LogLevel level);

/// Writes {"at":…,"level":…,"what":…, fields…}. Thread-safe; one write(2) a line.
void Log(LogLevel level, std::string_view what,
         std::initializer_list<std::pair<std::string_view, std::string>> fields = {});

inline void LogInfo(std::string_view what,
                    std::initializer_list<std::pair<std::string_view, std::string>> fields = {}) {
  Log(LogLevel::kInfo, what, fields);
}
inline void LogWarning(
    std::string_view what,
    std::initializer_list<std::pair<std::string_view, std::string>> fields = {}) {
  Log(LogLevel::kWarning, what, fields);
}
inline void LogError(std::string_view what,
                     std::initializer_list<std::pair<std::string_view, std::string>> fields = {}) {
  Log(LogLevel::kError, what, fields);
}
}  // namespace city
