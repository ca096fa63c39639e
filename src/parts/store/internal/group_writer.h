// SPDX-License-Identifier: Apache-2.0
// Why: the rule that one commit carries many commands, and that a failing one never spoils its
// neighbours, is written once for both engines.
//
// A group is tried in up to three ways:
//   together    all commands in one transaction, no savepoints (the fast and usual way)
//   marked      one transaction, each command under a savepoint that a failure goes back to
//   alone       each command in a transaction of its own (when the commit itself refused)
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "parts/store/internal/command_queue.h"

namespace city::store::internal {

/// What became of a commit.
enum class Verdict {
  kDurable,  ///< everything since Begin is kept
  kNothing,  ///< nothing is kept; `failure` says why
  kUnknown,  ///< the engine went away and cannot be asked
};

/// One writer connection as the group rule needs it. Threads: the writer's.
class Session {
 public:
  virtual ~Session() = default;

  /// Opens a transaction, connecting again where that is needed. A failure is final: it has been
  /// tried for as long as makes sense.
  virtual Result<void> Begin() = 0;
  /// The transaction handed to a command; clears failure() and wrote().
  virtual Tx& Start() = 0;
  /// The first failed statement since Start.
  virtual const Result<void>& failure() const = 0;
  /// Whether a statement that can change something ran since Start.
  virtual bool wrote() const = 0;
  /// Waits for what was enqueued since Start and reports the first failure.
  virtual Result<void> Settle() = 0;
  virtual Result<void> Mark() = 0;
  virtual Result<void> KeepMark() = 0;
  virtual Result<void> BackToMark() = 0;
  /// Ends the transaction. Rollback may follow, and Begin.
  virtual Verdict Commit(Result<void>& failure) = 0;
  /// Undoes what is open, if anything.
  virtual void Rollback() = 0;
  /// Whether the last failure passes by itself (a clash with another writer, a lost connection),
  /// so that the same commands may be tried again.
  virtual bool Passing() const = 0;
  /// Called when nothing has come for a while; must not wait for anybody. False to be called again
  /// after the next while.
  virtual bool Idle() { return true; }
};

/// Counters that writers share.
struct Counters {
  std::atomic<uint64_t> commands{0}, failed{0}, groups{0}, replays{0}, refused{0}, reconnects{0},
      largest_group{0}, checkpoints{0};

  void Fill(Stats& out) const {
    out.commands = commands;
    out.failed = failed;
    out.groups = groups;
    out.replays = replays;
    out.refused = refused;
    out.reconnects = reconnects;
    out.largest_group = largest_group;
    out.checkpoints = checkpoints;
  }
};

/// A thread that makes the commands of its queue durable through its session.
class GroupWriter {
 public:
  struct Limits {
    size_t max_group = 512;
    size_t queue_limit = 8192;
    std::chrono::milliseconds idle{1000};
    int passing_retries = 8;  ///< how often a passing failure is tried again
  };

  GroupWriter(std::unique_ptr<Session> session, Limits limits, Counters& counters);
  ~GroupWriter();

  Result<void> Command(Work work);
  void Submit(Work work, Done done);
  void Close();
  size_t waiting() const { return queue_.size(); }

 private:
  void Run();
  void Handle(std::vector<Pending*>& group);
  bool Begin(const std::vector<Pending*>& group);
  bool Together(const std::vector<Pending*>& group);
  bool Marked(const std::vector<Pending*>& group);
  void Alone(Pending& pending);
  Result<void> Call(Pending& pending);
  bool Undo();
  bool CommitFor(const std::vector<Pending*>& group);

  std::unique_ptr<Session> session_;
  const Limits limits_;
  Counters& counters_;
  CommandQueue queue_;
  int careful_groups_ = 0;
  bool passing_ = false;  // whether what was undone last may be tried again
  std::thread thread_;
};

}  // namespace city::store::internal
