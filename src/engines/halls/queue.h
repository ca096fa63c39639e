// SPDX-License-Identifier: Apache-2.0
// The order in which a hall calls: priority first, then appointments whose time has come, then who
// came first; who missed a call waits some places back. No store, no clock of its own.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace city::halls {

/// Somebody who waits. `rank` orders those of one class, the smaller the earlier.
struct Waiting {
  std::string id;
  std::string business;  ///< letter
  int klass = 2;         ///< 0 priority, 1 appointment, 2 walk-in
  double rank = 0;       ///< seconds of the day when the ticket was taken, or a place given since
};

/// Index of the one to be called next at a window for these businesses; -1 when nobody waits.
/// After `priority_most` priority calls in a row one of the others goes first, so that nobody
/// starves.
int NextOf(const std::vector<Waiting>& waiting, const std::vector<std::string>& businesses,
           int priority_calls_in_row, int priority_most = 3);

/// Rank that puts somebody behind `places` of those who wait for the same business (class 2), or at
/// the end when fewer wait.
double RankBehind(const std::vector<Waiting>& waiting, const std::string& business, int places);

/// Minutes until somebody with `ahead` people before them is served: people ahead times the mean
/// service time, shared among the open windows. 0 windows: -1 (unknown).
int ExpectedMinutes(int ahead, double mean_service_minutes, int open_windows);

/// Mean and 90th percentile of values; 0 for none.
double MeanOf(const std::vector<double>& values);
double Percentile(std::vector<double> values, double share);
}  // namespace city::halls
