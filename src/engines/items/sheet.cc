// SPDX-License-Identifier: Apache-2.0
#include "engines/items/sheet.h"

#include <charconv>
#include <map>

#include "engines/items/errors.h"
#include "parts/documents/xlsx.h"

namespace city::items {
namespace {
using ledger::Field;
using ledger::Meaning;

std::string CellText(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string().c_str());
  return ToText(value);
}

/// A cell as the field's JSON; nothing when it cannot be one.
std::optional<json::value> FromCell(const Field& field, const std::string& cell) {
  if (field.list_of || field.meaning == Meaning::kJson) {
    auto value = ParseJson(cell);
    return value ? std::optional<json::value>(*value) : std::nullopt;
  }
  switch (field.meaning) {
    case Meaning::kBoolean:
      if (cell == "true" || cell == "TRUE" || cell == "1" || cell == "是") return json::value(true);
      if (cell == "false" || cell == "FALSE" || cell == "0" || cell == "否")
        return json::value(false);
      return std::nullopt;
    case Meaning::kInteger:
    case Meaning::kMoney: {
      int64_t number = 0;
      auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
      if (code != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
      return json::value(number);
    }
    default:
      return json::value(json::string(cell));
  }
}
}  // namespace

Result<std::string> ExportItems(ledger::Ledger& ledger, const ledger::Subject& who,
                                const std::string& filter) {
  auto catalogue = ledger.catalogue();
  TRY(const ledger::KnownType* known, catalogue->Find("item"));
  std::vector<documents::XlsxWriter::Column> columns;
  for (const Field& field : known->type.fields) columns.push_back({field.name, 18});
  std::string out;
  documents::XlsxWriter writer(
      [&](std::string_view bytes) -> Result<void> {
        out += bytes;
        return {};
      },
      "items", columns);
  ledger::ListRequest request;
  request.type = "item";
  request.filter = filter;
  request.sort = "code";
  request.limit = 500;
  for (;;) {
    TRY(ledger::Page page, ledger.List(who, request));
    TRY(json::value rows, ParseJson(page.rows, {.max_bytes = 64u << 20}));
    for (const json::value& each : rows.get_array()) {
      std::vector<documents::SheetCell> cells;
      for (const Field& field : known->type.fields) {
        const json::value* value = each.get_object().if_contains(field.name);
        if (value == nullptr || value->is_null()) {
          cells.emplace_back();
        } else if (value->is_int64() && field.meaning == Meaning::kInteger) {
          cells.emplace_back(value->get_int64());
        } else {
          cells.emplace_back(CellText(*value));
        }
      }
      TRY_VOID(writer.Row(cells));
    }
    if (page.next.empty()) break;
    request.after = page.next;
  }
  TRY_VOID(writer.Finish());
  return out;
}

Result<std::string> ImportItems(ledger::Ledger& ledger, const ledger::CommandInfo& info,
                                std::string_view workbook, bool dry_run) {
  auto catalogue = ledger.catalogue();
  TRY(const ledger::KnownType* known, catalogue->Find("item"));
  struct Line {
    int64_t row;
    json::object values;
  };
  std::vector<Line> lines;
  std::vector<const Field*> columns;
  auto wrong = [](int64_t row, const std::string& why) {
    return error::kSheetWrong({{"row", std::to_string(row)}, {"why", why}});
  };
  TRY_VOID(documents::ReadXlsx(
      workbook, [&](int64_t row, std::vector<std::string>& cells) -> Result<void> {
        if (columns.empty()) {
          for (const std::string& cell : cells) {
            columns.push_back(known->type.Find(cell));
            if (columns.back() == nullptr) return wrong(row, "没有字段 / no field " + cell);
          }
          return {};
        }
        Line line{row, {}};
        for (size_t i = 0; i < cells.size() && i < columns.size(); ++i) {
          if (cells[i].empty()) continue;
          auto value = FromCell(*columns[i], cells[i]);
          if (!value) return wrong(row, columns[i]->name + " = " + cells[i].substr(0, 60));
          line.values[columns[i]->name] = std::move(*value);
        }
        if (TextAt(line.values, "code").empty()) return wrong(row, "code");
        if (lines.size() >= 20'000) return wrong(row, "20000");
        lines.push_back(std::move(line));
        return {};
      }));
  int64_t fresh = 0, changed = 0, same = 0;
  json::array changes;
  auto work = [&](ledger::Writer& writer) -> Result<std::string> {
    fresh = changed = same = 0;
    changes.clear();
    for (const Line& line : lines) {
      std::string code(TextAt(line.values, "code")), id;
      {
        TRY(store::Rows rows, writer.tx().Query("select id from r_item where code = $1 and "
                                                "ended_at is null",
                                                {code}));
        if (rows.Next()) id = rows.Text(0);
      }
      json::array fields;
      Result<ledger::Written> done = ledger::Written{};
      if (id.empty()) {
        json::object values = line.values;
        values["state"] = "draft";
        done = writer.Create("item", values);
        ++fresh;
        fields.push_back("*");
      } else {
        TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "item", id));
        json::object values;
        for (const auto& [key, value] : line.values) {
          const json::value* kept = row.if_contains(key);
          if (kept != nullptr && (*kept == value || CellText(*kept) == CellText(value))) continue;
          values[key] = value;
          fields.push_back(json::string(key));
        }
        if (values.empty()) {
          ++same;
          continue;
        }
        done = writer.Update("item", id, values);
        ++changed;
      }
      if (!done) {
        auto why = wrong(line.row, code + "：" + done.error().SaysZh());
        why.value().details = done.error().details;
        return why;
      }
      changes.push_back(json::object{{"row", line.row}, {"code", code}, {"fields", fields}});
    }
    json::object report{{"rows", lines.size()}, {"new", fresh},   {"changed", changed},
                        {"same", same},         {"dry", dry_run}, {"changes", changes}};
    return ToText(report);
  };
  if (!dry_run) return ledger.Command(info, work);
  // Tried in a command that is given up: what it would do is known without doing it.
  std::string report;
  Result<std::string> tried =
      ledger.Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
        TRY(std::string text, work(writer));
        report = text;
        return wrong(0, "dry run");
      });
  if (!report.empty()) return report;
  return tried;
}
}  // namespace city::items
