// SPDX-License-Identifier: Apache-2.0
#include "model/plan_notice.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "model/errors.h"

namespace city::model {
namespace {
Place SamplePlace() {
  Place place;
  auto add = [&](const char* id, const char* name, const char* short_name,
                 std::vector<std::string> aliases, const char* kind, const char* level) {
    Organisation each;
    each.id = id;
    each.name = name;
    each.short_name = short_name;
    each.aliases = std::move(aliases);
    each.kind = kind;
    each.level = level;
    place.organisations.push_back(std::move(each));
  };
  add("o1", "某市政务服务数据管理局", "市政务服务数据管理局", {"政务服务数据管理局"}, "department",
      "3");
  add("o2", "某市卫生健康局", "市卫生健康局", {"卫健局"}, "department", "3");
  add("c1", "东县人民政府", "东县", {}, "government", "4");
  add("c2", "西县人民政府", "西县", {}, "government", "4");
  place.groups.push_back({"各县（市、区）政府", "government", "4"});
  return place;
}

TEST(Notice, ReadsChaptersTasksAndLeads) {
  Notice notice = *ReadNotice(
      "一、夯实基础\n(一)統一平臺。建設平臺。(市政務服務數據管理局、各縣(市、區)政府牽頭)"
      "\n二、服务\n（二）便民。做好服务。（卫健局牵头）\n",
      SamplePlace());
  ASSERT_EQ(notice.tasks.size(), 2u);
  EXPECT_EQ(notice.chapters.size(), 2u);
  EXPECT_EQ(notice.tasks[0].title, "统一平台");
  EXPECT_EQ(notice.tasks[0].leads, (std::vector<std::string>{"o1", "c1", "c2"}));
  EXPECT_EQ(notice.tasks[1].chapter, 2);
  EXPECT_EQ(notice.tasks[1].leads, std::vector<std::string>{"o2"});
  EXPECT_EQ(notice.Summary(), "2 tasks, 2 chapters, 4 departments, 0 to settle");
}
TEST(Notice, AsksAPersonAboutWhatItCannotMatch) {
  Notice notice = *ReadNotice(
      "一、甲\n(一)乙。丙。(不存在的局、卫健局牵头)\n(二)丁。没有牵头单位。\n(四)戊。跳号。("
      "卫健局牵头)\n",
      SamplePlace());
  ASSERT_EQ(notice.questions.size(), 3u);
  EXPECT_EQ(notice.questions[0].kind, "department");
  EXPECT_EQ(notice.questions[0].as_written, "不存在的局");
  EXPECT_EQ(notice.questions[1].task, 2);
  EXPECT_EQ(notice.questions[2].kind, "number");
  EXPECT_EQ(notice.tasks[0].leads.size(), 1u);
}
TEST(Notice, RestoresAHeadingWhoseBytesStillTellIt) {
  // "　(一)" in GBK is A1A1 A3A8 D2BB A3A9; read one byte late it becomes these signs, as seen in
  // real notices.
  Notice notice = *ReadNotice("一、甲\n?。ㄒ唬┚o扣指標任務。內容。(衛健局牽頭)\n", SamplePlace());
  ASSERT_EQ(notice.tasks.size(), 1u);
  EXPECT_EQ(notice.tasks[0].title, "紧扣指标任务");
  EXPECT_FALSE(notice.tasks[0].title_damaged);
}
TEST(Notice, InventsNothingWhenTheBytesAreGone) {
  Notice notice = *ReadNotice("一、甲\n?。\xEE\x91\xAA\xE2\x94\x9A?□標任務。內容。(衛健局牽頭)\n",
                              SamplePlace());
  ASSERT_EQ(notice.tasks.size(), 1u);
  EXPECT_TRUE(notice.tasks[0].title_damaged);
  ASSERT_EQ(notice.questions.size(), 1u);
  EXPECT_EQ(notice.questions[0].kind, "title");
}
TEST(Notice, CutsALongTitleBetweenSigns) {
  std::string title;
  for (int i = 0; i < 200; ++i) title += "a标";
  Notice notice = *ReadNotice("一、甲\n(一)" + title + "\n", SamplePlace());
  ASSERT_EQ(notice.tasks.size(), 1u);
  EXPECT_TRUE(IsValidUtf8(notice.tasks[0].title));
  EXPECT_EQ(LengthOf(notice.tasks[0].title), 80u);
}
TEST(Notice, RefusesMoreTasksOrLeadsThanAnyNoticeHas) {
  std::string tasks = "一、甲\n", leads = "一、甲\n(一)乙。(";
  for (int i = 0; i < 1001; ++i) tasks += "(一)乙。(卫健局)\n";
  for (int i = 0; i < 301; ++i) leads += "卫健局、";
  EXPECT_EQ(ReadNotice(tasks, SamplePlace()).error().kind(), Kind::kTooLarge);
  EXPECT_EQ(ReadNotice(leads + "卫健局)\n", SamplePlace()).error().kind(), Kind::kTooLarge);
}
TEST(Notice, RefusesManyLinesWithoutATask) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "統一\n";
  EXPECT_TRUE(ReadNotice(text, SamplePlace()).error().Is(error::kNoticeUnreadable));
}
TEST(Notice, RefusesWhatIsNoNotice) {
  EXPECT_TRUE(ReadNotice("", SamplePlace()).error().Is(error::kNoticeUnreadable));
  EXPECT_TRUE(
      ReadNotice("一些文字\n没有条目\n", SamplePlace()).error().Is(error::kNoticeUnreadable));
  EXPECT_TRUE(ReadNotice("\xff\xfe", SamplePlace()).error().Is(error::kNoticeUnreadable));
}
}  // namespace
}  // namespace city::model
