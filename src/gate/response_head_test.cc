// SPDX-License-Identifier: Apache-2.0
// What goes over the wire before a body.
#include "gate/response_head.h"

#include <gtest/gtest.h>

namespace city::gate {
namespace {
std::string Head(const Response& response, unsigned version, bool keep,
                 std::optional<size_t> length) {
  std::string out = "left from the answer before";
  WriteHead(out, response, version, keep, length);
  return out;
}

TEST(ResponseHead, SaysStatusTypeAndLength) {
  Response response = JsonResponse("{}");
  response.Set("ETag", "\"3\"");
  response.fixed_headers = "X-Frame-Options: DENY\r\n";
  EXPECT_EQ(Head(response, 11, true, 2),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
            "ETag: \"3\"\r\nX-Frame-Options: DENY\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHead, HasNeitherTypeNorLengthWhereThereIsNoBody) {
  Response response;
  response.status = 304;
  EXPECT_EQ(Head(response, 11, true, 0), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  Response response;
  response.status = 204;
  EXPECT_EQ(Head(response, 11, false, 0), "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(Head(response, 10, true, 0),
            "HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(Head(response, 10, false, 0), "HTTP/1.0 204 No Content\r\nConnection: close\r\n\r\n");
}

TEST(ResponseHead, LetsNoValueBeginALineOfItsOwn) {
  Response response;
  response.status = 204;
  response.Set("Location", "/a\r\nSet-Cookie: x=1\0y");
  std::string head = Head(response, 11, true, 0);
  EXPECT_EQ(head, "HTTP/1.1 204 No Content\r\nLocation: /a  Set-Cookie: x=1\r\n\r\n");
}
}  // namespace
}  // namespace city::gate
