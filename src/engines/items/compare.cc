// SPDX-License-Identifier: Apache-2.0
#include "engines/items/compare.h"

#include <algorithm>
#include <map>
#include <set>

#include "engines/items/errors.h"
#include "ledger/row_text.h"

namespace city::items {
using ledger::Text;
namespace {
struct County {
  std::string code, name;
};

Result<std::vector<County>> Counties(store::Reader& reader) {
  std::vector<County> out;
  TRY(store::Rows rows, reader.Query("select code, name from r_division where level = '4' and "
                                     "ended_at is null order by code"));
  while (rows.Next()) out.push_back({std::string(rows.Text(0)), std::string(rows.Text(1))});
  TRY_VOID(rows.status());
  return out;
}

std::string MaterialNames(const json::object& item) {
  std::set<std::string> names;
  if (const json::array* list = ArrayAt(item, "materials"))
    for (const json::value& each : *list)
      if (each.is_object() && BoolAt(each.get_object(), "required"))
        names.insert(Text(each.get_object(), "name"));
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : "、") + name;
  return out;
}

struct Difference {
  const char* kind;
  std::string ours, theirs;
};

/// What a county's item does otherwise than the model. A shorter limit or fewer visits are no gap.
std::vector<Difference> Differences(const json::object& model, const json::object& other) {
  std::vector<Difference> out;
  auto text = [&](const char* kind, const char* field) {
    if (TextAt(model, field) != TextAt(other, field))
      out.push_back({kind, Text(model, field), Text(other, field)});
  };
  text("name", "name");
  text("type", "item_type");
  text("basis", "legal_basis");
  auto longer = [&](const char* kind, const char* field) {
    if (IntAt(other, field) > IntAt(model, field))
      out.push_back(
          {kind, std::to_string(IntAt(model, field)), std::to_string(IntAt(other, field))});
  };
  longer("limit", "promised_days");
  longer("visits", "visits");
  std::string ours = MaterialNames(model), theirs = MaterialNames(other);
  if (ours != theirs) out.push_back({"materials", ours, theirs});
  return out;
}

/// Items of one basic code in use, the highest level first.
Result<std::vector<json::object>> Implementations(store::Reader& reader,
                                                  const ledger::Catalogue& catalogue,
                                                  const std::string& basic_code) {
  std::vector<std::string> ids;
  {
    TRY(store::Rows rows,
        reader.Query("select id from r_item where basic_code = $1 and ended_at is null and state "
                     "in ('published', 'suspended') order by level, region",
                     {basic_code}));
    while (rows.Next()) ids.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  std::vector<json::object> out;
  for (const std::string& id : ids) {
    TRY(json::object row, ledger::ReadRow(reader, catalogue, "item", id));
    out.push_back(std::move(row));
  }
  return out;
}
}  // namespace

Result<json::object> Compare(store::Reader& reader, const ledger::Catalogue& catalogue,
                             const std::string& basic_code) {
  TRY(std::vector<json::object> items, Implementations(reader, catalogue, basic_code));
  if (items.empty()) return error::kUnknownBasicCode({{"code", basic_code.substr(0, 60)}});
  TRY(std::vector<County> counties, Counties(reader));
  const json::object& model = items.front();
  json::array bodies;
  for (const County& county : counties) {
    auto found = std::find_if(items.begin(), items.end(), [&](const json::object& item) {
      return Text(item, "region") == county.code && Text(item, "level") == "4";
    });
    json::object row{{"region", county.code}, {"region_name", county.name}, {"item", nullptr}};
    json::array differs;
    if (found != items.end()) {
      for (const Difference& each : Differences(model, *found))
        differs.push_back(
            json::object{{"kind", each.kind}, {"ours", each.ours}, {"theirs", each.theirs}});
      row["item"] = found->at("id");
      row["name"] = found->at("name");
      row["promised_days"] = found->at("promised_days");
      row["visits"] = found->at("visits");
      row["materials"] = MaterialNames(*found);
    } else {
      differs.push_back(
          json::object{{"kind", "missing"}, {"ours", model.at("name")}, {"theirs", nullptr}});
    }
    row["differs"] = std::move(differs);
    bodies.push_back(std::move(row));
  }
  return json::object{{"basic_code", basic_code},
                      {"name", model.at("name")},
                      {"model", json::object{{"id", model.at("id")},
                                             {"item_type", model.at("item_type")},
                                             {"legal_basis", model.at("legal_basis")},
                                             {"promised_days", model.at("promised_days")},
                                             {"visits", model.at("visits")},
                                             {"materials", MaterialNames(model)}}},
                      {"bodies", std::move(bodies)}};
}

Result<json::object> Gaps(store::Reader& reader, const ledger::Catalogue& catalogue,
                          const std::string& region) {
  std::vector<std::string> codes;
  {
    TRY(store::Rows rows,
        reader.Query("select basic_code from r_catalogue_item where state = 'published' and "
                     "ended_at is null and levels like '%\"4\"%' order by basic_code"));
    while (rows.Next()) codes.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  json::array gaps;
  int64_t bodies = 0;
  for (const std::string& code : codes) {
    TRY(json::object one, Compare(reader, catalogue, code));
    for (const json::value& each : one.at("bodies").get_array()) {
      const json::object& body = each.get_object();
      if (!region.empty() && TextAt(body, "region") != region) continue;
      ++bodies;
      for (const json::value& difference : body.at("differs").get_array())
        gaps.push_back(json::object{{"region", body.at("region")},
                                    {"region_name", body.at("region_name")},
                                    {"basic_code", code},
                                    {"name", one.at("name")},
                                    {"kind", difference.at("kind")},
                                    {"ours", difference.at("ours")},
                                    {"theirs", difference.at("theirs")}});
    }
  }
  return json::object{{"checked", codes.size()}, {"bodies", bodies}, {"gaps", std::move(gaps)}};
}
}  // namespace city::items
