// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The record is a table of the store itself, so a backup carries it.
#include "parts/store/internal/migrations.h"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <map>
#include <thread>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

constexpr std::string_view kTable =
    "create table if not exists store_migrations (area text not null, number bigint not null, "
    "name text not null, sm3 text not null, applied_at bigint not null, "
    "primary key (area, number))";

// Whether the step still has to run; an error when the record contradicts it.
Result<bool> IsDue(Tx& tx, const Migration& step, const std::string& sm3) {
  TRY(Rows same, tx.Query("select sm3 from store_migrations where area = $1 and number = $2",
                          {step.area, step.number}));
  if (same.Next()) {
    if (same.Text(0) == sm3) return false;
    return error::kMigrationChanged({{"area", step.area}, {"number", std::to_string(step.number)}});
  }
  TRY(Rows later, tx.Query("select 1 from store_migrations where area = $1 and number > $2 limit 1",
                           {step.area, step.number}));
  if (later.Next()) {
    return error::kMigrationOrder({{"area", step.area}, {"number", std::to_string(step.number)}});
  }
  return true;
}

}  // namespace

std::string Sm3Hex(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sm3(), nullptr) == 1);
  std::string out;
  for (unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Result<void> RunMigrations(Store& store, std::span<const Migration> steps,
                           std::string_view before_each) {
  std::map<std::string_view, int64_t> last;
  for (const Migration& step : steps) {
    if (step.number <= last[step.area]) {
      return error::kMigrationOrder({{"area", step.area}, {"number", std::to_string(step.number)}});
    }
    last[step.area] = step.number;
  }
  // Programs that start at the same time may both find the table missing; the second one clashes.
  Result<void> made;
  for (int attempt = 0; attempt < 10; ++attempt) {
    made = store.Command("", [](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Execute(kTable));
      return {};
    });
    if (made || !made.error().Is(error::kUnique)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  TRY_VOID(made);
  for (const Migration& step : steps) {
    const bool postgres = store.dialect() == Dialect::kPostgres && !step.postgres.empty();
    const std::string& text = postgres ? step.postgres : step.sql;
    // Both texts are recorded as one, so a store moved between engines keeps its record.
    const std::string sm3 = Sm3Hex(step.sql + '\0' + step.postgres);
    const int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
    TRY_VOID(store.Command("", [&](Tx& tx) -> Result<void> {
      if (!before_each.empty()) TRY_VOID(tx.Execute(before_each));
      TRY(bool due, IsDue(tx, step, sm3));
      if (!due) return {};
      TRY_VOID(tx.Script(text));
      TRY_VOID(
          tx.Execute("insert into store_migrations (area, number, name, sm3, applied_at) "
                     "values ($1, $2, $3, $4, $5)",
                     {step.area, step.number, step.name, sm3, now}));
      return {};
    }));
  }
  return {};
}

}  // namespace city::store::internal
