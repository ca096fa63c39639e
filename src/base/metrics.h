// SPDX-License-Identifier: Apache-2.0
// Counters, gauges and histograms in the text format that Prometheus reads.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace city {

/// A number that only grows. Thread-safe.
class Counter {
 public:
  void Add(uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  uint64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

/// A number that goes up and down. Thread-safe.
class Gauge {
 public:
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
  int64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

/// Durations in seconds, in buckets of 0.25 ms to 8 s (each twice the one before). Thread-safe.
class Histogram {
 public:
  static constexpr size_t kBuckets = 16;
  void Record(double seconds);
  uint64_t Count() const { return count_.load(std::memory_order_relaxed); }
  void Write(std::string& out, std::string_view name, std::string_view labels) const;

 private:
  std::array<std::atomic<uint64_t>, kBuckets + 1> buckets_{};
  std::atomic<uint64_t> count_{0};
  std::atomic<uint64_t> micros_{0};
};

/// Finds or makes a series by name and labels (`route="/api/cases",status="200"`); lives for the
/// whole program. Thread-safe.
Counter& CounterOf(std::string_view name, std::string_view labels = {});
Gauge& GaugeOf(std::string_view name, std::string_view labels = {});
Histogram& HistogramOf(std::string_view name, std::string_view labels = {});
/// All series as text (format 0.0.4).
std::string MetricsText();
}  // namespace city
