// SPDX-License-Identifier: Apache-2.0
// State of one process instance: what lives, what is waited for; a fold of its log.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "engines/flow/definition.h"

namespace city::flow {

/// Number of something alive within an instance; 0: none. Never reused.
using Key = std::uint32_t;

enum class LiveState : std::uint8_t {
  kActive,    ///< a level or loop with something inside, or an activity at work
  kWaiting,   ///< rests until a person, a job, a message or a time
  kIncident,  ///< stands still until somebody helps
  kCompensating,
};

/// Where a seat stands.
enum class SeatState : std::uint8_t {
  kPending,  ///< its turn has not come
  kOpen,     ///< on somebody's list
  kApproved,
  kRejected,
  kRemoved,
  kAnswered,  ///< a consultation that has its answer
};

/// How a seat came to be.
enum class SeatOrigin : std::uint8_t { kModel, kBefore, kAfter, kBeside, kConsult };

/// One place at a user task: a person (or candidates) who must act.
struct Seat {
  std::uint32_t id = 0;  ///< from 1 within its task
  SeatState state = SeatState::kPending;
  SeatOrigin origin = SeatOrigin::kModel;
  bool assigned = false;   ///< given to the person by model or colleague, not claimed
  bool touched = false;    ///< the person has begun
  std::uint32_t turn = 0;  ///< order of sequential signing
  std::uint32_t host = 0;  ///< seat that asked for it (before, after, consult)
  std::string person;
  std::string owner;  ///< who delegated it and gets it back
  std::vector<std::string> users;
  std::vector<std::string> groups;
  std::string draft;   ///< JSON text
  std::string remark;  ///< what was said on signing
  bool operator==(const Seat&) const = default;
};

/// What few live things need.
struct Extra {
  json::object variables;
  json::array items;        ///< collection of a multi-instance body
  json::array results;      ///< output collection being filled
  std::vector<Seat> seats;  ///< of a user task
  std::int64_t due = 0;     ///< of a user task, microseconds; 0: none
  std::int32_t priority = 50;
  std::vector<std::uint32_t> pending;  ///< completions still to be compensated, last first
  std::uint32_t compensates = 0;       ///< completion whose inside this compensates
  std::string text;                    ///< incident: message; job: type
  std::string code;                    ///< incident: kind
  std::int32_t retries = 0;            ///< of a job
  std::uint8_t phase = 0;              ///< incident: which step failed
};

/// Something alive: a level, a loop, an activity at work, an event waited for.
struct Live {
  Key key = 0;
  Key parent = 0;
  Index node = kNone;
  LiveState state = LiveState::kActive;
  bool has_scope = false;       ///< owns variables
  bool isolated = false;        ///< sees nothing outside: a process
  std::int32_t loop = 0;        ///< number of a loop instance, from 1; 0: not one
  bool body = false;            ///< the loop around its instances
  std::uint32_t active = 0;     ///< living children and resting tokens
  std::uint32_t total = 0;      ///< loop: how many in all
  std::uint32_t created = 0;    ///< loop: begun
  std::uint32_t completed = 0;  ///< loop: done
  std::uint32_t moving = 0;     ///< tokens in motion during a command; zero at rest, not stored
  std::unique_ptr<Extra> extra;

  Extra& more() {
    if (!extra) extra = std::make_unique<Extra>();
    return *extra;
  }
};

/// Tokens that rest on a flow before a join.
struct Arrival {
  Key scope = 0;
  Index flow = kNone;
  std::uint32_t count = 0;
};

/// One event waited for.
struct Wait {
  Key owner = 0;           ///< live thing (or level, for event sub-processes)
  Index node = kNone;      ///< boundary, start or catch event
  std::uint32_t spec = 0;  ///< which of its events
  EventKind kind = EventKind::kMessage;
  bool seen = false;      ///< parallel multiple: has happened; conditional: was true last time
  std::int64_t due = 0;   ///< timers: microseconds
  std::int64_t left = 0;  ///< timers: firings that remain; -1 for ever
  std::string name;
  std::string key;  ///< messages: correlation key
};

/// A completed activity that can be compensated.
struct Completion {
  std::uint32_t id = 0;
  Key scope = 0;             ///< living level it belongs to; 0 when inside another completion
  std::uint32_t inside = 0;  ///< the completion of its level, once that is complete
  Index node = kNone;
  std::string variables;  ///< its level's variables at that time, JSON text
};

/// The latest completion of a user task at a node: for returns and withdrawals.
struct Step {
  Index node = kNone;
  Key scope = 0;
  Key key = 0;
  std::string person;
};

enum class InstanceState : std::uint8_t { kRunning, kSuspended, kCompleted, kTerminated };

/// One instance. Movable; `Encode` gives its compact, versioned bytes.
struct Instance {
  Index process = kNone;
  InstanceState state = InstanceState::kRunning;
  std::uint32_t version = 0;  ///< one more with every command
  Key last_key = 0;
  std::uint32_t last_completion = 0;
  std::string business_key;
  std::string starter;
  std::int64_t started = 0;
  std::vector<Live> lives;  ///< by key, ascending
  std::vector<Arrival> arrivals;
  std::vector<Wait> waits;
  std::vector<Completion> completions;
  std::vector<Step> trail;

  Live* Find(Key key);
  const Live* Find(Key key) const;
  bool ended() const {
    return state == InstanceState::kCompleted || state == InstanceState::kTerminated;
  }
  /// Variables visible at a live thing, innermost first.
  Variables Scopes(Key key) const;
  /// Compact bytes, format version 1.
  std::string Encode() const;
  /// Errors: kInternal `flow.bad_state`; never crashes on strange bytes.
  static Result<Instance> Decode(std::string_view bytes);
};

/// What a log line says. The value is stored: add at the end only.
enum class LogKind : std::uint8_t {
  kCommand = 1,  ///< verb (text), actor (name), at (a), reason (more)
  kCreated,      ///< node, business key (text), starter (name), at (a)
  kEntered,      ///< key, parent, node, a: loop number, b: body flag
  kPassed,       ///< history only: a gateway or event let a token through; key: its level
  kLeft,         ///< key, node, text: completed / cancelled
  kArrived,      ///< parent: level, node: flow, a: tokens
  kConsumed,     ///< parent: level, node: flow, a: tokens
  kWaiting,      ///< key, node, a: spec, b: due, c: left, d: kind, name, text: key
  kWaitChanged,  ///< key, node, a: spec, b: due, c: left, d: seen
  kUnwaited,     ///< key, node, a: spec
  kVariable,     ///< key: scope, name, value
  kState,        ///< key, a: LiveState
  kLoop,         ///< key, a: total, b: created, c: completed
  kItems,        ///< key, value: collection
  kResult,       ///< key, a: place, value
  kSeat,         ///< key, seat
  kTaskInfo,     ///< key, a: due, b: priority
  kJob,          ///< key, text: type, a: retries
  kCompleted,    ///< a: completion id, parent: level, node, text: variables
  kFolded,       ///< a: completion id, parent: level whose completions move inside it
  kCompensated,  ///< a: completion id is done with
  kPending,      ///< key, ids in text; a: compensates
  kIncident,     ///< key, name: code, text: message, a: phase
  kSolved,       ///< key
  kTrail,        ///< key, parent: level, node, name: person
  kInstance,     ///< a: InstanceState
  kScope,        ///< key owns variables from now on; a: isolated
  kNote,         ///< history only: name: what, text: words, key: where
  kMigrated,     ///< value: {nodes: [[old, new]…], flows: [[old, new]…]}; new -1: dropped
};

/// One line of the history. Lines of one command follow a kCommand line.
struct LogLine {
  LogKind kind = LogKind::kNote;
  Key key = 0;
  Key parent = 0;
  Index node = kNone;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t c = 0;
  std::int64_t d = 0;
  std::string name;
  std::string text;
  json::value value;
  std::shared_ptr<const Seat> seat;
};

/// Applies one line to a state. The engine changes state through this function alone, so
/// state = fold(log) holds by construction.
void Fold(Instance& instance, const LogLine& line);

/// Bytes of log lines, for storing; and back. Errors: kInternal `flow.bad_state`.
std::string EncodeLog(const std::vector<LogLine>& lines);
Result<std::vector<LogLine>> DecodeLog(std::string_view bytes);

/// What is waited on or searched, one row each.
enum class RowKind : std::uint8_t {
  kTask = 1,  ///< an open seat: key, part = seat; value = person; groups, users; due
  kTimer,     ///< due
  kMessage,   ///< name, value = correlation key
  kSignal,    ///< name
  kJob,       ///< name = type
  kIncident,  ///< name = code, value = message
  kVariable,  ///< name, value: declared for search
};

struct Row {
  RowKind kind = RowKind::kTask;
  Key key = 0;
  std::uint32_t part = 0;
  Index node = kNone;
  std::int64_t due = 0;
  std::int32_t priority = 0;
  std::string name;
  std::string value;
  std::vector<std::string> users;
  std::vector<std::string> groups;
  bool operator==(const Row&) const = default;
  auto operator<=>(const Row&) const = default;
};

/// The index rows of a state, sorted. A pure function: what is stored must equal it.
std::vector<Row> RowsOf(const Definition& definition, const Instance& instance);

}  // namespace city::flow
