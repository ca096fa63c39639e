// SPDX-License-Identifier: Apache-2.0
// Why: a suite runs on both engines by asking here for a fresh store; other libraries' tests may
// use it too.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "parts/store/store.h"
#include "parts/store/testing/throwaway_postgres.h"

namespace city::store::testing {

/// The server that the tests of this program share; started when first asked for.
inline ThrowawayPostgres& SharedPostgres() {
  static ThrowawayPostgres server;
  return server;
}

/// A place for a fresh store of one engine; empty on construction, gone on destruction.
class FreshPlace {
 public:
  explicit FreshPlace(Dialect dialect) : dialect_(dialect) {
    if (dialect == Dialect::kPostgres) {
      EXPECT_EQ(SharedPostgres().problem(), "");
      url_ = SharedPostgres().NewDatabase();
      return;
    }
    char name[] = "/tmp/yiwang-store-XXXXXX";
    folder_ = mkdtemp(name);
    url_ = "sqlite:" + folder_ + "/city.db";
  }
  ~FreshPlace() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  FreshPlace(const FreshPlace&) = delete;
  FreshPlace& operator=(const FreshPlace&) = delete;

  const std::string& url() const { return url_; }

  /// Opens the store there; fails the test when that does not work.
  std::unique_ptr<Store> Open() const {
    Result<std::unique_ptr<Store>> store = store::Open(url_);
    EXPECT_TRUE(store) << (store ? "" : store.error().ToLine());
    return store ? std::move(*store) : nullptr;
  }

 private:
  const Dialect dialect_;
  std::string folder_, url_;
};

/// The name of an engine, as a test's suffix.
inline std::string NameOf(const ::testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::kSqlite ? "Sqlite" : "Postgres";
}

}  // namespace city::store::testing
