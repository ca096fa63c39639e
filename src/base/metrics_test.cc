// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <gtest/gtest.h>

namespace city {
namespace {
TEST(Metrics, WritesEachSeries) {
  CounterOf("test_requests", "route=\"/a\"").Add(3);
  GaugeOf("test_queue").Set(-2);
  HistogramOf("test_seconds").Record(0.0003);
  std::string text = MetricsText();
  EXPECT_NE(text.find("test_requests{route=\"/a\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("test_queue -2\n"), std::string::npos);
  EXPECT_NE(text.find("test_seconds_bucket{le=\"0.00025\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("test_seconds_bucket{le=\"0.0005\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("test_seconds_count 1\n"), std::string::npos);
}
TEST(Metrics, GivesTheSameSeriesForTheSameName) {
  EXPECT_EQ(&CounterOf("test_same", "a=\"1\""), &CounterOf("test_same", "a=\"1\""));
  EXPECT_NE(&CounterOf("test_same", "a=\"1\""), &CounterOf("test_same", "a=\"2\""));
}
}  // namespace
}  // namespace city
