// SPDX-License-Identifier: Apache-2.0
#include "ledger/catalogue.h"

#include "ledger/errors.h"

namespace city::ledger {
namespace {
Error Fault(const std::string& place, std::string zh, std::string en, std::string remedy_zh,
            std::string remedy_en) {
  return Error{&error::kBadDeclaration,
               {{"place", place},
                {"reason_zh", std::move(zh)},
                {"reason_en", std::move(en)},
                {"remedy_zh", std::move(remedy_zh)},
                {"remedy_en", std::move(remedy_en)}},
               {}};
}
}  // namespace

std::shared_ptr<const Catalogue> Catalogue::Build(std::vector<RecordType> types,
                                                  std::vector<CodeList> lists,
                                                  std::vector<Error>& faults) {
  auto made = std::make_shared<Catalogue>();
  for (CodeList& list : lists) {
    std::string name = list.name;
    if (!made->lists_.emplace(name, std::move(list)).second)
      faults.push_back(Fault(name, "代码表 " + name + " 声明了两次",
                             "code list " + name + " is declared twice", "请删去一处。",
                             "Remove one of them."));
  }
  for (RecordType& type : types) {
    std::string name = type.name, place = type.place;
    if (!made->types_
             .emplace(
                 name,
                 KnownType{std::move(type), {}, {}, std::make_unique<KnownType::Plans>(), nullptr})
             .second)
      faults.push_back(Fault(place, "记录 " + name + " 声明了两次",
                             "record " + name + " is declared twice", "请删去一处。",
                             "Remove one of them."));
  }
  for (auto& [name, known] : made->types_) {
    for (const Field& field : known.type.fields) {
      if (field.meaning == Meaning::kReference && !field.to.empty() &&
          !made->types_.contains(field.to))
        faults.push_back(Fault(field.place, "没有记录 " + field.to,
                               "there is no record type " + field.to, "请声明它或改正 to。",
                               "Declare it or correct to."));
      if (field.meaning == Meaning::kCode && !field.list.empty() &&
          !made->lists_.contains(field.list))
        faults.push_back(
            Fault(field.place, "没有代码表 " + field.list, "there is no code list " + field.list,
                  "请在 city/elements/lists 中声明它。", "Declare it under city/elements/lists."));
    }
    for (const Right& right : known.type.rights) {
      Result<Condition> condition = Condition::Compile(known.type, right.where);
      if (!condition) {
        faults.push_back(Fault(right.place, "权限条件有误：" + condition.error().SaysZh(),
                               "the condition of a right is wrong: " + condition.error().SaysEn(),
                               "请改正 where。", "Correct where."));
        known.conditions.emplace_back();
      } else {
        known.conditions.push_back(std::move(*condition));
      }
    }
    for (const RowCheck& check : known.type.checks) {
      Result<Condition> condition = Condition::Compile(known.type, check.holds);
      if (!condition)
        faults.push_back(Fault(check.place, "检查条件有误：" + condition.error().SaysZh(),
                               "the condition of a check is wrong: " + condition.error().SaysEn(),
                               "请改正 holds。", "Correct holds."));
      known.checks.push_back(condition ? std::move(*condition) : Condition());
    }
  }
  return made;
}

std::vector<std::string> Catalogue::SealedTypes() const {
  std::vector<std::string> out;
  for (const auto& [name, known] : types_)
    if (known.type.HasSealed()) out.push_back(name);
  return out;
}

void Catalogue::UseVault(const std::shared_ptr<const Vault>& vault) const {
  vault_ = vault;
  for (auto& [name, known] : types_) known.vault = vault;
}

Result<const KnownType*> Catalogue::Find(std::string_view type) const {
  auto found = types_.find(type);
  if (found == types_.end())
    return error::kUnknownType({{"type", std::string(type.substr(0, 60))}});
  return &found->second;
}

const CodeList* Catalogue::FindList(std::string_view name) const {
  auto found = lists_.find(name);
  return found == lists_.end() ? nullptr : &found->second;
}
}  // namespace city::ledger
