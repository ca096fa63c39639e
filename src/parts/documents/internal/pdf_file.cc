// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Whatever is read may be hostile: every offset is checked, what unpacks is
// limited, chains and trees end when they come back to themselves.
#include "parts/documents/internal/pdf_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "parts/documents/errors.h"

namespace city::documents::internal {
namespace {

constexpr int kDeepest = 64;
constexpr size_t kMostSections = 64, kMostObjects = 2'000'000, kMostPages = 20'000;
constexpr size_t kMostUnpacked = 64u << 20;

tl::unexpected<Error> Bad(const char* reason) { return error::kBadPdf({{"reason", reason}}); }

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}
bool IsDelimiter(char c) {
  return std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}
bool IsRegular(char c) { return !IsBlank(c) && !IsDelimiter(c); }

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (text[at] == '%') {
      while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
    } else if (IsBlank(text[at])) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

size_t WordEnd(std::string_view text, size_t at) {
  while (at < text.size() && IsRegular(text[at])) ++at;
  return at;
}

std::optional<size_t> WholeNumber(std::string_view text) {
  size_t out = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Where the object that begins at `at` ends.
std::optional<size_t> ValueEnd(std::string_view text, size_t at, int depth) {
  if (at >= text.size() || depth > kDeepest) return std::nullopt;
  const char c = text[at];
  if (c == '(') {
    int open = 0;
    for (; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '(') {
        ++open;
      } else if (text[at] == ')' && --open == 0) {
        return at + 1;
      }
    }
    return std::nullopt;
  }
  const bool dictionary = text.substr(at, 2) == "<<";
  if (dictionary || c == '[') {
    const std::string_view close = dictionary ? ">>" : "]";
    at += dictionary ? 2 : 1;
    for (;;) {
      at = SkipBlanks(text, at);
      if (text.substr(at, close.size()) == close) return at + close.size();
      const auto end = ValueEnd(text, at, depth + 1);
      if (!end) return std::nullopt;
      at = *end;
    }
  }
  if (c == '<') {
    const size_t end = text.find('>', at);
    return end == text.npos ? std::nullopt : std::optional(end + 1);
  }
  if (c == '/') return WordEnd(text, at + 1);
  if (IsDelimiter(c)) return std::nullopt;
  const size_t end = WordEnd(text, at);
  // "4 0 R"
  if (!WholeNumber(text.substr(at, end - at))) return end;
  const size_t second = SkipBlanks(text, end), second_end = WordEnd(text, second);
  if (second == end || !WholeNumber(text.substr(second, second_end - second))) return end;
  const size_t third = SkipBlanks(text, second_end);
  return text.substr(third, WordEnd(text, third) - third) == "R" ? third + 1 : end;
}

std::optional<size_t> NumberEntry(std::string_view dictionary, std::string_view key) {
  const auto value = PdfEntry(dictionary, key);
  return value ? WholeNumber(*value) : std::nullopt;
}

/// What deflated bytes unpack to; as much as is sound, for streams are sometimes cut.
Result<std::string> Inflated(std::string_view bytes) {
  z_stream stream{};
  CHECK(inflateInit(&stream) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out, buffer(1 << 16, '\0');
  int code = Z_OK;
  while (code == Z_OK && out.size() <= kMostUnpacked) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, 0, buffer.size() - stream.avail_out);
    if (stream.avail_out == buffer.size()) break;
  }
  inflateEnd(&stream);
  if (out.size() > kMostUnpacked) return Bad("a stream unpacks to too much");
  return out;
}

/// Undoes the predictors of PNG (7.4.4.4): each row begins with its kind.
Result<std::string> Unpredicted(std::string_view bytes, size_t columns) {
  if (columns < 1 || columns > 1u << 20) return Bad("predictor");
  std::string out, above(columns, '\0');
  for (size_t at = 0; at + 1 + columns <= bytes.size(); at += 1 + columns) {
    std::string row(bytes.substr(at + 1, columns));
    for (size_t i = 0; i < columns; ++i) {
      const int left = i > 0 ? static_cast<uint8_t>(row[i - 1]) : 0;
      const int up = static_cast<uint8_t>(above[i]);
      const int corner = i > 0 ? static_cast<uint8_t>(above[i - 1]) : 0;
      int guess = 0;
      switch (bytes[at]) {
        case 0:
          break;
        case 1:
          guess = left;
          break;
        case 2:
          guess = up;
          break;
        case 3:
          guess = (left + up) / 2;
          break;
        case 4: {
          const int p = left + up - corner;
          const int a = std::abs(p - left), b = std::abs(p - up), c = std::abs(p - corner);
          guess = a <= b && a <= c ? left : b <= c ? up : corner;
          break;
        }
        default:
          return Bad("predictor");
      }
      row[i] = static_cast<char>(static_cast<uint8_t>(row[i]) + guess);
    }
    out += row;
    above = std::move(row);
  }
  return out;
}

double Real(std::string_view text) {
  const double out = std::strtod(std::string(text.substr(0, 40)).c_str(), nullptr);
  return std::isfinite(out) ? out : 0;
}

}  // namespace

std::optional<std::pair<size_t, size_t>> PdfValueAt(std::string_view text, size_t at) {
  at = SkipBlanks(text, at);
  const auto end = ValueEnd(text, at, 0);
  if (!end || *end == at) return std::nullopt;
  return std::pair(at, *end);
}

std::optional<std::string_view> PdfEntry(std::string_view dictionary, std::string_view key) {
  size_t at = SkipBlanks(dictionary, 0);
  if (dictionary.substr(at, 2) != "<<") return std::nullopt;
  at += 2;
  for (;;) {
    const auto name = PdfValueAt(dictionary, at);
    if (!name || dictionary[name->first] != '/') return std::nullopt;
    const auto value = PdfValueAt(dictionary, name->second);
    if (!value) return std::nullopt;
    if (dictionary.substr(name->first + 1, name->second - name->first - 1) == key)
      return dictionary.substr(value->first, value->second - value->first);
    at = value->second;
  }
}

std::optional<size_t> PdfReference(std::string_view value) {
  if (!value.ends_with('R')) return std::nullopt;
  return WholeNumber(value.substr(0, WordEnd(value, 0)));
}

std::vector<std::string_view> PdfArray(std::string_view value) {
  std::vector<std::string_view> out;
  if (!value.starts_with('[')) return out;
  for (size_t at = 1;;) {
    const auto next = PdfValueAt(value, at);
    if (!next) return out;
    out.push_back(value.substr(next->first, next->second - next->first));
    at = next->second;
  }
}

Result<PdfFile> PdfFile::Open(std::string_view pdf) {
  if (!pdf.starts_with("%PDF-")) return Bad("no PDF");
  PdfFile out;
  out.pdf_ = pdf;
  const size_t start = pdf.rfind("startxref");
  if (start == pdf.npos) return Bad("no trailer");
  const auto value = PdfValueAt(pdf, start + 9);
  const auto at =
      value ? WholeNumber(pdf.substr(value->first, value->second - value->first)) : std::nullopt;
  if (!at) return Bad("startxref");
  out.newest_ = *at;
  TRY_VOID(out.ReadSections(*at));
  const auto root = PdfEntry(out.trailer_, "Root");
  const auto size = NumberEntry(out.trailer_, "Size");
  const auto number = root ? PdfReference(*root) : std::nullopt;
  if (!number || !size || *size > kMostObjects * 4) return Bad("trailer");
  if (PdfEntry(out.trailer_, "Encrypt")) return Bad("it is encrypted");
  out.root_ = *number;
  out.size_ = *size;
  // What the trailer says is not always true.
  if (!out.places_.empty()) out.size_ = std::max(out.size_, out.places_.rbegin()->first + 1);
  return out;
}

Result<void> PdfFile::ReadSections(size_t at) {
  std::set<size_t> seen;
  std::vector<size_t> waiting{at};
  while (!waiting.empty()) {
    at = waiting.back();
    waiting.pop_back();
    if (!seen.insert(at).second) continue;
    if (seen.size() > kMostSections) return Bad("too many sections");
    if (at >= pdf_.size()) return Bad("a section is out of place");
    const bool table = pdf_.substr(SkipBlanks(pdf_, at), 4) == "xref";
    TRY(std::string trailer, table ? ReadTable(SkipBlanks(pdf_, at) + 4) : ReadStream(at));
    if (seen.size() == 1) {
      trailer_ = trailer;
      by_streams_ = !table;
    }
    if (const auto before = NumberEntry(trailer, "Prev")) waiting.push_back(*before);
    // What a table leaves to a stream comes before what is older.
    if (const auto beside = NumberEntry(trailer, "XRefStm")) waiting.push_back(*beside);
  }
  return {};
}

Result<std::string> PdfFile::ReadTable(size_t at) {
  for (;;) {
    const auto first = PdfValueAt(pdf_, at);
    if (!first) return Bad("cross-reference table");
    const std::string_view word = pdf_.substr(first->first, first->second - first->first);
    if (word == "trailer") {
      const auto trailer = PdfValueAt(pdf_, first->second);
      if (!trailer) return Bad("trailer");
      return std::string(pdf_.substr(trailer->first, trailer->second - trailer->first));
    }
    const auto number = WholeNumber(word);
    const auto second = PdfValueAt(pdf_, first->second);
    const auto count = second
                           ? WholeNumber(pdf_.substr(second->first, second->second - second->first))
                           : std::nullopt;
    if (!number || !count || *number > kMostObjects || *count > kMostObjects)
      return Bad("cross-reference table");
    at = second->second;
    for (size_t i = 0; i < *count; ++i) {
      // Ten digits, five digits, n or f: two numbers and a word.
      const size_t offset = SkipBlanks(pdf_, at), offset_end = WordEnd(pdf_, offset);
      const size_t generation = SkipBlanks(pdf_, offset_end);
      const size_t kind = SkipBlanks(pdf_, WordEnd(pdf_, generation));
      const auto place = WholeNumber(pdf_.substr(offset, offset_end - offset));
      if (!place || kind >= pdf_.size()) return Bad("cross-reference table");
      if (pdf_[kind] == 'n') places_.try_emplace(*number + i, Place{false, *place});
      at = WordEnd(pdf_, kind);
    }
  }
}

Result<std::string_view> PdfFile::TextAt(size_t at) const {
  // "12 0 obj"
  if (at >= pdf_.size()) return Bad("an object is out of place");
  for (int word = 0; word < 3; ++word) {
    at = SkipBlanks(pdf_, at);
    const size_t end = WordEnd(pdf_, at);
    const std::string_view text = pdf_.substr(at, end - at);
    if (word < 2 ? !WholeNumber(text) : !text.starts_with("obj"))
      return Bad("an object is out of place");
    at = word < 2 ? end : at + 3;
  }
  const auto value = PdfValueAt(pdf_, at);
  if (!value) return Bad("an object is damaged");
  return pdf_.substr(value->first, value->second - value->first);
}

Result<std::string> PdfFile::Unpacked(size_t at) const {
  TRY(std::string_view dictionary, TextAt(at));
  size_t from = static_cast<size_t>(dictionary.data() - pdf_.data()) + dictionary.size();
  from = SkipBlanks(pdf_, from);
  if (pdf_.substr(from, 6) != "stream") return Bad("a stream is missing");
  from += 6;
  if (pdf_.substr(from, 2) == "\r\n") {
    from += 2;
  } else if (from < pdf_.size()) {
    from += 1;
  }
  auto length = NumberEntry(dictionary, "Length");
  if (!length || from > pdf_.size() || *length > pdf_.size() - from) {
    const size_t end = pdf_.find("endstream", from);
    if (end == pdf_.npos) return Bad("a stream does not end");
    length = end - from;
  }
  std::string bytes(pdf_.substr(from, *length));
  auto filter = PdfEntry(dictionary, "Filter");
  if (filter && filter->starts_with('[')) {
    const auto filters = PdfArray(*filter);
    if (filters.size() > 1) return Bad("a stream is packed in a way not known here");
    filter = filters.empty() ? std::nullopt : std::optional(filters[0]);
  }
  if (!filter) return bytes;
  if (*filter != "/FlateDecode") return Bad("a stream is packed in a way not known here");
  TRY(bytes, Inflated(bytes));
  TRY_VOID(Count(bytes.size()));
  auto how = PdfEntry(dictionary, "DecodeParms");
  if (how && how->starts_with('[')) {
    const auto all = PdfArray(*how);
    how = all.empty() ? std::nullopt : std::optional(all[0]);
  }
  const size_t predictor = how ? NumberEntry(*how, "Predictor").value_or(1) : 1;
  if (predictor < 2) return bytes;
  if (predictor < 10) return Bad("predictor");
  return Unpredicted(bytes, NumberEntry(*how, "Columns").value_or(1));
}

Result<std::string> PdfFile::ReadStream(size_t at) {
  TRY(std::string_view dictionary, TextAt(at));
  if (PdfEntry(dictionary, "Type") != "/XRef") return Bad("a section is out of place");
  TRY(std::string bytes, Unpacked(at));
  size_t widths[3] = {};
  const auto listed = PdfEntry(dictionary, "W");
  const auto width_words = listed ? PdfArray(*listed) : std::vector<std::string_view>();
  if (width_words.size() != 3) return Bad("cross-reference stream");
  for (size_t i = 0; i < 3; ++i) {
    const auto width = WholeNumber(width_words[i]);
    if (!width || *width > 8) return Bad("cross-reference stream");
    widths[i] = *width;
  }
  const size_t entry = widths[0] + widths[1] + widths[2];
  if (entry == 0) return Bad("cross-reference stream");
  std::vector<size_t> ranges;
  if (const auto index = PdfEntry(dictionary, "Index")) {
    for (std::string_view word : PdfArray(*index)) {
      const auto number = WholeNumber(word);
      if (!number || *number > kMostObjects) return Bad("cross-reference stream");
      ranges.push_back(*number);
    }
  } else {
    ranges = {0, NumberEntry(dictionary, "Size").value_or(0)};
  }
  size_t from = 0;
  auto take = [&](size_t width) {
    uint64_t out = 0;
    for (size_t i = 0; i < width; ++i) out = out << 8 | static_cast<uint8_t>(bytes[from++]);
    return static_cast<size_t>(out);
  };
  for (size_t range = 0; range + 1 < ranges.size(); range += 2) {
    for (size_t i = 0; i < ranges[range + 1] && from + entry <= bytes.size(); ++i) {
      const size_t kind = widths[0] > 0 ? take(widths[0]) : 1;
      const size_t second = take(widths[1]);
      static_cast<void>(take(widths[2]));  // a generation, or where it stands in its stream
      if (kind == 1) places_.try_emplace(ranges[range] + i, Place{false, second});
      if (kind == 2) places_.try_emplace(ranges[range] + i, Place{true, second});
    }
  }
  return std::string(dictionary);
}

Result<void> PdfFile::Count(size_t bytes) const {
  // Many numbers may lead to one large object: what is done for a file stays bounded by its size.
  work_ += bytes;
  if (work_ > kMostUnpacked * 2 + pdf_.size() * 4) return Bad("it asks for too much work");
  return {};
}

Result<const PdfFile::Packed*> PdfFile::PackedAt(size_t number) const {
  const auto known = packed_.find(number);
  if (known != packed_.end()) return &known->second;
  const auto holder = places_.find(number);
  if (holder == places_.end() || holder->second.packed) return Bad("an object stream is missing");
  TRY(std::string_view dictionary, TextAt(holder->second.at));
  const auto count = NumberEntry(dictionary, "N"), first = NumberEntry(dictionary, "First");
  if (!count || !first || *count > kMostObjects) return Bad("object stream");
  Packed out;
  TRY(out.bytes, Unpacked(holder->second.at));
  if (*first > out.bytes.size()) return Bad("object stream");
  const std::string_view head = std::string_view(out.bytes).substr(0, *first);
  size_t at = 0;
  for (size_t i = 0; i < *count; ++i) {
    size_t words[2] = {};
    for (size_t& word : words) {
      at = SkipBlanks(head, at);
      const size_t end = WordEnd(head, at);
      const auto value = WholeNumber(head.substr(at, end - at));
      if (!value) return Bad("object stream");
      word = *value;
      at = end;
    }
    if (words[1] > out.bytes.size() - *first) return Bad("object stream");
    out.begins.try_emplace(words[0], *first + words[1]);
  }
  return &packed_.emplace(number, std::move(out)).first->second;
}

Result<std::string> PdfFile::Object(size_t number) const {
  const auto found = places_.find(number);
  if (found == places_.end()) return Bad("an object is missing");
  if (!found->second.packed) {
    TRY(std::string_view text, TextAt(found->second.at));
    TRY_VOID(Count(text.size()));
    return std::string(text);
  }
  TRY(const Packed* holder, PackedAt(found->second.at));
  const auto begins = holder->begins.find(number);
  if (begins == holder->begins.end()) return Bad("an object is missing");
  const auto value = PdfValueAt(holder->bytes, begins->second);
  if (!value) return Bad("an object is damaged");
  TRY_VOID(Count(value->second - value->first));
  return holder->bytes.substr(value->first, value->second - value->first);
}

Result<std::vector<PdfPage>> PdfFile::Pages() const {
  TRY(std::string catalogue, Object(root_));
  const auto top = PdfEntry(catalogue, "Pages");
  const auto top_number = top ? PdfReference(*top) : std::nullopt;
  if (!top_number) return Bad("catalogue");
  struct Node {
    size_t number;
    PdfPage inherited;
    int depth;
  };
  std::vector<PdfPage> out;
  std::set<size_t> seen;
  std::vector<Node> waiting{{*top_number, {}, 0}};
  while (!waiting.empty()) {
    Node node = std::move(waiting.back());
    waiting.pop_back();
    if (node.depth > kDeepest || !seen.insert(node.number).second || seen.size() > 2 * kMostPages)
      return Bad("pages");
    TRY(std::string dictionary, Object(node.number));
    for (const char* key : {"MediaBox", "CropBox"}) {
      auto box = PdfEntry(dictionary, key);
      std::string far;
      if (const auto number = box ? PdfReference(*box) : std::nullopt) {
        TRY(far, Object(*number));
        box = far;
      }
      const auto sides = box ? PdfArray(*box) : std::vector<std::string_view>();
      if (sides.size() != 4) continue;
      double* into = node.inherited.box;
      for (size_t i = 0; i < 4; ++i) into[i] = std::clamp(Real(sides[i]), -1e5, 1e5);
      if (into[0] > into[2]) std::swap(into[0], into[2]);
      if (into[1] > into[3]) std::swap(into[1], into[3]);
    }
    if (const auto turn = PdfEntry(dictionary, "Rotate"))
      node.inherited.rotate =
          ((static_cast<int>(std::clamp(Real(*turn), -3600.0, 3600.0)) % 360) + 360) % 360 / 90 *
          90;
    const auto kids = PdfEntry(dictionary, "Kids");
    if (!kids) {
      if (out.size() >= kMostPages) return Bad("too many pages");
      node.inherited.number = node.number;
      node.inherited.dictionary = std::move(dictionary);
      out.push_back(std::move(node.inherited));
      continue;
    }
    std::string far;
    std::string_view list = *kids;
    if (const auto number = PdfReference(list)) {
      TRY(far, Object(*number));
      list = far;
    }
    const auto below = PdfArray(list);
    for (size_t i = below.size(); i-- > 0;) {
      const auto number = PdfReference(below[i]);
      if (!number) return Bad("pages");
      waiting.push_back({*number, node.inherited, node.depth + 1});
    }
    if (waiting.size() > 2 * kMostPages) return Bad("too many pages");
  }
  if (out.empty()) return Bad("pages");
  return out;
}

std::string PdfFile::TrailerEntries() const {
  std::string out;
  for (const char* key : {"Root", "Info", "ID"})
    if (const auto value = PdfEntry(trailer_, key)) out += fmt::format("/{} {} ", key, *value);
  return out;
}

}  // namespace city::documents::internal
