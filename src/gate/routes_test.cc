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
  bool Push(std::string_view event, std::string_view, std::string_view id) override {
    heard = event;
    all += std::string(event) + " ";
    last = id;
    return alive;
  }
  std::string heard, all, last;
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
TEST(Listeners, TellsWhoComesBackWhatWasMissed) {
  Listeners listeners;
  auto first = std::make_shared<OneStream>();
  listeners.Add("a", first);
  listeners.Tell("todo", "{}");
  std::string left_at = first->last;
  listeners.Tell("case", "{}");
  listeners.Tell("process", "{}");
  auto again = std::make_shared<OneStream>();
  listeners.Add("a", again, left_at);
  EXPECT_EQ(again->all, "case process ");
  EXPECT_EQ(again->last, first->last);
  auto up_to_date = std::make_shared<OneStream>();
  listeners.Add("a", up_to_date, first->last);
  EXPECT_EQ(up_to_date->all, "");
}
TEST(Listeners, SaysSoWhenWhatWasMissedIsNoLongerKnown) {
  Listeners listeners;
  auto first = std::make_shared<OneStream>();
  listeners.Add("a", first);
  listeners.Tell("todo", "{}");
  std::string left_at = first->last;
  for (int i = 0; i < 300; ++i) listeners.Tell("case", "{}");
  for (std::string_view stale :
       {std::string_view(left_at), std::string_view("another-start-7"), std::string_view("x")}) {
    auto late = std::make_shared<OneStream>();
    listeners.Add("a", late, stale);
    EXPECT_EQ(late->all, "missed ") << stale;
    EXPECT_EQ(late->last, first->last) << stale;
  }
}
}  // namespace
}  // namespace city::gate
