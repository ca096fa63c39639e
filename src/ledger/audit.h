// SPDX-License-Identifier: Apache-2.0
// The append-only log of who did what: each line carries the SM3 of the line before, heads are
// signed with SM2.
//
// Line i of a chain: hash = SM3(hash of line i-1 || "\n" || the line's columns as a JSON array).
// A chain belongs to a shard (the first 6 digits of a region), so that shards never wait for each
// other. A seal signs "chain|seq|hash|at" with the city's audit key; verification needs only the
// public key.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/subject.h"
#include "parts/store/store.h"

namespace city::ledger {

/// One act to be recorded.
struct AuditLine {
  std::string act;
  std::string object_type;
  std::string object_id;
  std::string region;
  std::string detail = "{}";  ///< JSON object
};

/// Chain that a shard's lines belong to.
std::string ChainOf(std::string_view shard);

/// Appends lines to the chain inside a command.
Result<void> AppendAudit(store::Tx& tx, std::string_view chain, const Subject& who, Time now,
                         const std::vector<AuditLine>& lines);

/// Signs bytes; answers the signature as hex text.
using Signer = std::function<Result<std::string>(std::string_view)>;
/// Whether a hex signature over bytes is good.
using Verifier = std::function<bool(std::string_view bytes, std::string_view signature)>;

/// Signs the head of every chain that grew since its last seal, inside a command. Answers how many
/// were signed.
Result<int> SealAudit(store::Tx& tx, Time now, const std::string& key_name, const Signer& sign);

/// What a check of the whole log found.
struct AuditReport {
  int64_t lines = 0;
  int64_t chains = 0;
  int64_t seals = 0;
  int64_t unsealed = 0;      ///< lines after the last seal of their chain
  std::string first_broken;  ///< "chain 440200 line 17: …"; empty when all holds
  bool Good() const { return first_broken.empty(); }
};

/// Reads the whole log in order and checks hashes, gaps and seals. Memory: one page of lines.
Result<AuditReport> VerifyAudit(store::Reader& reader, const Verifier& verify);
}  // namespace city::ledger
