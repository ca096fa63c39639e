// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/csv.h"

#include <iconv.h>

#include "parts/documents/errors.h"
#include "parts/documents/font.h"

namespace city::documents {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr size_t kHold = 1 << 16;

bool LooksLikeFormula(std::string_view cell) {
  if (cell.empty() || std::string_view("=+-@\t\r").find(cell[0]) == std::string_view::npos) {
    return false;
  }
  // A plain number stays one.
  return cell.find_first_not_of("+-0123456789.,eE%") != std::string_view::npos || cell.size() == 1;
}

bool IsUtf8(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c < 0x80) {
      ++i;
      continue;
    }
    const size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || bytes.size() - i <= more) return false;
    for (size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xc0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

Result<void> CsvWriter::Row(std::span<const std::string> cells) {
  bool first = true;
  for (const std::string& cell : cells) {
    if (!first) held_ += ',';
    first = false;
    const bool guarded = LooksLikeFormula(cell);
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      if (guarded) held_ += '\'';
      held_ += cell;
      continue;
    }
    held_ += '"';
    if (guarded) held_ += '\'';
    for (char c : cell) {
      if (c == '"') held_ += '"';
      held_ += c;
    }
    held_ += '"';
  }
  held_ += "\r\n";
  if (held_.size() < kHold) return {};
  return Finish();
}

Result<void> CsvWriter::Finish() {
  if (held_.empty()) return {};
  Result<void> out = sink_(held_);
  held_.clear();
  return out;
}

std::pair<std::string, bool> ToUtf8(std::string_view bytes) {
  if (IsUtf8(bytes)) return {std::string(bytes), true};
  iconv_t convert = iconv_open("UTF-8", "GB18030");
  if (convert == reinterpret_cast<iconv_t>(-1)) return {"", false};
  std::string out(bytes.size() * 2 + 16, '\0');
  char* in = const_cast<char*>(bytes.data());
  char* to = out.data();
  size_t in_left = bytes.size(), out_left = out.size();
  const bool good = iconv(convert, &in, &in_left, &to, &out_left) != static_cast<size_t>(-1);
  iconv_close(convert);
  out.resize(out.size() - out_left);
  return {std::move(out), good};
}

Result<void> ReadCsv(std::string_view bytes, const TakeRow& take) {
  auto [text, good] = ToUtf8(bytes);
  if (!good) {
    return error::kBadSpreadsheet({{"row", "1"}, {"reason", "neither UTF-8 nor GB 18030"}});
  }
  std::string_view rest = text;
  if (rest.starts_with(kMark)) rest.remove_prefix(kMark.size());
  std::vector<std::string> cells;
  std::string cell;
  int64_t row = 1;
  bool quoted = false, was_quoted = false;
  auto bad = [&](const char* reason) {
    return error::kBadSpreadsheet({{"row", std::to_string(row)}, {"reason", reason}});
  };
  auto end_cell = [&] {
    cells.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
  };
  auto end_row = [&]() -> Result<void> {
    const bool empty = cells.empty() && cell.empty() && !was_quoted;
    if (!empty) {
      end_cell();
      TRY_VOID(take(row, cells));
      cells.clear();
    }
    ++row;
    return {};
  };
  for (size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
        cell += c;
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < rest.size() && rest[i + 1] == '\n') ++i;
      TRY_VOID(end_row());
    } else {
      if (was_quoted) return bad("text after a closing quotation mark");
      cell += c;
    }
    if (cell.size() > (1u << 20) || cells.size() > 16384) return bad("too long");
  }
  if (quoted) return bad("a quotation mark is not closed");
  return end_row();
}

}  // namespace city::documents
