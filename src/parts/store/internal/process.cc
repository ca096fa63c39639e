// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The words go to the program as they are; no shell reads them.
#include "parts/store/internal/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "parts/store/errors.h"

extern char** environ;

namespace city::store::internal {
namespace {

std::string Find(const std::string& program) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    std::filesystem::path candidate = entry.path() / "bin" / program;
    if (::access(candidate.c_str(), X_OK) == 0) found.push_back(candidate);
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? program : found.back();
}

}  // namespace

Result<void> CreateNew(const std::string& path) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno == EEXIST) return error::kBackupExists({{"path", path}});
  return error::kBackupFailed({{"detail", path + ": " + std::strerror(errno)}});
}

Result<void> RunPgProgram(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{Find(program)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return error::kBackupFailed({{"detail", std::strerror(errno)}});
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 2);
  pid_t pid = -1;
  int code = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe_ends[1]);
  std::string said;
  if (code == 0) {
    char buffer[4096];
    for (ssize_t n; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
      if (said.size() < 16384) said.append(buffer, static_cast<size_t>(n));
    }
  }
  ::close(pipe_ends[0]);
  if (code != 0) {
    return error::kBackupFailed({{"detail", words[0] + ": " + std::strerror(code)}});
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return error::kBackupFailed({{"detail", program + ": " + said}});
}

}  // namespace city::store::internal
