// SPDX-License-Identifier: Apache-2.0
#include "model/colleagues.h"

namespace city::model {

Result<bool> IsOfficial(store::Reader& reader, const std::string& account) {
  TRY(auto rows, reader.Query("select 1 from r_account where id = $1 and kind = 'official'"
                              " and state = 'active' and ended_at is null",
                              {account}));
  return rows.Next();
}

Result<std::vector<std::string>> StandsInFor(store::Reader& reader, const std::string& account,
                                             Date day) {
  std::vector<std::string> out;
  TRY(auto rows, reader.Query("select distinct stands_in_for from r_post where account = $1"
                              " and ended_at is null and stands_in_for is not null"
                              " and (from_day is null or from_day <= $2)"
                              " and (until_day is null or until_day >= $2) order by 1",
                              {account, IsoDate(day)}));
  while (rows.Next()) out.emplace_back(rows.Text(0));
  TRY_VOID(rows.status());
  return out;
}
}  // namespace city::model
