// SPDX-License-Identifier: Apache-2.0
// The outside world at processes: jobs that programs do, messages and signals to them.
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "gate/errors.h"
#include "gate/process_support.h"

namespace city::gate {
namespace {
constexpr auto Make = ProcessRoute;
/// Who speaks to processes from outside: managers, and programs that were given the post.
std::vector<std::string> Outside() {
  std::vector<std::string> roles = ProcessManagers();
  roles.emplace_back("process_program");
  return roles;
}
}  // namespace

void AddProcessOutsideRoutes(Router& router, const Surroundings& s) {
  // The outside world: work that programs do for a process, and messages to it.
  Route take = Make("POST", "/api/process-jobs", "takeProcessJobs", "领取自动任务",
                    "Take jobs of a type", Outside());
  take.body = "ProcessAct";
  take.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    auto limit = static_cast<int>(std::clamp<int64_t>(IntAt(body, "limit", 10), 1, 100));
    auto hold = std::chrono::seconds(std::clamp<int64_t>(IntAt(body, "hold_s", 60), 1, 3600));
    TRY(auto items, s.city.processes().runtime().TakeJobs(TextAt(body, "type"), limit, hold));
    json::array rows;
    for (const flow::JobItem& item : items)
      rows.push_back(json::object{{"instance", item.instance.id},
                                  {"element", item.node},
                                  {"key", item.key},
                                  {"retries", item.retries}});
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}}));
  };
  router.Add(std::move(take));

  Route job = Make("POST", "/api/process-jobs/{instance}/{key}/acts/{act}", "answerProcessJob",
                   "反馈自动任务结果", "Answer a job", Outside());
  job.body = "ProcessAct";
  job.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::Actor actor, world.ActorOf(call.who));
    std::string_view act = call.request.Captured("act");
    if (act != "complete" && act != "fail" && act != "error") return error::kNoSuchRoute;
    flow::Command command = CommandOf(act == "complete" ? flow::Verb::kCompleteJob
                                      : act == "fail"   ? flow::Verb::kFailJob
                                                        : flow::Verb::kThrowError,
                                      actor, body);
    command.key = static_cast<flow::Key>(
        std::strtoul(std::string(call.request.Captured("key")).c_str(), nullptr, 10));
    command.number = IntAt(body, "retries");
    TRY(std::string done,
        ActOn(s, call, {world.region(), std::string(call.request.Captured("instance"))}, command));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(job));

  Route message = Make("POST", "/api/process-messages", "sendProcessMessage", "发送流程消息",
                       "Send a message to processes", Outside());
  message.body = "ProcessAct";
  message.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    model::ProcessWorld& world = s.city.processes();
    json::object variables;
    if (const json::object* given = ObjectAt(body, "variables")) variables = *given;
    auto ttl = std::chrono::seconds(
        std::clamp<int64_t>(IntAt(body, "ttl_s", 3600), 0, int64_t{86400} * 366));
    std::string name(TextAt(body, "name"));
    TRY(bool got, world.runtime().Publish(world.region(), TextAt(body, "id"), name,
                                          std::string(TextAt(body, "key")), variables, ttl));
    TRY_VOID(s.city.ledger().Command(
        {call.who, world.region(), {}, {}}, [&](ledger::Writer& writer) -> Result<std::string> {
          writer.Note(ProcessNote(s, "process.message", "process_message",
                                  std::string(TextAt(body, "id")), {{"name", name}}));
          return std::string("{}");
        }));
    return JsonResponse(ToText(json::object{{"delivered", got}}));
  };
  router.Add(std::move(message));

  Route signal = Make("POST", "/api/process-signals", "sendProcessSignal", "发送流程信号",
                      "Send a signal to all processes", Outside());
  signal.body = "ProcessAct";
  signal.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    model::ProcessWorld& world = s.city.processes();
    json::object variables;
    if (const json::object* given = ObjectAt(body, "variables")) variables = *given;
    std::string name(TextAt(body, "name")), id(TextAt(body, "id"));
    if (name.empty())
      return Fail(WrongParameter("name", "请填写信号名称。", "Give the name of the signal."));
    TRY(std::string done,
        s.city.ledger().Command(
            InfoOf(call, world.region()), [&](ledger::Writer& writer) -> Result<std::string> {
              TRY(bool fresh,
                  world.runtime().SendSignal(writer.tx(), world.region(), id, name, variables));
              if (fresh)
                writer.Note(
                    ProcessNote(s, "process.signal", "process_signal", id, {{"name", name}}));
              return ToText(json::object{{"sent", fresh}});
            }));
    world.Wake();
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(signal));
}
}  // namespace city::gate
