// SPDX-License-Identifier: Apache-2.0
// Randomness of two kinds: unpredictable, and repeatable from a seed.
#pragma once
#include <cstdint>
#include <span>

namespace city {

/// 64 unpredictable bits from the kernel (buffered per thread). Thread-safe.
uint64_t RandomBits();
/// Fills `out` with unpredictable bytes.
void RandomFill(std::span<uint8_t> out);

/// A repeatable stream (splitmix64): the same seed gives the same city on every machine.
class SeededRandom {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  /// 0 to `bound` - 1; `bound` above 0.
  uint64_t Below(uint64_t bound) { return Next() % bound; }
  /// 0 to below 1.
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  bool Chance(double probability) { return Unit() < probability; }

 private:
  uint64_t state_;
};
}  // namespace city
