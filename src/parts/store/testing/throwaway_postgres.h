// SPDX-License-Identifier: Apache-2.0
// Why: tests, drills and benchmarks need a PostgreSQL of their own that leaves nothing behind.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace city::store::testing {

/// A PostgreSQL server in a temporary folder, reached by a Unix socket alone, run by an ordinary
/// user. Ends, with its folder, when the object goes or the program dies.
/// Threads: start it on one that lives as long as the object.
class ThrowawayPostgres {
 public:
  struct Options {
    bool durable = false;               ///< fsync on, for drills and benchmarks
    std::vector<std::string> settings;  ///< "shared_buffers=512MB", …
  };

  ThrowawayPostgres() : ThrowawayPostgres(Options()) {}
  explicit ThrowawayPostgres(Options options) : options_(std::move(options)) {
    bin_ = FindBin();
    char name[] = "/tmp/yiwang-pg-XXXXXX";
    if (bin_.empty()) {
      problem_ = "the programs of PostgreSQL are not installed (package postgresql-15)";
      return;
    }
    if (!mkdtemp(name)) {
      problem_ = "no temporary folder";
      return;
    }
    dir_ = name;
    if (geteuid() == 0) {
      const passwd* user = getpwnam("postgres");
      if (!user) user = getpwnam("nobody");
      uid_ = user->pw_uid;
      gid_ = user->pw_gid;
      if (chown(dir_.c_str(), uid_, gid_) != 0) problem_ = "cannot hand over " + dir_;
    }
    std::vector<std::string> init{
        bin_ + "/initdb",   "-D", dir_ + "/data", "-U",       "postgres", "-E", "UTF8",
        "--locale=C.UTF-8", "-A", "trust",        "--no-sync"};
    int status = 0;
    waitpid(Spawn(init), &status, 0);
    if (status != 0) {
      problem_ = "initdb failed: " + LogText();
      return;
    }
    Start();
  }

  ~ThrowawayPostgres() {
    Stop(SIGINT);
    std::error_code ignored;
    if (!dir_.empty()) std::filesystem::remove_all(dir_, ignored);
  }
  ThrowawayPostgres(const ThrowawayPostgres&) = delete;
  ThrowawayPostgres& operator=(const ThrowawayPostgres&) = delete;

  /// Empty when the server runs, else why not.
  const std::string& problem() const { return problem_; }
  const std::string& socket_folder() const { return dir_; }
  const std::string& bin() const { return bin_; }
  pid_t pid() const { return pid_; }

  /// Address of a database of the server.
  std::string Url(const std::string& database) const {
    return "postgresql:///" + database + "?host=" + dir_ + "&user=postgres";
  }

  /// Address of a new, empty database.
  std::string NewDatabase() {
    std::string name = "city" + std::to_string(++made_);
    return Run("create database " + name + " template template0") ? Url(name) : std::string();
  }

  /// Runs a statement on the database `postgres`.
  bool Run(const std::string& sql) const {
    PGconn* connection = PQconnectdb(Url("postgres").c_str());
    PGresult* result = PQexec(connection, sql.c_str());
    bool good =
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    PQfinish(connection);
    return good;
  }

  /// Starts the server on its data again.
  bool Start() {
    std::vector<std::string> serve{
        bin_ + "/postgres",  "-D", dir_ + "/data",       "-k", dir_, "-c",
        "listen_addresses=", "-c", "max_connections=200"};
    if (!options_.durable) {
      for (const char* fast : {"fsync=off", "full_page_writes=off"}) {
        serve.insert(serve.end(), {"-c", fast});
      }
    }
    for (const std::string& setting : options_.settings) serve.insert(serve.end(), {"-c", setting});
    pid_ = Spawn(serve);
    for (int i = 0; i < 1200; ++i) {
      if (PQping(Url("postgres").c_str()) == PQPING_OK) return true;
      if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    problem_ = "the server did not start: " + LogText();
    return false;
  }

  /// Ends the server: SIGINT at once but clean, SIGQUIT as after a crash, SIGKILL with all its
  /// processes in the middle of their work.
  void Stop(int signal) {
    if (pid_ <= 0) return;
    std::vector<pid_t> children = ChildrenOf(pid_);
    kill(pid_, signal);
    if (signal == SIGKILL) {
      for (pid_t child : children) kill(child, SIGKILL);
    }
    waitpid(pid_, nullptr, 0);
    for (pid_t child : children) {  // the shared memory is free once they are gone
      for (int i = 0; i < 200 && kill(child, 0) == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    }
    pid_ = -1;
  }

 private:
  static std::string FindBin() {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
      if (std::filesystem::exists(entry.path() / "bin/initdb")) {
        found.push_back(entry.path() / "bin");
      }
    }
    std::sort(found.begin(), found.end());
    return found.empty() ? "" : found.back();
  }

  static std::vector<pid_t> ChildrenOf(pid_t parent) {
    std::vector<pid_t> out;
    std::string id = std::to_string(parent);
    std::ifstream list("/proc/" + id + "/task/" + id + "/children");
    for (pid_t child; list >> child;) out.push_back(child);
    return out;
  }

  pid_t Spawn(const std::vector<std::string>& words) {
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    std::string log = dir_ + "/log";
    pid_t pid = fork();
    if (pid != 0) return pid;
    if (gid_ && (setgid(gid_) != 0 || setuid(uid_) != 0)) _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    setpgid(0, 0);
    int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    int in = open("/dev/null", O_RDONLY);
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    for (int fd = 3; fd < 1024; ++fd) close(fd);
    if (chdir("/") != 0) _exit(126);
    execv(argv[0], argv.data());
    _exit(127);
  }

  std::string LogText() const {
    std::ifstream file(dir_ + "/log");
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }

  Options options_;
  std::string bin_, dir_, problem_;
  uid_t uid_ = 0;
  gid_t gid_ = 0;
  pid_t pid_ = -1;
  int made_ = 0;
};

}  // namespace city::store::testing
