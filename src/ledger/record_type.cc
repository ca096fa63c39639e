// SPDX-License-Identifier: Apache-2.0
#include "ledger/record_type.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "ledger/errors.h"

namespace city::ledger {
namespace {
struct MeaningName {
  std::string_view name;
  Meaning meaning;
};
constexpr MeaningName kMeanings[] = {
    {"text", Meaning::kText},
    {"citizen-id", Meaning::kCitizenId},
    {"credit-code", Meaning::kCreditCode},
    {"phone", Meaning::kPhone},
    {"money", Meaning::kMoney},
    {"division", Meaning::kDivision},
    {"date", Meaning::kDate},
    {"time", Meaning::kTime},
    {"code", Meaning::kCode},
    {"reference", Meaning::kReference},
    {"file", Meaning::kFile},
    {"geometry", Meaning::kGeometry},
    {"integer", Meaning::kInteger},
    {"decimal", Meaning::kNumber},
    {"boolean", Meaning::kBoolean},
    {"json", Meaning::kJson},
};

struct ReachName {
  std::string_view name;
  Reach reach;
};
constexpr ReachName kReaches[] = {
    {"all", Reach::kAll},
    {"region", Reach::kRegion},
    {"organisation", Reach::kOrganisation},
    {"organisation-tree", Reach::kOrganisationTree},
    {"holder", Reach::kHolder},
};

/// Column names that every table has, and words that SQL keeps for itself.
const std::set<std::string_view> kTaken = {
    "id",       "region",   "version", "created_at", "created_by", "updated_at", "updated_by",
    "ended_at", "valid_to", "me",      "order",      "group",      "select",     "from",
    "where",    "table",    "user",    "default",    "check",      "end",        "all",
    "and",      "or",       "not",     "null",       "limit",      "offset",     "index",
    "column",   "case",     "when",    "then",       "else",       "in",         "is",
    "like",     "between",  "union",   "unique",     "primary",    "as",         "on",
    "to",       "by",       "asc",     "desc",       "analyse",    "analyze",    "references"};

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > 40 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class Reader {
 public:
  Reader(const Elements& elements, std::vector<Error>& faults)
      : elements_(elements), faults_(faults) {}

  void Fault(const yaml::Node& at, std::string zh, std::string en, std::string remedy_zh,
             std::string remedy_en) {
    faults_.push_back(Error{&error::kBadDeclaration,
                            {{"place", at.Place()},
                             {"reason_zh", std::move(zh)},
                             {"reason_en", std::move(en)},
                             {"remedy_zh", std::move(remedy_zh)},
                             {"remedy_en", std::move(remedy_en)}},
                            {}});
  }

  Words ReadWords(const yaml::Node& owner, std::string_view key, bool needed) {
    const yaml::Node* found = owner.Find(key);
    if (found == nullptr) {
      if (needed)
        Fault(owner, "缺少 " + std::string(key), "lacks " + std::string(key),
              "请写 " + std::string(key) + ": { zh: …, en: … }。",
              "Write " + std::string(key) + ": { zh: …, en: … }.");
      return {};
    }
    Words words{found->Text("zh"), found->Text("en")};
    if (words.zh.empty() || words.en.empty())
      Fault(*found, std::string(key) + " 须有中英文", std::string(key) + " needs both languages",
            "请补全 zh 和 en。", "Give both zh and en.");
    return words;
  }

  void Unknown(const yaml::Node& node, const std::set<std::string_view>& known) {
    for (const auto& [key, value] : node.entries)
      if (!known.contains(key))
        Fault(value, "不认识的条目 " + key, "unknown entry " + key, "请删除或改正拼写。",
              "Remove it or correct its spelling.");
  }

  Field ReadField(const std::string& name, const yaml::Node& given) {
    Field field;
    field.name = name;
    field.place = given.Place();
    if (!given.IsMap()) {
      Fault(given, "字段 " + name + " 须是一组条目", "field " + name + " must be a map",
            "请写 { is: text, label: … }。", "Write { is: text, label: … }.");
      return field;
    }
    if (!IsName(name) || kTaken.contains(name))
      Fault(given, "字段名 " + name + " 不可用", "field name " + name + " cannot be used",
            "请用小写字母、数字和下划线，且不与保留字相同。",
            "Use lower-case letters, digits and _, and no reserved word.");
    yaml::Node node = given;
    if (std::string element = given.Text("element"); !element.empty()) {
      auto found = elements_.find(element);
      if (found == elements_.end()) {
        Fault(given, "没有数据元 " + element, "there is no data element " + element,
              "请在 city/elements 中声明它。", "Declare it under city/elements.");
      } else {
        field.element = element;
        for (const auto& [key, value] : found->second.entries)
          if (node.Find(key) == nullptr) node.entries.emplace_back(key, value);
      }
    }
    Unknown(node, {"is",    "label",  "hint",    "required", "unique",   "list-of", "max",
                   "least", "most",   "list",    "to",       "unit",     "pattern", "element",
                   "grade", "sealed", "default", "source",   "standard", "moves"});
    std::string is = node.Text("is");
    auto meaning = std::find_if(std::begin(kMeanings), std::end(kMeanings),
                                [&](const MeaningName& each) { return each.name == is; });
    if (meaning == std::end(kMeanings)) {
      Fault(node, "字段 " + name + " 的类型“" + is + "”不存在",
            "field " + name + ": there is no meaning \"" + is + "\"",
            "请从 text、code、date、money 等类型中选择。",
            "Choose one of text, code, date, money and so on.");
    } else {
      field.meaning = meaning->meaning;
    }
    field.label = ReadWords(node, "label", true);
    if (node.Find("hint") != nullptr) field.hint = ReadWords(node, "hint", false);
    field.required = node.Bool("required");
    field.unique = node.Bool("unique");
    field.list_of = node.Bool("list-of");
    field.max = static_cast<int>(node.Int("max"));
    field.list = node.Text("list");
    field.to = node.Text("to");
    field.unit = node.Text("unit");
    field.pattern = node.Text("pattern");
    field.grade = static_cast<int>(node.Int("grade", 1));
    field.sealed = field.grade >= 3 || node.Bool("sealed");
    if (const yaml::Node* least = node.Find("least")) field.least = std::atof(least->text.c_str());
    if (const yaml::Node* most = node.Find("most")) field.most = std::atof(most->text.c_str());
    if (const yaml::Node* initial = node.Find("default")) field.initial = initial->ToJson();
    if (const yaml::Node* moves = node.Find("moves")) {
      for (const auto& [from, targets] : moves->entries) {
        field.moves[from];
        for (const auto& [to, roles] : targets.entries)
          for (const yaml::Node& role : roles.items) field.moves[from][to].push_back(role.text);
      }
      if (field.meaning != Meaning::kCode)
        Fault(*moves, "只有代码字段可以有 moves", "only a coded field can have moves",
              "请删除 moves，或改为 code。", "Remove moves, or make it a code.");
    }
    if (field.meaning == Meaning::kCode && field.list.empty())
      Fault(node, "字段 " + name + " 没有指明代码表", "field " + name + " names no code list",
            "请写 list: 代码表名。", "Write list: with the name of a code list.");
    if (field.meaning == Meaning::kReference && field.to.empty())
      Fault(node, "字段 " + name + " 没有指明所引用的记录",
            "field " + name + " names no record type to refer to", "请写 to: 记录名。",
            "Write to: with the name of a record type.");
    if (field.grade < 1 || field.grade > 5)
      Fault(node, "字段 " + name + " 的分级须为 1 至 5",
            "grade of field " + name + " must be 1 to 5", "请改正 grade。", "Correct grade.");
    return field;
  }

  Right ReadRight(const yaml::Node& node) {
    Right right;
    right.place = node.Place();
    if (!node.IsMap()) {
      Fault(node, "权限须是一组条目", "a right must be a map", "请写 { role: …, may: [read] }。",
            "Write { role: …, may: [read] }.");
      return right;
    }
    Unknown(node, {"role", "may", "scope", "where", "fields", "grade", "purpose"});
    right.role = node.Text("role");
    if (right.role.empty())
      Fault(node, "权限没有指明角色", "the right names no role", "请写 role: 角色名。",
            "Write role:.");
    if (const yaml::Node* may = node.Find("may")) {
      for (const yaml::Node& verb : may->items) {
        if (verb.text == "read") {
          right.may.push_back(Verb::kRead);
        } else if (verb.text == "create") {
          right.may.push_back(Verb::kCreate);
        } else if (verb.text == "update") {
          right.may.push_back(Verb::kUpdate);
        } else if (verb.text == "end") {
          right.may.push_back(Verb::kEnd);
        } else {
          Fault(verb, "不认识的操作 " + verb.text, "unknown verb " + verb.text,
                "只能是 read、create、update、end。", "Only read, create, update and end.");
        }
      }
    }
    std::string scope = node.Text("scope", "all");
    auto reach = std::find_if(std::begin(kReaches), std::end(kReaches),
                              [&](const ReachName& each) { return each.name == scope; });
    if (reach == std::end(kReaches)) {
      Fault(node, "不认识的范围 " + scope, "unknown scope " + scope,
            "只能是 all、region、organisation、organisation-tree、holder。",
            "Only all, region, organisation, organisation-tree and holder.");
    } else {
      right.reach = reach->reach;
    }
    right.where = node.Text("where");
    right.grade = static_cast<int>(node.Int("grade", 1));
    right.purpose = node.Text("purpose");
    if (const yaml::Node* fields = node.Find("fields"))
      for (const yaml::Node& field : fields->items) right.fields.push_back(field.text);
    return right;
  }

 private:
  const Elements& elements_;
  std::vector<Error>& faults_;
};
}  // namespace

ColumnType Field::Column() const {
  if (list_of || sealed) return ColumnType::kText;
  switch (meaning) {
    case Meaning::kMoney:
    case Meaning::kInteger:
    case Meaning::kBoolean:
    case Meaning::kTime:
      return ColumnType::kInteger;
    case Meaning::kNumber:
      return ColumnType::kNumber;
    default:
      return ColumnType::kText;
  }
}

bool Field::Hashed() const {
  if (!sealed || list_of || max > 300) return false;
  switch (meaning) {
    case Meaning::kJson:
    case Meaning::kGeometry:
    case Meaning::kMoney:
    case Meaning::kInteger:
    case Meaning::kNumber:
    case Meaning::kBoolean:
    case Meaning::kTime:
      return false;
    default:
      return true;
  }
}

std::string_view VerbName(Verb verb) {
  switch (verb) {
    case Verb::kRead:
      return "read";
    case Verb::kCreate:
      return "create";
    case Verb::kUpdate:
      return "update";
    case Verb::kEnd:
      return "end";
  }
  return "read";
}

bool Right::Allows(Verb verb) const { return std::find(may.begin(), may.end(), verb) != may.end(); }

bool Right::Covers(std::string_view field) const {
  return fields.empty() || std::find(fields.begin(), fields.end(), field) != fields.end();
}

const Field* RecordType::Find(std::string_view field) const {
  for (const Field& each : fields)
    if (each.name == field) return &each;
  return nullptr;
}

namespace {
std::string TableName(char kind, const std::string& name) {
  std::string out{kind, '_'};
  for (char c : name) out += c == '-' ? '_' : c;
  return out;
}
}  // namespace

std::string RecordType::Table() const { return TableName('r', name); }
std::string RecordType::HistoryTable() const { return TableName('h', name); }
std::string RecordType::SearchTable() const { return TableName('s', name); }
std::string RecordType::FieldColumns() const {
  std::string out;
  for (const Field& field : fields) {
    out += ", " + field.name;
    if (field.Hashed()) out += ", " + field.HashColumn();
  }
  return out;
}
bool RecordType::HasSealed() const {
  return std::any_of(fields.begin(), fields.end(), [](const Field& each) { return each.sealed; });
}

bool CodeList::Has(std::string_view code) const {
  return std::any_of(codes.begin(), codes.end(),
                     [&](const Code& each) { return each.code == code; });
}

RecordType ReadRecordType(const yaml::Node& node, const Elements& elements,
                          std::vector<Error>& faults) {
  Reader reader(elements, faults);
  RecordType type;
  type.place = node.Place();
  type.name = node.Text("record");
  if (!IsName(type.name))
    reader.Fault(node, "记录名“" + type.name + "”不可用",
                 "record name \"" + type.name + "\" cannot be used", "请用小写字母、数字和下划线。",
                 "Use lower-case letters, digits and _.");
  reader.Unknown(node, {"record", "label", "title", "governed", "kept-by", "owner", "holder",
                        "search", "indexes", "fields", "rights", "checks", "source", "about"});
  type.label = reader.ReadWords(node, "label", true);
  type.title = node.Text("title", "id");
  type.governed = node.Bool("governed", true);
  type.kept_by_engine = node.Text("kept-by") == "engine";
  type.owner = node.Text("owner");
  type.holder = node.Text("holder");
  if (const yaml::Node* search = node.Find("search"))
    for (const yaml::Node& field : search->items) type.search.push_back(field.text);
  if (const yaml::Node* indexes = node.Find("indexes")) {
    for (const yaml::Node& index : indexes->items) {
      std::vector<std::string> columns;
      for (const yaml::Node& column : index.items) columns.push_back(column.text);
      if (index.IsScalar()) columns.push_back(index.text);
      type.indexes.push_back(columns);
    }
  }
  const yaml::Node* fields = node.Find("fields");
  if (fields == nullptr || !fields->IsMap() || fields->entries.empty()) {
    reader.Fault(node, "记录没有字段", "the record has no fields", "请在 fields 下列出字段。",
                 "List its fields under fields.");
  } else {
    for (const auto& [name, field] : fields->entries)
      type.fields.push_back(reader.ReadField(name, field));
  }
  if (const yaml::Node* rights = node.Find("rights"))
    for (const yaml::Node& right : rights->items) type.rights.push_back(reader.ReadRight(right));
  if (const yaml::Node* checks = node.Find("checks")) {
    for (const yaml::Node& check : checks->items) {
      reader.Unknown(check, {"holds", "field", "says"});
      type.checks.push_back({check.Text("holds"), check.Text("field"),
                             reader.ReadWords(check, "says", true), check.Place()});
    }
  }
  if (type.rights.empty())
    reader.Fault(node, "记录没有任何权限，谁也看不到",
                 "the record grants no right, so nobody can see it", "请在 rights 下写明权限。",
                 "Grant rights under rights.");

  auto must_be_field = [&](const std::string& name, const char* what) {
    static const std::set<std::string_view> kBuiltIn = {"id", "region", "created_at", "updated_at",
                                                        "ended_at"};
    if (!name.empty() && type.Find(name) == nullptr && !kBuiltIn.contains(name))
      reader.Fault(node, std::string(what) + " 指向不存在的字段 " + name,
                   std::string(what) + " names a field that does not exist: " + name,
                   "请改为已声明的字段。", "Name a declared field.");
  };
  must_be_field(type.title, "title");
  must_be_field(type.owner, "owner");
  must_be_field(type.holder, "holder");
  for (const std::string& name : type.search) must_be_field(name, "search");
  for (const RowCheck& check : type.checks) must_be_field(check.field, "checks");
  for (const auto& index : type.indexes)
    for (const std::string& name : index) must_be_field(name, "indexes");
  for (const std::string& name : {type.owner, type.holder})
    if (const Field* field = type.Find(name); field != nullptr && field->sealed)
      reader.Fault(node, "权限所依据的字段 " + name + " 不能加密",
                   "field " + name + ", which rights go by, cannot be sealed",
                   "请降低其分级，或改用其他字段。", "Lower its grade or use another field.");
  for (const Right& right : type.rights) {
    for (const std::string& name : right.fields) must_be_field(name, "rights");
    bool by_owner = right.reach == Reach::kOrganisation || right.reach == Reach::kOrganisationTree;
    if (by_owner && type.owner.empty())
      reader.Fault(node, "按组织授权的记录须指明 owner", "a right by organisation needs owner",
                   "请写 owner: 字段名。",
                   "Write owner: with the field that names the organisation.");
    if (right.reach == Reach::kHolder && type.holder.empty())
      reader.Fault(node, "按持有人授权的记录须指明 holder", "a right by holder needs holder",
                   "请写 holder: 字段名。", "Write holder: with the field that names the account.");
  }
  return type;
}

Result<CodeList> ReadCodeList(const yaml::Node& node) {
  auto bad = [](const yaml::Node& at, const char* zh, const char* en) {
    return error::kBadDeclaration({{"place", at.Place()},
                                   {"reason_zh", zh},
                                   {"reason_en", en},
                                   {"remedy_zh", "请按 codes: [{ code: …, zh: …, en: … }] 书写。"},
                                   {"remedy_en", "Write codes: [{ code: …, zh: …, en: … }]."}});
  };
  CodeList list;
  list.name = node.Text("list");
  list.source = node.Text("source");
  const yaml::Node* codes = node.Find("codes");
  if (list.name.empty() || codes == nullptr || !codes->IsList())
    return bad(node, "代码表须有 list 和 codes", "a code list needs list and codes");
  for (const yaml::Node& each : codes->items) {
    CodeList::Code code{each.Text("code"), {each.Text("zh"), each.Text("en")}};
    if (code.code.empty() || code.label.zh.empty() || code.label.en.empty())
      return bad(each, "代码须有 code、zh、en", "a code needs code, zh and en");
    if (list.Has(code.code)) return bad(each, "代码重复", "the code stands twice");
    list.codes.push_back(std::move(code));
  }
  return list;
}

namespace {
json::object DescribeWords(const Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }
}  // namespace

json::object Describe(const RecordType& type) {
  json::array fields;
  for (const Field& field : type.fields) {
    auto meaning =
        std::find_if(std::begin(kMeanings), std::end(kMeanings),
                     [&](const MeaningName& each) { return each.meaning == field.meaning; });
    json::object out{
        {"name", field.name},
        {"type", meaning->name},
        {"label", DescribeWords(field.label)},
        {"grade", field.grade},
        {"required", field.required},
        {"filterable",
         field.sealed ? field.Hashed()
                      : field.meaning != Meaning::kJson && field.meaning != Meaning::kGeometry},
        {"sealed", field.sealed},
        {"sortable", field.meaning != Meaning::kJson && field.meaning != Meaning::kGeometry &&
                         !field.list_of && !field.sealed},
        {"searchable",
         std::find(type.search.begin(), type.search.end(), field.name) != type.search.end()}};
    if (!field.hint.zh.empty()) out["hint"] = DescribeWords(field.hint);
    if (field.list_of) out["list_of"] = true;
    if (field.unique) out["unique"] = true;
    if (field.max != 0) out["max"] = field.max;
    if (!field.list.empty()) out["list"] = field.list;
    if (!field.to.empty()) out["ref"] = field.to;
    if (!field.unit.empty()) out["unit"] = field.unit;
    if (!field.element.empty()) out["element"] = field.element;
    fields.push_back(std::move(out));
  }
  return {{"name", type.name},
          {"system", type.system},
          {"label", DescribeWords(type.label)},
          {"title_field", type.title},
          {"governed", type.governed},
          {"kept_by_engine", type.kept_by_engine},
          {"fields", std::move(fields)}};
}
}  // namespace city::ledger
