// SPDX-License-Identifier: Apache-2.0
// The least that the network library can do: one fixed answer, a coroutine for each connection. The
// gate is measured against it. Usage: gate_hello PORT THREADS BODY_BYTES
#include <sys/socket.h>

#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using TcpStream = beast::basic_stream<tcp, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::experimental::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

Awaitable<void> Session(Socket socket, const std::string& body) {
  beast::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  TcpStream stream(std::move(socket));
  beast::flat_buffer buffer(80 << 10);
  while (true) {
    http::request_parser<http::string_body> parser;
    stream.expires_after(std::chrono::seconds(30));
    auto [ec, n] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (ec) break;
    http::response<http::span_body<const char>> out;
    out.result(http::status::ok);
    out.set(http::field::content_type, "application/json; charset=utf-8");
    out.keep_alive(parser.get().keep_alive());
    out.content_length(body.size());
    out.body() = beast::span<const char>(body.data(), body.size());
    http::response_serializer<http::span_body<const char>> serializer(out);
    stream.expires_after(std::chrono::seconds(10));
    auto [write_error, sent] = co_await http::async_write(stream, serializer, kAwait);
    if (write_error || !out.keep_alive()) break;
  }
}

Awaitable<void> Accept(asio::basic_socket_acceptor<tcp, Executor>& acceptor,
                       const std::string& body) {
  while (true) {
    auto [ec, socket] = co_await acceptor.async_accept(kAwait);
    if (ec) co_return;
    auto session = Session(std::move(socket), body);
    asio::co_spawn(acceptor.get_executor(), std::move(session), asio::detached);
  }
}

struct Loop {
  asio::io_context context{1};
  asio::basic_socket_acceptor<tcp, Executor> acceptor{context.get_executor()};
};
}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  tcp::endpoint endpoint(asio::ip::address_v4::loopback(),
                         static_cast<uint16_t>(std::atoi(argv[1])));
  std::string body(static_cast<size_t>(std::atoi(argv[3])), 'x');
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    auto loop = std::make_unique<Loop>();
    int on = 1;
    loop->acceptor.open(endpoint.protocol());
    loop->acceptor.set_option(asio::socket_base::reuse_address(true));
    setsockopt(loop->acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    loop->acceptor.bind(endpoint);
    loop->acceptor.listen(1024);
    auto accept = Accept(loop->acceptor, body);
    asio::co_spawn(loop->context.get_executor(), std::move(accept), asio::detached);
    loops.push_back(std::move(loop));
  }
  for (auto& loop : loops) threads.emplace_back([&context = loop->context] { context.run(); });
  for (std::thread& thread : threads) thread.join();
  return 0;
}
