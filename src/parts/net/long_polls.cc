// SPDX-License-Identifier: Apache-2.0
#include "parts/net/long_polls.h"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <thread>

#include "parts/net/errors.h"

namespace city::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {
constexpr auto kWhole = std::chrono::seconds(60);
constexpr auto kConnect = std::chrono::seconds(5);

/// One question that is asked again and again.
class Asking : public std::enable_shared_from_this<Asking> {
 public:
  Asking(asio::io_context& loop, Address to, std::string path, LongPolls::Heard heard)
      : resolver_(loop), stream_(loop), again_(loop), to_(std::move(to)), heard_(std::move(heard)) {
    request_.method(http::verb::get);
    request_.version(11);
    request_.target(to_.base + path);
    request_.set(http::field::host, to_.host + ":" + to_.port);
    request_.set(http::field::connection, "close");
  }
  void Begin() {
    resolver_.async_resolve(
        to_.host, to_.port,
        [self = shared_from_this()](error_code e, const tcp::resolver::results_type& found) {
          if (e) return self->Failed(e);
          self->stream_.expires_after(kConnect);
          self->stream_.async_connect(found, [self](error_code bad, const tcp::endpoint&) {
            if (bad) return self->Failed(bad);
            self->Write();
          });
        });
  }

 private:
  void Write() {
    stream_.expires_after(kWhole);
    http::async_write(stream_, request_, [self = shared_from_this()](error_code e, size_t) {
      if (e) return self->Failed(e);
      self->buffer_.clear();
      self->parser_.emplace();
      self->parser_->body_limit(1u << 20);
      http::async_read(self->stream_, self->buffer_, *self->parser_,
                       [self](error_code bad, size_t) {
                         if (bad) return self->Failed(bad);
                         self->Told();
                       });
    });
  }
  void Told() {
    HttpAnswer answer{static_cast<int>(parser_->get().result_int()),
                      std::move(parser_->get().body())};
    stream_.close();
    if (heard_(answer)) Begin();
  }
  void Failed(error_code why) {
    stream_.close();
    if (!heard_(error::kNotReached({{"why", why.message()}}))) return;
    again_.expires_after(std::chrono::seconds(1));
    again_.async_wait([self = shared_from_this()](error_code e) {
      if (!e) self->Begin();
    });
  }

  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  asio::steady_timer again_;
  const Address to_;
  LongPolls::Heard heard_;
  http::request<http::empty_body> request_;
  beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::string_body>> parser_;
};
}  // namespace

struct LongPolls::Impl {
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(loop);
  std::mutex mutex;
  std::thread thread;
};

LongPolls::LongPolls() : impl_(std::make_unique<Impl>()) {}
LongPolls::~LongPolls() { Stop(); }

void LongPolls::Begin(const Address& to, const std::string& path, Heard heard) {
  {
    std::lock_guard lock(impl_->mutex);
    if (impl_->loop.stopped()) return;
    if (!impl_->thread.joinable()) impl_->thread = std::thread([this] { impl_->loop.run(); });
  }
  auto asking = std::make_shared<Asking>(impl_->loop, to, path, std::move(heard));
  asio::post(impl_->loop, [asking] { asking->Begin(); });
}

void LongPolls::Stop() {
  std::lock_guard lock(impl_->mutex);
  impl_->loop.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}
}  // namespace city::net
