// SPDX-License-Identifier: Apache-2.0
#include "engines/items/changes.h"

#include <set>

namespace city::items {

Result<int> TellAffected(ledger::Writer& writer, const json::object& before,
                         const json::object& after) {
  struct {
    const char* field;
    const char* zh;
  } constexpr kMatters[] = {{"state", "办理状态"},      {"promised_days", "承诺时限"},
                            {"legal_days", "法定时限"}, {"materials", "申请材料"},
                            {"fees", "收费"},           {"visits", "到现场次数"},
                            {"form", "申请表"},         {"conditions", "受理条件"},
                            {"place", "办理地点"}};
  std::string what;
  for (const auto& each : kMatters) {
    const json::value* was = before.if_contains(each.field);
    const json::value* is = after.if_contains(each.field);
    if (was == nullptr || is == nullptr || *was == *is) continue;
    what += (what.empty() ? "" : "、") + std::string(each.zh);
  }
  std::string_view was = TextAt(before, "state");
  if (what.empty() || (was != "published" && was != "suspended")) return 0;
  std::string id(TextAt(after, "id")), name(TextAt(after, "name"));
  std::set<std::string> accounts;
  for (const char* sql :
       {"select distinct account from r_draft where item = $1 and ended_at is null",
        "select distinct applicant from r_service_case where item = $1 and ended_at is null and "
        "applicant is not null and state in ('submitted', 'correction', 'handling', 'paused')"}) {
    TRY(store::Rows rows, writer.tx().Query(sql, {id}));
    while (rows.Next()) accounts.insert(std::string(rows.Text(0)));
    TRY_VOID(rows.status());
  }
  for (const std::string& account : accounts)
    TRY_VOID(
        writer.Create("message",
                      {{"account", account},
                       {"kind", "item"},
                       {"title", "您关注的事项有变更：" + name},
                       {"text", "变更内容：" + what + "。已受理的办件仍按受理时公布的要求办理。"},
                       {"link", "/items/" + id}},
                      std::string(TextAt(after, "region"))));
  return static_cast<int>(accounts.size());
}
}  // namespace city::items
