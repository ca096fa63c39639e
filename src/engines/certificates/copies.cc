// SPDX-License-Identifier: Apache-2.0
// Annotated copies (加注件): a certificate printed for one recipient, one purpose and a time, with
// the fields that these need and no others; the code on the paper tells whoever holds it.
#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/certificates/certificates.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/face_sheet.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::certificates {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr int64_t kMostDays = 365;
constexpr int kMostCopies = 200;

tl::unexpected<Error> Wrong(const char* zh, const char* en) {
  return error::kRequestWrong({{"reason_zh", zh}, {"reason_en", en}});
}

/// At most so many signs of a text, without breaks.
std::string OneLine(std::string_view text, size_t most) {
  std::vector<char32_t> points = CodePoints(Trim(text));
  std::erase_if(points, [](char32_t c) { return c < U' '; });
  if (points.size() > most) points.resize(most);
  return FromCodePoints(points);
}

/// The note in light lines all over the page, below what is printed on it, so that it cannot be
/// cut away.
Result<void> Watermark(documents::Document& document, const std::string& note) {
  constexpr double kSize = 4.2, kStep = 20;
  constexpr documents::Colour kLight{222, 222, 222};
  TRY(double width, documents::WidthOf(note, kSize, documents::Face::kHei));
  for (documents::Page& page : document.pages) {
    std::vector<documents::Item> below;
    int line = 0;
    for (double y = kStep / 2; y < document.height; y += kStep, ++line)
      for (double x = line % 2 == 0 ? 6 : 6 - width / 2; x < document.width; x += width + 14) {
        if (x < 0) continue;
        if (x + width > document.width) break;
        TRY(documents::TextRun run,
            documents::MakeRun(note, x, y, kSize, documents::Face::kHei, kLight));
        below.push_back(std::move(run));
      }
    page.items.insert(page.items.begin(), std::make_move_iterator(below.begin()),
                      std::make_move_iterator(below.end()));
  }
  return {};
}
}  // namespace

Result<std::string> Certificates::MakeCopy(const ledger::CommandInfo& info, const std::string& id,
                                           const json::object& body) {
  TRY(ledger::One one, ledger_.Read(info.who, "certificate", id));
  TRY(json::object row, Row(id));
  std::string holder = Text(row, "holder");
  if (std::find(info.who.holders.begin(), info.who.holders.end(), holder) == info.who.holders.end())
    return ledger::error::kNotFound;
  if (StateNow(row) != "active" || Text(row, "source") != "own") return error::kNotShown;
  std::string recipient = OneLine(TextAt(body, "recipient"), 40),
              purpose = OneLine(TextAt(body, "purpose"), 60);
  if (recipient.empty()) return Wrong("须写明接收方", "it must say for whom");
  if (purpose.empty()) return Wrong("须写明用途", "it must say what for");
  int64_t days = IntAt(body, "days", 30);
  if (days < 1 || days > kMostDays)
    return Wrong("有效天数须为 1 至 365", "it is valid for 1 to 365 days");
  TRY(const CertificateType* type, TypeOf(Text(row, "type")));
  json::object faces = *ObjectAt(row, "faces"), kept;
  json::array names;
  const json::array* wanted = ArrayAt(body, "fields");
  for (const FaceField& field : type->fields) {
    bool asked = wanted == nullptr || wanted->empty() ||
                 std::any_of(wanted->begin(), wanted->end(), [&](const json::value& each) {
                   return each.is_string() && each.get_string() == field.name;
                 });
    if (!asked || !field.shown || !faces.contains(field.name)) continue;
    kept[field.name] = faces.at(field.name);
    names.push_back(json::string(field.name));
  }
  if (names.empty()) return Wrong("须至少保留一个字段", "at least one field must be on it");
  Time now = ledger_.clock().Now();
  Date until = ChinaDate(now) + std::chrono::days(days);
  std::string key = NewId(now), code = crypto::ToBase32(crypto::RandomBytes(5));
  TRY(std::shared_ptr<const SealInUse> seal,
      seals_.Find(Text(row, "issuer"), Text(row, "issuer_name"), type->seal));
  TRY(Sheet sheet, PrintedSheet(*type, row, *seal));
  sheet.faces = kept;
  // Neither the facts for programs nor the number tell more than the fields that were chosen.
  sheet.metadata.clear();
  if (names.size() < faces.size()) sheet.number = MaskedCode(sheet.number);
  sheet.check_address = settings_.address + "/check?c=" + key + "&k=" + code;
  std::string note = fmt::format("仅供{}用于{} · {}前有效", recipient, purpose, IsoDate(until));
  sheet.note = "加注件 · " + note;
  TRY(documents::Document document, LayOutSheet(sheet));
  TRY_VOID(Watermark(document, note));
  TRY(std::string pdf, documents::WritePdf(document));
  TRY(std::string signed_pdf, seals_.SignPdf(*seal, pdf, now));
  TRY_VOID(files_.Keep(key + ".copy", signed_pdf));
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::array had,
        ledger::FindRows(writer.tx(), writer.catalogue(), "certificate_copy",
                         "certificate = " + Quoted(id) + " and state = \"active\"", kMostCopies));
    if (had.size() >= kMostCopies)
      return Wrong("有效的加注件过多，请先作废不再需要的",
                   "there are too many copies in force; withdraw some first");
    writer.ActAsEngine();
    TRY_VOID(writer.Create("certificate_copy",
                           {{"certificate", id},
                            {"holder", holder},
                            {"recipient", recipient},
                            {"purpose", purpose},
                            {"fields", names},
                            {"until_day", IsoDate(until)},
                            {"check_code", code},
                            {"sm3", crypto::ToHex(crypto::Sm3(signed_pdf))},
                            {"state", "active"},
                            {"made_at", IsoChina(now)}},
                           Text(row, "region"), key));
    writer.Note({"certificate:copy", "certificate", id, Text(row, "region"),
                 ToText(json::object{{"copy", key}, {"fields", names}})});
    return key;
  });
}

Result<std::string> Certificates::Copies(const ledger::Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "certificate", id));
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object certificate, ledger::ReadRow(*snapshot, *catalogue, "certificate", id));
  if (std::find(who.holders.begin(), who.holders.end(), Text(certificate, "holder")) ==
      who.holders.end())
    return ledger::error::kNotFound;
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate_copy",
                                         "certificate = " + Quoted(id), kMostCopies, "-made_at"));
  json::array out;
  std::string today = IsoDate(ChinaDate(ledger_.clock().Now()));
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    json::object told;
    for (const char* key :
         {"id", "recipient", "purpose", "fields", "until_day", "state", "made_at", "checks"})
      told[key] = row.at(key);
    if (Text(row, "state") == "active" && Text(row, "until_day") < today) told["state"] = "expired";
    out.push_back(std::move(told));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<File> Certificates::CopyFile(const ledger::Subject& who, const std::string& copy) {
  TRY(ledger::One one, ledger_.Read(who, "certificate_copy", copy));
  TRY(json::value row, ParseJson(one.row));
  TRY(std::string bytes, files_.Read(copy + ".copy"));
  TRY_VOID(ledger_.store().Command(one.region, [&](store::Tx& tx) -> Result<void> {
    return ledger::AppendAudit(
        tx, ledger::ChainOf(one.region), who, ledger_.clock().Now(),
        {{"certificate:download-copy", "certificate", Text(row.get_object(), "certificate"),
          one.region, ToText(json::object{{"copy", copy}})}});
  }));
  return File{"加注件-" + Text(row.get_object(), "until_day") + ".pdf", "application/pdf",
              std::move(bytes)};
}

Result<void> Certificates::WithdrawCopy(const ledger::CommandInfo& info, const std::string& copy) {
  TRY(ledger::One one, ledger_.Read(info.who, "certificate_copy", copy));
  TRY(json::value row, ParseJson(one.row));
  std::string state = Text(row.get_object(), "state");
  if (std::find(info.who.holders.begin(), info.who.holders.end(),
                Text(row.get_object(), "holder")) == info.who.holders.end())
    return ledger::error::kNotFound;
  if (state != "active") return error::kActNotPossible({{"state", state}});
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY_VOID(writer.Update("certificate_copy", copy,
                           {{"state", "withdrawn"}, {"withdrawn_at", IsoChina(writer.now())}},
                           one.version));
    writer.Note({"certificate:withdraw-copy", "certificate", Text(row.get_object(), "certificate"),
                 one.region, ToText(json::object{{"copy", copy}})});
    return copy;
  }));
  return {};
}

Result<std::string> Certificates::VerifyCopy(const ledger::CommandInfo& info,
                                             const std::string& copy, const std::string& code) {
  json::object row, certificate;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    auto found = ledger::ReadRow(*snapshot, *catalogue, "certificate_copy", copy);
    // A wrong code and an unknown copy look alike.
    if (!found || !crypto::EqualInConstantTime(Text(*found, "check_code"), std::string(Trim(code))))
      return ToText(json::object{{"found", false}});
    row = std::move(*found);
    TRY(certificate,
        ledger::ReadRow(*snapshot, *catalogue, "certificate", TextAt(row, "certificate")));
  }
  std::string state = Text(row, "state");
  if (state == "active" && Text(row, "until_day") < IsoDate(ChinaDate(ledger_.clock().Now())))
    state = "expired";
  json::object out = Public(certificate);
  for (const char* key : {"identifier", "number"}) out.erase(key);
  bool certificate_good = BoolAt(out, "good");
  out["copy"] = json::object{{"recipient", row.at("recipient")},
                             {"purpose", row.at("purpose")},
                             {"until", row.at("until_day")},
                             {"made_on", Text(row, "made_at").substr(0, 10)},
                             {"state", state}};
  out["good"] = certificate_good && state == "active";
  // The holder sees how often a paper was checked.
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY(json::object now,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "certificate_copy", copy));
    TRY_VOID(writer.Update("certificate_copy", copy, {{"checks", IntAt(now, "checks", 0) + 1}}));
    writer.Note({"certificate:check-copy", "certificate", Text(row, "certificate"),
                 Text(row, "region"), ToText(json::object{{"copy", copy}})});
    return copy;
  }));
  return ToText(out);
}

Result<Sheet> Certificates::PrintedSheet(const CertificateType& type, const json::object& row,
                                         const SealInUse& seal) const {
  Sheet sheet;
  sheet.type = &type;
  sheet.faces = *ObjectAt(row, "faces");
  sheet.number = Text(row, "number");
  sheet.identifier = Text(row, "identifier");
  sheet.issuer = Text(row, "issuer_name");
  TRY(sheet.issued_at, ParseTime(TextAt(row, "issued_at")));
  sheet.valid_from = Text(row, "valid_from");
  sheet.valid_to = Text(row, "valid_until");
  sheet.check_address =
      settings_.address + "/check?n=" + sheet.identifier + "&k=" + Text(row, "check_code");
  sheet.metadata = Facts(type, row);
  sheet.seal = documents::SealDesign{
      .name = seal.name, .purpose = seal.purpose, .diameter = SealPlace(type).width};
  return sheet;
}
}  // namespace city::certificates
