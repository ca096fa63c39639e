// SPDX-License-Identifier: Apache-2.0
#include "engines/reviews/figures.h"

#include <algorithm>

namespace city::reviews {
namespace {
json::value Share(int64_t part, int64_t whole) {
  if (whole <= 0) return {};
  return static_cast<double>(part) / static_cast<double>(whole);
}
}  // namespace

json::object FiguresOf(const Tally& tally) {
  int64_t given = tally.Given(), bad = tally.Bad();
  int64_t unrated = std::max<int64_t>(0, tally.services - given - tally.excluded);
  json::array grades;
  for (int grade = 1; grade <= 5; ++grade) grades.push_back(tally.grades[grade]);
  return {{"services", tally.services},
          {"given", given},
          {"grades", std::move(grades)},
          {"bad", bad},
          {"excluded", tally.excluded},
          {"unrated", unrated},
          {"late", tally.late},
          {"positive_share", Share(given - bad, given)},
          {"active_share", Share(given, tally.services)},
          {"corrected_share", Share(tally.corrected, bad)},
          {"called_back_share", Share(tally.called_back, bad)},
          {"positive_share_if_unrated_count", Share(given - bad + unrated, given + unrated)}};
}

json::array Definitions() {
  struct {
    const char *name, *zh, *en;
  } constexpr kAll[] = {
      {"positive_share", "好评率 = 主动评价中非常满意、满意、基本满意的件数 ÷ 主动评价件数",
       "Reviews of grade 1 to 3, divided by reviews given"},
      {"active_share", "主动评价率 = 主动评价件数 ÷ 可评价的服务件数",
       "Reviews given, divided by services that could be reviewed"},
      {"corrected_share", "差评整改率 = 已回复或办结的有效差评 ÷ 有效差评",
       "Valid bad reviews replied to or closed, divided by valid bad reviews"},
      {"called_back_share", "差评回访率 = 已回访的有效差评 ÷ 有效差评",
       "Valid bad reviews called back, divided by valid bad reviews"},
      {"positive_share_if_unrated_count",
       "如将未评价的按基本满意计入：（好评 + 未评价）÷（主动评价 + "
       "未评价）；仅供对照，不作为好评率",
       "Were services without a review counted as fairly satisfied; for comparison only, never the "
       "positive share"},
      {"excluded", "经申诉认定为恶意或误评，保留但不计入", "Upheld on appeal; kept, not counted"},
  };
  json::array out;
  for (const auto& each : kAll)
    out.push_back(json::object{{"name", each.name}, {"zh", each.zh}, {"en", each.en}});
  return out;
}
}  // namespace city::reviews
