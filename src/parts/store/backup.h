// SPDX-License-Identifier: Apache-2.0
// Why: a backup is a folder that proves itself: the store, the files beside it, and a manifest that
// names every part with its size and SM3.
//
//   store.db | store.pgdump   the store (SQLite database | archive of pg_dump)
//   files/…                   the attachment folder
//   manifest.json             {"format":1,"made_at":"…","engine":"sqlite|postgresql",
//                              "entries":[{"path":"…","size":n,"sm3":"…"}]}, sorted by path
//   manifest.sm3              64 hex signs: SM3 of manifest.json; written last
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "parts/store/store.h"

namespace city::store {

/// What a backup holds.
struct BackupReport {
  std::string engine;   ///< "sqlite" or "postgresql"
  std::string made_at;  ///< China time, ISO
  uint64_t files = 0;   ///< parts besides the manifest
  uint64_t bytes = 0;   ///< their size
  std::string sm3;      ///< of the manifest: who knows it can tell this backup from any other
};

/// Writes a backup of `store` and of the folder `files` (empty: none) into the new folder `target`
/// while work goes on. The store is copied first, so every file that it names is in the backup as
/// long as files are only added. Errors: kConflict `store.backup_exists`, `store.backup_failed`.
Result<BackupReport> MakeBackup(Store& store, const std::string& files, const std::string& target,
                                Time now);

/// Reads every byte of the backup `source` and compares it with its manifest.
/// Errors: `store.backup_incomplete`, `store.backup_changed` with the first part that differs.
Result<BackupReport> CheckBackup(const std::string& source);

/// Checks `source`, then restores it into the store `url` (a new file, or an empty database) and
/// the folder `files` (new or empty; when empty text, no files are restored).
/// Errors: those of CheckBackup, `store.restore_not_empty`, `store.restore_engine`,
/// `store.backup_failed`.
Result<BackupReport> RestoreBackup(const std::string& source, const std::string& url,
                                   const std::string& files);

}  // namespace city::store
