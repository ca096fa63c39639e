// SPDX-License-Identifier: Apache-2.0
#include "gate/routes.h"

#include <gtest/gtest.h>

#include "gate/errors.h"

namespace city::gate {
namespace {
Request Make(Pairs query, Pairs headers = {}, std::string body = {}) {
  Request request;
  request.query = std::move(query);
  request.headers = std::move(headers);
  request.body = std::move(body);
  return request;
}
TEST(OfferFile, NamesTheFileInAnyScriptOnOneLine) {
  Response response;
  OfferFile(response, "执照 1.pdf\r\nX: y", true);
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0].second,
            "inline; filename*=UTF-8''%E6%89%A7%E7%85%A7%201.pdf%0D%0AX%3A%20y");
}

TEST(NumberOf, RefusesWhatLiesOutside) {
  Request request = Make({{"limit", "501"}, {"n", "x"}, {"good", "7"}});
  Call call{request, {}, ""};
  EXPECT_TRUE(NumberOf(call, "limit", 50, 1, 500).error().Is(error::kParameterWrong));
  EXPECT_TRUE(NumberOf(call, "n", 50, 1, 500).error().Is(error::kParameterWrong));
  EXPECT_EQ(*NumberOf(call, "good", 50, 1, 500), 7);
  EXPECT_EQ(*NumberOf(call, "absent", 50, 1, 500), 50);
}
TEST(ExpectedVersion, ReadsAnETag) {
  Request request = Make({}, {{"if-match", "\"12\""}});
  EXPECT_EQ(**ExpectedVersion(Call{request, {}, ""}), 12);
  Request wrong = Make({}, {{"if-match", "abc"}});
  EXPECT_TRUE(ExpectedVersion(Call{wrong, {}, ""}).error().Is(error::kPreconditionWrong));
}
TEST(BodyOf, MustBeAnObject) {
  Request list = Make({}, {}, "[1]");
  EXPECT_TRUE(BodyOf(Call{list, {}, ""}).error().Is(error::kBadRequest));
  Request none = Make({});
  EXPECT_TRUE(BodyOf(Call{none, {}, ""})->empty());
}
TEST(InfoOf, TellsOneRequestFromAnother) {
  Request a = Make({}, {{"idempotency-key", "k"}}, "1"),
          b = Make({}, {{"idempotency-key", "k"}}, "2");
  EXPECT_NE(InfoOf(Call{a, {}, ""}, "x").request, InfoOf(Call{b, {}, ""}, "x").request);
}
struct OneStream : Stream {
  bool Push(std::string_view event, std::string_view) override {
    heard = event;
    return alive;
  }
  std::string heard;
  bool alive = true;
};
TEST(Listeners, ForgetsWhoIsGone) {
  Listeners listeners;
  auto stream = std::make_shared<OneStream>();
  listeners.Add("a", stream);
  listeners.Tell("todo", "{}");
  EXPECT_EQ(stream->heard, "todo");
  stream->alive = false;
  listeners.Tell("todo", "{}");
  EXPECT_EQ(listeners.count(), 0u);
}
}  // namespace
}  // namespace city::gate
