// SPDX-License-Identifier: Apache-2.0
#include "parts/net/long_polls.h"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <future>
#include <thread>

namespace city::net {
namespace {
using boost::asio::ip::tcp;

TEST(LongPolls, AsksAgainUntilItIsEnough) {
  boost::asio::io_context loop;
  tcp::acceptor acceptor(loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  std::thread server([&] {
    for (int round = 0; round < 3; ++round) {
      tcp::socket socket = acceptor.accept();
      boost::asio::streambuf head;
      boost::asio::read_until(socket, head, "\r\n\r\n");
      std::string body = std::to_string(round);
      boost::asio::write(
          socket, boost::asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body));
    }
  });
  std::promise<std::string> all;
  std::string heard;
  LongPolls polls;
  auto to = ParseAddress("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
  polls.Begin(*to, "/x", [&](const Result<HttpAnswer>& answer) {
    heard += answer ? answer->body : "!";
    if (heard.size() < 3) return true;
    all.set_value(heard);
    return false;
  });
  EXPECT_EQ(all.get_future().get(), "012");
  server.join();
}
TEST(LongPolls, TellsThatNobodyListensAndEndsWhenStopped) {
  LongPolls polls;
  std::promise<bool> told;
  polls.Begin({false, "127.0.0.1", "1", ""}, "/", [&](const Result<HttpAnswer>& answer) {
    told.set_value(answer.has_value());
    return false;
  });
  EXPECT_FALSE(told.get_future().get());
  polls.Stop();
  polls.Begin({false, "127.0.0.1", "1", ""}, "/", [&](const Result<HttpAnswer>&) { return false; });
}
}  // namespace
}  // namespace city::net
