// SPDX-License-Identifier: Apache-2.0
// Why: workbooks of other programs come in; only what a list needs is looked at.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "parts/documents/errors.h"
#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/internal/xml_scanner.h"
#include "parts/documents/xlsx.h"

namespace city::documents {
namespace {

using internal::AttributeOf;
using internal::XmlScanner;

constexpr uint64_t kMostBytes = 512ull << 20;
constexpr size_t kMostStrings = 256ull << 20;
constexpr size_t kMostColumns = 16384;

Result<void> Scan(const ZipReader& zip, const std::string& path, XmlScanner::Handler& handler) {
  XmlScanner scanner(handler);
  TRY_VOID(
      zip.Stream(path, kMostBytes, [&](std::string_view piece) { return scanner.Feed(piece); }));
  return scanner.Finish();
}

// xl/sharedStrings.xml: <si><t>…</t></si>, or runs <si><r><t>…</t></r>…; phonetics (rPh) are left.
struct SharedStrings : XmlScanner::Handler {
  std::vector<std::string> all;
  size_t bytes = 0;
  bool in_text = false, in_phonetic = false;

  Result<void> Start(std::string_view name, std::string_view) override {
    if (name == "si") all.emplace_back();
    if (name == "rPh") in_phonetic = true;
    if (name == "t") in_text = true;
    return {};
  }
  Result<void> End(std::string_view name) override {
    if (name == "rPh") in_phonetic = false;
    if (name == "t") in_text = false;
    return {};
  }
  Result<void> Text(std::string_view text) override {
    if (!in_text || in_phonetic || all.empty()) return {};
    bytes += text.size();
    if (bytes > kMostStrings) return error::kZipTooLarge({{"limit", "256 MiB"}});
    all.back() += text;
    return {};
  }
};

// Whether a number format shows a day, a time of day.
void LookAtFormat(std::string_view code, bool& day, bool& time) {
  bool quoted = false, bracket = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = static_cast<char>(code[i] | 32);
    if (code[i] == '"') quoted = !quoted;
    if (code[i] == '[') bracket = true;
    if (code[i] == ']') bracket = false;
    if (code[i] == '\\') {
      ++i;
    } else if (!quoted && !bracket) {
      if (c == 'y' || c == 'd') day = true;
      if (c == 'h' || c == 's') time = true;
    }
  }
}

enum class Show { kNumber, kDay, kTime, kMoment };

// xl/styles.xml: which styles of cells show days.
struct Styles : XmlScanner::Handler {
  std::vector<Show> cells;
  std::map<int, Show> own;
  bool in_cells = false;

  static Show Of(bool day, bool time) {
    return day && time ? Show::kMoment : day ? Show::kDay : time ? Show::kTime : Show::kNumber;
  }
  Result<void> Start(std::string_view name, std::string_view attributes) override {
    auto number = [&](std::string_view key) {
      const std::string text = AttributeOf(attributes, key);
      int out = 0;
      std::from_chars(text.data(), text.data() + text.size(), out);
      return out;
    };
    if (name == "cellXfs") in_cells = true;
    if (name == "numFmt") {
      bool day = false, time = false;
      LookAtFormat(AttributeOf(attributes, "formatCode"), day, time);
      own[number("numFmtId")] = Of(day, time);
    }
    if (name == "xf" && in_cells) {
      const int id = number("numFmtId");
      // ECMA-376-1, 18.8.30: the formats that need no text.
      Show show = Show::kNumber;
      if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
          id == 57 || id == 58) {
        show = Show::kDay;
      } else if (id == 22) {
        show = Show::kMoment;
      } else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
                 id == 55 || id == 56) {
        show = Show::kTime;
      }
      if (auto found = own.find(id); found != own.end()) show = found->second;
      cells.push_back(show);
    }
    return {};
  }
  Result<void> End(std::string_view name) override {
    if (name == "cellXfs") in_cells = false;
    return {};
  }
  Result<void> Text(std::string_view) override { return {}; }
};

// A serial number as a day and a time. Day 60 of the calendar of 1900 never was.
std::string ShownAs(Show show, const std::string& value, bool from_1904) {
  double serial = 0;
  auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), serial);
  if (code != std::errc() || serial < 0 || serial > 2'958'466) return value;
  const double seconds_in_all = std::round(serial * 86400);
  const auto days = static_cast<int64_t>(std::floor(seconds_in_all / 86400));
  const auto seconds = static_cast<int64_t>(seconds_in_all) - days * 86400;
  const int64_t shift = from_1904 ? 24107 : days >= 60 ? 25569 : 25568;
  const std::string day = IsoDate(Date(std::chrono::days(days - shift)));
  const std::string time =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (show == Show::kTime) return time;
  return show == Show::kDay && seconds == 0 ? day : day + " " + time;
}

struct Sheet : XmlScanner::Handler {
  Sheet(const SharedStrings& strings, const Styles& styles, bool from_1904, const TakeRow& take)
      : strings(strings), styles(styles), from_1904(from_1904), take(take) {}

  const SharedStrings& strings;
  const Styles& styles;
  const bool from_1904;
  const TakeRow& take;
  int64_t row = 0;
  size_t column = 0;
  std::vector<std::string> cells;
  std::string type, value;
  size_t style = 0;
  bool in_value = false, in_cell = false, in_phonetic = false;

  tl::unexpected<Error> Bad(const char* reason) const {
    return error::kBadSpreadsheet({{"row", std::to_string(row)}, {"reason", reason}});
  }

  Result<void> Start(std::string_view name, std::string_view attributes) override {
    if (name == "row") {
      const std::string number = AttributeOf(attributes, "r");
      int64_t given = row + 1;
      std::from_chars(number.data(), number.data() + number.size(), given);
      if (given <= row || given > XlsxWriter::kMostRows) return Bad("row numbers");
      row = given;
      column = 0;
      cells.clear();
    } else if (name == "c") {
      const std::string reference = AttributeOf(attributes, "r");
      size_t given = 0;
      for (char c : reference) {
        if (c < 'A' || c > 'Z') break;
        given = given * 26 + static_cast<size_t>(c - 'A' + 1);
        if (given > kMostColumns) return Bad("column");
      }
      if (given > 0) column = given - 1;
      if (column >= kMostColumns) return Bad("column");
      type = AttributeOf(attributes, "t");
      const std::string index = AttributeOf(attributes, "s");
      style = 0;
      std::from_chars(index.data(), index.data() + index.size(), style);
      value.clear();
      in_cell = true;
    } else if (name == "rPh") {
      in_phonetic = true;
    } else if (in_cell && (name == "v" || name == "t")) {
      in_value = true;
    }
    return {};
  }

  Result<void> End(std::string_view name) override {
    if (name == "v" || name == "t") in_value = false;
    if (name == "rPh") in_phonetic = false;
    if (name == "c") {
      in_cell = false;
      TRY(std::string text, Shown());
      if (!text.empty()) {
        cells.resize(std::max(cells.size(), column + 1));
        cells[column] = std::move(text);
      }
      ++column;
    }
    if (name == "row" && !cells.empty()) return take(row, cells);
    return {};
  }

  Result<void> Text(std::string_view text) override {
    if (in_value && !in_phonetic) value += text;
    if (value.size() > (1u << 20)) return Bad("a cell is too long");
    return {};
  }

  Result<std::string> Shown() const {
    if (type == "s") {
      size_t index = 0;
      auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), index);
      if (code != std::errc() || index >= strings.all.size()) return Bad("shared text");
      return strings.all[index];
    }
    if (type == "b") return std::string(value == "1" ? "TRUE" : "FALSE");
    if (type == "str" || type == "inlineStr" || type == "e" || value.empty()) return value;
    const Show show = style < styles.cells.size() ? styles.cells[style] : Show::kNumber;
    return show == Show::kNumber ? value : ShownAs(show, value, from_1904);
  }
};

struct Book {
  std::string sheet;
  bool from_1904 = false;
};

// The path of the first sheet.
Result<Book> ReadBook(const ZipReader& zip) {
  auto bad = [](const char* reason) {
    return error::kBadSpreadsheet({{"row", "0"}, {"reason", reason}});
  };
  if (!zip.Has("xl/workbook.xml")) return bad("not an xlsx workbook");
  TRY(std::string workbook, zip.Read("xl/workbook.xml"));
  TRY(std::string relations, zip.Read("xl/_rels/workbook.xml.rels"));
  Parts parts{{"w", std::move(workbook)}, {"r", std::move(relations)}};
  auto book = internal::PartXml(parts, "w");
  auto targets = internal::PartXml(parts, "r");
  if (!book || !targets) return bad("workbook");
  const pugi::xml_node root = (*book)->document_element();
  const pugi::xml_node first = internal::Child(internal::Child(root, "sheets"), "sheet");
  std::string id;
  for (const pugi::xml_attribute& attribute : first.attributes()) {
    std::string_view name = attribute.name();
    if (name.ends_with(":id")) id = attribute.value();
  }
  Book out;
  out.from_1904 = internal::Child(root, "workbookPr").attribute("date1904").as_bool();
  for (const pugi::xml_node& relation : (*targets)->document_element().children()) {
    if (relation.attribute("Id").value() == id && !id.empty()) {
      out.sheet = internal::Resolve("xl/workbook.xml", relation.attribute("Target").value());
    }
  }
  if (!zip.Has(out.sheet)) return bad("no sheet");
  return out;
}

}  // namespace

Result<void> ReadXlsx(std::string_view xlsx, const TakeRow& take) {
  TRY(ZipReader zip, ZipReader::Open(xlsx, {.total_bytes = kMostBytes}));
  TRY(Book book, ReadBook(zip));
  SharedStrings strings;
  if (zip.Has("xl/sharedStrings.xml")) TRY_VOID(Scan(zip, "xl/sharedStrings.xml", strings));
  Styles styles;
  if (zip.Has("xl/styles.xml")) TRY_VOID(Scan(zip, "xl/styles.xml", styles));
  Sheet sheet(strings, styles, book.from_1904, take);
  return Scan(zip, book.sheet, sheet);
}

}  // namespace city::documents
