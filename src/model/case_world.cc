// SPDX-License-Identifier: Apache-2.0
#include "model/case_world.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engines/cases/errors.h"
#include "engines/decisions/errors.h"
#include "engines/flow/document.h"
#include "engines/items/situation.h"
#include "model/errors.h"
#include "model/paper_texts.h"
#include "parts/crypto/crypto.h"
#include "parts/feel/feel.h"

namespace city::model {
namespace {
std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// Age in full years on a day, from the birth date inside an identity number; -1 when there is
/// none.
int AgeOn(Date today, std::string_view id_number) {
  if (id_number.size() != 18) return -1;
  auto born =
      ParseDate(std::string(id_number.substr(6, 4)) + "-" + std::string(id_number.substr(10, 2)) +
                "-" + std::string(id_number.substr(12, 2)));
  if (!born) return -1;
  std::chrono::year_month_day a{*born}, b{today};
  int age = static_cast<int>(b.year()) - static_cast<int>(a.year());
  if (b.month() < a.month() || (b.month() == a.month() && b.day() < a.day())) --age;
  return age;
}
Result<json::object> Judge(const forms::Form& form, const json::object& answers) {
  forms::Outcome outcome = forms::Check(form, answers);
  if (!outcome.ok()) {
    Error error{&cases::error::kFormWrong, {{"count", std::to_string(outcome.errors.size())}}, {}};
    for (const forms::Fault& fault : outcome.errors)
      error.details.push_back({"/data" + fault.pointer, fault.keyword,
                               "请更正此项（" + fault.keyword + "）",
                               "Please correct this answer (" + fault.keyword + ")"});
    return Fail(std::move(error));
  }
  return std::move(outcome.data.get_object());
}

void NoteFault(Error& faults, const std::string& path, const Error& why) {
  if (why.details.empty())
    faults.details.push_back({path, std::string(why.code()), why.SaysZh(), why.SaysEn()});
  for (const ErrorDetail& detail : why.details)
    faults.details.push_back(
        {path + " " + detail.pointer, detail.keyword, detail.says_zh, detail.says_en});
}
}  // namespace

Result<CaseWorld::Forms> CaseWorld::ReadForms(const Model& model) {
  Forms out;
  Error faults{&error::kFaults, {}, {}};
  if (auto shelf = model.shelves.find("forms"); shelf != model.shelves.end()) {
    for (const ShelfFile& file : shelf->second) {
      auto value = ParseJson(ReadText(file.path));
      if (!value || !value->is_object()) {
        NoteFault(faults, file.path,
                  value ? Error{&error::kFaults, {{"count", "1"}}, {}} : value.error());
        continue;
      }
      auto form = forms::Load(*value);
      if (!form)
        NoteFault(faults, file.path, form.error());
      else
        out[file.name] = {std::move(*form), value->get_object()};
    }
  }
  if (faults.details.empty()) return out;
  faults.params = {{"count", std::to_string(faults.details.size())}};
  return Fail(std::move(faults));
}

Result<void> CaseWorld::CheckForms(const Model& model) {
  TRY_VOID(ReadForms(model));
  return {};
}

Result<void> CaseWorld::UseForms(const Model& model) {
  TRY(Forms forms, ReadForms(model));
  forms_kept_.push_back(std::make_unique<const Forms>(std::move(forms)));
  forms_now_.store(forms_kept_.back().get());
  return {};
}

Result<std::unique_ptr<CaseWorld>> CaseWorld::Make(const Model& model, const WorkDays& calendar,
                                                   const Clock& clock) {
  auto made = std::unique_ptr<CaseWorld>(new CaseWorld(calendar, clock));
  Error faults{&error::kFaults, {}, {}};
  auto fault = [&](const std::string& path, const Error& why) { NoteFault(faults, path, why); };
  if (auto shelf = model.shelves.find("flows"); shelf != model.shelves.end()) {
    for (const ShelfFile& file : shelf->second) {
      if (!file.path.ends_with(".bpmn")) continue;
      auto document = flow::Document::Load(ReadText(file.path));
      if (!document) {
        fault(file.path, document.error());
        continue;
      }
      auto definition = flow::Deploy(**document);
      if (!definition)
        fault(file.path, definition.error());
      else
        made->flows_[file.name] = std::move(*definition);
    }
  }
  auto forms = made->UseForms(model);
  if (!forms)
    faults.details.insert(faults.details.end(), forms.error().details.begin(),
                          forms.error().details.end());
  if (auto shelf = model.shelves.find("words"); shelf != model.shelves.end())
    for (const ShelfFile& file : shelf->second) {
      if (file.name != "case-papers") continue;
      auto papers = ReadPaperTexts(file.path);
      if (!papers) {
        fault(file.path, papers.error());
        continue;
      }
      for (registration::PaperText& each : *papers)
        made->papers_.insert_or_assign(each.name, std::move(each));
    }
  auto decisions = DecisionShelf::Make(model, clock);
  if (!decisions)
    fault("decisions", decisions.error());
  else
    made->decisions_ = std::move(*decisions);
  if (!faults.details.empty()) {
    faults.params = {{"count", std::to_string(faults.details.size())}};
    return Fail(std::move(faults));
  }
  return made;
}

Result<json::object> CaseWorld::CheckForm(const std::string& name, const json::object& answers) {
  const Forms& known = forms();
  auto found = known.find(name);
  if (found == known.end()) return answers;
  return Judge(found->second.form, answers);
}

Result<json::object> CaseWorld::Form(const std::string& name) {
  const Forms& known = forms();
  auto found = known.find(name);
  if (found == known.end()) return error::kUnknownForm({{"form", name}});
  return found->second.declared;
}

json::object CaseWorld::FactsOf(const cases::Application& application) const {
  std::string_view id_number = TextAt(application.applicant, "id_number");
  if (id_number.empty()) id_number = TextAt(application.answers, "id_number");
  Date today = ChinaDate(clock_.Now());
  int age = AgeOn(today, id_number);
  json::object facts{{"applicant", application.applicant},
                     {"applicant_age", age < 0 ? json::value() : json::value(age)},
                     {"applicant_kind", TextAt(application.applicant, "kind")},
                     {"form", application.answers},
                     {"item_code", TextAt(application.item, "code")},
                     {"item_name", TextAt(application.item, "name")},
                     {"item_type", TextAt(application.item, "item_type")},
                     {"region", application.region},
                     {"channel", application.channel},
                     {"today", IsoDate(today)}};
  // Each answer also by its own name; what the city knows itself goes before what was answered.
  for (const auto& [key, value] : application.answers)
    if (!facts.contains(key)) facts[key] = value;
  return facts;
}

Result<decisions::Ruling> CaseWorld::Decide(store::Reader& reader, const std::string& model,
                                            const std::string& purpose,
                                            const cases::Application& application) {
  if (rulebook_ == nullptr) return decisions::error::kNotInForce({{"name", model}});
  return rulebook_->Decide(reader, model, purpose, FactsOf(application), clock_.Now());
}

namespace {
cases::KeptDecision Kept(const decisions::Ruling& ruling) {
  cases::KeptDecision out;
  out.record = {{"purpose", ruling.purpose},
                {"model", ruling.model},
                {"model_version", ruling.version_id},
                {"number", ruling.number},
                {"digest", ruling.digest},
                {"decision", ruling.decision},
                {"label", ruling.label},
                {"outcome", ruling.outcome},
                {"trace", ruling.trace},
                {"says", json::object{{"zh", ruling.says_zh}, {"en", ruling.says_en}}},
                {"brief", json::object{{"zh", ruling.brief_zh}, {"en", ruling.brief_en}}}};
  return out;
}

/// The reason that a table gives, with the version it stands in.
std::pair<std::string, std::string> ReasonsOf(const decisions::Ruling& ruling) {
  std::string zh, en;
  if (const json::object* outcome = ruling.outcome.if_object()) {
    zh = TextAt(*outcome, "reason");
    en = TextAt(*outcome, "reason_en");
  }
  std::string number = std::to_string(ruling.number);
  if (zh.empty()) zh = "决策结果为 " + ToText(ruling.outcome);
  if (en.empty()) en = zh;
  return {zh + "（" + std::string(TextAt(ruling.label, "zh")) + "，第 " + number + " 版）",
          en + " (" + std::string(TextAt(ruling.label, "en")) + ", version " + number + ")"};
}
}  // namespace

Result<std::optional<cases::KeptDecision>> CaseWorld::CheckEligible(
    store::Reader& reader, const cases::Application& application) {
  if (std::string_view rule = TextAt(application.item, "eligibility"); !rule.empty()) {
    feel::Scope scope;
    scope.lenient = true;
    json::object facts = FactsOf(application);
    scope.Declare("applicant").Declare("applicant_age").Declare("form");
    TRY(feel::Expression expression, feel::Compile(rule, scope));
    std::vector<feel::Value> inputs{feel::FromJson(facts.at("applicant")),
                                    feel::FromJson(facts.at("applicant_age")),
                                    feel::FromJson(facts.at("form"))};
    feel::Settings settings;
    settings.now = clock_.Now();
    if (!feel::Evaluate(expression, inputs, settings).IsTrue())
      return cases::error::kNotEligible(
          {{"why_zh", std::string(rule)}, {"why_en", std::string(rule)}});
  }
  std::string model(TextAt(application.item, "eligibility_decision"));
  if (model.empty()) return std::optional<cases::KeptDecision>();
  TRY(decisions::Ruling ruling, Decide(reader, model, "eligibility", application));
  const json::object* outcome = ruling.outcome.if_object();
  bool eligible =
      outcome != nullptr ? BoolAt(*outcome, "eligible") : ruling.outcome == json::value(true);
  if (!eligible) {
    auto [zh, en] = ReasonsOf(ruling);
    Error refused{&cases::error::kNotEligible, {{"why_zh", zh}, {"why_en", en}}, {}};
    refused.details.push_back({"/decision", "eligibility", ruling.brief_zh, ruling.brief_en});
    return Fail(std::move(refused));
  }
  return std::optional(Kept(ruling));
}

Result<std::optional<cases::KeptDecision>> CaseWorld::Route(store::Reader& reader,
                                                            const cases::Application& application) {
  std::string model(TextAt(application.item, "routing_decision"));
  if (model.empty()) return std::optional<cases::KeptDecision>();
  TRY(decisions::Ruling ruling, Decide(reader, model, "routing", application));
  cases::KeptDecision kept = Kept(ruling);
  std::string code;
  if (const json::object* outcome = ruling.outcome.if_object())
    code = TextAt(*outcome, "department");
  if (ruling.outcome.is_string()) code = ruling.outcome.get_string().c_str();
  if (!code.empty()) {
    TRY(store::Rows rows,
        reader.Query("select id from r_organisation where code = $1 and ended_at is null", {code}));
    if (rows.Next()) kept.department = rows.Text(0);
  }
  if (kept.department.empty()) {
    // No application is lost over a rule: the item's own body takes it, and the record says so.
    for (const char* key : {"says", "brief"}) {
      json::object& words = kept.record[key].as_object();
      words["zh"] = std::string(TextAt(words, "zh")) + "没有可用的承办机构，由事项实施主体承办\n";
      words["en"] = std::string(TextAt(words, "en")) +
                    "No organisation to route to: the item's own body handles it\n";
    }
  }
  return std::optional(std::move(kept));
}

Result<json::array> CaseWorld::Materials(const json::object& item, const json::object& situation) {
  const json::array* all = ArrayAt(item, "materials");
  if (situation.empty() || ObjectAt(item, "guide") == nullptr)
    return all != nullptr ? *all : json::array{};
  TRY(json::object found, items::Situation(decisions_->AsFunction(), item, situation));
  const json::array* materials = ArrayAt(found, "materials");
  if (materials == nullptr) return cases::error::kSituationOpen;
  return *materials;
}

Result<json::object> CaseWorld::UseCertificate(ledger::Writer& writer,
                                               const ledger::Subject& applicant,
                                               const json::object& item,
                                               const std::string& certificate) {
  if (certificates_ == nullptr || space_ == nullptr) return cases::error::kCertificateNotUsable;
  auto row = ledger::ReadRow(writer.tx(), writer.catalogue(), "certificate", certificate);
  if (!row) return cases::error::kCertificateNotUsable;
  std::string holder(TextAt(*row, "holder"));
  if (holder.empty() || std::find(applicant.holders.begin(), applicant.holders.end(), holder) ==
                            applicant.holders.end())
    return cases::error::kCertificateNotUsable;
  TRY(const certificates::CertificateType* type, certificates_->TypeOf(TextAt(*row, "type")));
  space::Thing thing{"certificate", type->name, {}};
  for (const certificates::FaceField& field : type->fields) thing.fields.push_back(field.name);
  // In force now; the fields themselves go to the handler with the case.
  if (!certificates_->Reveal(certificate, {}, false)) return cases::error::kCertificateNotUsable;
  std::string body_name;
  if (auto organisation = ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation",
                                          TextAt(item, "department")))
    body_name = TextAt(*organisation, "name");
  std::string purpose(TextAt(item, item.contains("item_name") ? "item_name" : "name"));
  TRY(std::string authorisation,
      space_->UseInCase(writer, holder, std::string(TextAt(*row, "holder_kind")),
                        std::string(TextAt(*row, "holder_name")), body_name, "办理" + purpose,
                        thing));
  // The number of a person's certificate may be the person's own and is kept with the certificate.
  std::string number(TextAt(*row, "number"));
  if (TextAt(*row, "holder_kind") == "person") number = certificates::MaskedCode(number);
  return json::object{{"authorisation", authorisation},
                      {"note", "电子证照：" + type->label.zh + " " + number}};
}

json::object CaseWorld::PartAnswers(const json::object& part, const json::object& data) {
  return items::AnswersOf(part, data);
}

Result<json::object> CaseWorld::CheckAnswers(const json::object& declared,
                                             const json::object& answers) {
  TRY(forms::Form form, forms::Load(declared));
  return Judge(form, answers);
}
}  // namespace city::model
