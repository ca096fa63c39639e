// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/sealed_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engines/certificates/errors.h"

namespace city::certificates {
namespace fs = std::filesystem;

std::string SealedFiles::PathOf(const std::string& name) const {
  std::string digest = crypto::ToHex(crypto::Sm3("certificate file " + name));
  return folder_ + "/" + digest.substr(0, 2) + "/" + digest.substr(0, 40);
}

Result<void> SealedFiles::Keep(const std::string& name, std::string_view bytes, bool flush) const {
  TRY(std::string sealed, keys_.Seal(key_, bytes, name));
  fs::path path = PathOf(name);
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  std::string fresh = path.string() + ".new";
  int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return error::kBadFolder;
  size_t done = 0;
  while (done < sealed.size()) {
    ssize_t wrote = write(file, sealed.data() + done, sealed.size() - done);
    if (wrote <= 0) break;
    done += static_cast<size_t>(wrote);
  }
  bool good = done == sealed.size() && (!flush || fdatasync(file) == 0);
  close(file);
  if (!good || rename(fresh.c_str(), path.c_str()) != 0) return error::kBadFolder;
  return {};
}

Result<void> SealedFiles::Flush() const {
  int folder = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return error::kBadFolder;
  bool good = syncfs(folder) == 0;
  close(folder);
  if (!good) return error::kBadFolder;
  return {};
}

Result<std::string> SealedFiles::Read(const std::string& name) const {
  std::ifstream in(PathOf(name), std::ios::binary);
  if (!in) return error::kFileLost;
  std::ostringstream text;
  text << in.rdbuf();
  auto bytes = keys_.Open(key_, std::move(text).str(), name);
  if (!bytes) return error::kFileLost;
  return std::move(*bytes);
}

bool SealedFiles::Has(const std::string& name) const {
  std::error_code code;
  return fs::exists(PathOf(name), code);
}
}  // namespace city::certificates
