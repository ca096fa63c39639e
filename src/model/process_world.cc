// SPDX-License-Identifier: Apache-2.0
#include "model/process_world.h"

#include <fstream>
#include <sstream>

#include "base/log.h"
#include "ledger/audit.h"
#include "model/colleagues.h"
#include "model/errors.h"

namespace city::model {
namespace {
constexpr std::chrono::milliseconds kLookEvery{400};
constexpr int kAtOnce = 200;
constexpr std::chrono::hours kRemoveEvery{1};

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}
}  // namespace

Result<std::unique_ptr<ProcessWorld>> ProcessWorld::Open(ledger::Ledger& ledger, const Model& model,
                                                         const Place& place, const CaseWorld& forms,
                                                         decisions::Rulebook& rulebook) {
  auto made = std::unique_ptr<ProcessWorld>(new ProcessWorld(ledger, place, rulebook));
  TRY_VOID(ledger.store().Migrate(flow::Runtime::Schema()));
  flow::RuntimeOptions options;
  options.host = made.get();
  options.region = place.code;
  TRY(options.vault, ledger.OpenVault({std::string(flow::kVaultType)}));
  options.deploy.form_exists = [&forms](std::string_view id) {
    return forms.HasForm(std::string(id));
  };
  options.deploy.decision_exists = [&ledger, &rulebook](std::string_view id) {
    auto snapshot = ledger.store().Read();
    return snapshot && rulebook.InForce(**snapshot, std::string(id)).has_value();
  };
  made->runtime_ =
      std::make_unique<flow::Runtime>(ledger.store(), ledger.clock(), std::move(options));
  TRY_VOID(made->runtime_->SealOld());
  auto shelf = model.shelves.find("flows");
  if (shelf == model.shelves.end()) return made;
  for (const ShelfFile& file : shelf->second) {
    if (!file.path.ends_with(".bpmn")) continue;
    std::string text = ReadText(file.path);
    {
      // A version that was here before is not brought back over a newer one.
      TRY(auto snapshot, ledger.store().Read());
      TRY(auto rows, snapshot->Query("select 1 from flow_definition where file = $1", {text}));
      if (rows.Next()) continue;
    }
    TRY_VOID(made->runtime_->Deploy(text, {"model", {}, {}, true}));
  }
  return made;
}

Result<flow::Actor> ProcessWorld::ActorOf(const ledger::Subject& who) {
  flow::Actor actor;
  actor.id = who.account;
  std::set<std::string> groups;
  for (const ledger::Post& post : who.posts) {
    if (post.role == "visitor") continue;
    groups.insert(post.role);
    if (post.organisation.empty()) continue;
    groups.insert(post.organisation);
    groups.insert(post.role + "@" + post.organisation);
  }
  actor.groups.assign(groups.begin(), groups.end());
  actor.administrator = who.HasRole("administrator") || who.HasRole("process_manager");
  TRY(auto snapshot, ledger_.store().Read());
  TRY(actor.stands_in_for, StandsInFor(*snapshot, who.account, ChinaDate(ledger_.clock().Now())));
  return actor;
}

Result<std::map<std::string, std::string>> ProcessWorld::NamesOf(
    const std::set<std::string>& accounts) {
  std::map<std::string, std::string> out;
  if (accounts.empty()) return out;
  TRY(auto snapshot, ledger_.store().Read());
  for (const std::string& id : accounts) {
    if (id.empty()) continue;
    auto account = ledger::ReadRow(*snapshot, *ledger_.catalogue(), "account", id);
    if (account) out[id] = TextAt(*account, "name");
  }
  return out;
}

ledger::Words ProcessWorld::GroupName(const std::string& group) const {
  size_t at = group.find('@');
  if (at != std::string::npos) {
    ledger::Words role = GroupName(group.substr(0, at));
    ledger::Words organisation = GroupName(group.substr(at + 1));
    return {organisation.zh + " · " + role.zh, organisation.en + " · " + role.en};
  }
  for (const Organisation& each : place_.organisations)
    if (each.id == group) return {each.name, each.name};
  auto catalogue = ledger_.catalogue();
  if (const ledger::CodeList* roles = catalogue->FindList("role"))
    for (const auto& code : roles->codes)
      if (code.code == group) return code.label;
  return {group, group};
}

Result<int> ProcessWorld::RunOnce() {
  TRY(int fired, runtime_->FireDue(kAtOnce));
  TRY(int delivered, runtime_->DeliverOutbox(kAtOnce));
  Time now = ledger_.clock().Now();
  if (now - removed_at_ >= kRemoveEvery) {
    removed_at_ = now;
    TRY(auto gone, runtime_->RemoveExpired("", kAtOnce));
    int removed = 0;
    for (const flow::BatchItem& item : gone) removed += item.error ? 0 : 1;
    if (removed > 0) {
      auto store_now = now;
      TRY_VOID(ledger_.store().Command(region(), [&](store::Tx& tx) -> Result<void> {
        std::vector<ledger::AuditLine> lines;
        for (const flow::BatchItem& item : gone)
          if (!item.error)
            lines.push_back(
                {"process.remove", "process_instance", item.instance.id, region(), "{}"});
        return ledger::AppendAudit(tx, ledger::ChainOf(region()), ledger::System("retention"),
                                   store_now, lines);
      }));
    }
  }
  return fired + delivered;
}

void ProcessWorld::Start() {
  std::lock_guard lock(mutex_);
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] {
    std::unique_lock guard(mutex_);
    while (!stopping_) {
      wake_.wait_for(guard, kLookEvery, [&] { return stopping_ || woken_; });
      if (stopping_) return;
      woken_ = false;
      guard.unlock();
      auto done = RunOnce();
      if (!done) LogWarning("processes cannot be driven on", {{"why", done.error().ToLine()}});
      guard.lock();
      if (done && *done > 0) woken_ = true;  // there may be more
    }
  });
}

void ProcessWorld::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ProcessWorld::Wake() {
  {
    std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

Result<Time> ProcessWorld::AddWorkingDays(std::string_view, Time from, int days) {
  Date day = ChinaDate(from);
  return StartOfChinaDay(place_.calendar.After(day, days).date) + (from - StartOfChinaDay(day));
}

Result<json::value> ProcessWorld::Decide(std::string_view decision,
                                         const flow::Variables& variables) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(decisions::Ruling ruling, rulebook_.Decide(*snapshot, std::string(decision), "process",
                                                 variables.Flatten(), ledger_.clock().Now()));
  return ruling.outcome;
}
}  // namespace city::model
