// SPDX-License-Identifier: Apache-2.0
#include "engines/attachments/attachments.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ids.h"
#include "base/text.h"
#include "engines/attachments/errors.h"

namespace city::attachments {
namespace fs = std::filesystem;
namespace {
constexpr const char* kKey = "attachments";

fs::path PathOf(const std::string& folder, const std::string& digest) {
  return fs::path(folder) / digest.substr(0, 2) / digest;
}

/// Writes a file so that it is whole or absent, also after a power cut.
bool WriteDurably(const fs::path& path, const std::string& bytes) {
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  std::string temporary = path.string() + "." + NewId(SystemClock().Now()) + ".tmp";
  int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t wrote = write(file, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<size_t>(wrote);
  }
  bool good = done == bytes.size() && fsync(file) == 0;
  close(file);
  if (good) fs::rename(temporary, path, code);
  if (!good || code) {
    fs::remove(temporary, code);
    return false;
  }
  int folder = open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    fsync(folder);
    close(folder);
  }
  return true;
}
}  // namespace

std::string SniffType(std::string_view bytes, std::string_view name) {
  auto begins = [&](std::string_view with) { return bytes.substr(0, with.size()) == with; };
  std::string lower = LowerAscii(name);
  auto named = [&](std::string_view with) {
    return lower.size() > with.size() && lower.ends_with(with);
  };
  if (begins("%PDF-")) return "application/pdf";
  if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
  if (begins("\xff\xd8\xff")) return "image/jpeg";
  if (begins("GIF87a") || begins("GIF89a")) return "image/gif";
  if (begins("PK\x03\x04")) {
    if (named(".ofd")) return "application/ofd";
    if (named(".docx"))
      return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (named(".xlsx")) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return "";
  }
  if (begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
    return named(".doc") ? "application/msword" : named(".xls") ? "application/vnd.ms-excel" : "";
  if ((named(".txt") || named(".csv")) && IsValidUtf8(bytes) &&
      bytes.find('\0') == std::string_view::npos)
    return "text/plain";
  return "";
}

Result<void> Attachments::Scan(const std::string& bytes) const {
  if (settings_.scanner.empty()) return {};
  int in[2];
  if (pipe2(in, O_CLOEXEC) != 0) return error::kScannerFailed;
  pid_t child = fork();
  if (child < 0) return error::kScannerFailed;
  if (child == 0) {
    dup2(in[0], STDIN_FILENO);
    execl(settings_.scanner.c_str(), settings_.scanner.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(in[0]);
  signal(SIGPIPE, SIG_IGN);
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t wrote = write(in[1], bytes.data() + done, bytes.size() - done);
    if (wrote <= 0) break;
    done += static_cast<size_t>(wrote);
  }
  close(in[1]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return error::kScannerFailed;
  if (WEXITSTATUS(status) == 1) return error::kInfected;
  return {};
}

Result<std::string> Attachments::Keep(const ledger::CommandInfo& info, const std::string& name,
                                      const std::string& bytes) {
  TRY(Stored file, Store(name, bytes));
  return ledger_.Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    return Record(writer, file, info.who.account);
  });
}

Result<Stored> Attachments::Store(const std::string& name, const std::string& bytes) {
  if (bytes.empty()) return error::kEmpty;
  if (bytes.size() > settings_.most_bytes)
    return error::kTooLarge({{"limit", std::to_string(settings_.most_bytes >> 20)}});
  std::string type = SniffType(bytes, name);
  if (type.empty()) return error::kTypeNotTaken;
  TRY_VOID(Scan(bytes));
  // A keyed digest names the file, so that the folder alone does not tell whether somebody holds a
  // known document.
  TRY(crypto::Digest index, keys_.Index("attachment-names", bytes));
  std::string digest = crypto::ToHex(index);
  fs::path path = PathOf(settings_.folder, digest);
  if (!fs::exists(path)) {
    TRY(std::string sealed, keys_.Seal(kKey, bytes, digest));
    if (!WriteDurably(path, sealed)) return error::kLost;
  }
  std::string clean_name(Trim(name));
  if (size_t slash = clean_name.find_last_of("/\\"); slash != std::string::npos)
    clean_name = clean_name.substr(slash + 1);
  std::vector<char32_t> points = CodePoints(clean_name);
  if (points.size() > 120) points.resize(120);
  clean_name = FromCodePoints(points);
  std::erase_if(clean_name,
                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"'; });
  if (clean_name.empty()) clean_name = "file";
  return Stored{clean_name, type, digest, static_cast<int64_t>(bytes.size())};
}

Result<std::string> Attachments::Record(ledger::Writer& writer, const Stored& file,
                                        const std::string& account) {
  json::object values{{"account", account},
                      {"name", file.name},
                      {"type", file.type},
                      {"size", file.size},
                      {"sm3", file.digest}};
  TRY(ledger::Written made, writer.Create("attachment", values));
  values.erase("account");
  values["id"] = made.id;
  return ToText(values);
}

Result<Content> Attachments::Read(const ledger::Subject& who, const std::string& id, bool allowed) {
  ledger::Subject reader = allowed ? ledger::ActingFor(who) : who;
  TRY(ledger::One one, ledger_.Read(reader, "attachment", id));
  TRY(json::value row, ParseJson(one.row));
  const json::object& object = row.get_object();
  std::string digest(TextAt(object, "sm3"));
  if (digest.size() != 64) return error::kLost;
  std::ifstream in(PathOf(settings_.folder, digest), std::ios::binary);
  if (!in) return error::kLost;
  std::ostringstream text;
  text << in.rdbuf();
  auto bytes = keys_.Open(kKey, std::move(text).str(), digest);
  if (!bytes) return error::kLost;
  // What people hand in is personal: each reading is on record before the bytes leave.
  std::string shard = who.posts.empty() ? std::string() : who.posts.front().region;
  TRY_VOID(ledger_.store().Command(shard, [&](store::Tx& tx) -> Result<void> {
    return ledger::AppendAudit(tx, ledger::ChainOf(shard), who, ledger_.clock().Now(),
                               {{"read", "attachment", id, shard, "{}"}});
  }));
  return Content{std::string(TextAt(object, "name")), std::string(TextAt(object, "type")),
                 std::move(*bytes)};
}
}  // namespace city::attachments
