// SPDX-License-Identifier: Apache-2.0
#include "gate/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace city::gate {
namespace {
namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("static-" + std::to_string(getpid()));
    fs::create_directories(folder_ / "assets");
    Write("index.html", "<citizen>");
    Write("workbench.html", "<workbench>");
    Write("assets/a.js", "plain");
    Write("assets/a.js.br", "brotli");
    Write(".secret", "no");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  Request Get(const std::string& path, Pairs headers = {}) {
    Request request;
    request.path = path;
    request.headers = std::move(headers);
    return request;
  }
  fs::path folder_;
};

TEST_F(StaticFilesTest, GivesTheCompressedFormToWhoTakesIt) {
  StaticFiles files(folder_.string());
  EXPECT_EQ(*files.Find(Get("/assets/a.js", {{"accept-encoding", "gzip, br"}}))->shared_body,
            "brotli");
  EXPECT_EQ(*files.Find(Get("/assets/a.js"))->shared_body, "plain");
}
TEST_F(StaticFilesTest, AnswersAnEntryForItsPages) {
  StaticFiles files(folder_.string());
  EXPECT_EQ(*files.Find(Get("/workbench/todo"))->shared_body, "<workbench>");
  EXPECT_EQ(*files.Find(Get("/items/7"))->shared_body, "<citizen>");
  EXPECT_EQ(*files.Find(Get("/"))->shared_body, "<citizen>");
}
TEST_F(StaticFilesTest, NeverAnswersAMissingAssetOrAHiddenFile) {
  StaticFiles files(folder_.string());
  EXPECT_FALSE(files.Find(Get("/assets/b.js")));
  EXPECT_FALSE(files.Find(Get("/.secret")));
  EXPECT_FALSE(files.Find(Get("/../etc/passwd.txt")));
}
TEST_F(StaticFilesTest, SaysThatNothingChanged) {
  StaticFiles files(folder_.string());
  std::string tag;
  std::optional<Response> found = files.Find(Get("/"));
  for (const auto& [name, value] : found->headers)
    if (name == "ETag") tag = value;
  EXPECT_EQ(files.Find(Get("/", {{"if-none-match", tag}}))->status, 304);
}
TEST(SecurityHeaders, LoosenStylesForModellersOnly) {
  Response plain, modeller;
  AddSecurityHeaders(plain, "/");
  AddSecurityHeaders(modeller, "/workbench/models/x");
  EXPECT_EQ(plain.fixed_headers.find("unsafe-inline"), std::string::npos);
  EXPECT_NE(modeller.fixed_headers.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(plain.fixed_headers.find("style-src-attr"), std::string::npos);
}

TEST(SecurityHeaders, LetTheDrawingLibrarysMarkBeSeenAtTheDeskAndNoOtherInlineStyle) {
  Response desk;
  AddSecurityHeaders(desk, "/workbench/decisions/x");
  EXPECT_EQ(desk.fixed_headers.find("unsafe-inline"), std::string::npos);
  EXPECT_NE(desk.fixed_headers.find("style-src-attr 'unsafe-hashes' 'sha256-"), std::string::npos);
}
}  // namespace
}  // namespace city::gate
