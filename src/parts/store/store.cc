// SPDX-License-Identifier: Apache-2.0
// Why: settings name a store by one address.
#include "parts/store/store.h"

#include "parts/store/errors.h"

namespace city::store {

Result<std::unique_ptr<Store>> Open(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
    return OpenSqlite(url.substr(kSqlite.size()));
  }
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return OpenPostgres(url);
  return error::kUnknownUrl({{"url", url}});
}

}  // namespace city::store
