// SPDX-License-Identifier: Apache-2.0
#include "server/story.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/ids.h"
#include "base/text.h"
#include "engines/rooms/still_media.h"
#include "gate/gate.h"
#include "model/demo.h"
#include "model/plan_notice.h"

namespace city::server {
namespace fs = std::filesystem;
namespace {
/// The value at a JSON pointer ("/rows/0/id", "/rows/-1/id" for the last); null when there is none.
const json::value* At(const json::value& root, std::string_view pointer) {
  const json::value* at = &root;
  if (pointer.empty() || pointer == "/") return at;
  for (std::string_view part : Split(pointer.substr(1), '/')) {
    if (const json::object* object = at->if_object()) {
      at = object->if_contains(part);
    } else if (const json::array* array = at->if_array()) {
      if (part == "-1" && !array->empty()) {
        at = &array->back();
        continue;
      }
      size_t index = static_cast<size_t>(std::atoi(std::string(part).c_str()));
      bool number = !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
      at = number && index < array->size() ? &(*array)[index] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string TextOf(const json::value& value) {
  if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
  return ToText(value);
}

class Teller {
 public:
  Teller(std::string path, std::string city_folder) : city_folder_(std::move(city_folder)) {
    outcome_.path = std::move(path);
  }
  ~Teller() {
    for (auto& [name, stage] : stages_) {
      stage.gate.reset();
      stage.city.reset();
      std::error_code ignored;
      if (!stage.folder.empty()) fs::remove_all(stage.folder, ignored);
    }
  }

  StoryOutcome Run() {
    auto begun = std::chrono::steady_clock::now();
    Tell();
    outcome_.passed = outcome_.trouble.empty();
    outcome_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(outcome_);
  }

 private:
  /// A city of the story; most have one.
  struct Stage {
    std::string folder;
    std::unique_ptr<model::City> city;
    std::unique_ptr<gate::Gate> gate;
    std::map<std::string, std::string> cookies;
  };

  void Trouble(std::string words) {
    if (outcome_.trouble.empty()) outcome_.trouble = std::move(words);
  }

  void Tell() {
    auto story = yaml::Load(outcome_.path);
    if (!story) return Trouble(story.error().ToLine());
    outcome_.title = story->Text("story");
    const yaml::Node* steps = story->Find("steps");
    if (outcome_.title.empty() || steps == nullptr || !steps->IsList() || steps->items.empty())
      return Trouble("a story needs story and steps / 故事须有 story 和 steps");
    auto start = ParseTime(story->Text("at", "2026-03-02T09:00:00"));
    if (!start) return Trouble(start.error().ToLine());
    clock_.Set(*start);
    for (const yaml::Node& step : steps->items) {
      ++outcome_.steps;
      here_ = &stages_[step.Text("in")];
      if (here_->city == nullptr)
        if (auto opened = Open(step.Text("place")); !opened)
          return Trouble(opened.error().ToLine());
      if (const yaml::Node* wait = step.Find("wait")) {
        if (!Wait(wait->text))
          return Trouble(step.Place() + ": cannot wait \"" + wait->text + "\"");
        continue;
      }
      if (const yaml::Node* notice = step.Find("import-plan")) {
        ImportPlan(step, notice->text);
      } else {
        Call(step);
      }
      if (!outcome_.trouble.empty()) return;
    }
  }

  /// A message to another city of the story, named by its address.
  Result<std::pair<int, std::string>> Carry(const std::string& address, std::string text) {
    auto stage = stages_.find(address.substr(address.find("//") + 2));
    if (stage == stages_.end() || stage->second.gate == nullptr)
      return std::pair(404, std::string("{}"));
    gate::Request request;
    request.method = "POST";
    request.path = exchange::kPath;
    request.address = "127.0.0.1";
    request.body = std::move(text);
    request.headers.emplace_back("x-yiwang", "1");
    gate::Response response = stage->second.gate->Handle(request);
    return std::pair(response.status, std::move(response.body));
  }
  /// What waits in the outboxes of several cities goes its way, until nothing more follows.
  void CarryAll() {
    if (stages_.size() < 2) return;
    for (int round = 0, moved = 1; round < 20 && moved > 0; ++round) {
      moved = 0;
      for (auto& [name, stage] : stages_) {
        if (stage.city == nullptr) continue;
        for (ledger::Relay* relay : {&stage.city->relay(), &stage.city->exchange_lane()})
          if (auto done = relay->RunOnce()) moved += *done;
      }
    }
  }

  Result<void> Open(const std::string& place) {
    std::string folder =
        (fs::temp_directory_path() / ("yiwang-story-" + NewId(SystemClock().Now()))).string();
    model::CityOptions options;
    options.model_folder = city_folder_;
    options.place = place;
    options.post = [this](const std::string& address, std::string text) {
      return Carry(address, std::move(text));
    };
    options.media = std::make_shared<rooms::StillMedia>();
    here_->folder = folder;
    options.data_folder = folder;
    options.store_url = "sqlite:" + folder + "/city.db";
    options.demo_cases = 0;
    options.demo_persons = 50;
    options.demo_enterprises = 20;
    TRY(auto city, model::City::Open(options, clock_));
    here_->city = std::move(city);
    TRY_VOID(model::FillDemo(*here_->city, [](const std::string&, double) {}));
    gate::GateOptions gate_options;
    gate_options.demo = true;
    gate_options.reads_per_second = gate_options.writes_per_second =
        gate_options.signins_per_minute = 1e9;
    gate_options.read_burst = gate_options.write_burst = 1e9;
    here_->gate = std::make_unique<gate::Gate>(*here_->city, gate_options);
    return {};
  }

  bool Wait(const std::string& text) {
    int count = 0;
    char unit[32] = {}, second[32] = {};
    if (std::sscanf(text.c_str(), "%d %31s %31s", &count, unit, second) < 2) return false;
    std::string what = unit;
    if (what == "work") {
      Date day = here_->city->place().calendar.After(ChinaDate(clock_.Now()), count).date;
      clock_.Set(StartOfChinaDay(day) + (clock_.Now() - StartOfChinaDay(ChinaDate(clock_.Now()))));
    } else if (what.starts_with("minute")) {
      clock_.Advance(std::chrono::minutes(count));
    } else if (what.starts_with("hour")) {
      clock_.Advance(std::chrono::hours(count));
    } else if (what.starts_with("day")) {
      clock_.Advance(std::chrono::hours(24 * count));
    } else {
      return false;
    }
    for (auto& [name, stage] : stages_) stage.cookies.clear();  // sessions do not outlive days
    return true;
  }

  std::string Fill(std::string_view text) const {
    std::string out(text);
    for (const auto& [name, value] : kept_) out = ReplaceAll(out, "{" + name + "}", value);
    for (const auto& [name, bytes] : bodies_)
      if (out.find("{base64 of " + name + "}") != std::string::npos)
        out = ReplaceAll(out, "{base64 of " + name + "}", crypto::ToBase64(bytes));
    return out;
  }
  json::value Fill(const json::value& value) const {
    if (value.is_string()) return json::value(Fill(TextOf(value)));
    if (const json::array* array = value.if_array()) {
      json::array out;
      for (const json::value& each : *array) out.push_back(Fill(each));
      return out;
    }
    if (const json::object* object = value.if_object()) {
      json::object out;
      for (const auto& [key, each] : *object) out[key] = Fill(each);
      return out;
    }
    return value;
  }

  gate::Response Send(const std::string& as, const std::string& method, const std::string& target,
                      std::string body, const gate::Pairs& headers) {
    gate::Request request;
    request.method = method;
    if (!gate::ParseTarget(target, request.path, request.query)) request.path = target;
    request.address = "127.0.0.1";
    request.body = std::move(body);
    request.headers = headers;
    request.headers.emplace_back("x-yiwang", "1");
    if (!as.empty() && as != "nobody")
      request.headers.emplace_back("cookie", "yiwang_session=" + here_->cookies[as]);
    return here_->gate->Handle(request);
  }

  bool SignIn(const yaml::Node& step, const std::string& as) {
    if (as.empty() || as == "nobody" || here_->cookies.contains(as)) return true;
    for (const model::DemoAccount& each : model::DemoAccounts(here_->city->place())) {
      if (each.username != as) continue;
      gate::Response response =
          Send("nobody", "POST", "/api/session",
               ToText(json::object{{"username", each.username}, {"password", each.password}}), {});
      for (const auto& [name, value] : response.headers)
        if (name == "Set-Cookie") here_->cookies[as] = value.substr(15, value.find(';') - 15);
      if (here_->cookies.contains(as)) return true;
      Trouble(step.Place() + ": " + as + " cannot sign in: " + response.body.substr(0, 300));
      return false;
    }
    Trouble(step.Place() + ": there is no account " + as);
    return false;
  }

  void ImportPlan(const yaml::Node& step, const std::string& file) {
    std::ifstream in(fs::path(outcome_.path).parent_path() / file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    auto notice = model::ReadNotice(text.str(), here_->city->place());
    if (!notice) return Trouble(step.Place() + ": " + notice.error().ToLine());
    auto kept = here_->city->ledger().Command(
        {ledger::System("import"), here_->city->place().code, {}, {}},
        [&](ledger::Writer& writer) { return model::KeepNotice(writer, *notice); });
    if (!kept) return Trouble(step.Place() + ": " + kept.error().ToLine());
    if (std::string wanted = step.Text("says"); !wanted.empty() && notice->Summary() != wanted)
      Trouble(step.Place() + ": says \"" + notice->Summary() + "\", not \"" + wanted + "\"");
  }

  void Call(const yaml::Node& step) {
    std::string as = step.Text("as", "nobody"), call = Fill(step.Text("call"));
    size_t space = call.find(' ');
    if (space == std::string::npos)
      return Trouble(step.Place() + ": a step needs call: METHOD /path");
    if (!SignIn(step, as)) return;
    gate::Pairs headers;
    if (const yaml::Node* given = step.Find("headers"))
      for (const auto& [name, value] : given->entries)
        headers.emplace_back(LowerAscii(name), Fill(value.text));
    std::string body = step.Text("raw");
    if (std::string from = step.Text("raw-from"); !from.empty()) body = bodies_[from];
    if (const yaml::Node* node = step.Find("body")) body = ToText(Fill(node->ToJson()));
    clock_.Advance(std::chrono::seconds(20));
    for (int round = 0; round < 20; ++round) {
      auto driven = here_->city->processes().RunOnce();
      if (!driven || *driven == 0) break;
    }
    gate::Response response =
        Send(as, call.substr(0, space), call.substr(space + 1), std::move(body), headers);
    CarryAll();
    auto parsed = ParseJson(response.body, {.max_bytes = 64u << 20});
    json::value answer = parsed ? std::move(*parsed) : json::value(response.body);
    std::string place = step.Place() + " (" + as + " " + call + ")";
    if (std::string code = step.Text("refused"); !code.empty()) {
      const json::value* got = At(answer, "/code");
      std::string told =
          got != nullptr ? TextOf(*got) : "status " + std::to_string(response.status);
      if (told != code)
        Trouble(place + ": should be refused with " + code + ", got " + told + ": " +
                response.body.substr(0, 300));
      return;
    }
    int64_t wanted = step.Int("answers", 0);
    if (wanted != 0 ? response.status != wanted : response.status / 100 != 2)
      return Trouble(
          fmt::format("{}: answered {}: {}", place, response.status, response.body.substr(0, 700)));
    if (const yaml::Node* shows = step.Find("shows"))
      for (const auto& [pointer, expected] : shows->entries)
        Check(place, answer, Fill(pointer), expected);
    if (std::string name = step.Text("keep-body"); !name.empty()) bodies_[name] = response.body;
    if (const yaml::Node* keep = step.Find("keep")) {
      for (const auto& [name, pointer] : keep->entries) {
        const json::value* found = At(answer, pointer.text);
        if (found == nullptr)
          return Trouble(place + ": nothing at " + pointer.text + " in " +
                         response.body.substr(0, 500));
        kept_[name] = TextOf(*found);
      }
    }
  }

  void Check(const std::string& place, const json::value& answer, const std::string& pointer,
             const yaml::Node& expected) {
    const json::value* found = At(answer, pointer);
    std::string got = found == nullptr ? "nothing" : TextOf(*found);
    auto wrong = [&](const std::string& wanted) {
      Trouble(place + ": " + pointer + " should be " + wanted + ", is " + got.substr(0, 300));
    };
    if (!expected.IsMap()) {
      json::value wanted = Fill(expected.ToJson());
      bool same = found != nullptr && (*found == wanted || TextOf(*found) == TextOf(wanted));
      if (wanted.is_null()) same = found == nullptr || found->is_null();
      if (!same) wrong(TextOf(wanted));
      return;
    }
    for (const auto& [how, node] : expected.entries) {
      std::string wanted = Fill(node.text);
      if (how == "count") {
        const json::array* array = found != nullptr ? found->if_array() : nullptr;
        if (array == nullptr || std::to_string(array->size()) != wanted)
          wrong(wanted + " items (has " + (array ? std::to_string(array->size()) : "none") + ")");
      } else if (how == "at-least") {
        const json::array* array = found != nullptr ? found->if_array() : nullptr;
        double number =
            array != nullptr ? static_cast<double>(array->size()) : std::atof(got.c_str());
        if (found == nullptr || number < std::atof(wanted.c_str())) wrong("at least " + wanted);
      } else if (how == "starts") {
        if (!got.starts_with(wanted)) wrong("something that starts with " + wanted);
      } else if (how == "holds") {
        if (found == nullptr || got.find(wanted) == std::string::npos)
          wrong("something that holds " + wanted);
      } else if (how == "lacks") {
        if (found != nullptr && got.find(wanted) != std::string::npos)
          wrong("something without " + wanted);
      } else if (how == "not") {
        if (got == wanted) wrong("anything but " + wanted);
      } else {
        Trouble(place + ": unknown test " + how);
      }
    }
  }

  StoryOutcome outcome_;
  std::string city_folder_;
  ManualClock clock_{FromMicros(0)};
  std::map<std::string, Stage> stages_;  ///< by the name that steps give them
  Stage* here_ = nullptr;                ///< where the present step happens
  std::map<std::string, std::string> kept_, bodies_;
};
}  // namespace

StoryOutcome RunStory(const std::string& path, const std::string& city_folder) {
  return Teller(path, city_folder).Run();
}

std::vector<std::string> StoriesUnder(const std::string& path) {
  std::vector<std::string> out;
  if (fs::is_regular_file(path)) return {path};
  std::error_code code;
  for (fs::recursive_directory_iterator it(path, code), end; !code && it != end; it.increment(code))
    if (it->is_regular_file() && it->path().extension() == ".yaml" &&
        it->path().parent_path().filename() == "stories")
      out.push_back(it->path().generic_string());
  std::sort(out.begin(), out.end());
  return out;
}
}  // namespace city::server
