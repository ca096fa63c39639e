// SPDX-License-Identifier: Apache-2.0
// Why: see the header. A matrix is kept twice, by rows and by columns, 64 squares a word, so that
// both directions are judged alike. What depends on the version alone is made once.
#include "parts/documents/internal/qr_encoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace city::documents::internal {
namespace {

constexpr int kMostVersion = 40;
// Table 9: error correction codewords for each block, and blocks; levels L, M, Q, H.
constexpr int8_t kCorrection[4][kMostVersion] = {
    {7,  10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
     28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
     26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
    {13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
     28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
     30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30}};
constexpr int8_t kBlocks[4][kMostVersion] = {
    {1, 1, 1, 1,  1,  2,  2,  2,  2,  4,  4,  4,  4,  4,  6,  6,  6,  6,  7,  8,
     8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
    {1,  1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,  9,  9,  10, 10, 11, 13, 14, 16,
     17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
    {1,  1,  2,  2,  4,  4,  6,  6,  8,  8,  8,  10, 12, 16, 12, 17, 16, 18, 21, 20,
     23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
    {1,  1,  2,  4,  4,  4,  5,  6,  8,  8,  11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
     25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81}};
constexpr int kFormatLevel[4] = {1, 0, 3, 2};

/// A line of up to 192 squares; bit i of word i/64 is square i.
struct Line {
  std::array<uint64_t, 3> words{};
  void Set(int i, bool dark = true) {
    const uint64_t bit = uint64_t{1} << (i & 63);
    uint64_t& word = words[static_cast<size_t>(i >> 6)];
    word = dark ? word | bit : word & ~bit;
  }
  bool At(int i) const { return words[static_cast<size_t>(i >> 6)] >> (i & 63) & 1; }
};

/// The same, as many words as a version needs; shifts move towards higher squares with `<<`.
template <size_t kWords>
struct Wide {
  std::array<uint64_t, kWords> words;
  explicit Wide(const Line& line) {
    for (size_t i = 0; i < kWords; ++i) words[i] = line.words[i];
  }
  Wide() : words{} {}
  friend Wide operator&(Wide a, const Wide& b) {
    for (size_t i = 0; i < kWords; ++i) a.words[i] &= b.words[i];
    return a;
  }
  friend Wide operator|(Wide a, const Wide& b) {
    for (size_t i = 0; i < kWords; ++i) a.words[i] |= b.words[i];
    return a;
  }
  friend Wide operator^(Wide a, const Wide& b) {
    for (size_t i = 0; i < kWords; ++i) a.words[i] ^= b.words[i];
    return a;
  }
  friend Wide operator~(Wide a) {
    for (uint64_t& word : a.words) word = ~word;
    return a;
  }
  friend Wide operator<<(const Wide& a, int by) {
    Wide out;
    for (size_t i = 0; i < kWords; ++i)
      out.words[i] = a.words[i] << by | (i > 0 ? a.words[i - 1] >> (64 - by) : 0);
    return out;
  }
  friend Wide operator>>(const Wide& a, int by) {
    Wide out;
    for (size_t i = 0; i < kWords; ++i)
      out.words[i] = a.words[i] >> by | (i + 1 < kWords ? a.words[i + 1] << (64 - by) : 0);
    return out;
  }
  int Count() const {
    int out = 0;
    for (uint64_t word : words) out += std::popcount(word);
    return out;
  }
  static Wide Ones(int count) {
    Line line;
    for (int i = 0; i < count; ++i) line.Set(i);
    return Wide(line);
  }
};

struct Matrix {
  std::vector<Line> rows, columns;
  explicit Matrix(int size) : rows(static_cast<size_t>(size)), columns(static_cast<size_t>(size)) {}
  void Set(int x, int y, bool dark) {
    rows[static_cast<size_t>(y)].Set(x, dark);
    columns[static_cast<size_t>(x)].Set(y, dark);
  }
};

/// What a version has whatever it holds.
struct Version {
  int number, size, codewords;
  Matrix fixed, reserved;                        ///< patterns; where they are
  std::vector<std::pair<uint8_t, uint8_t>> way;  ///< data squares in their order
};

bool Masked(int mask, int x, int y) {
  switch (mask) {
    case 0:
      return (x + y) % 2 == 0;
    case 1:
      return y % 2 == 0;
    case 2:
      return x % 3 == 0;
    case 3:
      return (x + y) % 3 == 0;
    case 4:
      return (x / 3 + y / 2) % 2 == 0;
    case 5:
      return x * y % 2 + x * y % 3 == 0;
    case 6:
      return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
      return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

/// Every mask repeats after twelve lines: [mask][line % 12], by rows and by columns.
struct Masks {
  Line rows[8][12], columns[8][12];
  Masks() {
    for (int mask = 0; mask < 8; ++mask)
      for (int line = 0; line < 12; ++line)
        for (int i = 0; i < 192; ++i) {
          rows[mask][line].Set(i, Masked(mask, i, line));
          columns[mask][line].Set(i, Masked(mask, line, i));
        }
  }
};

std::unique_ptr<const Version> MakeVersion(int number) {
  const int size = number * 4 + 17;
  Version out{number, size, 0, Matrix(size), Matrix(size), {}};
  auto put = [&](int x, int y, bool dark) {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    out.fixed.Set(x, y, dark);
    out.reserved.Set(x, y, true);
  };
  for (int i = 0; i < size; ++i) {
    put(6, i, i % 2 == 0);
    put(i, 6, i % 2 == 0);
  }
  for (auto [x, y] : {std::pair(3, 3), std::pair(size - 4, 3), std::pair(3, size - 4)})
    for (int dy = -4; dy <= 4; ++dy)
      for (int dx = -4; dx <= 4; ++dx) {
        const int ring = std::max(std::abs(dx), std::abs(dy));
        put(x + dx, y + dy, ring != 2 && ring != 4);
      }
  std::vector<int> places;
  if (number > 1) {
    const int count = number / 7 + 2;
    const int step = number == 32 ? 26 : (number * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    for (int i = 0, at = size - 7; i < count - 1; ++i, at -= step)
      places.insert(places.begin(), at);
    places.insert(places.begin(), 6);
  }
  for (int x : places)
    for (int y : places) {
      if ((x == 6 && (y == 6 || y == size - 7)) || (x == size - 7 && y == 6)) continue;
      for (int dy = -2; dy <= 2; ++dy)
        for (int dx = -2; dx <= 2; ++dx)
          put(x + dx, y + dy, std::max(std::abs(dx), std::abs(dy)) != 1);
    }
  // Room for the format, written with the mask.
  for (int i = 0; i < 9; ++i) {
    if (i != 6) {
      put(8, i, false);
      put(i, 8, false);
    }
    if (i < 8) {
      put(size - 1 - i, 8, false);
      put(8, size - 1 - i, false);
    }
  }
  put(8, size - 8, true);
  if (number >= 7) {
    int rest = number;
    for (int i = 0; i < 12; ++i) rest = rest << 1 ^ (rest >> 11) * 0x1f25;
    const int bits = number << 12 | rest;
    for (int i = 0; i < 18; ++i) {
      put(size - 11 + i % 3, i / 3, bits >> i & 1);
      put(i / 3, size - 11 + i % 3, bits >> i & 1);
    }
  }
  for (int right = size - 1; right >= 1; right -= 2) {
    if (right == 6) right = 5;
    for (int i = 0; i < size; ++i)
      for (int x : {right, right - 1}) {
        const int y = ((right + 1) & 2) == 0 ? size - 1 - i : i;
        if (!out.reserved.rows[static_cast<size_t>(y)].At(x)) out.way.emplace_back(x, y);
      }
  }
  out.codewords = static_cast<int>(out.way.size() / 8);
  return std::make_unique<const Version>(std::move(out));
}

const Version& VersionOf(int number) {
  static std::mutex mutex;
  static std::array<std::unique_ptr<const Version>, kMostVersion + 1> made;
  std::lock_guard lock(mutex);
  auto& one = made[static_cast<size_t>(number)];
  if (!one) one = MakeVersion(number);
  return *one;
}

/// GF(256) with x^8 + x^4 + x^3 + x^2 + 1.
struct Field {
  uint8_t power[510] = {}, log[256] = {};
  constexpr Field() {
    int value = 1;
    for (int i = 0; i < 255; ++i) {
      power[i] = power[i + 255] = static_cast<uint8_t>(value);
      log[value] = static_cast<uint8_t>(i);
      value = value << 1 ^ (value >> 7) * 0x11d;
    }
  }
};
constexpr Field kField;

/// Logarithms of the generator of `degree`, highest power first, its leading 1 left out.
std::vector<uint8_t> Generator(int degree) {
  std::vector<uint8_t> out(static_cast<size_t>(degree));
  out.back() = 1;
  for (int i = 0, root = 0; i < degree; ++i, ++root)
    for (size_t k = 0; k < out.size(); ++k) {
      if (out[k] != 0) out[k] = kField.power[kField.log[out[k]] + root];
      if (k + 1 < out.size()) out[k] ^= out[k + 1];
    }
  for (uint8_t& each : out) each = kField.log[each];
  return out;
}

std::string Corrected(const std::string& data, const Version& version, int level) {
  const int blocks = kBlocks[level][version.number - 1];
  const int correction = kCorrection[level][version.number - 1];
  const int each = version.codewords / blocks;
  const int shorter = blocks - version.codewords % blocks;  // blocks with one byte less
  static std::mutex mutex;
  static std::array<std::vector<uint8_t>, 31> generators;
  std::vector<uint8_t> generator;
  {
    std::lock_guard lock(mutex);
    auto& known = generators[static_cast<size_t>(correction)];
    if (known.empty()) known = Generator(correction);
    generator = known;
  }
  std::vector<std::string_view> parts;
  std::vector<std::string> checks;
  size_t at = 0;
  for (int i = 0; i < blocks; ++i) {
    const auto size = static_cast<size_t>(each - correction + (i < shorter ? 0 : 1));
    parts.push_back(std::string_view(data).substr(at, size));
    at += size;
    std::string rest(generator.size(), '\0');
    for (char c : parts.back()) {
      const auto factor = static_cast<uint8_t>(c ^ rest[0]);
      std::copy(rest.begin() + 1, rest.end(), rest.begin());
      rest.back() = 0;
      if (factor == 0) continue;
      const int log = kField.log[factor];
      for (size_t k = 0; k < rest.size(); ++k)
        rest[k] = static_cast<char>(rest[k] ^ kField.power[log + generator[k]]);
    }
    checks.push_back(std::move(rest));
  }
  std::string out;
  out.reserve(static_cast<size_t>(version.codewords));
  for (size_t i = 0; i < parts.back().size(); ++i)
    for (std::string_view part : parts)
      if (i < part.size()) out += part[i];
  for (size_t i = 0; i < generator.size(); ++i)
    for (const std::string& check : checks) out += check[i];
  return out;
}

/// The fifteen bits of level and mask, BCH coded.
int FormatBits(int level, int mask) {
  const int data = kFormatLevel[level] << 3 | mask;
  int rest = data;
  for (int i = 0; i < 10; ++i) rest = rest << 1 ^ (rest >> 9) * 0x537;
  return (data << 10 | rest) ^ 0x5412;
}

void WriteFormat(Matrix& matrix, int size, int bits) {
  auto bit = [&](int i) { return (bits >> i & 1) != 0; };
  for (int i = 0; i < 15; ++i) {
    const int y = i < 6 ? i : i < 8 ? i + 1 : 8, x = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
    matrix.Set(x, y, bit(i));
    if (i < 8)
      matrix.Set(size - 1 - i, 8, bit(i));
    else
      matrix.Set(8, size - 15 + i, bit(i));
  }
  matrix.Set(8, size - 8, true);
}

/// Penalty of all lines in one direction (7.8.3.1, rules 1 and 3; `squares`: rule 2 too).
template <size_t kWords>
int PenaltyOf(const std::vector<Line>& lines, bool squares) {
  using Bits = Wide<kWords>;
  const int size = static_cast<int>(lines.size());
  const Bits all = Bits::Ones(size), pairs = Bits::Ones(size - 1);
  int out = 0;
  Bits before, same_before;
  for (int i = 0; i < size; ++i) {
    const Bits line(lines[static_cast<size_t>(i)]);
    const Bits same = ~(line ^ (line >> 1)) & pairs;  // equal to the next
    // A run of n >= 5 equal squares costs n - 2.
    const Bits run = same & (same >> 1) & (same >> 2) & (same >> 3);
    out += run.Count() + 2 * (run & ~(run << 1)).Count();
    if (squares && i > 0) out += 3 * (same & same_before & ~(line ^ before)).Count();
    // 1 0 111 0 1 with four light squares on a side; beyond the edge all is light.
    const Bits light = ~line & all;
    const Bits core =
        line & (light >> 1) & (line >> 2) & (line >> 3) & (line >> 4) & (light >> 5) & (line >> 6);
    if (core.Count() > 0) {
      const Bits ahead = ~((line << 1) | (line << 2) | (line << 3) | (line << 4));
      const Bits beyond = ~((line >> 7) | (line >> 8) | (line >> 9) | (line >> 10));
      out += 40 * ((core & ahead).Count() + (core & beyond).Count());
    }
    before = line;
    same_before = same;
  }
  return out;
}

/// Into `out`, whose room is used again from mask to mask.
void Apply(const Matrix& data, const Version& version, int mask, int format, Matrix& out) {
  static const Masks* const kMasks = new Masks;
  out = data;
  const size_t words = static_cast<size_t>(version.size + 63) / 64;
  for (size_t i = 0; i < out.rows.size(); ++i)
    for (size_t w = 0; w < words; ++w) {
      out.rows[i].words[w] ^=
          kMasks->rows[mask][i % 12].words[w] & ~version.reserved.rows[i].words[w];
      out.columns[i].words[w] ^=
          kMasks->columns[mask][i % 12].words[w] & ~version.reserved.columns[i].words[w];
    }
  // Squares beyond the edge stay light.
  const int size = version.size;
  Line edge;
  for (int i = 0; i < size; ++i) edge.Set(i);
  for (size_t i = 0; i < out.rows.size(); ++i)
    for (size_t w = 0; w < words; ++w) {
      out.rows[i].words[w] &= edge.words[w];
      out.columns[i].words[w] &= edge.words[w];
    }
  WriteFormat(out, size, format);
}

int Penalty(const Matrix& matrix, int size) {
  int out = size <= 64 ? PenaltyOf<1>(matrix.rows, true) + PenaltyOf<1>(matrix.columns, false)
                       : PenaltyOf<3>(matrix.rows, true) + PenaltyOf<3>(matrix.columns, false);
  int dark = 0;
  for (const Line& line : matrix.rows)
    for (uint64_t word : line.words) dark += std::popcount(word);
  const int total = size * size;
  return out + std::abs(dark * 20 - total * 10) / total * 10;
}

}  // namespace

std::optional<QrCode> EncodeQr(std::string_view text, QrLevel wanted, int mask) {
  const int level = static_cast<int>(wanted);
  const Version* version = nullptr;
  size_t room = 0;
  for (int number = 1; number <= kMostVersion && version == nullptr; ++number) {
    const int size = number * 4 + 17;
    const int squares =
        size * size - 3 * 64 - 2 * 15 - 1 - 2 * (size - 16) -
        (number > 1 ? (number / 7 + 2) * (number / 7 + 2) * 25 - 75 - 10 * (number / 7) : 0) -
        (number >= 7 ? 36 : 0);
    room = static_cast<size_t>(squares / 8 -
                               kCorrection[level][number - 1] * kBlocks[level][number - 1]);
    const size_t head = number < 10 ? 12 : 20;  // bits of mode and length
    if ((head + 7) / 8 * 8 <= room * 8 && head + text.size() * 8 <= room * 8)
      version = &VersionOf(number);
  }
  if (version == nullptr) return std::nullopt;

  // Mode 4 (bytes), length, the bytes, an end; then 236 and 17 in turn.
  std::string data;
  data.reserve(room);
  uint32_t held = 0;
  int bits = 0;
  auto put = [&](uint32_t value, int count) {
    held = held << count | value;
    for (bits += count; bits >= 8; bits -= 8) data += static_cast<char>(held >> (bits - 8) & 0xff);
  };
  put(4, 4);
  put(static_cast<uint32_t>(text.size()), version->number < 10 ? 8 : 16);
  for (char c : text) put(static_cast<uint8_t>(c), 8);
  if (data.size() < room) put(0, 4);
  for (bool even = true; data.size() < room; even = !even)
    data += static_cast<char>(even ? 0xec : 0x11);

  const std::string words = Corrected(data, *version, level);
  Matrix matrix = version->fixed;
  for (size_t i = 0; i < words.size() * 8; ++i)
    if (words[i / 8] >> (7 - i % 8) & 1)
      matrix.Set(version->way[i].first, version->way[i].second, true);

  Matrix best(version->size), tried(version->size);
  int least = -1;
  for (int each = 0; each < 8; ++each) {
    if (mask >= 0 && each != mask) continue;
    Apply(matrix, *version, each, FormatBits(level, each), tried);
    const int penalty = mask >= 0 ? 0 : Penalty(tried, version->size);
    if (least >= 0 && penalty >= least) continue;
    least = penalty;
    std::swap(best, tried);
  }
  const auto size = static_cast<size_t>(version->size);
  QrCode out{.size = version->size, .dark = std::vector<bool>(size * size)};
  for (size_t y = 0; y < size; ++y)
    for (size_t w = 0; w < 3; ++w)
      for (uint64_t word = best.rows[y].words[w]; word != 0; word &= word - 1)
        out.dark[y * size + w * 64 + static_cast<size_t>(std::countr_zero(word))] = true;
  return out;
}

}  // namespace city::documents::internal
