// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/result.h"

namespace city {

void RandomFill(std::span<uint8_t> out) {
  size_t done = 0;
  while (done < out.size()) {
    ssize_t got = getrandom(out.data() + done, out.size() - done, 0);
    if (got < 0) {
      CHECK(errno == EINTR);
      continue;
    }
    done += static_cast<size_t>(got);
  }
}

uint64_t RandomBits() {
  thread_local std::array<uint8_t, 512> pool;
  thread_local size_t left = 0;
  if (left < 8) {
    RandomFill(pool);
    left = pool.size();
  }
  left -= 8;
  uint64_t bits;
  std::memcpy(&bits, pool.data() + left, 8);
  std::memset(pool.data() + left, 0, 8);
  return bits;
}

uint64_t SeededRandom::Next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}
}  // namespace city
