// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/certificate_type.h"

#include <gtest/gtest.h>

#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
constexpr const char* kCard = R"(
certificate: card
label: { zh: 居民卡, en: Card }
code: 11100000000013338W032
holder: person
results: [居民卡]
years: 5
fields:
  name: { label: { zh: 姓名, en: Name }, required: true, grade: 3, from: form.applicant_name }
  id_number: { label: { zh: 证号, en: Number }, required: true, grade: 4, from: form.id_number }
  issued: { label: { zh: 日期, en: Day }, day: true }
scenes:
  check: { label: { zh: 亮证, en: Show }, fields: [name] }
answers:
  over_60: { label: { zh: 年满六十, en: Sixty or older }, when: age >= 60 }
)";
const Time kNow = *ParseTime("2026-11-23T10:00:00");

CertificateType Card() { return *ReadCertificateType(*yaml::Parse(kCard, "t"), "s"); }

TEST(CertificateType, TakesItsFacesFromTheCase) {
  json::object world{
      {"form", json::object{{"applicant_name", "张三"}, {"id_number", "440203196611230013"}}}};
  json::object faces = FacesFrom(Card(), world, kNow);
  EXPECT_EQ(TextAt(faces, "name"), "张三");
  EXPECT_TRUE(CheckFaces(Card(), faces));
  EXPECT_EQ(AgeOf(faces, ChinaDate(kNow)), 60);
  EXPECT_TRUE(AnswerOf(Card().answers[0], faces, kNow));
  EXPECT_FALSE(AnswerOf(Card().answers[0], faces, kNow - std::chrono::hours(24)));
  EXPECT_FALSE(AnswerOf(Card().answers[0], {}, kNow));
}

TEST(CertificateType, RefusesFacesThatItDoesNotDeclare) {
  auto bad = CheckFaces(Card(), {{"name", "张三"}, {"colour", "red"}, {"issued", "yesterday"}});
  ASSERT_FALSE(bad);
  EXPECT_TRUE(bad.error().Is(error::kFaceWrong));
  EXPECT_EQ(bad.error().details.size(), 3u);  // colour unknown, number missing, day malformed
}

TEST(CertificateType, RefusesAWrongDeclaration) {
  auto with = [](const std::string& from, const std::string& to) {
    std::string text = kCard;
    text.replace(text.find(from), from.size(), to);
    return ReadCertificateType(*yaml::Parse(text, "t"), "s");
  };
  for (auto [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"11100000000013338W032", "1"},
                                                        {"holder: person", "holder: dog"},
                                                        {"fields: [name]", "fields: [nothing]"},
                                                        {"age >= 60", "age >="},
                                                        {"years: 5", "colour: red"}}) {
    auto read = with(from, to);
    ASSERT_FALSE(read) << to;
    EXPECT_TRUE(read.error().Is(error::kBadDeclaration));
  }
}
}  // namespace
}  // namespace city::certificates
