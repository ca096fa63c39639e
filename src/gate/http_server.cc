// SPDX-License-Identifier: Apache-2.0
// Each network thread has its own loop and its own listening socket on the same port; sessions are
// coroutines. Rule for every line with co_await here: no braces, no lambda and no ?: inside the
// same full expression, because g++ 12 frees such temporaries twice.
#include "gate/http_server.h"

#include <array>
#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <optional>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "gate/errors.h"
#include "gate/response_head.h"

namespace city::gate {
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

namespace {
struct Job {
  Request request;
  Response response;
  const Handler* handler = nullptr;
};

Response RunHandler(const Handler& handler, Request& request, const Refusal& refusal) {
  try {
    return handler(request);
  } catch (const std::exception& e) {
    LogError("handler threw", {{"path", request.path}, {"why", e.what()}});
    return refusal(500);
  }
}

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Queue of one listener of server-sent events; filled by any thread, drained by its session. Who
/// pushes may keep it longer than the loop lives.
class Channel : public Stream, public std::enable_shared_from_this<Channel> {
 public:
  explicit Channel(const Executor& executor)
      : executor_(executor), timer_(std::in_place, executor) {}
  bool Push(std::string_view event, std::string_view data, std::string_view id) override {
    std::string text = "id: ";
    text.append(id)
        .append("\nevent: ")
        .append(event)
        .append("\ndata: ")
        .append(data)
        .append("\n\n");
    std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (queue_.size() >= 256) {
      closed_ = true;
    } else {
      queue_.push_back(std::move(text));
    }
    Wake();
    return true;
  }
  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    Wake();
  }
  /// Closes it and lets go of the loop for ever. On the loop's thread, or when that has ended.
  void Leave() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    timer_.reset();
  }
  bool closed() {
    std::lock_guard lock(mutex_);
    return closed_;
  }
  std::string Take() {
    std::lock_guard lock(mutex_);
    std::string all;
    for (std::string& each : queue_) all += each;
    queue_.clear();
    return all;
  }
  /// For its session alone.
  Timer& timer() { return *timer_; }

 private:
  /// Under the lock, so that the loop cannot go in between.
  void Wake() {
    if (!timer_) return;
    asio::post(executor_, [self = shared_from_this()] {
      std::lock_guard lock(self->mutex_);
      if (self->timer_) self->timer_->cancel();
    });
  }
  Executor executor_;
  std::optional<Timer> timer_;  // none once the session is over
  std::mutex mutex_;
  std::deque<std::string> queue_;
  bool closed_ = false;
};
}  // namespace

struct HttpServer::Impl {
  HttpOptions options;
  Planner planner;
  Handler handler;
  Refusal refusal;
  struct Loop {
    asio::io_context context{1};
    asio::basic_socket_acceptor<tcp, Executor> acceptor{context.get_executor()};
    std::set<TcpStream*> idle;  // waiting for a request; touched on this loop's thread only
    std::set<std::shared_ptr<Channel>> channels;
  };
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  std::unique_ptr<asio::thread_pool> pool;
  std::atomic<int> connections{0}, active{0}, waiting{0};
  std::atomic<bool> draining{false};
  uint16_t port = 0;
  bool started = false;

  /// Runs the job on a worker and comes back to the session's loop.
  template <class Token>
  auto RunOnWorker(std::shared_ptr<Job> job, Token token) {
    return asio::async_initiate<Token, void(int)>(
        [this](auto done, std::shared_ptr<Job> work) {
          auto executor = asio::get_associated_executor(done);
          asio::post(
              *pool, [this, done = std::move(done), work = std::move(work), executor]() mutable {
                work->response = RunHandler(*work->handler, work->request, refusal);
                asio::post(executor, [done = std::move(done)]() mutable { std::move(done)(0); });
              });
        },
        token, std::move(job));
  }

  /// Sends an answer whole, head and body in one write; false when the connection is broken.
  /// `head` is room that the session keeps.
  Awaitable<bool> Send(TcpStream& stream, const Response& response, unsigned version, bool keep,
                       bool head_only, std::string& head) {
    const std::string& body = response.shared_body ? *response.shared_body : response.body;
    WriteHead(head, response, version, keep, body.size());
    bool bodiless = head_only || response.status == 204 || response.status == 304;
    std::array<asio::const_buffer, 2> bytes = Both(head, bodiless ? std::string_view() : body);
    stream.expires_after(options.write_time);
    auto [ec, n] = co_await asio::async_write(stream, bytes, kAwait);
    co_return !ec;
  }
  static std::array<asio::const_buffer, 2> Both(std::string_view a, std::string_view b) {
    return {asio::const_buffer(a.data(), a.size()), asio::const_buffer(b.data(), b.size())};
  }

  Awaitable<void> SendEvents(Loop& loop, TcpStream& stream, const Response& response,
                             unsigned version) {
    std::string head;
    WriteHead(head, response, version, false, std::nullopt);
    stream.expires_after(options.write_time);
    auto head_bytes = asio::buffer(head);
    auto [ec, n] = co_await asio::async_write(stream, head_bytes, kAwait);
    if (ec) co_return;
    auto channel = std::make_shared<Channel>(loop.context.get_executor());
    loop.channels.insert(channel);
    response.opened(channel);
    auto next_beat = std::chrono::steady_clock::now();
    while (!channel->closed()) {
      std::string text = channel->Take();
      if (text.empty() && std::chrono::steady_clock::now() >= next_beat) text = ": still here\n\n";
      if (text.empty()) {
        channel->timer().expires_at(next_beat);
        auto [waited] = co_await channel->timer().async_wait(kAwait);
        (void)waited;
        continue;
      }
      next_beat = std::chrono::steady_clock::now() + std::chrono::seconds(15);
      stream.expires_after(options.write_time);
      auto bytes = asio::buffer(text);
      auto [write_error, written] = co_await asio::async_write(stream, bytes, kAwait);
      if (write_error) break;
    }
    channel->Leave();
    loop.channels.erase(channel);
  }

  static void Copy(const http::request_parser<http::string_body>& parser, Request& request) {
    const auto& message = parser.get();
    for (const auto& field : message)
      request.headers.emplace_back(LowerAscii(std::string(field.name_string())),
                                   std::string(field.value()));
  }

  Awaitable<void> Session(Loop& loop, Socket socket) {
    std::string address;
    {
      beast::error_code ec;
      auto end = socket.remote_endpoint(ec);
      if (!ec) address = end.address().to_string();
      socket.set_option(tcp::no_delay(true), ec);
    }
    TcpStream stream(std::move(socket));
    beast::flat_buffer buffer(options.max_header + (64u << 10));
    std::string answer_head;
    bool first = true;
    while (!draining) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(static_cast<uint32_t>(options.max_header));
      parser.body_limit(64u << 20);
      // One absolute deadline for the whole header: bytes that trickle do not renew it.
      stream.expires_after(first || buffer.size() > 0 ? options.header_time : options.idle_time);
      first = false;
      loop.idle.insert(&stream);
      auto [ec, n] = co_await http::async_read_header(stream, buffer, parser, kAwait);
      loop.idle.erase(&stream);
      if (ec) {
        int status = 0;
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
          status = 431;
        else if (ec != http::error::end_of_stream &&
                 ec.category() == http::make_error_code(http::error::bad_method).category())
          status = 400;
        if (status != 0) {
          Response refused = refusal(status);
          co_await Send(stream, refused, 11, false, false, answer_head);
        }
        break;
      }
      auto job = std::make_shared<Job>();
      job->handler = &handler;
      unsigned version = parser.get().version();
      bool keep = parser.get().keep_alive() && !draining;
      std::string target(parser.get().target());
      int refused_status = 0;
      job->request.method = std::string(parser.get().method_string());
      if (target.size() > 8192)
        refused_status = 414;
      else if (!ParseTarget(target, job->request.path, job->request.query))
        refused_status = 400;
      Plan plan;
      if (refused_status == 0) plan = planner(job->request);
      size_t max_body = plan.max_body == 0 ? options.max_body : plan.max_body;
      if (refused_status == 0 && parser.content_length() && *parser.content_length() > max_body)
        refused_status = 413;
      parser.body_limit(max_body);
      if (refused_status == 0 && !parser.is_done()) {
        if (parser.get()[http::field::expect] == "100-continue") {
          static const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
          auto bytes = asio::buffer(kContinue);
          auto [continue_error, sent] = co_await asio::async_write(stream, bytes, kAwait);
          if (continue_error) break;
        }
        stream.expires_after(options.body_time);
        auto [body_error, read] = co_await http::async_read(stream, buffer, parser, kAwait);
        if (body_error == http::error::body_limit)
          refused_status = 413;
        else if (body_error)
          break;
      }
      if (refused_status != 0) {
        Response refused = refusal(refused_status);
        co_await Send(stream, refused, version, false, false, answer_head);
        break;
      }
      Copy(parser, job->request);
      job->request.address = address;
      job->request.body = std::move(parser.get().body());
      bool head = job->request.method == "HEAD";
      active.fetch_add(1);
      if (plan.quick) {
        job->response = RunHandler(handler, job->request, refusal);
      } else if (waiting.load() >= options.max_waiting) {
        job->response = refusal(503);
      } else {
        waiting.fetch_add(1);
        stream.expires_never();
        co_await RunOnWorker(job, asio::use_awaitable_t<Executor>());
        waiting.fetch_sub(1);
      }
      if (job->response.opened) {
        active.fetch_sub(1);
        job->response.type = "text/event-stream; charset=utf-8";
        job->response.Set("Cache-Control", "no-store");
        job->response.Set("X-Accel-Buffering", "no");  // a proxy must not gather them
        co_await SendEvents(loop, stream, job->response, version);
        break;
      }
      bool sent = co_await Send(stream, job->response, version, keep, head, answer_head);
      active.fetch_sub(1);
      if (!sent || !keep) break;
    }
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    connections.fetch_sub(1);
  }

  Awaitable<void> Accept(Loop& loop) {
    while (!draining) {
      auto [ec, socket] = co_await loop.acceptor.async_accept(kAwait);
      if (ec) {
        if (draining || ec == asio::error::operation_aborted) co_return;
        Timer pause(loop.context.get_executor());
        pause.expires_after(
            std::chrono::milliseconds(50));  // out of descriptors: let some go first
        auto [waited] = co_await pause.async_wait(kAwait);
        (void)waited;
        continue;
      }
      if (connections.fetch_add(1) >= options.max_connections) {
        connections.fetch_sub(1);
        continue;  // the socket closes here
      }
      auto session = Session(loop, std::move(socket));
      asio::co_spawn(loop.context.get_executor(), std::move(session), asio::detached);
    }
  }

  Result<void> Start() {
    try {
      auto address = asio::ip::make_address(options.address);
      port = options.port;
      pool = std::make_unique<asio::thread_pool>(static_cast<size_t>(options.workers));
      for (int i = 0; i < options.io_threads; ++i) {
        auto loop = std::make_unique<Loop>();
        tcp::endpoint endpoint(address, port);
        loop->acceptor.open(endpoint.protocol());
        loop->acceptor.set_option(asio::socket_base::reuse_address(true));
        if (i == 0 && port != 0) {
          // Another server must not share the port unseen: the first socket listens alone once.
          asio::basic_socket_acceptor<tcp, Executor> probe{loop->context.get_executor()};
          probe.open(endpoint.protocol());
          probe.set_option(asio::socket_base::reuse_address(true));
          probe.bind(endpoint);
          probe.listen();
        }
        int on = 1;
        setsockopt(loop->acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
        loop->acceptor.bind(endpoint);
        loop->acceptor.listen(1024);
        port = loop->acceptor.local_endpoint().port();
        loops.push_back(std::move(loop));
      }
    } catch (const boost::system::system_error& e) {
      return error::kCannotListen(
          {{"address", options.address + ":" + std::to_string(options.port)},
           {"reason", e.code().message()}});
    } catch (const std::exception& e) {
      return error::kCannotListen(
          {{"address", options.address + ":" + std::to_string(options.port)},
           {"reason", e.what()}});
    }
    for (auto& loop : loops) {
      auto accept = Accept(*loop);
      asio::co_spawn(loop->context.get_executor(), std::move(accept), asio::detached);
      threads.emplace_back([&context = loop->context] { context.run(); });
    }
    started = true;
    return {};
  }

  void Stop() {
    if (!started) return;
    started = false;
    draining = true;
    for (auto& loop : loops) {
      asio::post(loop->context, [&one = *loop] {
        beast::error_code ignored;
        one.acceptor.close(ignored);
        for (TcpStream* stream : one.idle) stream->cancel();
        for (const auto& channel : one.channels) channel->Close();
      });
    }
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while ((active.load() > 0 || connections.load() > 0) &&
           std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pool->join();
    for (auto& loop : loops) loop->context.stop();
    for (auto& thread : threads) thread.join();
    threads.clear();
    for (auto& loop : loops) {
      for (const auto& channel : loop->channels) channel->Leave();
      loop->channels.clear();
    }
  }
};

HttpServer::HttpServer(HttpOptions options, Planner planner, Handler handler, Refusal refusal)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  impl_->planner = std::move(planner);
  impl_->handler = std::move(handler);
  impl_->refusal = std::move(refusal);
}
HttpServer::~HttpServer() { Stop(); }
Result<void> HttpServer::Start() { return impl_->Start(); }
uint16_t HttpServer::port() const { return impl_->port; }
void HttpServer::Stop() { impl_->Stop(); }
}  // namespace city::gate
