// SPDX-License-Identifier: Apache-2.0
#include "engines/halls/queue.h"

#include <algorithm>
#include <cmath>

namespace city::halls {

int NextOf(const std::vector<Waiting>& waiting, const std::vector<std::string>& businesses,
           int priority_calls_in_row, int priority_most) {
  int best = -1, best_other = -1;
  auto before = [&](size_t a, size_t b) {
    if (waiting[a].klass != waiting[b].klass) return waiting[a].klass < waiting[b].klass;
    return waiting[a].rank < waiting[b].rank;
  };
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (std::find(businesses.begin(), businesses.end(), waiting[i].business) == businesses.end())
      continue;
    if (best < 0 || before(i, static_cast<size_t>(best))) best = static_cast<int>(i);
    if (waiting[i].klass > 0 && (best_other < 0 || before(i, static_cast<size_t>(best_other))))
      best_other = static_cast<int>(i);
  }
  bool rest = priority_calls_in_row >= priority_most && best_other >= 0;
  return rest ? best_other : best;
}

double RankBehind(const std::vector<Waiting>& waiting, const std::string& business, int places) {
  std::vector<double> ranks;
  for (const Waiting& each : waiting)
    if (each.business == business && each.klass == 2) ranks.push_back(each.rank);
  std::sort(ranks.begin(), ranks.end());
  if (ranks.empty()) return 0;
  if (static_cast<int>(ranks.size()) <= places) return ranks.back() + 1;
  // Between the last one ahead and the first one behind.
  double ahead = ranks[static_cast<size_t>(places) - 1],
         behind = ranks[static_cast<size_t>(places)];
  return places <= 0 ? ranks.front() - 1 : (ahead + behind) / 2;
}

int ExpectedMinutes(int ahead, double mean_service_minutes, int open_windows) {
  if (open_windows <= 0) return -1;
  return static_cast<int>(std::ceil(ahead * mean_service_minutes / open_windows));
}

double MeanOf(const std::vector<double>& values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  auto at = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::min(values.size() - 1, at == 0 ? 0 : at - 1)];
}
}  // namespace city::halls
