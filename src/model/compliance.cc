// SPDX-License-Identifier: Apache-2.0
#include "model/compliance.h"

#include <fmt/format.h>

#include <map>

#include "ledger/errors.h"
#include "parts/documents/flow.h"
#include "parts/documents/ofd.h"
#include "parts/documents/xlsx.h"

namespace city::model {
namespace {
struct Measure {
  bool holds = false;
  std::string zh, en;
};

Result<int64_t> Count(City& city, const std::string& sql) {
  TRY(auto snapshot, city.store().Read());
  TRY(store::Rows rows, snapshot->Query(sql));
  return rows.Next() ? rows.Int(0) : 0;
}

Result<std::map<std::string, Measure>> Measures(City& city, int sensitive, int sealed,
                                                bool verify) {
  std::map<std::string, Measure> out;
  bool vault = city.ledger().catalogue()->vault() != nullptr;
  out["field-encryption"] = {
      vault && sealed >= sensitive,
      fmt::format("三级以上字段 {} 个，已加密字段 {} 个；SM4 加密并以 HMAC-SM3 保护完整性，"
                  "每类记录一个数据密钥，由密钥库包裹",
                  sensitive, sealed),
      fmt::format("{} fields of grade 3 and above, {} fields sealed with SM4 and HMAC-SM3 under a "
                  "data key of each type, wrapped by the key store",
                  sensitive, sealed)};
  out["sealed-files"] = {true, "附件和证照文件以 SM4 加密、HMAC-SM3 保护完整性",
                         "attachments and certificates are sealed with SM4 and HMAC-SM3"};
  TRY(int64_t lines, Count(city, "select count(*) from audit"));
  TRY(int64_t audit_seals, Count(city, "select count(*) from audit_seal"));
  bool whole = lines > 0;
  std::string zh = "核验结果见导出的报告", en = "the exported report verifies it";
  if (verify) {
    TRY(ledger::AuditReport audit, city.VerifyAudit());
    whole = audit.Good();
    zh = "刚刚核验：" + (whole ? std::string("完整") : audit.first_broken);
    en = "checked just now: " + (whole ? std::string("whole") : audit.first_broken);
  }
  out["audit-chain"] = {
      whole, fmt::format("审计日志 {} 行以 SM3 成链，SM2 签封 {} 次；{}", lines, audit_seals, zh),
      fmt::format("{} audit lines chained with SM3, {} seals with SM2; {}", lines, audit_seals,
                  en)};
  out["passwords"] = {true, "口令以 Argon2id 存储，可加一次性口令；SM2 证书登录尚未提供",
                      "passwords under Argon2id, one-time codes; sign-in by SM2 certificate is not "
                      "offered yet"};
  TRY(int64_t certificates, Count(city, "select count(*) from r_certificate"));
  TRY(int64_t seals, Count(city, "select count(*) from r_seal where state = 'active'"));
  out["signatures"] = {
      seals > 0,
      fmt::format("证照 {} 份、在用印章 {} 枚，SM2 签名；授权同意均有签名", certificates, seals),
      fmt::format("{} certificates and {} seals in use sign with SM2; consents are signed",
                  certificates, seals)};
  return out;
}

const char* PurposeZh(crypto::Purpose purpose) {
  switch (purpose) {
    case crypto::Purpose::kSign:
      return "SM2";
    case crypto::Purpose::kUnwrap:
      return "SM2";
    case crypto::Purpose::kSeal:
      return "SM4 + HMAC-SM3";
    case crypto::Purpose::kIndex:
      return "HMAC-SM3";
  }
  return "";
}
}  // namespace

Result<json::object> Compliance(City& city, bool verify) {
  json::array systems, keys, points;
  auto catalogue = city.ledger().catalogue();
  int all_sensitive = 0, all_sealed = 0;
  for (const GovernmentSystem& system : city.model().systems) {
    int types = 0, sensitive = 0, sealed = 0, found = 0;
    for (const auto& [name, known] : catalogue->types()) {
      if (known.type.system != system.folder) continue;
      ++types;
      for (const ledger::Field& field : known.type.fields) {
        sensitive += field.grade >= 3 ? 1 : 0;
        sealed += field.sealed ? 1 : 0;
        found += field.Hashed() ? 1 : 0;
      }
    }
    all_sensitive += sensitive;
    all_sealed += sealed;
    systems.push_back(
        json::object{{"id", system.id},
                     {"name", json::object{{"zh", system.name.zh}, {"en", system.name.en}}},
                     {"types", types},
                     {"sensitive_fields", sensitive},
                     {"sealed_fields", sealed},
                     {"exact_match_fields", found},
                     {"algorithm", sealed > 0 ? "SM4-CTR + HMAC-SM3" : ""},
                     {"key", sealed > 0 ? ledger::kFieldKey : ""}});
  }
  // Keys of single seals are many; one line stands for them.
  int seal_keys = 0;
  for (const crypto::KeyInfo& key : city.keys().List()) {
    if (key.name.starts_with("seal-")) {
      ++seal_keys;
      continue;
    }
    keys.push_back(json::object{{"name", key.name},
                                {"purpose", crypto::NameOf(key.purpose)},
                                {"algorithm", PurposeZh(key.purpose)},
                                {"version", key.number},
                                {"made_at", IsoChina(key.made_at)},
                                {"uses", static_cast<int64_t>(key.uses)}});
  }
  TRY(auto measures, Measures(city, all_sensitive, all_sealed, verify));
  int met = 0, operators = 0;
  auto shelf = city.model().shelves.find("pages");
  if (shelf != city.model().shelves.end())
    for (const ShelfFile& file : shelf->second) {
      if (file.name != "test-points") continue;
      TRY(yaml::Node list, yaml::Load(file.path));
      for (const yaml::Node& each : list.items) {
        json::object point = each.ToJson().get_object();
        auto measure = measures.find(std::string(TextAt(point, "measure")));
        std::string state = "operator";
        if (measure != measures.end()) {
          state = !measure->second.holds ? "not_met" : BoolAt(point, "partly") ? "partly" : "met";
          point["evidence"] = json::object{{"zh", measure->second.zh}, {"en", measure->second.en}};
        }
        met += state == "met" ? 1 : 0;
        operators += state == "operator" ? 1 : 0;
        point["state"] = state;
        points.push_back(std::move(point));
      }
    }
  return json::object{{"at", IsoChina(city.clock().Now())},
                      {"systems", std::move(systems)},
                      {"keys", std::move(keys)},
                      {"seal_keys", seal_keys},
                      {"points", std::move(points)},
                      {"met", met},
                      {"operator", operators}};
}

namespace {
std::string Zh(const json::object& row, const char* key) {
  const json::object* words = ObjectAt(row, key);
  return words != nullptr ? std::string(TextAt(*words, "zh")) : std::string();
}

std::string StateZh(const json::object& point) {
  static const std::map<std::string, std::string, std::less<>> kStates = {
      {"met", "符合"}, {"partly", "部分符合"}, {"not_met", "不符合"}, {"operator", "运营方"}};
  return kStates.find(TextAt(point, "state"))->second;
}

Result<std::string> AsSheet(const json::object& found) {
  std::string out;
  documents::XlsxWriter sheet(
      [&](std::string_view bytes) -> Result<void> {
        out += bytes;
        return {};
      },
      "商用密码应用情况",
      {{"类别", 10},
       {"层面或编号", 18},
       {"测评点、系统或密钥", 34},
       {"状态或算法", 20},
       {"证据", 60}});
  auto row = [&](std::string kind, std::string area, std::string what, std::string state,
                 std::string evidence) {
    const documents::SheetCell cells[] = {std::move(kind), std::move(area), std::move(what),
                                          std::move(state), std::move(evidence)};
    return sheet.Row(cells);
  };
  for (const json::value& each : found.at("points").as_array()) {
    const json::object& point = each.as_object();
    TRY_VOID(row("测评点", Zh(point, "area"), Zh(point, "point"), StateZh(point),
                 Zh(point, "evidence")));
  }
  for (const json::value& each : found.at("systems").as_array()) {
    const json::object& one = each.as_object();
    TRY_VOID(row("系统", std::string(TextAt(one, "id")), Zh(one, "name"),
                 std::string(TextAt(one, "algorithm")),
                 fmt::format("敏感字段 {} 个，加密字段 {} 个", IntAt(one, "sensitive_fields"),
                             IntAt(one, "sealed_fields"))));
  }
  for (const json::value& each : found.at("keys").as_array()) {
    const json::object& one = each.as_object();
    TRY_VOID(row("密钥", fmt::format("第 {} 版", IntAt(one, "version")),
                 std::string(TextAt(one, "name")), std::string(TextAt(one, "algorithm")),
                 std::string(TextAt(one, "made_at"))));
  }
  TRY_VOID(sheet.Finish());
  return out;
}
}  // namespace

Result<std::string> ComplianceReport(City& city, std::string_view format) {
  if (format != "pdf" && format != "ofd" && format != "xlsx") return ledger::error::kNotFound;
  TRY(json::object found, Compliance(city, true));
  if (format == "xlsx") return AsSheet(found);
  documents::Flow flow;
  documents::TextStyle title{.face = documents::Face::kHeiBold,
                             .points = 20,
                             .align = documents::Align::kCentre,
                             .after = 5};
  documents::TextStyle heading{
      .face = documents::Face::kHei, .points = 14, .before = 4, .after = 2};
  TRY_VOID(flow.Text("商用密码应用情况报告", title));
  TRY_VOID(flow.Text("对照 GB/T 39786-2021 第三级。由系统根据运行状态自动生成，" +
                         std::string(TextAt(found, "at")) +
                         "。标为“运营方”的测评点须由运营单位另行提供证据。",
                     {.first_indent = 2, .after = 3}));
  auto table = [&](std::vector<double> widths, std::vector<std::string> head,
                   const std::vector<std::vector<std::string>>& rows) -> Result<void> {
    std::vector<std::vector<documents::Cell>> cells;
    auto row_of = [](const std::vector<std::string>& texts, bool bold) {
      std::vector<documents::Cell> row;
      for (const std::string& text : texts) row.push_back({.text = text, .bold = bold});
      return row;
    };
    cells.push_back(row_of(head, true));
    for (const auto& row : rows) cells.push_back(row_of(row, false));
    documents::TableStyle style;
    style.widths = std::move(widths);
    return flow.Table(cells, style);
  };
  std::vector<std::vector<std::string>> rows;
  for (const json::value& each : found.at("points").as_array()) {
    const json::object& row = each.as_object();
    rows.push_back({Zh(row, "area"), Zh(row, "point"), StateZh(row), Zh(row, "evidence")});
  }
  TRY_VOID(flow.Text("一、测评点", heading));
  TRY_VOID(table({3, 4, 2, 7}, {"层面", "测评点", "状态", "证据"}, rows));
  rows.clear();
  for (const json::value& each : found.at("systems").as_array()) {
    const json::object& row = each.as_object();
    rows.push_back({std::string(TextAt(row, "id")), Zh(row, "name"),
                    std::to_string(IntAt(row, "sensitive_fields")),
                    std::to_string(IntAt(row, "sealed_fields")),
                    std::string(TextAt(row, "algorithm"))});
  }
  TRY_VOID(flow.Text("二、各系统", heading));
  TRY_VOID(table({2, 6, 2, 2, 4}, {"编号", "系统", "敏感字段", "加密字段", "算法"}, rows));
  rows.clear();
  for (const json::value& each : found.at("keys").as_array()) {
    const json::object& row = each.as_object();
    rows.push_back({std::string(TextAt(row, "name")), std::string(TextAt(row, "algorithm")),
                    std::to_string(IntAt(row, "version")),
                    std::string(TextAt(row, "made_at").substr(0, 10))});
  }
  TRY_VOID(flow.Text("三、密钥", heading));
  TRY_VOID(table({5, 4, 2, 4}, {"名称", "算法", "版本", "生成日期"}, rows));
  TRY(documents::Document document, flow.Finish());
  document.title = "商用密码应用情况报告";
  document.made_at = city.clock().Now();
  document.id = crypto::ToHex(crypto::RandomBytes(16));
  return format == "ofd" ? documents::WriteOfd(document) : documents::WritePdf(document);
}
}  // namespace city::model
