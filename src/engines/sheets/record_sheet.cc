// SPDX-License-Identifier: Apache-2.0
#include "engines/sheets/record_sheet.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <variant>

#include "base/text.h"
#include "engines/sheets/errors.h"
#include "parts/documents/csv.h"
#include "parts/documents/xlsx.h"

namespace city::sheets {
namespace {
using documents::SheetCell;
using ledger::Field;
using ledger::Meaning;

constexpr int kPage = 500;
/// A cell of a workbook holds at most so many characters (ECMA-376 part 1, 18.18.93 as spreadsheet
/// programs apply it).
constexpr size_t kMostCellText = 32'767;

/// Writes either form.
class Writer {
 public:
  Writer(Form form, const std::string& sheet, const std::vector<std::string>& titles)
      : sink_([this](std::string_view bytes) -> Result<void> {
          bytes_ += bytes;
          return {};
        }) {
    if (form == Form::kCsv) {
      csv_.emplace(sink_);
      begun_ = csv_->Row(titles);
      return;
    }
    std::vector<documents::XlsxWriter::Column> columns;
    for (const std::string& title : titles) columns.push_back({title, 18});
    xlsx_.emplace(sink_, sheet, columns);
  }

  Result<void> Row(const std::vector<SheetCell>& cells) {
    TRY_VOID(begun_);
    if (xlsx_) return xlsx_->Row(cells);
    std::vector<std::string> texts;
    for (const SheetCell& cell : cells) texts.push_back(TextOf(cell));
    return csv_->Row(texts);
  }

  Result<std::string> Finish() {
    TRY_VOID(xlsx_ ? xlsx_->Finish() : csv_->Finish());
    return std::move(bytes_);
  }

 private:
  static std::string TextOf(const SheetCell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<int64_t>(&cell)) return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
    if (const auto* day = std::get_if<Date>(&cell)) return IsoDate(*day);
    return {};
  }

  std::string bytes_;
  const documents::Sink sink_;
  Result<void> begun_;
  std::optional<documents::XlsxWriter> xlsx_;
  std::optional<documents::CsvWriter> csv_;
};

/// Turns the values of a record into cells, and knows the titles of the records pointed to.
class Cells {
 public:
  Cells(ledger::Ledger& ledger, const ledger::Subject& who, bool english)
      : ledger_(ledger), who_(who), english_(english), catalogue_(ledger.catalogue()) {}

  /// Looks up the titles of everything that these rows point to and that is not known yet.
  Result<void> Know(const std::vector<const Field*>& fields, const json::array& rows) {
    for (const Field* field : fields) {
      if (field->meaning != Meaning::kReference) continue;
      std::set<std::string> missing;
      for (const json::value& row : rows)
        if (const json::value* value = row.get_object().if_contains(field->name))
          for (std::string& id : IdsOf(*value))
            if (!titles_.contains(id)) missing.insert(std::move(id));
      TRY_VOID(LookUp(field->to, missing));
    }
    return {};
  }

  SheetCell Of(const Field& field, const json::value& value) const {
    if (value.is_null()) return {};
    if (field.list_of && value.is_array()) {
      std::string out;
      for (const json::value& each : value.get_array()) {
        if (!out.empty()) out += english_ ? ", " : "、";
        out += TextOf(field, each);
      }
      return Cut(std::move(out));
    }
    switch (field.meaning) {
      case Meaning::kMoney:
        if (value.is_int64()) return static_cast<double>(value.get_int64()) / 100;
        break;
      case Meaning::kInteger:
        if (value.is_int64()) return value.get_int64();
        break;
      case Meaning::kNumber:
        if (value.is_number()) return value.to_number<double>();
        break;
      case Meaning::kDate:
        if (value.is_string())
          if (auto day = ParseDate(value.get_string())) return *day;
        break;
      default:
        break;
    }
    return Cut(TextOf(field, value));
  }

 private:
  static std::vector<std::string> IdsOf(const json::value& value) {
    std::vector<std::string> out;
    if (value.is_string()) out.emplace_back(value.get_string());
    if (value.is_array())
      for (const json::value& each : value.get_array())
        if (each.is_string()) out.emplace_back(each.get_string());
    return out;
  }

  Result<void> LookUp(const std::string& type, const std::set<std::string>& missing) {
    auto known = catalogue_->Find(type);
    if (!known) return {};
    const std::string& title = (*known)->type.title;
    constexpr size_t kAtOnce = 200;
    std::vector<std::string> ids(missing.begin(), missing.end());
    for (size_t from = 0; from < ids.size(); from += kAtOnce) {
      ledger::ListRequest request;
      request.type = type;
      request.sort = "id";
      request.limit = kPage;
      request.ended = true;
      request.fields = {title};
      for (size_t at = from; at < std::min(ids.size(), from + kAtOnce); ++at) {
        // What is no key of ours cannot be asked for, and stays as it is.
        if (ids[at].find_first_not_of("0123456789abcdef-") != std::string::npos) continue;
        request.filter += (request.filter.empty() ? "id in (\"" : ", \"") + ids[at] + "\"";
      }
      if (request.filter.empty()) continue;
      request.filter += ")";
      auto page = ledger_.List(who_, request);
      // Who may not see the other type reads the key.
      if (!page) continue;
      TRY(json::value rows, ParseJson(page->rows, {.max_bytes = 64u << 20}));
      for (const json::value& row : rows.get_array())
        if (const json::value* name = row.get_object().if_contains(title);
            name && name->is_string())
          titles_[std::string(row.at("id").get_string())] = std::string(name->get_string());
    }
    for (const std::string& id : missing) titles_.try_emplace(id, id);
    return {};
  }

  std::string TextOf(const Field& field, const json::value& value) const {
    if (value.is_bool()) {
      if (english_) return value.get_bool() ? "yes" : "no";
      return value.get_bool() ? "是" : "否";
    }
    if (!value.is_string()) return ToText(value);
    std::string text(value.get_string());
    if (field.meaning == Meaning::kCode) {
      if (const ledger::CodeList* list = catalogue_->FindList(field.list))
        for (const auto& code : list->codes)
          if (code.code == text) return english_ ? code.label.en : code.label.zh;
    } else if (field.meaning == Meaning::kReference) {
      if (auto found = titles_.find(text); found != titles_.end()) return found->second;
    } else if (field.meaning == Meaning::kTime) {
      if (auto moment = ParseTime(text)) {
        std::string china = IsoChina(*moment);  // 2026-01-31T08:00:00+08:00
        china.resize(19);
        china[10] = ' ';
        return china;
      }
    }
    return text;
  }

  /// Longer text ends in a mark that says so.
  static SheetCell Cut(std::string text) {
    if (LengthOf(text) > kMostCellText) {
      std::vector<char32_t> points = CodePoints(text);
      points.resize(kMostCellText - 1);
      points.push_back(U'…');
      text = FromCodePoints(points);
    }
    return SheetCell(std::in_place_type<std::string>, std::move(text));
  }

  ledger::Ledger& ledger_;
  const ledger::Subject& who_;
  const bool english_;
  const std::shared_ptr<const ledger::Catalogue> catalogue_;
  std::map<std::string, std::string> titles_;
};

/// The fields to write: those asked for, or all that the type has.
Result<std::vector<const Field*>> FieldsOf(const ledger::RecordType& type,
                                           const std::vector<std::string>& wanted) {
  std::vector<const Field*> out;
  if (wanted.empty())
    for (const Field& field : type.fields) out.push_back(&field);
  for (const std::string& name : wanted) {
    const Field* field = type.Find(name);
    if (field == nullptr) return error::kUnknownField({{"type", type.name}, {"field", name}});
    out.push_back(field);
  }
  return out;
}
}  // namespace

Result<Form> FormOf(std::string_view name) {
  if (name == "xlsx" || name.empty()) return Form::kXlsx;
  if (name == "csv") return Form::kCsv;
  return error::kUnknownForm({{"form", std::string(name)}});
}

Result<Sheet> ExportRecords(ledger::Ledger& ledger, const ledger::Subject& who, const Wish& wish) {
  auto catalogue = ledger.catalogue();
  TRY(const ledger::KnownType* known, catalogue->Find(wish.list.type));
  TRY(std::vector<const Field*> fields, FieldsOf(known->type, wish.list.fields));
  std::vector<std::string> titles;
  for (const Field* field : fields)
    titles.push_back(
        (wish.english ? field->label.en : field->label.zh) +
        (field->meaning == Meaning::kMoney ? (wish.english ? " (yuan)" : "（元）") : ""));
  ledger::ListRequest request = wish.list;
  request.limit = kPage;
  request.after.clear();
  request.count = false;
  Writer writer(wish.form, wish.english ? known->type.label.en : known->type.label.zh, titles);
  Cells cells(ledger, who, wish.english);
  Sheet out;
  for (;;) {
    TRY(ledger::Page page, ledger.List(who, request));
    TRY(json::value parsed, ParseJson(page.rows, {.max_bytes = 256u << 20}));
    const json::array& rows = parsed.get_array();
    out.rows += static_cast<int64_t>(rows.size());
    if (out.rows > wish.most_rows)
      return error::kTooManyRows({{"most", std::to_string(wish.most_rows)}});
    TRY_VOID(cells.Know(fields, rows));
    for (const json::value& row : rows) {
      std::vector<SheetCell> line;
      for (const Field* field : fields) {
        const json::value* value = row.get_object().if_contains(field->name);
        line.push_back(value == nullptr ? SheetCell{} : cells.Of(*field, *value));
      }
      TRY_VOID(writer.Row(line));
    }
    if (page.next.empty()) break;
    request.after = page.next;
  }
  TRY(out.bytes, writer.Finish());
  if (who.account.empty()) return out;
  // Recorded before the file leaves: an export that could not be recorded does not happen.
  std::string shard = who.posts.empty() ? std::string() : who.posts.front().region;
  ledger::AuditLine line{"export",
                         wish.list.type,
                         {},
                         shard,
                         ToText(json::object{{"rows", out.rows},
                                             {"filter", wish.list.filter},
                                             {"q", wish.list.q},
                                             {"fields", static_cast<int64_t>(fields.size())}})};
  TRY_VOID(ledger.Command({who, shard, {}, {}}, [&](ledger::Writer& command) {
    command.Note(line);
    return Result<std::string>("{}");
  }));
  return out;
}
}  // namespace city::sheets
