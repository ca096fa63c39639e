// SPDX-License-Identifier: Apache-2.0
// Any bytes may come as a process model: reading, exporting, checking, deploying and running them
// must neither crash nor hang.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engines/flow/definition.h"
#include "engines/flow/document.h"
#include "engines/flow/engine.h"
#include "engines/flow/findings.h"

using namespace city;        // NOLINT
using namespace city::flow;  // NOLINT

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto document = Document::Load(text);
  if (!document) return 0;
  auto canonical = (*document)->Canonical();
  auto again = Document::Load(canonical);
  if (again && (*again)->Canonical() != canonical) std::abort();
  (void)Lint(**document);
  DeployOptions options;
  options.include_all = true;
  auto definition = Deploy(**document, options);
  if (!definition) return 0;
  Engine engine;
  for (Index process : (*definition)->processes) {
    Effects effects;
    StartRequest request;
    request.process = (*definition)->node(process).id;
    request.variables = {{"a", 1}, {"b", "x"}, {"c", {1, 2, 3}}};
    auto instance = engine.Start(**definition, request, FromMicros(0), effects);
    if (!instance) continue;
    Time now = FromMicros(0);
    for (int step = 0; step < 8 && !instance->ended(); ++step) {
      now += std::chrono::hours(24 * 40);
      auto rows = RowsOf(**definition, *instance);
      Command command;
      command.verb = Verb::kFireTimers;
      if (!rows.empty()) {
        const auto& row = rows[static_cast<std::size_t>(step) % rows.size()];
        command.key = row.key;
        command.name = row.name;
        command.correlation = row.value;
        command.actor = {row.value, row.groups, {}, true};
        switch (row.kind) {
          case RowKind::kTask:
            command.seat = row.part;
            command.verb = row.value.empty() ? Verb::kClaim : Verb::kComplete;
            if (row.value.empty()) command.actor.id = "li";
            if (row.value.empty() && !row.users.empty()) command.actor.id = row.users.front();
            break;
          case RowKind::kJob:
            command.verb = Verb::kCompleteJob;
            break;
          case RowKind::kMessage:
            command.verb = Verb::kMessage;
            break;
          case RowKind::kSignal:
            command.verb = Verb::kSignal;
            break;
          case RowKind::kIncident:
            command.verb = step % 2 == 0 ? Verb::kRetry : Verb::kSkip;
            break;
          default:
            break;
        }
      }
      std::size_t before = effects.log.size();
      (void)engine.Apply(**definition, *instance, command, now, effects);
      if (effects.log.size() - before > 1'000'000) std::abort();
    }
    // What the engine says must rebuild what it has.
    Instance folded;
    for (const auto& line : effects.log) Fold(folded, line);
    if (folded.Encode() != instance->Encode()) std::abort();
    auto read = Instance::Decode(instance->Encode());
    if (!read) std::abort();
  }
  return 0;
}
