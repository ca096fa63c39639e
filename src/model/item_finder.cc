// SPDX-License-Identifier: Apache-2.0
#include "model/item_finder.h"

#include "ledger/row_text.h"

namespace city::model {

Result<std::vector<search::Hit>> ItemFinder::Find(std::string_view query, size_t limit) {
  std::shared_ptr<const search::TitleSearch> titles;
  {
    std::lock_guard lock(mutex_);
    Time now = ledger_.clock().Now();
    if (stale_.exchange(false) || !titles_ || now - read_at_ > std::chrono::minutes(1)) {
      std::vector<search::Title> rows;
      TRY(auto snapshot, ledger_.store().Read());
      TRY(store::Rows found, snapshot->Query("select id, name, short_name, keywords from r_item "
                                             "where state = 'published' and level <> '4' and ended_at is "
                                             "null"));
      while (found.Next()) {
        search::Title title{std::string(found.Text(0)), std::string(found.Text(1)), {}};
        if (!found.Text(2).empty()) title.words.emplace_back(found.Text(2));
        std::string_view keywords = found.Text(3);
        if (auto list = ParseJson(keywords); list && list->is_array()) {
          for (const json::value& each : list->get_array())
            if (each.is_string()) title.words.emplace_back(each.get_string().c_str());
        } else if (!keywords.empty()) {
          title.words.emplace_back(keywords);
        }
        rows.push_back(std::move(title));
      }
      TRY_VOID(found.status());
      titles_ = std::make_shared<search::TitleSearch>(std::move(rows), synonyms_);
      read_at_ = now;
    }
    titles = titles_;
  }
  return titles->Find(query, limit);
}
}  // namespace city::model
