// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/archive.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "engines/cases/paper_pdf.h"
#include "ledger/errors.h"
#include "parts/documents/zip.h"

namespace city::cases {
namespace {
constexpr std::string_view kFormat = "city-case-archive-1";

/// A name that every system can keep as a file.
std::string FileName(std::string_view name) {
  std::vector<char32_t> points = CodePoints(name);
  for (char32_t& each : points)
    if (each < U' ' || std::u32string_view(U"\\/:*?\"<>|").find(each) != std::u32string_view::npos)
      each = U'_';
  if (points.size() > 80) points.resize(80);
  std::string out = FromCodePoints(points);
  return out.empty() || out.front() == '.' ? "_" + out : out;
}

ArchiveReport Broken(ArchiveReport report, std::string part, std::string zh, std::string en) {
  report.good = false;
  report.broken = std::move(part);
  report.why_zh = std::move(zh);
  report.why_en = std::move(en);
  return report;
}
}  // namespace

Result<Archive::Package> Archive::Pack(const ledger::CommandInfo& info, const std::string& id) {
  TRY(std::string seen, cases_.View(info.who, id));
  TRY(json::value parsed, ParseJson(seen, {.max_bytes = 16u << 20}));
  json::object& view = parsed.get_object();
  const StateInfo* state = FindState(TextAt(view, "state"));
  // Whoever sees answers masked would pack something else than the case.
  const json::value* data = view.at("form").as_object().if_contains("data");
  if (info.who.kind != "official" || data == nullptr || data->is_null())
    return ledger::error::kNotFound;
  if (state == nullptr || state->open) return error::kNotArchivable;
  documents::Parts parts;
  std::vector<std::string> titles;
  auto add = [&](std::string path, std::string title, std::string bytes) {
    parts.emplace_back(std::move(path), std::move(bytes));
    titles.push_back(std::move(title));
  };
  json::object about = view;
  for (const char* key : {"acts", "ways", "seats", "papers", "timeline", "decisions", "form"})
    about.erase(key);
  about["answers"] = *data;
  add("case.json", "办件 / the case", ToText(about));
  add("events.json", "办理经过 / what happened", ToText(view.at("timeline")));
  add("decisions.json", "所依据的决策 / decisions", ToText(view.at("decisions")));
  int at = 0;
  for (const json::value& each : view.at("papers").as_array()) {
    json::object paper = each.as_object();
    paper["number"] = view.at("number");
    TRY(std::string pdf, PaperPdf(paper));
    std::string title = Text(paper.at("title").as_object(), "zh");
    add(fmt::format("papers/{:02}-{}.pdf", ++at, FileName(title)), title, std::move(pdf));
  }
  at = 0;
  for (const json::value& each : view.at("materials").as_array()) {
    const json::object& material = each.as_object();
    for (const json::value& file : material.at("attachments").as_array()) {
      TRY(std::string bytes, bytes_of_(Text(file.as_object(), "id")));
      add(fmt::format("materials/{:02}-{}", ++at, FileName(TextAt(file.as_object(), "name"))),
          Text(material, "material"), std::move(bytes));
    }
  }
  json::array list;
  for (size_t i = 0; i < parts.size(); ++i)
    list.push_back(json::object{{"path", parts[i].first},
                                {"title", titles[i]},
                                {"bytes", parts[i].second.size()},
                                {"sm3", crypto::ToHex(crypto::Sm3(parts[i].second))}});
  std::string manifest = ToText(json::object{{"format", kFormat},
                                             {"number", view.at("number")},
                                             {"item_name", view.at("item_name")},
                                             {"department", view.at("department_name")},
                                             {"state", view.at("state")},
                                             {"made_at", IsoChina(ledger_.clock().Now())},
                                             {"made_by", info.who.name},
                                             {"parts", std::move(list)}});
  TRY(std::string signature, keys_.Sign(kArchiveKey, manifest));
  TRY(crypto::Sm2PublicKey key, keys_.PublicKey(kArchiveKey));
  std::string sealed = ToText(json::object{{"algorithm", "SM2 with SM3"},
                                           {"key", crypto::ToHex(key.Point())},
                                           {"signature", crypto::ToHex(signature)}});
  parts.insert(parts.begin(), {{"manifest.json", manifest}, {"manifest.sig", sealed}});
  std::string digest = crypto::ToHex(crypto::Sm3(manifest));
  TRY_VOID(ledger_.Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
    writer.Note({"case:archive", "service_case", id, Text(view, "region"),
                 ToText(json::object{{"sm3", digest}, {"parts", titles.size()}})});
    return id;
  }));
  return Package{Text(view, "number") + ".zip", documents::WriteZip(parts)};
}

ArchiveReport VerifyArchive(std::string_view bytes, std::string_view wanted_key) {
  ArchiveReport report;
  auto zip = documents::ZipReader::Open(bytes);
  if (!zip) return Broken(report, "zip", zip.error().SaysZh(), zip.error().SaysEn());
  auto manifest = zip->Read("manifest.json");
  if (!manifest) return Broken(report, "manifest.json", "没有清单", "there is no list of parts");
  auto sealed = zip->Read("manifest.sig");
  if (!sealed) return Broken(report, "manifest.sig", "清单没有签封", "the list is not sealed");
  auto seal = ParseJson(*sealed);
  if (!seal || !seal->is_object())
    return Broken(report, "manifest.sig", "签封不可读", "the seal cannot be read");
  report.key = Text(seal->get_object(), "key");
  auto key_bytes = crypto::FromHex(report.key);
  auto signature = crypto::FromHex(TextAt(seal->get_object(), "signature"));
  if (!key_bytes || !signature)
    return Broken(report, "manifest.sig", "签封不可读", "the seal cannot be read");
  auto key = crypto::Sm2PublicKey::FromPoint(*key_bytes);
  if (!key || !key->Verify(*manifest, *signature))
    return Broken(report, "manifest.json", "清单在签封后被改动",
                  "the list was changed after it was sealed");
  if (!wanted_key.empty() && LowerAscii(wanted_key) != LowerAscii(report.key))
    return Broken(report, "manifest.sig", "签封不是由所给的密钥作出",
                  "the seal was not made by the key that was given");
  auto list = ParseJson(*manifest);
  const json::array* parts =
      list && list->is_object() ? ArrayAt(list->get_object(), "parts") : nullptr;
  if (parts == nullptr || TextAt(list->get_object(), "format") != kFormat)
    return Broken(report, "manifest.json", "不是办件归档清单",
                  "this is no list of a case's archive");
  report.number = Text(list->get_object(), "number");
  report.item_name = Text(list->get_object(), "item_name");
  std::set<std::string> named{"manifest.json", "manifest.sig"};
  for (const json::value& each : *parts) {
    if (!each.is_object())
      return Broken(report, "manifest.json", "清单不可读", "the list cannot be read");
    std::string path = Text(each.get_object(), "path");
    named.insert(path);
    auto part = zip->Read(path);
    if (!part) return Broken(report, path, "缺少这一部分", "this part is missing or damaged");
    if (crypto::ToHex(crypto::Sm3(*part)) != TextAt(each.get_object(), "sm3"))
      return Broken(report, path, "内容与清单不符", "its content is not what the list says");
    ++report.parts;
  }
  for (const std::string& path : zip->paths())
    if (!named.contains(path))
      return Broken(report, path, "清单之外的部分", "a part that is not on the list");
  report.good = true;
  return report;
}
}  // namespace city::cases
