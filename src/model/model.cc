// SPDX-License-Identifier: Apache-2.0
#include "model/model.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "model/errors.h"

namespace city::model {
namespace fs = std::filesystem;
namespace {
const std::set<std::string_view> kShelves = {"records", "flows",        "decisions",  "forms",
                                             "rights",  "certificates", "indicators", "pages",
                                             "words",   "stories",      "demo"};

class Loader {
 public:
  explicit Loader(std::string folder) : folder_(std::move(folder)) { model_.folder = folder_; }

  void Fault(const std::string& place, std::string zh, std::string en, std::string remedy_zh,
             std::string remedy_en) {
    faults_.push_back(Error{&error::kFault,
                            {{"place", place},
                             {"reason_zh", std::move(zh)},
                             {"reason_en", std::move(en)},
                             {"remedy_zh", std::move(remedy_zh)},
                             {"remedy_en", std::move(remedy_en)}},
                            {}});
  }

  /// Reads one YAML file; a fault when it cannot be read.
  std::optional<yaml::Node> Read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    auto node = yaml::Parse(text.str(), path.generic_string());
    if (!node) {
      faults_.push_back(node.error());
      return std::nullopt;
    }
    return std::move(*node);
  }

  /// Keeps the text of every file, so that this city can be shown and taken back later.
  void KeepFiles() {
    std::map<std::string, std::string> texts;
    std::error_code code;
    for (fs::recursive_directory_iterator it(folder_, code), end; !code && it != end;
         it.increment(code)) {
      if (!it->is_regular_file() || it->path().filename().string().starts_with(".")) continue;
      if (StandsBeside(fs::relative(it->path(), folder_).generic_string())) continue;
      std::ifstream in(it->path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      texts[fs::relative(it->path(), folder_).generic_string()] = std::move(text).str();
    }
    for (auto& [name, text] : texts) model_.files[name] = std::move(text);
  }

  std::vector<fs::path> FilesIn(const fs::path& folder, std::string_view ending) {
    std::vector<fs::path> out;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
      if (it->is_regular_file() && it->path().extension() == ending) out.push_back(it->path());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<fs::path> FoldersIn(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
      if (it->is_directory()) out.push_back(it->path());
    std::sort(out.begin(), out.end());
    return out;
  }

  void ReadElements() {
    for (const fs::path& path : FilesIn(fs::path(folder_) / "elements", ".yaml")) {
      auto node = Read(path);
      if (!node) continue;
      for (const auto& [name, element] : node->entries) {
        if (element.Text("source").empty())
          Fault(element.Place(), "数据元 " + name + " 没有写明来源",
                "data element " + name + " names no source", "请写 source:。", "Write source:.");
        if (!elements_.emplace(name, element).second)
          Fault(element.Place(), "数据元 " + name + " 声明了两次",
                "data element " + name + " is declared twice", "请删去一处。", "Remove one.");
      }
    }
    for (const fs::path& path : FilesIn(fs::path(folder_) / "elements" / "lists", ".yaml"))
      ReadLists(path);
  }

  void ReadLists(const fs::path& path) {
    auto node = Read(path);
    if (!node) return;
    std::vector<const yaml::Node*> each;
    if (node->IsList()) {
      for (const yaml::Node& item : node->items) each.push_back(&item);
    } else {
      each.push_back(&*node);
    }
    for (const yaml::Node* item : each) {
      auto list = ledger::ReadCodeList(*item);
      if (!list) {
        faults_.push_back(list.error());
      } else {
        lists_.push_back(std::move(*list));
      }
    }
  }

  std::vector<std::string> Texts(const yaml::Node& node, std::string_view key) {
    std::vector<std::string> out;
    if (const yaml::Node* found = node.Find(key)) {
      for (const yaml::Node& item : found->items) out.push_back(item.text);
      if (found->IsScalar()) out.push_back(found->text);
    }
    return out;
  }

  void ReadSystem(const fs::path& folder) {
    fs::path door = folder / "system.yaml";
    if (!fs::exists(door)) {
      Fault(folder.generic_string(), "系统文件夹没有 system.yaml",
            "the system's folder has no system.yaml", "请参照 docs/recipes 新建。",
            "Make it as docs/recipes tells.");
      return;
    }
    auto node = Read(door);
    if (!node) return;
    GovernmentSystem system;
    system.folder = folder.filename().string();
    system.place = node->Place();
    system.id = node->Text("id");
    if (const yaml::Node* name = node->Find("name"))
      system.name = {name->Text("zh"), name->Text("en")};
    if (system.id.empty() || system.name.zh.empty() || system.name.en.empty())
      Fault(node->Place(), "系统须有 id 和中英文 name",
            "a system needs id and name in both languages", "请补全。", "Complete them.");
    for (const auto& [key, value] : node->entries) {
      static const std::set<std::string_view> kKnown = {
          "id", "name", "plan", "serves", "needs", "offers", "standards", "proofs", "about"};
      if (!kKnown.contains(key))
        Fault(value.Place(), "不认识的条目 " + key, "unknown entry " + key, "请删除或改正拼写。",
              "Remove it or correct its spelling.");
    }
    if (const yaml::Node* plan = node->Find("plan"))
      for (const yaml::Node& item : plan->items)
        system.plan.push_back(std::atoi(item.text.c_str()));
    system.serves = Texts(*node, "serves");
    system.needs = Texts(*node, "needs");
    system.offers = Texts(*node, "offers");
    system.standards = Texts(*node, "standards");
    if (const yaml::Node* proofs = node->Find("proofs")) {
      for (const auto& [promise, proof] : proofs->entries) {
        const yaml::Node* todo = proof.Find("todo");
        ledger::Words reason;
        if (todo != nullptr) reason = {todo->Text("zh"), todo->Text("en")};
        if ((todo != nullptr || proof.text == "todo") && (reason.zh.empty() || reason.en.empty()))
          Fault(proof.Place(), "承诺 " + promise + " 尚未证明，但没有说明原因",
                "the promise " + promise + " is not proven and no reason is given",
                "请写 todo: { zh: …, en: … }。", "Write todo: { zh: …, en: … }.");
        std::string story = proof.text == "todo" ? std::string() : proof.text;
        if (!story.empty() && !fs::exists(folder / story))
          Fault(proof.Place(), "没有故事文件 " + story, "there is no story " + story,
                "请写出该故事，或如实写 todo 及原因。", "Write the story, or say todo and why.");
        system.proofs.push_back({promise, story, std::move(reason)});
      }
    }
    for (const fs::path& shelf : FoldersIn(folder)) {
      std::string name = shelf.filename().string();
      if (!kShelves.contains(name)) {
        Fault(shelf.generic_string(), "不认识的文件夹 " + name, "unknown shelf " + name,
              "只能是 records、flows、decisions、forms 等。",
              "Only records, flows, decisions, forms and so on.");
        continue;
      }
      if (name == "records") ReadRecords(shelf, system.folder);
      if (name == "stories")
        for (const fs::path& path : FilesIn(shelf, ".yaml"))
          system.stories.push_back(path.generic_string());
      std::error_code code;
      for (fs::directory_iterator it(shelf, code), end; !code && it != end; it.increment(code))
        if (it->is_regular_file())
          model_.shelves[name].push_back(
              {system.folder, it->path().generic_string(), it->path().stem().string()});
    }
    model_.systems.push_back(std::move(system));
  }

  void ReadRecords(const fs::path& shelf, const std::string& system) {
    for (const fs::path& path : FilesIn(shelf, ".yaml")) {
      auto node = Read(path);
      if (!node) continue;
      std::vector<const yaml::Node*> each;
      if (node->IsList()) {
        for (const yaml::Node& item : node->items) each.push_back(&item);
      } else {
        each.push_back(&*node);
      }
      for (const yaml::Node* item : each) {
        if (item->Find("list") != nullptr) {
          auto list = ledger::ReadCodeList(*item);
          if (!list)
            faults_.push_back(list.error());
          else
            lists_.push_back(std::move(*list));
          continue;
        }
        ledger::RecordType type = ledger::ReadRecordType(*item, elements_, faults_);
        type.system = system;
        types_.push_back(std::move(type));
      }
    }
  }

  void CheckNeeds() {
    std::set<std::string> offered, ids;
    for (const GovernmentSystem& system : model_.systems) {
      for (const std::string& offer : system.offers) offered.insert(system.folder + ":" + offer);
      if (!ids.insert(system.id).second && !system.id.empty())
        Fault(system.place, "系统编号 " + system.id + " 重复",
              "system id " + system.id + " stands twice", "请改正其中一个。",
              "Correct one of them.");
    }
    for (const GovernmentSystem& system : model_.systems)
      for (const std::string& need : system.needs)
        if (need.find(':') != std::string::npos && !offered.contains(need))
          Fault(system.place, "没有系统提供 " + need, "no system offers " + need,
                "请改正 needs，或让对方在 offers 中写明。",
                "Correct needs, or let the other system offer it.");
  }

  Result<void> FindPlace(const std::string& wanted) {
    std::map<std::string, std::string> above;
    std::set<std::string> made_up;  // chosen by name alone
    for (const fs::path& path : FoldersIn(fs::path(folder_) / "places")) {
      if (!fs::exists(path / "place.yaml")) continue;
      auto node = Read(path / "place.yaml");
      if (!node) continue;
      above[path.filename().string()] = node->Text("inside");
      if (node->Bool("generated")) made_up.insert(path.filename().string());
    }
    std::string place = wanted;
    if (place.empty())
      for (const auto& [name, inside] : above) {
        bool built_on = std::any_of(above.begin(), above.end(),
                                    [&, n = name](const auto& other) { return other.second == n; });
        if (!built_on && !made_up.contains(name)) place = name;
      }
    if (!above.contains(place)) return error::kUnknownPlace({{"place", place}});
    model_.place = place;
    for (std::string at = place; !at.empty() && above.contains(at) && model_.place_chain.size() < 8;
         at = above[at])
      model_.place_chain.insert(model_.place_chain.begin(),
                                (fs::path(folder_) / "places" / at).generic_string());
    return {};
  }

  Result<Model> Load(const std::string& place) {
    if (!fs::is_directory(fs::path(folder_) / "systems") ||
        !fs::is_directory(fs::path(folder_) / "elements"))
      return error::kNoCity({{"folder", folder_}});
    KeepFiles();
    ReadElements();
    for (const fs::path& folder : FoldersIn(fs::path(folder_) / "systems")) ReadSystem(folder);
    CheckNeeds();
    TRY_VOID(FindPlace(place));
    model_.catalogue = ledger::Catalogue::Build(std::move(types_), std::move(lists_), faults_);
    if (!faults_.empty()) {
      Error all{&error::kFaults, {{"count", std::to_string(faults_.size())}}, {}};
      for (const Error& fault : faults_) {
        std::string pointer;
        for (const auto& [key, value] : fault.params)
          if (key == "place" || (key == "file" && pointer.empty())) pointer = value;
        auto param = [&](std::string_view name) {
          for (const auto& [key, value] : fault.params)
            if (key == name) return value;
          return std::string();
        };
        // The place stands before the words already.
        bool placed = !param("reason_zh").empty();
        all.details.push_back(
            {pointer, std::string(fault.code()),
             (placed ? param("reason_zh") + "。" : fault.SaysZh()) + fault.ThenZh(),
             (placed ? param("reason_en") + ". " : fault.SaysEn() + " ") + fault.ThenEn()});
      }
      return Fail(std::move(all));
    }
    return std::move(model_);
  }

 private:
  std::string folder_;
  Model model_;
  ledger::Elements elements_;
  std::vector<ledger::RecordType> types_;
  std::vector<ledger::CodeList> lists_;
  std::vector<Error> faults_;
};
}  // namespace

const GovernmentSystem* Model::Find(std::string_view folder) const {
  for (const GovernmentSystem& system : systems)
    if (system.folder == folder) return &system;
  return nullptr;
}

bool StandsBeside(std::string_view name) {
  return name.find("/demo/") != std::string_view::npos || name.ends_with("/demo.yaml") ||
         name.find("/stories/") != std::string_view::npos;
}

Result<Model> Load(const std::string& folder, const std::string& place) {
  return Loader(folder).Load(place);
}

std::string StatusPage(const Model& model, const std::vector<json::object>& plan_rows) {
  std::ostringstream out;
  out << "# 各系统的真实状态 / The honest state of the systems\n\n"
         "本页由 `yiwang status` 根据各系统的 `system.yaml` 生成。/ Made by `yiwang status` from "
         "each `system.yaml`.\n\n"
         "| 编号 id | 系统 system | 计划条目 items | 承诺 promises | 已证明 proven | 待证明 todo "
         "|\n|---|---|---|---|---|---|\n";
  std::vector<const GovernmentSystem*> sorted;
  for (const GovernmentSystem& system : model.systems) sorted.push_back(&system);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  size_t proven_all = 0, all = 0;
  for (const GovernmentSystem* system : sorted) {
    size_t proven =
        static_cast<size_t>(std::count_if(system->proofs.begin(), system->proofs.end(),
                                          [](const Proof& p) { return !p.story.empty(); }));
    std::string plan;
    for (int item : system->plan) plan += (plan.empty() ? "" : ", ") + std::to_string(item);
    std::string todo;
    for (const Proof& proof : system->proofs)
      if (proof.story.empty())
        todo += (todo.empty() ? "" : "; ") + proof.promise + " (" + proof.reason.zh + " / " +
                proof.reason.en + ")";
    out << "| " << system->id << " | [" << system->name.zh << " / " << system->name.en
        << "](systems/" << system->folder << ") | " << plan << " | " << system->proofs.size()
        << " | " << proven << " | " << todo << " |\n";
    proven_all += proven;
    all += system->proofs.size();
  }
  out << "\n"
      << model.systems.size() << " folders, " << proven_all << " of " << all
      << " promises proven.\n";
  if (!plan_rows.empty()) {
    out << "\n## 尚无文件夹的系统 / Systems without a folder yet\n\n";
    for (const json::object& row : plan_rows) {
      bool known =
          std::any_of(model.systems.begin(), model.systems.end(),
                      [&](const GovernmentSystem& s) { return s.id == TextAt(row, "id"); });
      if (!known)
        out << "- " << TextAt(row, "id") << " " << TextAt(row, "zh") << " / " << TextAt(row, "en")
            << "\n";
    }
  }
  return out.str();
}
}  // namespace city::model
