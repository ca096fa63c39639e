// SPDX-License-Identifier: Apache-2.0
// Why: `yiwang backup` and `yiwang restore` let an administrator keep the city in a folder that
// proves itself, and bring it back.
#include "parts/store/backup.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/time.h"
#include "server/commands.h"
#include "server/commands/backup.h"

namespace city::server {
namespace {

// "--name value" pairs and one plain word.
struct Words {
  std::string store, files, place;
  bool check = false;
};

std::optional<Words> Read(Arguments arguments) {
  Words out;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view word = arguments[i];
    if (word == "--check") {
      out.check = true;
    } else if (word == "--store" || word == "--files") {
      if (++i == arguments.size()) return std::nullopt;
      (word == "--store" ? out.store : out.files) = arguments[i];
    } else if (word.starts_with("--") || !out.place.empty()) {
      return std::nullopt;
    } else {
      out.place = word;
    }
  }
  if (out.place.empty() || (out.store.empty() && !out.check)) return std::nullopt;
  return out;
}

int Misused(std::string_view name) {
  for (const SubCommand& command : SubCommands()) {
    if (command.name == name) {
      fmt::print(stderr, "用法 / usage: {}\n", command.usage);
    }
  }
  return 2;
}

int Tell(const Result<store::BackupReport>& report, std::string_view zh, std::string_view en) {
  if (!report) {
    fmt::print(stderr, "{}\n", report.error().ToLine());
    return 1;
  }
  fmt::print("{} / {}\n{}  {}  {} files  {} bytes\nSM3 {}\n", zh, en, report->engine,
             report->made_at, report->files, report->bytes, report->sm3);
  return 0;
}

}  // namespace

int RunBackup(Arguments arguments) {
  std::optional<Words> words = Read(arguments);
  if (!words || words->check) return Misused("backup");
  constexpr std::string_view kSqlite = "sqlite:";
  if (words->store.starts_with(kSqlite) &&
      !std::filesystem::exists(words->store.substr(kSqlite.size()))) {
    fmt::print(stderr, "没有这个数据库 / there is no such database: {}\n", words->store);
    return 1;
  }
  Result<std::unique_ptr<store::Store>> opened = store::Open(words->store);
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().ToLine());
    return 1;
  }
  return Tell(store::MakeBackup(**opened, words->files, words->place, SystemClock().Now()),
              "备份完成", "backup complete");
}

int RunRestore(Arguments arguments) {
  std::optional<Words> words = Read(arguments);
  if (!words) return Misused("restore");
  if (words->check) {
    return Tell(store::CheckBackup(words->place), "备份完好", "the backup is sound");
  }
  return Tell(store::RestoreBackup(words->place, words->store, words->files), "恢复完成",
              "restore complete");
}

}  // namespace city::server
