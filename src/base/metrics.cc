// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>

namespace city {
namespace {
template <class T>
struct Family {
  std::map<std::string, std::map<std::string, std::unique_ptr<T>, std::less<>>, std::less<>> series;
};
struct Registry {
  std::mutex mutex;
  Family<Counter> counters;
  Family<Gauge> gauges;
  Family<Histogram> histograms;
};
Registry& Everything() {
  static auto* registry = new Registry;  // never destroyed: threads may count until the very end
  return *registry;
}
template <class T>
T& Find(Family<T>& family, std::string_view name, std::string_view labels) {
  std::lock_guard lock(Everything().mutex);
  auto& by_label = family.series[std::string(name)];
  auto& slot = by_label[std::string(labels)];
  if (!slot) slot = std::make_unique<T>();
  return *slot;
}
std::string Braces(std::string_view labels) {
  return labels.empty() ? std::string() : fmt::format("{{{}}}", labels);
}
constexpr double kFirst = 0.00025;
}  // namespace

void Histogram::Record(double seconds) {
  double edge = kFirst;
  size_t bucket = 0;
  while (bucket < kBuckets && seconds > edge) {
    edge *= 2;
    ++bucket;
  }
  buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  micros_.fetch_add(static_cast<uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

void Histogram::Write(std::string& out, std::string_view name, std::string_view labels) const {
  uint64_t sum = 0;
  double edge = kFirst;
  std::string_view comma = labels.empty() ? "" : ",";
  for (size_t i = 0; i < kBuckets; ++i, edge *= 2) {
    sum += buckets_[i].load(std::memory_order_relaxed);
    out += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma, edge, sum);
  }
  sum += buckets_[kBuckets].load(std::memory_order_relaxed);
  out += fmt::format("{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, comma, sum);
  out +=
      fmt::format("{}_sum{} {}\n", name, Braces(labels), static_cast<double>(micros_.load()) / 1e6);
  out += fmt::format("{}_count{} {}\n", name, Braces(labels), sum);
}

Counter& CounterOf(std::string_view name, std::string_view labels) {
  return Find(Everything().counters, name, labels);
}
Gauge& GaugeOf(std::string_view name, std::string_view labels) {
  return Find(Everything().gauges, name, labels);
}
Histogram& HistogramOf(std::string_view name, std::string_view labels) {
  return Find(Everything().histograms, name, labels);
}

std::string MetricsText() {
  std::lock_guard lock(Everything().mutex);
  std::string out;
  for (const auto& [name, by_label] : Everything().counters.series) {
    out += fmt::format("# TYPE {} counter\n", name);
    for (const auto& [labels, one] : by_label)
      out += fmt::format("{}{} {}\n", name, Braces(labels), one->Value());
  }
  for (const auto& [name, by_label] : Everything().gauges.series) {
    out += fmt::format("# TYPE {} gauge\n", name);
    for (const auto& [labels, one] : by_label)
      out += fmt::format("{}{} {}\n", name, Braces(labels), one->Value());
  }
  for (const auto& [name, by_label] : Everything().histograms.series) {
    out += fmt::format("# TYPE {} histogram\n", name);
    for (const auto& [labels, one] : by_label) one->Write(out, name, labels);
  }
  return out;
}
}  // namespace city
