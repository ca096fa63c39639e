// SPDX-License-Identifier: Apache-2.0
#include "parts/net/http_client.h"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <thread>

#include "parts/net/errors.h"

namespace city::net {
namespace {
using boost::asio::ip::tcp;

/// A server of one connection: reads until `until` has come, says `words`, and closes.
class OneAnswer {
 public:
  OneAnswer(std::string until, std::string words)
      : acceptor_(loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        thread_([this, until = std::move(until), words = std::move(words)] {
          boost::system::error_code code;
          tcp::socket socket = acceptor_.accept(code);
          if (code) return;
          char part[4096];
          while (heard_.find(until) == std::string::npos) {
            size_t count = socket.read_some(boost::asio::buffer(part), code);
            if (code) return;
            heard_.append(part, count);
          }
          boost::asio::write(socket, boost::asio::buffer(words), code);
          if (words.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(2500));
        }) {}
  ~OneAnswer() { thread_.join(); }
  std::string address() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  std::string heard() { return heard_; }

 private:
  boost::asio::io_context loop_;
  tcp::acceptor acceptor_;
  std::string heard_;
  std::thread thread_;
};

TEST(HttpClient, SendsTheBodyAndBringsStatusAndAnswer) {
  OneAnswer server("{\"a\":1}", "HTTP/1.1 409 Conflict\r\nContent-Length: 5\r\n\r\nhello");
  auto answer = PostJson(server.address() + "/base", "/api/x", "{\"a\":1}");
  ASSERT_TRUE(answer) << answer.error().ToLine();
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_TRUE(server.heard().starts_with("POST /base/api/x HTTP/1.1\r\n")) << server.heard();
}
TEST(HttpClient, DoesNotWaitLongerThanAllowed) {
  OneAnswer server("{}", "");
  auto begun = std::chrono::steady_clock::now();
  auto answer = PostJson(server.address(), "/", "{}",
                         {std::chrono::seconds(1), std::chrono::seconds(1), 100});
  EXPECT_TRUE(!answer && answer.error().Is(error::kNotReached));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
}
TEST(HttpClient, TakesNoMoreThanAllowed) {
  OneAnswer server("{}", "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + std::string(200, 'x'));
  auto answer = PostJson(server.address(), "/", "{}",
                         {std::chrono::seconds(1), std::chrono::seconds(5), 100});
  EXPECT_TRUE(!answer && answer.error().Is(error::kAnswerTooLarge));
}
TEST(HttpClient, SaysThatNobodyListens) {
  std::string address;
  {
    OneAnswer server("", "x");
    address = server.address();
    (void)PostJson(address, "/", "{}");
  }
  auto answer = PostJson(address, "/", "{}");
  EXPECT_TRUE(!answer && answer.error().Is(error::kNotReached));
}
TEST(HttpClient, RefusesAddressesThatAreNone) {
  for (const char* bad : {"", "ftp://a", "http://", "http://a:0", "http://a:99999", "http://a:x",
                          "http://a b/", "http://user@a/", "http://a/?q", "http://a/\r\nX: 1"})
    EXPECT_FALSE(ParseAddress(bad)) << bad;
  auto good = ParseAddress("https://city.example:8443/gov/");
  ASSERT_TRUE(good);
  EXPECT_TRUE(good->tls);
  EXPECT_EQ(good->host + "|" + good->port + "|" + good->base, "city.example|8443|/gov");
}
}  // namespace
}  // namespace city::net
