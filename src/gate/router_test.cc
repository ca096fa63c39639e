// SPDX-License-Identifier: Apache-2.0
#include "gate/router.h"

#include <gtest/gtest.h>

namespace city::gate {
namespace {
Router Sample() {
  Router router;
  for (const char* pattern :
       {"/api/cases/{id}", "/api/cases/count", "/api/cases/{id}/acts/{act}"}) {
    Route route;
    route.method = "GET";
    route.pattern = pattern;
    route.operation = pattern;
    route.access = Access::kAnyone;
    router.Add(std::move(route));
  }
  return router;
}
TEST(Router, PrefersTheWordOverTheCapture) {
  Router router = Sample();
  Pairs captured;
  EXPECT_EQ(router.Find("GET", "/api/cases/count", &captured, nullptr)->pattern,
            "/api/cases/count");
  EXPECT_EQ(router.Find("GET", "/api/cases/7", &captured, nullptr)->pattern, "/api/cases/{id}");
  EXPECT_EQ(captured, (Pairs{{"id", "7"}}));
}
TEST(Router, CapturesEachPart) {
  Router router = Sample();
  Pairs captured;
  ASSERT_NE(router.Find("GET", "/api/cases/7/acts/accept", &captured, nullptr), nullptr);
  EXPECT_EQ(captured, (Pairs{{"id", "7"}, {"act", "accept"}}));
  EXPECT_EQ(router.Find("GET", "/api/cases/7/acts", &captured, nullptr), nullptr);
  EXPECT_EQ(router.Find("GET", "/api/cases/", &captured, nullptr), nullptr);
}
TEST(Router, NamesTheMethodsOfAPath) {
  Router router = Sample();
  std::string allowed;
  EXPECT_EQ(router.Find("POST", "/api/cases/7", nullptr, &allowed), nullptr);
  EXPECT_EQ(allowed, "GET");
}
TEST(Router, FindsPatternsThatNameTheirFirstParts) {
  Router router = Sample();
  for (const char* pattern : {"/problems/{code}", "/{anything}", "/healthz"}) {
    Route route;
    route.method = "GET";
    route.pattern = pattern;
    router.Add(std::move(route));
  }
  Pairs captured;
  EXPECT_EQ(router.Find("GET", "/problems/a.b", &captured, nullptr)->pattern, "/problems/{code}");
  EXPECT_EQ(captured, (Pairs{{"code", "a.b"}}));
  EXPECT_EQ(router.Find("GET", "/healthz", &captured, nullptr)->pattern, "/healthz");
  EXPECT_EQ(router.Find("GET", "/other", &captured, nullptr)->pattern, "/{anything}");
}
TEST(OpenApi, DescribesEachRoute) {
  json::object api = OpenApi(Sample(), {}, "1");
  EXPECT_EQ(api.at("paths").as_object().size(), 3u);
  EXPECT_TRUE(api.at("paths").as_object().at("/api/cases/{id}").as_object().contains("get"));
}
}  // namespace
}  // namespace city::gate
