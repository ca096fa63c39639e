// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/store/backup.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

#include "base/json.h"
#include "parts/store/errors.h"
#include "parts/store/internal/migrations.h"
#include "parts/store/internal/process.h"

namespace city::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSqliteName = "store.db";
constexpr const char* kPostgresName = "store.pgdump";

struct Entry {
  uint64_t size = 0;
  std::string sm3;
};
using Entries = std::map<std::string, Entry>;  // by path, in order

tl::unexpected<Error> Trouble(const std::string& path) {
  return error::kBackupFailed({{"detail", path + ": " + std::strerror(errno)}});
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool good() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool WriteAll(int fd, const char* data, size_t size) {
  while (size > 0) {
    ssize_t n = ::write(fd, data, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

// Reads `from`, hashes it, and copies it to the new file `to` unless that is empty.
Result<Entry> HashAndCopy(const std::string& from, const std::string& to) {
  File source(from, O_RDONLY | O_NOFOLLOW);
  if (!source.good()) return Trouble(from);
  std::unique_ptr<File> target;
  if (!to.empty()) {
    target = std::make_unique<File>(to, O_WRONLY | O_CREAT | O_EXCL);
    if (!target->good()) return Trouble(to);
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> hash(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  CHECK(EVP_DigestInit_ex2(hash.get(), EVP_sm3(), nullptr) == 1);
  Entry out;
  std::vector<char> buffer(1 << 20);
  for (;;) {
    ssize_t n = ::read(source.fd(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Trouble(from);
    if (n == 0) break;
    CHECK(EVP_DigestUpdate(hash.get(), buffer.data(), static_cast<size_t>(n)) == 1);
    if (target && !WriteAll(target->fd(), buffer.data(), static_cast<size_t>(n))) {
      return Trouble(to);
    }
    out.size += static_cast<uint64_t>(n);
  }
  if (target && ::fsync(target->fd()) != 0) return Trouble(to);
  unsigned char digest[32];
  CHECK(EVP_DigestFinal_ex(hash.get(), digest, nullptr) == 1);
  for (unsigned char byte : digest) {
    out.sm3 += "0123456789abcdef"[byte >> 4];
    out.sm3 += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Result<void> WriteNew(const std::string& path, const std::string& text) {
  File file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.good() || !WriteAll(file.fd(), text.data(), text.size()) || ::fsync(file.fd()) != 0) {
    return Trouble(path);
  }
  return {};
}

Result<void> FlushFolder(const std::string& path) {
  File folder(path, O_RDONLY | O_DIRECTORY);
  if (!folder.good() || ::fsync(folder.fd()) != 0) return Trouble(path);
  return {};
}

Result<void> MakeFolder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return error::kBackupFailed({{"detail", path.string() + ": " + code.message()}});
  return {};
}

// The ordinary files under `folder`, as sorted relative paths. Anything else is refused: a backup
// that follows links may read what it should not.
Result<std::vector<std::string>> FilesUnder(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code)) {
    if (it->is_symlink(code)) {
      return error::kBackupFailed({{"detail", it->path().string() + ": is a link"}});
    }
    if (it->is_regular_file(code)) out.push_back(it->path().lexically_relative(folder).string());
  }
  if (code) return error::kBackupFailed({{"detail", folder + ": " + code.message()}});
  std::sort(out.begin(), out.end());
  return out;
}

std::string ManifestText(const BackupReport& report, const Entries& entries) {
  std::string out = "{\"format\":1,\"made_at\":\"" + report.made_at + "\",\"engine\":\"" +
                    report.engine + "\",\"entries\":[";
  for (const auto& [path, entry] : entries) {
    if (out.back() != '[') out += ',';
    out += "\n{\"path\":" + ToText(json::value(path)) + ",\"size\":" + std::to_string(entry.size) +
           ",\"sm3\":\"" + entry.sm3 + "\"}";
  }
  return out + "\n]}\n";
}

void Sum(BackupReport& report, const Entries& entries) {
  report.files = entries.size();
  for (const auto& [path, entry] : entries) report.bytes += entry.size;
}

// A path of a manifest may only lead down.
bool IsSafe(const std::string& path) {
  fs::path p(path);
  if (path.empty() || p.is_absolute() || path.find('\0') != std::string::npos) return false;
  return std::none_of(p.begin(), p.end(), [](const fs::path& step) { return step == ".."; });
}

struct Manifest {
  BackupReport report;
  Entries entries;
};

Result<std::string> ReadSmall(const std::string& source, const std::string& name) {
  std::ifstream file(source + "/" + name, std::ios::binary);
  if (!file) return error::kBackupIncomplete({{"path", source}, {"missing", name}});
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<Manifest> ReadManifest(const std::string& source) {
  TRY(std::string text, ReadSmall(source, "manifest.json"));
  TRY(std::string seal, ReadSmall(source, "manifest.sm3"));
  Manifest out;
  out.report.sm3 = internal::Sm3Hex(text);
  const auto changed = error::kBackupChanged({{"path", "manifest.json"}});
  if (seal.substr(0, 64) != out.report.sm3) return changed;
  JsonLimits limits;
  limits.max_bytes = text.size();
  Result<json::value> parsed = ParseJson(text, limits);
  if (!parsed) return changed;
  try {
    if (parsed->at("format").to_number<int>() != 1) return changed;
    out.report.made_at = std::string(parsed->at("made_at").as_string());
    out.report.engine = std::string(parsed->at("engine").as_string());
    for (const json::value& entry : parsed->at("entries").as_array()) {
      std::string path(entry.at("path").as_string());
      if (!IsSafe(path)) return changed;
      out.entries[path] = {entry.at("size").to_number<uint64_t>(),
                           std::string(entry.at("sm3").as_string())};
    }
  } catch (const std::exception&) {
    return changed;
  }
  Sum(out.report, out.entries);
  return out;
}

Result<Manifest> Checked(const std::string& source) {
  TRY(Manifest manifest, ReadManifest(source));
  for (const auto& [path, entry] : manifest.entries) {
    if (!fs::exists(source + "/" + path)) {
      return error::kBackupIncomplete({{"path", source}, {"missing", path}});
    }
    TRY(Entry found, HashAndCopy(source + "/" + path, ""));
    if (found.sm3 != entry.sm3 || found.size != entry.size) {
      return error::kBackupChanged({{"path", path}});
    }
  }
  return manifest;
}

Result<void> RestoreSqlite(const std::string& archive, const Entry& entry, const std::string& url) {
  const std::string path = url.substr(std::string_view("sqlite:").size());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (fs::exists(path + suffix)) return error::kRestoreNotEmpty({{"path", path + suffix}});
  }
  TRY_VOID(MakeFolder(fs::absolute(path).parent_path()));
  TRY(Entry copied, HashAndCopy(archive, path));
  if (copied.sm3 != entry.sm3) return error::kBackupChanged({{"path", kSqliteName}});
  TRY_VOID(FlushFolder(fs::absolute(path).parent_path()));
  TRY(std::unique_ptr<Store> store, OpenSqlite(path));
  TRY(std::unique_ptr<Snapshot> snapshot, store->Read());
  TRY(Rows rows, snapshot->Query("select integrity_check from pragma_integrity_check"));
  if (!rows.Next() || rows.Text(0) != "ok") return error::kBackupChanged({{"path", kSqliteName}});
  return {};
}

Result<void> RestorePostgres(const std::string& archive, const std::string& url) {
  {
    TRY(std::unique_ptr<Store> store, OpenPostgres(url, {.writers = 1}));
    bool empty = false;
    {
      TRY(std::unique_ptr<Snapshot> snapshot, store->Read());
      TRY(Rows rows, snapshot->Query("select count(*) from pg_class c join pg_namespace n "
                                     "on n.oid = c.relnamespace where n.nspname = 'public' "
                                     "and c.relkind in ('r', 'p') and c.relname <> $1",
                                     {"store_writers"}));
      empty = rows.Next() && rows.Int(0) == 0;
    }
    if (!empty) return error::kRestoreNotEmpty({{"path", url}});
  }
  return internal::RunPgProgram(
      "pg_restore", {"--exit-on-error", "--single-transaction", "--clean", "--if-exists",
                     "--no-owner", "--no-privileges", "--dbname=" + url, archive});
}

}  // namespace

Result<BackupReport> MakeBackup(Store& store, const std::string& files, const std::string& target,
                                Time now) {
  if (fs::exists(target)) return error::kBackupExists({{"path", target}});
  TRY_VOID(MakeFolder(target));
  fs::permissions(target, fs::perms::owner_all);
  const bool sqlite = store.dialect() == Dialect::kSqlite;
  BackupReport report;
  report.engine = sqlite ? "sqlite" : "postgresql";
  report.made_at = IsoChina(now);
  Entries entries;
  const std::string name = sqlite ? kSqliteName : kPostgresName;
  TRY_VOID(store.BackupTo(target + "/" + name));
  TRY(entries[name], HashAndCopy(target + "/" + name, ""));
  if (!files.empty()) {
    TRY_VOID(MakeFolder(fs::path(target) / "files"));
    TRY(std::vector<std::string> paths, FilesUnder(files));
    for (const std::string& path : paths) {
      const fs::path copy = fs::path(target) / "files" / path;
      TRY_VOID(MakeFolder(copy.parent_path()));
      TRY(entries["files/" + path], HashAndCopy(files + "/" + path, copy));
    }
  }
  Sum(report, entries);
  const std::string manifest = ManifestText(report, entries);
  report.sm3 = internal::Sm3Hex(manifest);
  TRY_VOID(WriteNew(target + "/manifest.json", manifest));
  TRY_VOID(WriteNew(target + "/manifest.sm3", report.sm3 + "\n"));
  TRY_VOID(FlushFolder(target));
  return report;
}

Result<BackupReport> CheckBackup(const std::string& source) {
  TRY(Manifest manifest, Checked(source));
  return manifest.report;
}

Result<BackupReport> RestoreBackup(const std::string& source, const std::string& url,
                                   const std::string& files) {
  TRY(Manifest manifest, Checked(source));
  if (!files.empty() && fs::exists(files) && !fs::is_empty(files)) {
    return error::kRestoreNotEmpty({{"path", files}});
  }
  const bool sqlite = url.starts_with("sqlite:");
  if (sqlite != (manifest.report.engine == "sqlite")) {
    return error::kRestoreEngine({{"engine", manifest.report.engine}, {"url", url}});
  }
  if (sqlite) {
    TRY_VOID(RestoreSqlite(source + "/" + kSqliteName, manifest.entries[kSqliteName], url));
  } else {
    TRY_VOID(RestorePostgres(source + "/" + kPostgresName, url));
  }
  if (files.empty()) return manifest.report;
  TRY_VOID(MakeFolder(files));
  for (const auto& [path, entry] : manifest.entries) {
    constexpr std::string_view kPrefix = "files/";
    if (!path.starts_with(kPrefix)) continue;
    const fs::path copy = fs::path(files) / path.substr(kPrefix.size());
    TRY_VOID(MakeFolder(copy.parent_path()));
    TRY(Entry copied, HashAndCopy(source + "/" + path, copy));
    if (copied.sm3 != entry.sm3) return error::kBackupChanged({{"path", path}});
  }
  return manifest.report;
}

}  // namespace city::store
