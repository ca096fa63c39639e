// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Where the processor multiplies without carry, 64 bytes are folded at a time
// (Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ", 2009; bits in
// reverse); zlib does the rest, and everything elsewhere.
#include "parts/documents/internal/crc.h"

#include <zlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace city::documents::internal {
namespace {

#if defined(__x86_64__)
__attribute__((target("sse4.1,pclmul"))) inline __m128i Fold(__m128i block, __m128i by,
                                                             __m128i next) {
  return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(block, by, 0x00),
                                           _mm_clmulepi64_si128(block, by, 0x11)));
}

// `bytes`: 64 or more, a multiple of 16. `state`: a checksum with its bits turned over.
__attribute__((target("sse4.1,pclmul"))) uint32_t Folded(uint32_t state, std::string_view bytes) {
  const auto* at = reinterpret_cast<const __m128i*>(bytes.data());
  size_t left = bytes.size() / 16 - 4;
  // Remainders of powers of x by the polynomial, for steps of four blocks and of one.
  const __m128i four = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i one = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i a = _mm_xor_si128(_mm_loadu_si128(at), _mm_cvtsi32_si128(static_cast<int>(state)));
  __m128i b = _mm_loadu_si128(at + 1), c = _mm_loadu_si128(at + 2), d = _mm_loadu_si128(at + 3);
  for (at += 4; left >= 4; at += 4, left -= 4) {
    a = Fold(a, four, _mm_loadu_si128(at));
    b = Fold(b, four, _mm_loadu_si128(at + 1));
    c = Fold(c, four, _mm_loadu_si128(at + 2));
    d = Fold(d, four, _mm_loadu_si128(at + 3));
  }
  a = Fold(Fold(Fold(a, one, b), one, c), one, d);
  for (; left > 0; ++at, --left) a = Fold(a, one, _mm_loadu_si128(at));
  // 128 bits to 64, to 32 (Barrett).
  const __m128i low = _mm_setr_epi32(-1, 0, -1, 0);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, one, 0x10));
  const __m128i half = _mm_set_epi64x(0, 0x0163cd6124);
  a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low), half, 0x00));
  const __m128i polynomial = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, low), polynomial, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low), polynomial, 0x00);
  return static_cast<uint32_t>(_mm_extract_epi32(_mm_xor_si128(a, quotient), 1));
}

bool CanFold() {
  static const bool can = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  return can;
}
#endif

}  // namespace

uint32_t Crc32(uint32_t crc, std::string_view bytes) {
#if defined(__x86_64__)
  if (bytes.size() >= 64 && CanFold()) {
    const size_t whole = bytes.size() / 16 * 16;
    crc = ~Folded(~crc, bytes.substr(0, whole));
    bytes.remove_prefix(whole);
  }
#endif
  return static_cast<uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace city::documents::internal
