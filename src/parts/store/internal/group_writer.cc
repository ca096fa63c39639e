// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Nobody hears a result before the commit that carries it is durable.
#include "parts/store/internal/group_writer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

// After a replay the next groups run marked at once: failures come in spells, and a savepoint costs
// less than running a group twice.
constexpr int kCarefulGroups = 16;

thread_local bool on_writer_thread = false;

void Back(int attempt) {
  std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 << attempt, 200)));
}

}  // namespace

GroupWriter::GroupWriter(std::unique_ptr<Session> session, Limits limits, Counters& counters)
    : session_(std::move(session)),
      limits_(limits),
      counters_(counters),
      queue_(limits.queue_limit),
      thread_([this] { Run(); }) {}

GroupWriter::~GroupWriter() { Close(); }

Result<void> GroupWriter::Command(Work work) {
  if (on_writer_thread) return error::kNestedCommand;
  Pending pending(std::move(work));
  switch (queue_.Push(&pending)) {
    case CommandQueue::Put::kFull:
      ++counters_.refused;
      return error::kQueueFull;
    case CommandQueue::Put::kClosed:
      return error::kClosed;
    case CommandQueue::Put::kTaken:
      break;
  }
  Await(pending);
  return std::move(pending.result);
}

void GroupWriter::Submit(Work work, Done done) {
  auto pending = std::make_unique<Pending>(std::move(work));
  pending->done = std::move(done);
  switch (queue_.Push(pending.get())) {
    case CommandQueue::Put::kFull:
      ++counters_.refused;
      pending->done(error::kQueueFull);
      return;
    case CommandQueue::Put::kClosed:
      pending->done(error::kClosed);
      return;
    case CommandQueue::Put::kTaken:
      pending.release();  // NOLINT(bugprone-unused-return-value): the writer frees it in Finish
      return;
  }
}

void GroupWriter::Close() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

void GroupWriter::Run() {
  on_writer_thread = true;
  std::vector<Pending*> group;
  bool idle_done = false;
  while (queue_.Take(group, limits_.max_group, limits_.idle)) {
    if (group.empty()) {
      if (!idle_done) idle_done = session_->Idle();
      continue;
    }
    idle_done = false;
    Handle(group);
  }
  session_.reset();  // the connection closes on the thread that used it
}

void GroupWriter::Handle(std::vector<Pending*>& group) {
  bool done = false;
  if (group.size() == 1) {
    Alone(*group.front());
    done = true;
  } else if (careful_groups_ == 0) {
    for (int attempt = 0; !done; ++attempt) {
      done = Together(group);
      if (done || !passing_ || attempt >= limits_.passing_retries) break;
      Back(attempt);
    }
    if (!done) {
      ++counters_.replays;
      careful_groups_ = kCarefulGroups;
    }
  } else {
    --careful_groups_;
  }
  if (!done) done = Marked(group);
  if (!done) {
    for (Pending* pending : group) Alone(*pending);
  }

  counters_.commands += group.size();
  uint64_t largest = counters_.largest_group;
  if (group.size() > largest) counters_.largest_group = group.size();
  for (Pending* pending : group) {
    if (!pending->result) ++counters_.failed;
    Finish(pending);
  }
}

// Runs the command and folds the statements' own failures into its result.
Result<void> GroupWriter::Call(Pending& pending) {
  Tx& tx = session_->Start();
  Result<void> result;
  try {
    result = pending.work(tx);
  } catch (const std::exception& thrown) {
    result = error::kCommandThrew({{"detail", thrown.what()}});
  } catch (...) {
    result = error::kCommandThrew({{"detail", "not a std::exception"}});
  }
  if (result && !session_->failure()) result = session_->failure();
  return result;
}

bool GroupWriter::Undo() {
  passing_ = session_->Passing();
  session_->Rollback();
  return false;
}

// True when every command of the group has its result; else nothing of the group is kept.
bool GroupWriter::CommitFor(const std::vector<Pending*>& group) {
  Result<void> failure;
  switch (session_->Commit(failure)) {
    case Verdict::kDurable:
      ++counters_.groups;
      return true;
    case Verdict::kNothing:
      return Undo();
    case Verdict::kUnknown:
      for (Pending* pending : group) {
        if (pending->result) pending->result = failure;
      }
      return true;
  }
  return false;
}

bool GroupWriter::Begin(const std::vector<Pending*>& group) {
  Result<void> begun = session_->Begin();
  if (begun) return true;
  for (Pending* pending : group) pending->result = begun;
  return false;
}

bool GroupWriter::Together(const std::vector<Pending*>& group) {
  if (!Begin(group)) return true;
  for (Pending* pending : group) {
    pending->result = Call(*pending);
    // A command that only looked and said no leaves nothing to undo.
    if (!pending->result && (session_->wrote() || !session_->failure())) return Undo();
  }
  return CommitFor(group);
}

bool GroupWriter::Marked(const std::vector<Pending*>& group) {
  if (!Begin(group)) return true;
  for (Pending* pending : group) {
    if (!session_->Mark()) return Undo();
    pending->result = Call(*pending);
    if (Result<void> settled = session_->Settle(); pending->result && !settled) {
      pending->result = settled;
    }
    bool passing = !pending->result && session_->Passing();
    if (passing || !(pending->result ? session_->KeepMark() : session_->BackToMark())) {
      return Undo();
    }
  }
  return CommitFor(group);
}

void GroupWriter::Alone(Pending& pending) {
  for (int attempt = 0;; ++attempt) {
    pending.result = session_->Begin();
    if (!pending.result) return;
    pending.result = Call(pending);
    if (pending.result) {
      Result<void> failure;
      switch (session_->Commit(failure)) {
        case Verdict::kDurable:
          ++counters_.groups;
          return;
        case Verdict::kUnknown:
          pending.result = failure;
          return;
        case Verdict::kNothing:
          pending.result = failure;
          break;
      }
    }
    Undo();
    if (!passing_ || attempt >= limits_.passing_retries) return;
    Back(attempt);
  }
}

}  // namespace city::store::internal
