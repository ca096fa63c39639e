// SPDX-License-Identifier: Apache-2.0
// Why: a certificate type is a file in a system's folder; from it follow its face, its look, who
// may see what of it in which scene, and how it is made from a case.
//
//   certificate: business-licence
//   label: { zh: 营业执照, en: Business licence }
//   code: 11100000MB0143028R001       # GB/T 36904: credit code of the defining authority, 3 digits
//   defined_by: 国家市场监督管理总局
//   holder: enterprise                # or person
//   results: [营业执照]                # results of service items that are this certificate
//   one: true                         # one in force for each holder
//   founds: enterprise                # a holder that is not yet known is entered into the base
//   number: '{credit_code}'           # {year} {region} {serial:6} {holder} and fields
//   years: 0                          # validity; 0: without end
//   seal: 行政审批专用章               # words below the star
//   sheet: { width: 297, height: 210, colour: '160 40 40' }
//   fields:
//     name: { label: { zh: 名称, en: Name }, required: true, from: form.enterprise_name }
//     legal_person: { label: …, grade: 2, from: form.applicant_name }
//   scenes:
//     check: { label: { zh: 亮证, en: Show }, fields: [name, credit_code] }
//     bank: { label: …, fields: [name, legal_person], confirm: true }
//   answers:
//     over_60: { label: { zh: 年满六十周岁, en: Sixty or older }, when: age >= 60 }
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "base/yaml.h"
#include "ledger/record_type.h"
#include "parts/documents/page.h"
#include "parts/feel/feel.h"

namespace city::certificates {

/// One item of a certificate's face.
struct FaceField {
  std::string name;
  ledger::Words label;
  bool required = false;
  bool shown = true;  ///< printed on the sheet
  int grade = 1;      ///< as for fields of records; 3 and above is masked for those who only check
  bool day = false;   ///< a calendar day
  std::string from;   ///< FEEL over case, form, person, enterprise, issuer, today
};

/// What a verifier gets to see in a situation.
struct Scene {
  std::string name;
  ledger::Words label;
  std::vector<std::string> fields;
  bool confirm = false;  ///< the holder agrees on the phone before anything is shown
};

/// A question that can be answered without giving the data.
struct Answer {
  std::string name;
  ledger::Words label;
  std::string when;  ///< FEEL over the fields, age and today; true or false
};

/// A declared type. Immutable.
struct CertificateType {
  std::string name, system, code, defined_by;
  ledger::Words label;
  bool for_enterprise = false;
  bool one = false;
  bool founds = false;
  std::vector<std::string> results;
  std::string number;
  int years = 0;
  std::string seal;
  double width = 297, height = 210;
  documents::Colour colour{160, 40, 40};
  std::vector<FaceField> fields;
  std::vector<Scene> scenes;
  std::vector<Answer> answers;
  std::string place;  ///< file:line

  const FaceField* Find(std::string_view field) const;
  const Scene* FindScene(std::string_view scene) const;
  const Answer* FindAnswer(std::string_view answer) const;
};

using CertificateTypes = std::map<std::string, CertificateType, std::less<>>;

/// Reads one declaration. Errors: certificates.bad_declaration with place and reason.
Result<CertificateType> ReadCertificateType(const yaml::Node& node, std::string system);
/// What screens are told of a type.
json::object Describe(const CertificateType& type);
/// `faces` with only the declared fields, each a text within 2000 signs; required ones must be
/// there. Errors: certificates.face_wrong with one detail a field.
Result<json::object> CheckFaces(const CertificateType& type, const json::object& faces);
/// The faces that the declarations make of a case. `world` holds case, form, person, enterprise …
json::object FacesFrom(const CertificateType& type, const json::object& world, Time now);
/// The answer to a declared question. `age` comes from a field birth_date or id_number.
bool AnswerOf(const Answer& answer, const json::object& faces, Time now);
/// Age in full years by birth_date or id_number; -1 when neither is there.
int AgeOf(const json::object& faces, Date today);
}  // namespace city::certificates
