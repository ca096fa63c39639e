// SPDX-License-Identifier: Apache-2.0
// The network side, asked over real sockets.
#include "gate/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "gate/errors.h"
#include "gate/problem.h"

namespace city::gate {
namespace {
class Client {
 public:
  explicit Client(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    timeval limit{8, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Client() { close(socket_); }
  bool connected() const { return connected_; }
  void Write(const std::string& text) { (void)!write(socket_, text.data(), text.size()); }
  /// What comes until the end, or until `enough` stands in it.
  std::string Read(const std::string& enough = {}) {
    std::string all;
    char buffer[4096];
    while (enough.empty() || all.find(enough) == std::string::npos) {
      ssize_t got = read(socket_, buffer, sizeof buffer);
      if (got <= 0) break;
      all.append(buffer, static_cast<size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
  bool connected_ = false;
};

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpOptions options;
    options.port = 0;
    options.workers = 2;
    options.header_time = std::chrono::seconds(1);
    options.max_body = 1000;
    server_ = std::make_unique<HttpServer>(
        options,
        [](Request& request) {
          return Plan{request.path == "/quick", request.path == "/large" ? size_t{5000} : 0};
        },
        [this](Request& request) {
          if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(400));
          if (request.path == "/throws") throw std::runtime_error("x");
          Response response =
              JsonResponse(request.method + " " + request.path + " " + request.body);
          if (request.path == "/events")
            response.opened = [this](std::shared_ptr<Stream> stream) {
              stream_ = std::move(stream);
            };
          return response;
        },
        [](int status) { return JsonResponse("refused", status); });
    ASSERT_TRUE(server_->Start());
  }
  std::string Ask(const std::string& text, const std::string& enough = {}) {
    Client client(server_->port());
    client.Write(text);
    return client.Read(enough);
  }
  std::unique_ptr<HttpServer> server_;
  std::shared_ptr<Stream> stream_;
};

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  Client client(server_->port());
  client.Write("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(client.Read("GET /quick ").find("200 OK"), std::string::npos);
  client.Write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_NE(client.Read("POST /a hi").find("200 OK"), std::string::npos);
}
TEST_F(HttpServerTest, BoundsHeadersBodiesAndAddresses) {
  EXPECT_NE(Ask("GET / HTTP/1.1\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n").find(" 431 "),
            std::string::npos);
  EXPECT_NE(Ask("POST / HTTP/1.1\r\nContent-Length: 4000\r\n\r\n").find(" 413 "),
            std::string::npos);
  EXPECT_NE(Ask("POST /large HTTP/1.1\r\nConnection: close\r\nContent-Length: 4000\r\n\r\n" +
                std::string(4000, 'b'))
                .find(" 200 "),
            std::string::npos);
  EXPECT_NE(Ask("GET /%zz HTTP/1.1\r\n\r\n").find(" 400 "), std::string::npos);
  EXPECT_NE(Ask("nonsense\r\n\r\n").find(" 400 "), std::string::npos);
  EXPECT_NE(
      Ask("POST /c HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
          std::string(2000, 'c') + "\r\n0\r\n\r\n")
          .find(" 413 "),
      std::string::npos);
}
TEST_F(HttpServerTest, EndsAClientThatTrickles) {
  Client client(server_->port());
  auto begun = std::chrono::steady_clock::now();
  std::atomic<bool> done{false};
  std::thread trickle([&] {
    for (int i = 0; i < 60 && !done; ++i) {
      client.Write("G");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  client.Read();
  done = true;
  trickle.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}
TEST_F(HttpServerTest, OutlivesAHandlerThatThrows) {
  EXPECT_NE(Ask("GET /throws HTTP/1.1\r\nConnection: close\r\n\r\n").find(" 500 "),
            std::string::npos);
  EXPECT_NE(Ask("GET /quick HTTP/1.1\r\nConnection: close\r\n\r\n").find(" 200 "),
            std::string::npos);
}
TEST_F(HttpServerTest, PushesEvents) {
  Client client(server_->port());
  client.Write("GET /events HTTP/1.1\r\n\r\n");
  std::string head = client.Read("still here");
  EXPECT_NE(head.find("Content-Type: text/event-stream"), std::string::npos) << head;
  EXPECT_NE(head.find("Cache-Control: no-store"), std::string::npos);
  ASSERT_TRUE(stream_);
  EXPECT_TRUE(stream_->Push("todo", "{\"n\":1}", "7"));
  EXPECT_NE(client.Read("{\"n\":1}").find("event: todo"), std::string::npos);
}
TEST_F(HttpServerTest, LeavesWhoPushesLongerThanItLivesUnharmed) {
  Client client(server_->port());
  client.Write("GET /events HTTP/1.1\r\n\r\n");
  client.Read("still here");
  ASSERT_TRUE(stream_);
  std::atomic<bool> refused{false};
  std::thread pushes([&] {
    while (stream_->Push("todo", "{}", "1"))
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    refused = true;
  });
  server_.reset();
  pushes.join();
  EXPECT_TRUE(refused);
  EXPECT_FALSE(stream_->Push("todo", "{}", "2"));
  stream_.reset();
}
TEST_F(HttpServerTest, FinishesWhatIsUnderWayBeforeItEnds) {
  Client client(server_->port());
  client.Write("GET /slow HTTP/1.1\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  uint16_t port = server_->port();
  server_->Stop();
  EXPECT_NE(client.Read().find("GET /slow"), std::string::npos);
  EXPECT_FALSE(Client(port).connected());
}
TEST_F(HttpServerTest, SaysThatThePortIsTaken) {
  HttpOptions options;
  options.port = server_->port();
  HttpServer second(
      options, [](Request&) { return Plan{}; }, [](Request&) { return Response{}; },
      [](int) { return Response{}; });
  EXPECT_TRUE(second.Start().error().Is(error::kCannotListen));
}
}  // namespace
}  // namespace city::gate
