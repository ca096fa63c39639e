// SPDX-License-Identifier: Apache-2.0
// Checking files: every step as a question that people ask, the answer, by which certificate it was
// found, when, and which part failed. Taking in what others issued goes through the same steps.
#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "engines/certificates/certificates.h"
#include "engines/certificates/credential.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/identifier.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/signed_data.h"
#include "parts/documents/pdf_signature.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Words;
using ledger::Writer;
namespace {
json::object Said(const Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }

/// The question behind each step of checking a seal.
Words Question(std::string_view step) {
  static const std::map<std::string_view, Words> kWords = {
      {"structure",
       {"签章数据的格式符合国家标准吗？", "Is the signature made as the standard says?"}},
      {"seal signature", {"印章图样被改动过吗？", "Was the seal itself altered?"}},
      {"maker", {"制作印章的机构可信吗？", "Is the maker of the seal trusted?"}},
      {"seal period", {"签章时印章在有效期内吗？", "Was the seal valid when it was used?"}},
      {"seal user", {"签章人有权使用这枚印章吗？", "May the signer use this seal?"}},
      {"signer", {"签章人的证书可信、没有被吊销吗？", "Is the signer trusted and not revoked?"}},
      {"signature", {"签名是用签章人的密钥做的吗？", "Was it signed with the signer's key?"}},
      {"document", {"签的就是这份文件吗？", "Is it this document that was signed?"}},
      {"time stamp", {"签章时间有可信的证明吗？", "Is the time of signing certified?"}}};
  auto found = kWords.find(step);
  return found == kWords.end() ? Words{std::string(step), std::string(step)} : found->second;
}

/// A part of an OFD in words.
Words PartWords(const std::string& path) {
  size_t page = path.find("/Page_");
  if (page != std::string::npos) {
    int number = std::atoi(path.c_str() + page + 6) + 1;
    return {fmt::format("第 {} 页", number), fmt::format("page {}", number)};
  }
  if (path.find("/Res/") != std::string::npos) return {"图片或字体", "a picture or font"};
  if (path.find("Res.xml") != std::string::npos) return {"资源清单", "list of resources"};
  if (path.find("Attach") != std::string::npos) return {"附件", "an attached file"};
  if (path.find("/Signs/") != std::string::npos) return {"签章", "a signature"};
  if (path.ends_with("Document.xml")) return {"文件结构", "structure of the document"};
  if (path == "OFD.xml") return {"文件说明", "facts about the document"};
  return {"其他内容", "another part"};
}

/// Gathers checks in their order.
class Report {
 public:
  json::object& Check(bool passed, const Words& what, std::string zh, std::string en) {
    good_ = good_ && passed;
    json::object one{{"passed", passed},
                     {"what", Said(what)},
                     {"says", json::object{{"zh", std::move(zh)}, {"en", std::move(en)}}}};
    if (signature_ >= 0) one["signature"] = signature_;
    checks_.push_back(std::move(one));
    return checks_.back().as_object();
  }
  /// A check that names the parts that it did not pass.
  void CheckParts(const std::vector<std::string>& parts, const Words& what, const Words& fine,
                  const Words& wrong) {
    std::string named = Join(parts, ", ");
    json::object& one = Check(parts.empty(), what, parts.empty() ? fine.zh : wrong.zh + named,
                              parts.empty() ? fine.en : wrong.en + named);
    if (parts.empty()) return;
    json::array where;
    for (const std::string& part : parts) {
      json::object told = Said(PartWords(part));
      told["part"] = part;
      where.push_back(std::move(told));
    }
    one["where"] = std::move(where);
  }
  /// Names the certificate that a check went by.
  static void By(json::object& check, const crypto::Certificate& certificate,
                 const std::vector<crypto::Certificate>& issuers) {
    json::object by{{"subject", certificate.common_name()},
                    {"serial", certificate.serial()},
                    {"from", IsoDate(ChinaDate(certificate.from()))},
                    {"to", IsoDate(ChinaDate(certificate.to()))}};
    for (const crypto::Certificate& issuer : issuers)
      if (issuer.subject_der() == certificate.issuer_der() && certificate.SignedBy(issuer.key()))
        by["issuer"] = issuer.common_name();
    check["by"] = std::move(by);
  }
  /// The checks that follow belong to this signature; -1: to the file.
  void About(int64_t signature) { signature_ = signature; }
  bool good() const { return good_; }
  json::array Take() { return std::move(checks_); }

 private:
  bool good_ = true;
  int64_t signature_ = -1;
  json::array checks_;
};

/// What is believed: the city's own authority and those of other cities.
struct Believed {
  std::vector<crypto::Certificate> roots, others, all;
  std::vector<crypto::RevocationList> lists;
};
Believed BelievedFrom(const Authority& authority, Seals& seals, const Trust& trust) {
  Believed out;
  out.roots = trust.roots;
  out.roots.push_back(authority.root());
  out.others = trust.others;
  out.others.push_back(authority.issuing());
  out.all = out.roots;
  out.all.insert(out.all.end(), out.others.begin(), out.others.end());
  if (auto list = seals.RevocationListNow()) out.lists.push_back(*list);
  return out;
}

/// The root that a certificate goes back to; null when it is the city's own or nobody's.
const Trust::Root* ForeignRoot(const crypto::Certificate& leaf, const Believed& believed,
                               const Trust& trust, Time at) {
  for (const Trust::Root& each : trust.named) {
    const crypto::Certificate root[] = {each.certificate};
    if (crypto::CheckChain(leaf, believed.others, root, at)) return &each;
  }
  return nullptr;
}

void CheckOneSeal(Report& report, const crypto::SealReport& seal, const Believed& believed,
                  const Trust::Root* foreign) {
  for (const crypto::SealCheck& step : seal.checks) {
    std::string zh = step.says_zh.empty() ? "通过" : step.says_zh,
                en = step.says_en.empty() ? "passed" : step.says_en;
    if (step.name == "signer" && step.passed && foreign != nullptr) {
      zh += "；由受信任的“" + foreign->name + "”签发，未取得其吊销列表";
      en += "; issued under the trusted root of \"" + foreign->name +
            "\", whose revocation list is not at hand";
    }
    json::object& one = report.Check(step.passed, Question(step.name), zh, en);
    bool by_maker = step.name == "seal signature" || step.name == "maker";
    bool by_signer = step.name == "seal user" || step.name == "signer" || step.name == "signature";
    if (by_maker && seal.seal) Report::By(one, seal.seal->maker, believed.all);
    if (by_signer && seal.signer) Report::By(one, *seal.signer, believed.all);
    if (step.name == "seal period" && seal.seal) {
      one["at"] = IsoChina(seal.signed_at);
      one["period"] = json::object{{"from", IsoDate(ChinaDate(seal.seal->facts.from))},
                                   {"to", IsoDate(ChinaDate(seal.seal->facts.to))}};
    }
    if (step.name == "time stamp") one["at"] = IsoChina(seal.signed_at);
  }
}

void CheckOfd(Report& report, std::string_view bytes, const Believed& believed, const Trust& trust,
              json::object& out) {
  auto signatures = documents::CheckOfdSignatures(bytes);
  if (!signatures) {
    std::string en = signatures.error().SaysEn();
    json::object& one = report.Check(false, {"文件能读出来吗？", "Can the file be read?"},
                                     signatures.error().SaysZh(), en);
    // The container names the part whose checksum does not fit.
    static constexpr std::string_view kMark = "checksum: ";
    if (size_t at = en.find(kMark); at != std::string::npos) {
      std::string part(Trim(std::string_view(en).substr(at + kMark.size())));
      json::object told = Said(PartWords(part));
      told["part"] = part;
      one["where"] = json::array{std::move(told)};
    }
    return;
  }
  if (signatures->empty()) {
    report.Check(false, {"文件有电子签章吗？", "Does the file carry a seal?"}, "文件没有签章",
                 "the file carries no seal");
    return;
  }
  report.Check(documents::HasPlainContainer(bytes),
               {"文件里夹带了别的东西吗？", "Does anything hide in the file?"}, "按容器逐字节比对",
               "the container was compared byte by byte");
  json::array signers;
  for (size_t i = 0; i < signatures->size(); ++i) {
    const documents::OfdSignature& each = (*signatures)[i];
    report.About(static_cast<int64_t>(i));
    report.CheckParts(each.changed,
                      {"签章后内容被改动过吗？", "Was anything changed after it was sealed?"},
                      {"没有，各部分全部一致", "no, all parts match"}, {"已改动：", "changed: "});
    report.CheckParts(each.missing, {"有内容丢失吗？", "Is anything missing?"},
                      {"没有，内容齐全", "no, it is complete"}, {"缺失：", "missing: "});
    // What a later signature brings with it is covered by that one.
    report.CheckParts(each.unprotected, {"有后来加进去的内容吗？", "Was anything added?"},
                      {"没有，全部内容受签章保护", "no, all parts are covered"},
                      {"未受保护：", "not covered: "});
    crypto::SealReport seal =
        crypto::CheckSealSignature(each.signed_value, each.data_hash, each.property_info,
                                   believed.others, believed.roots, believed.lists);
    const Trust::Root* foreign =
        seal.signer ? ForeignRoot(*seal.signer, believed, trust, seal.signed_at) : nullptr;
    CheckOneSeal(report, seal, believed, foreign);
    if (!seal.seal) continue;
    json::object signer{{"seal", seal.seal->facts.name},
                        {"kind", static_cast<int>(seal.seal->facts.kind)},
                        {"signed_at", IsoChina(seal.signed_at)},
                        {"stamped", seal.stamped},
                        {"valid_until", IsoDate(ChinaDate(seal.seal->facts.to))}};
    if (foreign != nullptr) signer["foreign"] = foreign->name;
    signers.push_back(std::move(signer));
  }
  report.About(-1);
  out["signatures"] = std::move(signers);
}

void CheckPdf(Report& report, std::string_view bytes, const Believed& believed, json::object& out) {
  auto found = documents::FindPdfSignature(bytes);
  if (!found || !*found) {
    report.Check(false, {"文件有电子签名吗？", "Does the file carry a signature?"},
                 found ? "文件没有签名" : found.error().SaysZh(),
                 found ? "the file carries no signature" : found.error().SaysEn());
    return;
  }
  report.About(0);
  report.Check((*found)->covers_all, {"有后来加进去的内容吗？", "Was anything added?"},
               (*found)->covers_all ? "没有，全部内容受签名保护" : "签名之后又加入了内容",
               (*found)->covers_all ? "no, all of it is covered" : "something was added after it");
  auto read = crypto::CheckDetached((*found)->signed_data, (*found)->digest);
  json::object& value = report.Check(
      read.has_value(), {"签名后内容被改动过吗？", "Was anything changed after it was signed?"},
      read ? "没有，签名与内容一致" : read.error().SaysZh(),
      read ? "no, the signature fits the content" : read.error().SaysEn());
  if (!read) return;
  Report::By(value, read->signer, believed.all);
  auto chain = crypto::CheckChain(read->signer, believed.others, believed.roots, read->signed_at,
                                  believed.lists);
  json::object& trusted = report.Check(chain.has_value(), Question("signer"),
                                       chain ? read->signer.common_name() : chain.error().SaysZh(),
                                       chain ? read->signer.common_name() : chain.error().SaysEn());
  Report::By(trusted, read->signer, believed.all);
  trusted["at"] = IsoChina(read->signed_at);
  report.About(-1);
  out["signatures"] = json::array{json::object{{"seal", read->signer.common_name()},
                                               {"signed_at", IsoChina(read->signed_at)},
                                               {"stamped", false}}};
}
}  // namespace

Result<std::string> Certificates::VerifyFile(std::string_view bytes, const Trust& trust) {
  Report report;
  json::object out;
  std::string identifier;
  std::string_view text = Trim(bytes.substr(0, std::min<size_t>(bytes.size(), 1u << 20)));
  if (text.starts_with("eyJ") && text.find('.') != std::string_view::npos) {
    TRY(crypto::Sm2PublicKey key, keys_.PublicKey(kCredentialKey));
    auto read = VerifyCredential(text, key);
    report.Check(
        read.has_value(),
        {"凭证是签发机构签名的、没有改动吗？", "Was it signed by the issuer and unaltered?"},
        read ? "签名有效" : read.error().SaysZh(), read ? "good" : read.error().SaysEn());
    out["kind"] = "credential";
    if (read) {
      identifier = Text(read->facts, "certificate_identifier");
      out["facts"] = read->facts;
      out["faces"] = read->faces;
      out["hidden"] = static_cast<int64_t>(read->hidden);
    }
  } else if (bytes.starts_with("%PDF-")) {
    out["kind"] = "pdf";
    CheckPdf(report, bytes, BelievedFrom(authority_, seals_, trust), out);
  } else {
    if (!bytes.starts_with("PK")) return error::kNotADocument;
    out["kind"] = "ofd";
    CheckOfd(report, bytes, BelievedFrom(authority_, seals_, trust), trust, out);
    if (auto facts = documents::ReadOfdFacts(bytes))
      for (const auto& [name, value] : *facts)
        if (name == "certificate_identifier") identifier = value;
  }
  if (!identifier.empty()) {
    Words what{"登记簿里这份证照现在有效吗？", "Is it in force in the register today?"};
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "certificate",
                                           "identifier = " + Quoted(identifier), 1));
    if (rows.empty()) {
      report.Check(false, what, "本市登记簿中没有这份证照",
                   "this city's register has no such certificate");
    } else {
      json::object found = Public(rows[0].get_object());
      std::string state = Text(found, "state");
      report.Check(state == "active", what, StateWords(state).zh, StateWords(state).en)["at"] =
          IsoChina(ledger_.clock().Now());
      if (out["kind"] == "ofd")
        report.Check(Text(rows[0].get_object(), "ofd_sm3") == crypto::ToHex(crypto::Sm3(bytes)),
                     {"和登记的是同一份文件吗？", "Is it the same file as registered?"},
                     "按 SM3 摘要比对", "compared by its SM3");
      out["certificate"] = std::move(found);
    }
  }
  out["good"] = report.good();
  out["checks"] = report.Take();
  out["checked_at"] = IsoChina(ledger_.clock().Now());
  return ToText(out);
}

namespace {
/// The text of all pages without blanks and breaks, since a word may stand in several runs.
Result<std::string> PlainText(std::string_view ofd) {
  TRY(std::vector<std::string> pages, documents::ReadOfdText(ofd));
  std::string out;
  for (const std::string& page : pages)
    for (char c : page)
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') out += c;
  return out;
}
std::string WithoutBlanks(std::string text) {
  std::erase(text, ' ');
  return text;
}
}  // namespace

Result<std::string> Certificates::Import(const ledger::CommandInfo& info, std::string_view ofd,
                                         const Trust& trust, bool own) {
  auto refuse = [](std::string zh, std::string en) {
    return error::kImportRefused({{"reason_zh", std::move(zh)}, {"reason_en", std::move(en)}});
  };
  auto signatures = documents::CheckOfdSignatures(ofd);
  if (!signatures || signatures->empty()) return refuse("没有电子签章", "it carries no seal");
  Believed believed = BelievedFrom(authority_, seals_, trust);
  std::string root_id, root_name;
  for (const documents::OfdSignature& each : *signatures) {
    if (!each.intact()) return refuse("内容已被改动", "it was changed after it was sealed");
    crypto::SealReport report =
        crypto::CheckSealSignature(each.signed_value, each.data_hash, each.property_info,
                                   believed.others, believed.roots, believed.lists);
    for (const crypto::SealCheck& step : report.checks)
      if (!step.passed)
        return refuse(Question(step.name).zh + step.says_zh,
                      Question(step.name).en + " " + step.says_en);
    if (report.signer)
      if (const Trust::Root* root =
              ForeignRoot(*report.signer, believed, trust, report.signed_at)) {
        root_id = root->id;
        root_name = root->name;
      }
  }
  TRY(auto facts_list, documents::ReadOfdFacts(ofd));
  json::object facts;
  for (const auto& [name, value] : facts_list) facts[name] = value;
  auto identifier = ParseIdentifier(TextAt(facts, "certificate_identifier"));
  if (!identifier) return refuse("没有有效的证照标识", "it has no valid identifier");
  auto until = ParseDate(TextAt(facts, "certificate_expiring_date"));
  if (until && ChinaDate(ledger_.clock().Now()) > *until) return refuse("证照已到期", "it expired");
  const CertificateType* type = nullptr;
  for (const auto& [name, each] : types_)
    if (each.code == identifier->type_code) type = &each;
  bool enterprise = TextAt(facts, "certificate_holder_category_code") == "001";
  json::object holder;
  if (own) {
    // The page that was sealed says whose it is.
    TRY(std::string text, PlainText(ofd));
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    for (const std::string& key : info.who.holders) {
      auto row = ledger::ReadRow(*snapshot, *catalogue, enterprise ? "enterprise" : "person", key);
      if (!row) continue;
      std::string name = WithoutBlanks(Text(*row, "name")),
                  code = Text(*row, enterprise ? "credit_code" : "citizen_id");
      if (!name.empty() && !code.empty() && text.find(name) != std::string::npos &&
          text.find(code) != std::string::npos)
        holder = json::object{{"id", key}, {"name", row->at("name")}, {"code", code}};
    }
    if (holder.empty())
      return refuse("证照上的名称和号码与您不符",
                    "name and number on it are not yours or your enterprise's");
  }
  std::string id = NewId(ledger_.clock().Now());
  TRY_VOID(files_.Keep(id + ".ofd", ofd));
  std::string number = Text(facts, "certificate_number");
  std::string index;
  if (!holder.empty()) {
    TRY(index, HolderIndex(Text(holder, "code")));
  }
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string by = writer.who().name, organisation;
    for (const ledger::Post& post : writer.who().posts)
      if (post.role == "certificate_officer") organisation = post.organisation;
    writer.ActAsEngine();
    auto made = writer.Create(
        "certificate",
        {{"type", type != nullptr ? type->name : "other"},
         {"type_name", Text(facts, "certificate_type")},
         {"type_code", identifier->type_code},
         {"number", number},
         {"identifier", identifier->ToText()},
         {"serial", identifier->serial},
         {"version_number", identifier->version},
         {"holder_kind", enterprise ? "enterprise" : "person"},
         {"holder", OrNull(Text(holder, "id"))},
         {"holder_name", holder.empty() ? "未登记 / not recorded" : Text(holder, "name")},
         {"holder_code", OrNull(Text(holder, "code"))},
         {"holder_index", OrNull(index)},
         {"issuer", OrNull(organisation)},
         {"issuer_name", Text(facts, "certificate_issuing_authority")},
         {"issuer_code", identifier->issuer_code},
         {"area_code", OrNull(Text(facts, "certificate_area_code"))},
         {"state", "active"},
         {"level", "B"},
         {"issued_at", Text(facts, "certificate_issued_date")},
         {"valid_from", OrNull(Text(facts, "certificate_effective_date"))},
         {"valid_until", OrNull(Text(facts, "certificate_expiring_date"))},
         {"ofd_sm3", crypto::ToHex(crypto::Sm3(ofd))},
         {"trusted_root", OrNull(root_id)},
         {"trusted_root_name", OrNull(root_name)},
         {"source", "imported"}},
        writer.shard(), id);
    if (!made && made.error().Is(ledger::error::kDuplicate))
      return refuse("登记簿中已有这份证照", "the register has it already");
    if (!made) return Fail(std::move(made).error());
    TRY_VOID(NoteEvent(writer, id, "import", "", "active", root_name, writer.shard(), by));
    return id;
  });
}
}  // namespace city::certificates
