// SPDX-License-Identifier: Apache-2.0
// Whatever text is uploaded as a work-plan notice: it is read or refused, in bounded time, and all
// that is kept of it is UTF-8.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "model/plan_notice.h"

namespace {
const city::model::Place& SmallPlace() {
  static const city::model::Place* made = [] {
    auto* place = new city::model::Place();
    auto add = [&](const char* id, const char* name, const char* short_name,
                   std::vector<std::string> aliases, const char* kind, const char* level) {
      city::model::Organisation each;
      each.id = id;
      each.name = name;
      each.short_name = short_name;
      each.aliases = std::move(aliases);
      each.kind = kind;
      each.level = level;
      place->organisations.push_back(std::move(each));
    };
    add("o1", "某市卫生健康局", "市卫生健康局", {"卫健局"}, "department", "3");
    add("o2", "某市数据局", "市数据局", {}, "department", "3");
    add("c1", "东县人民政府", "东县", {}, "government", "4");
    add("c2", "西县人民政府", "西县", {}, "government", "4");
    place->groups.push_back({"各县（市、区）政府", "government", "4"});
    return place;
  }();
  return *made;
}

void MustBeUtf8(const std::string& text) {
  if (!city::IsValidUtf8(text)) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto notice = city::model::ReadNotice(text, SmallPlace());
  if (!notice) return 0;
  MustBeUtf8(notice->name);
  MustBeUtf8(notice->issued_by);
  for (const std::string& chapter : notice->chapters) MustBeUtf8(chapter);
  int number = 0;
  for (const auto& task : notice->tasks) {
    if (task.number != ++number) std::abort();
    if (task.chapter < 1 || static_cast<size_t>(task.chapter) > notice->chapters.size())
      std::abort();
    for (const std::string* each : {&task.title, &task.content, &task.lead_text}) MustBeUtf8(*each);
    for (const std::string& name : task.lead_names) MustBeUtf8(name);
  }
  for (const auto& question : notice->questions) {
    if (question.task < 1 || static_cast<size_t>(question.task) > notice->tasks.size())
      std::abort();
    MustBeUtf8(question.question);
    MustBeUtf8(question.as_written);
    MustBeUtf8(question.proposal);
  }
  if (notice->Summary().empty()) std::abort();
  return 0;
}
