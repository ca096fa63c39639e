// SPDX-License-Identifier: Apache-2.0
// Writing records inside one command: checks, rights, history, search words, audit lines and
// outgoing messages together.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/audit.h"
#include "ledger/catalogue.h"
#include "ledger/subject.h"
#include "parts/store/store.h"

namespace city::ledger {

class Writer;
/// Called inside the command that changed a row, with the rights of an engine. What it refuses
/// refuses the change.
using Watcher =
    std::function<Result<void>(Writer&, const json::object& before, const json::object& after)>;
/// Watchers by record type.
using Watchers = std::map<std::string, std::vector<Watcher>, std::less<>>;

struct Written {
  std::string id;
  int64_t version = 1;
  std::vector<std::string> doubtful;  ///< fields whose value is allowed but fails a check
};

/// Lives as long as one command. Nothing it does is kept unless `Finish` succeeds and the command
/// commits.
class Writer {
 public:
  /// `shard` is the region code that the command was sent to.
  Writer(const Catalogue& catalogue, store::Tx& tx, Subject who, Time now, std::string shard);

  /// Whom changes of rows are told to; must outlive the writer.
  void SetWatchers(const Watchers* watchers) { watchers_ = watchers; }

  /// A new row. `region` falls back to the shard. `id` may be given (imports), else a new key is
  /// made. Errors: ledger.forbidden, ledger.invalid_fields (one detail a field), ledger.duplicate.
  Result<Written> Create(std::string_view type, const json::object& values, std::string region = {},
                         std::string id = {});
  /// Changes the named fields only. `expected` is the version that the caller saw; none skips the
  /// check. Errors: ledger.not_found, ledger.changed_meanwhile, ledger.ended, ledger.forbidden,
  /// ledger.invalid_fields.
  Result<Written> Update(std::string_view type, std::string_view id, const json::object& changes,
                         std::optional<int64_t> expected = {});
  /// Ends a row: it stays readable as of earlier days.
  Result<Written> End(std::string_view type, std::string_view id,
                      std::optional<int64_t> expected = {});

  /// Records an act that is not a plain write. `detail` is a JSON object.
  void Note(AuditLine line) { lines_.push_back(std::move(line)); }
  /// Puts a message into the outbox: it leaves at least once, after the commit.
  Result<void> Send(std::string_view topic, std::string_view subject, const json::value& payload);
  /// The next whole number of a named series, from 1. Serialises with others of the same name.
  Result<int64_t> NextNumber(std::string_view series);

  /// Appends the audit lines; called once at the end.
  Result<void> Finish();

  /// Makes the search words of all rows of a type anew.
  static Result<void> IndexAgain(store::Tx& tx, const KnownType& known);

  /// The same command with an engine acting: rights were checked before.
  void ActAsEngine() { who_.system = true; }

  store::Tx& tx() { return tx_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const Subject& who() const { return who_; }
  Time now() const { return now_; }
  const std::string& shard() const { return shard_; }

 private:
  struct Values;
  Result<Values> Check(const KnownType& known, const json::object& values, bool creating) const;
  Result<void> CheckRow(const KnownType& known, const std::string& id) const;
  Result<void> CheckMoves(const KnownType& known, const Values& values,
                          const std::string& id) const;
  Result<void> IndexWords(const KnownType& known, const std::string& id, bool fresh);

  const Catalogue& catalogue_;
  store::Tx& tx_;
  Subject who_;
  Time now_;
  std::string shard_;
  const Watchers* watchers_ = nullptr;
  std::vector<AuditLine> lines_;
};
}  // namespace city::ledger
