// SPDX-License-Identifier: Apache-2.0
// An issued certificate looks in an OFD reader of others (npm ofd.js in Chromium) as our own
// picture of it does (our PDF, drawn by pdftoppm): no tile of 10 mm differs by more than a bound
// that a text moved by 2 mm, a missing seal or another character would break. Those are planted,
// too.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "engines/certificates/authority.h"
#include "engines/certificates/face_sheet.h"
#include "parts/crypto/electronic_seal.h"
#include "parts/documents/ofd.h"
#include "parts/documents/seal_picture.h"

namespace city::certificates {
namespace {

/// Mean difference within the worst tile, 0 to 255. Edges of letters alone make about 13 where a
/// character has many strokes; a text moved by 2 mm makes 23, a missing seal 60.
constexpr double kBound = 18;

CertificateType Licence() {
  return *ReadCertificateType(*yaml::Parse(R"(
certificate: licence
label: { zh: 食品经营许可证, en: Food licence }
code: 11100000MB0143028R002
holder: enterprise
seal: 行政审批专用章
fields:
  name: { label: { zh: 经营者名称, en: Operator }, required: true }
  credit_code: { label: { zh: 社会信用代码, en: Credit code } }
  legal_person: { label: { zh: 法定代表人, en: Person in charge } }
  address: { label: { zh: 经营场所, en: Premises } }
  items: { label: { zh: 经营项目, en: Items } }
)",
                                           "test"),
                              "test");
}

struct Measured {
  double mean = 0, worst = 0;
  std::string said;
};

class OfdPicture : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    char name[] = "/tmp/yiwang-picture-XXXXXX";
    const std::string folder = mkdtemp(name);
    const Time now = FromMicros(1'790'000'000'000'000);
    const CertificateType type = Licence();
    const documents::SealDesign design{.name = "明月市市场监督管理局",
                                       .purpose = "行政审批专用章",
                                       .diameter = SealPlace(type).width};
    Sheet sheet;
    sheet.type = &type;
    // One character (龘) stands outside of the common ones and needs a font of another making.
    sheet.faces = {{"name", "明月龘腾餐饮有限公司"},
                   {"credit_code", "91440200MAC0000010"},
                   {"legal_person", "欧阳测试"},
                   {"address", "明月市浈江区百旺路 12 号之一"},
                   {"items", "热食类食品制售；冷食类食品制售；糕点类食品制售（含裱花蛋糕）"}};
    sheet.number = "JY24402000000001";
    sheet.identifier = "1.2.156.3005.2.11100000MB0143028R002.114402009900000171.SG01.001.7";
    sheet.issuer = "明月市市场监督管理局";
    sheet.issued_at = now;
    sheet.check_address = "https://city.example/check?n=" + sheet.identifier;
    const documents::Document document = LayOutSheet(sheet).value();
    sheet.seal = design;
    std::ofstream(folder + "/ours.pdf", std::ios::binary)
        << documents::WritePdf(LayOutSheet(sheet).value()).value();

    auto keys = crypto::MakeKeyStoreInMemory();
    auto authority = Authority::Open(folder + "/authority", *keys, "明月市", now).value();
    ASSERT_TRUE(keys->Ensure("seal", crypto::Purpose::kSign, now));
    const auto until = now + std::chrono::hours(24 * 365);
    const auto certificate = authority->Certify("seal", "明月市", "市场监管局", now, until).value();
    crypto::SealFacts facts{.id = "1",
                            .name = design.name,
                            .kind = crypto::SealKind::kBusiness,
                            .users = {certificate},
                            .made_at = now,
                            .from = now,
                            .to = until,
                            .picture = documents::SealPng(design).value()};
    const std::string esl =
        crypto::MakeSeal(facts, authority->maker(), authority->SignerOf("seal-maker")).value();
    auto seal = [&](const documents::Document& what) {
      documents::SigningOrder order;
      order.signed_at = now;
      order.stamps = {SealPlace(type)};
      return documents::WriteSignedOfd(what, order,
                                       [&](std::string_view hash, std::string_view info) {
                                         return crypto::SignWithSeal(
                                             esl, hash, info, now, certificate,
                                             authority->SignerOfKey("seal"));
                                       })
          .value();
    };
    auto put = [&](const char* file, const std::string& bytes) {
      std::ofstream(folder + "/" + file, std::ios::binary) << bytes;
    };
    put("good.ofd", seal(document));
    put("no_seal.ofd", documents::WriteOfd(document).value());
    documents::Document moved = document, other = document;
    for (documents::Item& item : moved.pages[0].items)
      if (auto* run = std::get_if<documents::TextRun>(&item);
          run != nullptr && documents::Utf8(run->text) == "欧阳测试")
        run->x += 2;
    put("moved.ofd", seal(moved));
    for (documents::Item& item : other.pages[0].items)
      if (auto* run = std::get_if<documents::TextRun>(&item);
          run != nullptr && documents::Utf8(run->text) == "欧阳测试")
        run->text = U"一二卜人";
    put("other_text.ofd", seal(other));
    const std::string command = "node '" CITY_SOURCE_DIR "/tests/standards/ofd_picture.mjs' " +
                                folder + " " + folder + "/ours.pdf " + folder + "/good.ofd " +
                                folder + "/no_seal.ofd " + folder + "/moved.ofd " + folder +
                                "/other_text.ofd";
    FILE* answer = popen(command.c_str(), "r");
    ASSERT_NE(answer, nullptr);
    std::string text;
    char buffer[4096];
    for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, answer)) > 0;) text.append(buffer, n);
    EXPECT_EQ(pclose(answer), 0);
    std::filesystem::remove_all(folder);
    auto parsed = ParseJson(text);
    ASSERT_TRUE(parsed && parsed->is_object()) << text;
    for (const auto& [file, value] : parsed->get_object()) {
      const json::object& one = value.get_object();
      ASSERT_TRUE(one.contains("worst")) << ToText(value);
      measured_[std::string(file)] = {one.at("mean").to_number<double>(),
                                      one.at("worst").to_number<double>(), ToText(value)};
    }
    for (const auto& [file, each] : measured_)
      std::printf("%s %s\n", file.c_str(), each.said.c_str());
  }
  static inline std::map<std::string, Measured> measured_;
};

TEST_F(OfdPicture, IsThatOfOurPdf) {
  ASSERT_TRUE(measured_.contains("good.ofd"));
  EXPECT_LT(measured_["good.ofd"].worst, kBound) << measured_["good.ofd"].said;
}

TEST_F(OfdPicture, IsNoticedToMissItsSeal) {
  EXPECT_GT(measured_["no_seal.ofd"].worst, kBound) << measured_["no_seal.ofd"].said;
}

TEST_F(OfdPicture, IsNoticedToHaveATextMovedByTwoMillimetres) {
  EXPECT_GT(measured_["moved.ofd"].worst, kBound) << measured_["moved.ofd"].said;
}

TEST_F(OfdPicture, IsNoticedToHaveOtherCharacters) {
  EXPECT_GT(measured_["other_text.ofd"].worst, kBound) << measured_["other_text.ofd"].said;
}

}  // namespace
}  // namespace city::certificates
