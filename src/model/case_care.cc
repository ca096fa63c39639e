// SPDX-License-Identifier: Apache-2.0
// Why: what a city does for its cases beside the acts of people: rules of supervision read from its
// files, archives, and what time brings.
#include "model/case_care.h"

#include "base/log.h"
#include "base/yaml.h"

namespace city::model {
namespace {
Result<std::vector<cases::SupervisionRule>> ReadRules(const std::string& path) {
  TRY(yaml::Node node, yaml::Load(path));
  std::vector<cases::SupervisionRule> out;
  const yaml::Node* list = node.Find("rules");
  if (list == nullptr) return out;
  for (const yaml::Node& each : list->items) {
    cases::SupervisionRule rule;
    rule.code = each.Text("rule");
    if (const yaml::Node* label = each.Find("label")) {
      rule.zh = label->Text("zh");
      rule.en = label->Text("en");
    }
    rule.light = each.Text("light", "yellow");
    rule.when = each.Text("when");
    rule.basis = each.Text("basis");
    rule.points = static_cast<int>(each.Int("points", 1));
    out.push_back(std::move(rule));
  }
  return out;
}
}  // namespace

Result<void> City::OpenSupervision() {
  std::vector<cases::SupervisionRule> rules;
  if (auto shelf = model().shelves.find("words"); shelf != model().shelves.end())
    for (const ShelfFile& file : shelf->second)
      if (file.name == "supervision-rules") {
        TRY(auto read, ReadRules(file.path));
        rules.insert(rules.end(), std::make_move_iterator(read.begin()),
                     std::make_move_iterator(read.end()));
      }
  TRY(supervision_, cases::Supervision::Make(*cases_, *ledger_, place_.calendar, std::move(rules)));
  archive_ = std::make_unique<cases::Archive>(
      *cases_, *ledger_, *keys_, [this](const std::string& id) -> Result<std::string> {
        // Who packs a case may see all of it, its files among it.
        TRY(attachments::Content content, attachments_->Read(ledger::System("archive"), id, true));
        return std::move(content.bytes);
      });
  return {};
}

Result<std::string> City::LookAfterCases() {
  TRY(std::string duties, cases_->Sweep(place_.code));
  TRY(std::string found, supervision_->Patrol(place_.code));
  TRY(int ended, rooms_->Sweep(place_.code));
  return "{\"duties\":" + duties + ",\"supervision\":" + found +
         ",\"rooms\":" + std::to_string(ended) + "}";
}

void Housekeeper::Start() {
  if (thread_.joinable()) return;
  thread_ = std::thread([this] {
    std::unique_lock guard(mutex_);
    while (!wake_.wait_for(guard, every_, [this] { return stopping_; })) {
      guard.unlock();
      if (auto done = city_.LookAfterCases(); !done)
        LogWarning("cases cannot be looked after", {{"why", done.error().ToLine()}});
      guard.lock();
    }
  });
}

void Housekeeper::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}
}  // namespace city::model
