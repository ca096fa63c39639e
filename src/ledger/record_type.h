// SPDX-License-Identifier: Apache-2.0
// A record type as declared in YAML: from it follow table, checks, masks, rights, API and screens.
//
//   record: item
//   label: { zh: 服务事项, en: Service item }
//   title: name
//   governed: true      # rows carry the region of their matter (default true)
//   owner: department   # field that names the organisation answerable, for rights by tree
//   holder: applicant   # field that names the account a row belongs to, for rights by holder
//   search: [name, keywords]
//   indexes: [[department, state]]
//   fields:
//     name: { is: text, label: { zh: 名称, en: Name }, required: true, max: 200 }
//     state: { is: code, list: item-state, label: …, default: draft }
//     state: { …, moves: { draft: { in_review: [editor] }, in_review: { published: [reviewer] } } }
//     mobile: { is: phone, grade: 3, label: … }   # grade 3+ or sealed: true is encrypted
//   checks:
//     - { holds: 'promised_days <= legal_days', field: promised_days, says: { zh: …, en: … } }
//   rights:
//     - { role: visitor, may: [read], where: 'state = "published"' }
//     - { role: item-editor, may: [read, create, update, end], scope: organisation-tree, grade: 3 }
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/yaml.h"

namespace city::ledger {

/// What a value means; decides its column, its checks and its mask.
enum class Meaning {
  kText,        ///< up to `max` code points
  kCitizenId,   ///< GB 11643
  kCreditCode,  ///< GB 32100; a failed check warns
  kPhone,       ///< mobile or fixed line
  kMoney,       ///< fen, whole number
  kDivision,    ///< GB/T 2260 code of 6, 9 or 12 digits
  kDate,        ///< calendar day
  kTime,        ///< moment
  kCode,        ///< one of a code list
  kReference,   ///< key of another record
  kFile,        ///< key of an attachment
  kGeometry,    ///< GeoJSON geometry
  kInteger,
  kNumber,
  kBoolean,
  kJson,  ///< nested value that no rule looks into
};

/// How a value is kept in a column.
enum class ColumnType { kText, kInteger, kNumber };

struct Words {
  std::string zh;
  std::string en;
};

struct Field {
  std::string name;
  Meaning meaning = Meaning::kText;
  Words label;
  Words hint;
  bool required = false;
  bool unique = false;
  bool list_of = false;  ///< of codes or references: kept as a JSON array
  int max = 0;           ///< code points of a text; 0 = 2000
  std::optional<double> least, most;
  std::string list;     ///< code list of kCode
  std::string to;       ///< record type of kReference
  std::string unit;     ///< "fen", "work_days", …
  std::string pattern;  ///< PCRE2, whole value
  std::string element;  ///< data element that it points to
  int grade = 1;        ///< 1 open … 4 most sensitive (classes of the data grading)
  bool sealed = false;  ///< encrypted at rest: grade 3 and above, or as declared
  json::value initial;  ///< value of a new row that says nothing
  /// State machine of a coded field: from → to → roles that may do it. Empty: any change. Engines
  /// are not bound by it.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> moves;
  std::string place;  ///< file:line of the declaration

  /// How it is kept; what is sealed is text.
  ColumnType Column() const;
  /// Whether a keyed hash stands beside the sealed value, so that it can be found by exact match.
  bool Hashed() const;
  /// "x_<name>", the column of that hash.
  std::string HashColumn() const { return "x_" + name; }
  /// The column that filters, unique checks and indexes look at.
  std::string KeyColumn() const { return Hashed() ? HashColumn() : name; }
};

enum class Verb { kRead, kCreate, kUpdate, kEnd };
std::string_view VerbName(Verb verb);

/// Whose rows a right reaches.
enum class Reach {
  kAll,
  kRegion,            ///< rows whose region lies in the region of the post
  kOrganisation,      ///< rows whose owner is the organisation of the post
  kOrganisationTree,  ///< … or one below it
  kHolder,            ///< rows that belong to the account
};

/// One line of `rights`.
struct Right {
  std::string role;
  std::vector<Verb> may;
  Reach reach = Reach::kAll;
  std::string where;                ///< FEEL over the row and `me`; empty = no condition
  std::vector<std::string> fields;  ///< only these may be read or written; empty = all
  int grade = 1;                    ///< fields up to this grade are shown in clear, others masked
  std::string purpose;              ///< needed purpose; empty = none
  std::string place;

  bool Allows(Verb verb) const;
  bool Covers(std::string_view field) const;
};

/// A condition that every row must meet after each write.
struct RowCheck {
  std::string holds;  ///< FEEL over the row's fields
  std::string field;  ///< where a screen shows the fault
  Words says;
  std::string place;
};

struct RecordType {
  std::string name;
  std::string system;
  Words label;
  std::string title = "id";
  bool governed = true;
  bool kept_by_engine =
      false;  ///< rows are written by an engine only, never through the records API
  std::string owner;
  std::string holder;
  std::vector<std::string> search;
  std::vector<std::vector<std::string>> indexes;
  std::vector<Field> fields;
  std::vector<Right> rights;
  std::vector<RowCheck> checks;
  std::string place;

  const Field* Find(std::string_view field) const;
  std::string Table() const;         ///< "r_item"
  std::string HistoryTable() const;  ///< "h_item"
  std::string SearchTable() const;   ///< "s_item"
  /// ", a, b, x_b": all columns after the built-in ones, those of hashes with them.
  std::string FieldColumns() const;
  bool HasSealed() const;
};

/// A declared code list: codes with words, in order.
struct CodeList {
  struct Code {
    std::string code;
    Words label;
  };
  std::string name;
  std::vector<Code> codes;
  std::string source;
  bool Has(std::string_view code) const;
};

/// Named field declarations that others point to with `element:`.
using Elements = std::map<std::string, yaml::Node, std::less<>>;

/// Reads one declaration. Every fault found is appended to `faults` (place, reason, remedy in both
/// languages).
RecordType ReadRecordType(const yaml::Node& node, const Elements& elements,
                          std::vector<Error>& faults);
Result<CodeList> ReadCodeList(const yaml::Node& node);

/// The declaration as JSON, as told to screens and to the model's version history.
json::object Describe(const RecordType& type);
}  // namespace city::ledger
