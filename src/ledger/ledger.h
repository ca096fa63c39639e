// SPDX-License-Identifier: Apache-2.0
// The door of the ledger: what is true, since when, who may see it.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/time.h"
#include "ledger/catalogue.h"
#include "ledger/query.h"
#include "ledger/schema.h"
#include "ledger/writer.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Who sends a command, and how a repeated sending is known.
struct CommandInfo {
  Subject who;
  std::string shard;            ///< region code
  std::string idempotency_key;  ///< empty: none
  std::string request;          ///< digest of what was asked, compared when the key comes again
};

/// One city's records. Threads: any.
class Ledger {
 public:
  /// Takes a store that is open. Makes the ledger's own tables. `clock` must outlive it.
  /// With `keys` (which must outlive it and hold kFieldKey and kFieldIndexKey) sealed fields lie
  /// encrypted; without, they lie in clear.
  static Result<std::unique_ptr<Ledger>> Open(store::Store& store, const Clock& clock,
                                              crypto::KeyDevice* keys = nullptr);

  /// Puts a catalogue in force: tables are brought to its declarations in one command and the
  /// version is recorded. Answers what changed. Errors: ledger.needs_reviewed_step when data would
  /// be lost or rewritten. `files` is a JSON object of file name to text, kept so that a version
  /// can be shown and taken back.
  Result<std::vector<SchemaChange>> Install(std::shared_ptr<const Catalogue> catalogue,
                                            const Subject& who, const std::string& summary,
                                            const std::string& files);
  /// What `Install` would do.
  Result<std::vector<SchemaChange>> Plan(const Catalogue& catalogue);

  std::shared_ptr<const Catalogue> catalogue() const;

  /// Runs `work` in one durable command and answers what it answered (JSON text). With an
  /// idempotency key that was seen before, `work` does not run and the first answer is given again;
  /// the same key for another request is refused. `work` may run more than once and must have no
  /// effect outside its writer.
  Result<std::string> Command(const CommandInfo& info,
                              const std::function<Result<std::string>(Writer&)>& work);

  /// Reads, and records the reading when personal data (grade 3 and above) was shown in clear.
  Result<Page> List(const Subject& who, const ListRequest& request);
  Result<One> Read(const Subject& who, std::string_view type, std::string_view id,
                   std::optional<Time> as_of = {});
  Result<std::string> History(const Subject& who, std::string_view type, std::string_view id);

  /// Tells `watcher` of every later change of rows of `type`, inside the same command. Before
  /// serving.
  void Watch(std::string type, Watcher watcher) {
    watchers_[std::move(type)].push_back(std::move(watcher));
  }

  /// Data keys for `types` that are no record types, for engines with tables of their own; null
  /// when the ledger has no keys. Errors: as Vault::Open.
  Result<std::shared_ptr<const Vault>> OpenVault(const std::vector<std::string>& types);

  store::Store& store() { return store_; }
  const Clock& clock() const { return clock_; }

 private:
  Ledger(store::Store& store, const Clock& clock, crypto::KeyDevice* keys)
      : store_(store), clock_(clock), keys_(keys) {}
  Result<void> NoteReading(const Subject& who, std::string_view type,
                           const std::vector<std::string>& ids);

  store::Store& store_;
  const Clock& clock_;
  Watchers watchers_;
  crypto::KeyDevice* keys_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Catalogue> catalogue_ = std::make_shared<Catalogue>();
};
}  // namespace city::ledger
