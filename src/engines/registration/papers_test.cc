// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/papers.h"

#include <gtest/gtest.h>

namespace city::registration {
namespace {
json::object Row() {
  return {
      {"name", "甲市{person}茶业有限公司"},
      {"kind", "company"},
      {"address", "一路1号"},
      {"capital", 12345},
      {"scope_text", "茶叶种植"},
      {"persons",
       {{{"name", "赵一"}, {"citizen_id", "1"}, {"roles", {"legal", "shareholder"}}, {"share", 60}},
        {{"name", "钱二"}, {"citizen_id", "2"}, {"roles", {"shareholder"}}, {"share", 40}}}}};
}
std::vector<PaperText> Texts() {
  return {{"articles",
           "章程",
           "Articles",
           {"company"},
           {"名称：{name}", "资本：{capital} 元", "{person}出资 {share}%", "法定代表人：{legal}"}},
          {"trader", "经营者声明", "Declaration", {"sole_trader"}, {"{people}"}}};
}
TEST(Papers, AreWrittenForTheKindWithOneLineForEachPerson) {
  auto papers = WritePapers(Texts(), Row(), {});
  ASSERT_EQ(papers.size(), 1u);
  ASSERT_EQ(papers[0].paragraphs.size(), 5u);
  EXPECT_EQ(papers[0].paragraphs[1], "资本：123.45 元");
  EXPECT_EQ(papers[0].paragraphs[2], "赵一出资 60%");
  EXPECT_EQ(papers[0].paragraphs[4], "法定代表人：赵一");
}
TEST(Papers, TakeNothingInAValueForAWord) {
  EXPECT_EQ(WritePapers(Texts(), Row(), {})[0].paragraphs[0], "名称：甲市{person}茶业有限公司");
}
TEST(Papers, HaveAnotherDigestWhenOneSignDiffers) {
  json::object other = Row();
  other["address"] = "一路2号";
  auto texts = Texts();
  texts[0].paragraphs.push_back("{address}");
  EXPECT_NE(PapersDigest(WritePapers(texts, Row(), {})),
            PapersDigest(WritePapers(texts, other, {})));
  EXPECT_EQ(PapersDigest(WritePapers(texts, Row(), {})),
            PapersDigest(WritePapers(texts, Row(), {})));
}
}  // namespace
}  // namespace city::registration
