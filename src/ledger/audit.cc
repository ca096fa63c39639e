// SPDX-License-Identifier: Apache-2.0
#include "ledger/audit.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "parts/crypto/crypto.h"

namespace city::ledger {
namespace {
const std::string kNoHash(64, '0');
constexpr int kPage = 2000;

std::string HashOf(std::string_view before, std::string_view chain, int64_t seq, int64_t at,
                   std::string_view actor, std::string_view actor_name, std::string_view act,
                   std::string_view object_type, std::string_view object_id,
                   std::string_view region, std::string_view purpose, std::string_view address,
                   std::string_view detail) {
  std::string text(before);
  text += "\n[";
  AppendJsonString(text, chain);
  text += fmt::format(",{},{}", seq, at);
  for (std::string_view part :
       {actor, actor_name, act, object_type, object_id, region, purpose, address, detail}) {
    text += ',';
    AppendJsonString(text, part);
  }
  text += ']';
  return crypto::ToHex(crypto::Sm3(text));
}

std::string SealText(std::string_view chain, int64_t seq, std::string_view hash, int64_t at) {
  return fmt::format("{}|{}|{}|{}", chain, seq, hash, at);
}
/// How a name stands in the log: citizens are known by their account, their names stay out of it.
std::string NameInLog(const Subject& who) {
  if (who.kind != "citizen") return who.name;
  std::string out;
  for (char32_t point : CodePoints(who.name)) {
    if (out.empty())
      AppendUtf8(out, point);
    else
      out += '*';
  }
  return out;
}
}  // namespace

std::string ChainOf(std::string_view shard) {
  return shard.empty() ? "000000" : std::string(shard.substr(0, 6));
}

Result<void> AppendAudit(store::Tx& tx, std::string_view chain, const Subject& who, Time now,
                         const std::vector<AuditLine>& lines) {
  if (lines.empty()) return {};
  std::string name(chain);
  const char* head_sql = tx.dialect() == store::Dialect::kSqlite
                             ? "select seq, hash from audit_head where chain = $1"
                             : "select seq, hash from audit_head where chain = $1 for update";
  int64_t seq = 0;
  std::string hash = kNoHash;
  bool known = false;
  {
    TRY(store::Rows head, tx.Query(head_sql, {name}));
    if (head.Next()) {
      known = true;
      seq = head.Int(0);
      hash = head.Text(1);
    }
  }
  int64_t at = ToMicros(now);
  std::string name_in_log = NameInLog(who);
  for (const AuditLine& line : lines) {
    ++seq;
    hash = HashOf(hash, name, seq, at, who.account, name_in_log, line.act, line.object_type,
                  line.object_id, line.region, who.purpose, who.address, line.detail);
    TRY_VOID(tx.Enqueue(
        "insert into audit (chain, seq, at, actor, actor_name, act, object_type, object_id, "
        "region, purpose, "
        "address, detail, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        {name, seq, at, who.account, name_in_log, line.act, line.object_type, line.object_id,
         line.region, who.purpose, who.address, line.detail, hash}));
  }
  if (known)
    return tx.Enqueue("update audit_head set seq = $2, hash = $3 where chain = $1",
                      {name, seq, hash}, 1);
  return tx.Enqueue("insert into audit_head (chain, seq, hash) values ($1, $2, $3)",
                    {name, seq, hash});
}

Result<int> SealAudit(store::Tx& tx, Time now, const std::string& key_name, const Signer& sign) {
  struct Head {
    std::string chain;
    int64_t seq;
    std::string hash;
  };
  std::vector<Head> heads;
  {
    TRY(store::Rows rows,
        tx.Query("select h.chain, h.seq, h.hash from audit_head h where not exists (select 1 from "
                 "audit_seal s where s.chain = h.chain and s.seq = h.seq) order by h.chain"));
    while (rows.Next())
      heads.push_back({std::string(rows.Text(0)), rows.Int(1), std::string(rows.Text(2))});
  }
  int64_t at = ToMicros(now);
  for (const Head& head : heads) {
    TRY(std::string signature, sign(SealText(head.chain, head.seq, head.hash, at)));
    TRY_VOID(
        tx.Enqueue("insert into audit_seal (chain, seq, hash, at, key_name, signature) values ($1, "
                   "$2, $3, $4, $5, $6)",
                   {head.chain, head.seq, head.hash, at, key_name, signature}));
  }
  return static_cast<int>(heads.size());
}

Result<AuditReport> VerifyAudit(store::Reader& reader, const Verifier& verify) {
  AuditReport report;
  auto broken = [&](std::string_view chain, int64_t seq, std::string_view why) {
    if (report.first_broken.empty())
      report.first_broken = fmt::format("chain {} line {}: {}", chain, seq, why);
  };
  struct Seal {
    std::string chain;
    int64_t seq;
    std::string hash;
    bool seen = false;
  };
  std::vector<Seal> seals;
  {
    TRY(store::Rows rows,
        reader.Query("select chain, seq, hash, at, signature from audit_seal order by chain, seq"));
    while (rows.Next()) {
      Seal seal{std::string(rows.Text(0)), rows.Int(1), std::string(rows.Text(2))};
      if (!verify(SealText(seal.chain, seal.seq, seal.hash, rows.Int(3)), rows.Text(4)))
        broken(seal.chain, seal.seq, "the signature of its seal is not good");
      seals.push_back(std::move(seal));
    }
    TRY_VOID(rows.status());
  }
  report.seals = static_cast<int64_t>(seals.size());
  std::string chain, hash = kNoHash;
  int64_t seq = 0, last_sealed = 0;
  size_t at_seal = 0;
  std::vector<std::pair<std::string, std::pair<int64_t, std::string>>> ends;
  bool more = true;
  while (more) {
    TRY(store::Rows rows, reader.Query("select chain, seq, at, actor, actor_name, act, "
                                       "object_type, object_id, region, purpose, address, detail, "
                                       "hash from audit where chain > $1 or (chain = $1 and seq > "
                                       "$2) order by chain, seq limit $3",
                                       {chain, seq, int64_t{kPage}}));
    int got = 0;
    while (rows.Next()) {
      ++got;
      std::string this_chain(rows.Text(0));
      if (this_chain != chain) {
        if (!chain.empty()) ends.push_back({chain, {seq, hash}});
        report.unsealed += chain.empty() ? 0 : seq - last_sealed;
        chain = this_chain;
        seq = 0;
        last_sealed = 0;
        hash = kNoHash;
        ++report.chains;
      }
      int64_t this_seq = rows.Int(1);
      if (this_seq != seq + 1) broken(chain, seq + 1, "the line is missing");
      std::string made =
          HashOf(hash, chain, this_seq, rows.Int(2), std::string(rows.Text(3)),
                 std::string(rows.Text(4)), std::string(rows.Text(5)), std::string(rows.Text(6)),
                 std::string(rows.Text(7)), std::string(rows.Text(8)), std::string(rows.Text(9)),
                 std::string(rows.Text(10)), std::string(rows.Text(11)));
      std::string stored(rows.Text(12));
      if (made != stored) broken(chain, this_seq, "the line does not match its hash");
      hash = stored;
      seq = this_seq;
      ++report.lines;
      while (at_seal < seals.size() &&
             (seals[at_seal].chain < chain ||
              (seals[at_seal].chain == chain && seals[at_seal].seq < seq))) {
        if (!seals[at_seal].seen)
          broken(seals[at_seal].chain, seals[at_seal].seq, "the sealed line is missing");
        ++at_seal;
      }
      if (at_seal < seals.size() && seals[at_seal].chain == chain && seals[at_seal].seq == seq) {
        seals[at_seal].seen = true;
        last_sealed = seq;
        if (seals[at_seal].hash != hash) broken(chain, seq, "the line differs from its seal");
      }
    }
    TRY_VOID(rows.status());
    more = got == kPage;
  }
  if (!chain.empty()) {
    ends.push_back({chain, {seq, hash}});
    report.unsealed += seq - last_sealed;
  }
  for (const Seal& seal : seals)
    if (!seal.seen) broken(seal.chain, seal.seq, "the sealed line is missing");
  TRY(store::Rows heads, reader.Query("select chain, seq, hash from audit_head order by chain"));
  while (heads.Next()) {
    bool found = false;
    for (const auto& [name, end] : ends)
      if (name == heads.Text(0)) {
        found = true;
        if (end.first != heads.Int(1) || end.second != heads.Text(2))
          broken(name, end.first + 1, "lines are missing at the end");
      }
    if (!found) broken(std::string(heads.Text(0)), 1, "all lines of the chain are missing");
  }
  return report;
}
}  // namespace city::ledger
