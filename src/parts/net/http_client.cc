// SPDX-License-Identifier: Apache-2.0
#include "parts/net/http_client.h"

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "parts/net/errors.h"

namespace city::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

Result<Address> ParseAddress(std::string_view text) {
  auto bad = [&] { return error::kBadAddress({{"address", std::string(text.substr(0, 200))}}); };
  Address out;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    out.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad();
  }
  size_t slash = rest.find('/');
  std::string_view where = rest.substr(0, slash);
  if (slash != std::string_view::npos) out.base = rest.substr(slash);
  while (out.base.ends_with('/')) out.base.pop_back();
  size_t colon = where.rfind(':');
  out.port = out.tls ? "443" : "80";
  if (colon != std::string_view::npos) {
    out.port = where.substr(colon + 1);
    where = where.substr(0, colon);
  }
  auto only = [](std::string_view part, std::string_view signs) {
    return std::all_of(part.begin(), part.end(), [&](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             signs.find(c) != std::string_view::npos;
    });
  };
  out.host = where;
  bool port_good = !out.port.empty() && out.port.size() <= 5 &&
                   out.port.find_first_not_of("0123456789") == std::string::npos &&
                   std::stoi(out.port) >= 1 && std::stoi(out.port) <= 65535;
  if (out.host.empty() || out.host.size() > 253 || !only(out.host, ".-") || !port_good ||
      !only(out.base, "/.-_~"))
    return bad();
  return out;
}

namespace {
tl::unexpected<Error> NotReached(const std::string& why) {
  return error::kNotReached({{"why", why}});
}

/// Runs what was begun until it is done; an operation that outlives its stream's deadline ends with
/// an error.
error_code Finish(asio::io_context& loop, const error_code& ended) {
  loop.restart();
  loop.run();
  return ended;
}

template <class Stream>
Result<HttpAnswer> Exchange(asio::io_context& loop, Stream& stream, const Address& to,
                            std::string_view path, std::string body, const HttpLimits& limits) {
  http::request<http::string_body> request{http::verb::post, to.base + std::string(path), 11};
  request.set(http::field::host, to.host + ":" + to.port);
  request.set(http::field::content_type, "application/json; charset=utf-8");
  request.set(http::field::connection, "close");
  request.set("X-Yiwang", "1");
  request.body() = std::move(body);
  request.prepare_payload();
  error_code ended;
  http::async_write(stream, request, [&](error_code e, size_t) { ended = e; });
  // A server may refuse before it has read everything; what it says is worth hearing.
  error_code written = Finish(loop, ended);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(limits.most_answer);
  parser.header_limit(16u << 10);
  http::async_read(stream, buffer, parser, [&](error_code e, size_t) { ended = e; });
  Finish(loop, ended);
  if (ended == http::error::body_limit) return error::kAnswerTooLarge;
  if (ended) return NotReached((written ? written : ended).message());
  return HttpAnswer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}
}  // namespace

Result<HttpAnswer> PostJson(std::string_view address, std::string_view path, std::string body,
                            const HttpLimits& limits) {
  TRY(Address to, ParseAddress(address));
  try {
    asio::io_context loop;
    error_code ended;
    tcp::resolver resolver(loop);
    tcp::resolver::results_type found;
    bool resolved = false;
    resolver.async_resolve(to.host, to.port, [&](error_code e, tcp::resolver::results_type all) {
      ended = e;
      found = std::move(all);
      resolved = true;
    });
    loop.run_for(limits.connect);
    if (!resolved) {
      resolver.cancel();
      loop.run();
      return NotReached("name lookup timed out");
    }
    if (ended) return NotReached(ended.message());
    if (to.tls) {
      asio::ssl::context context(asio::ssl::context::tls_client);
      context.set_default_verify_paths();
      context.set_verify_mode(asio::ssl::verify_peer);
      beast::ssl_stream<beast::tcp_stream> stream(loop, context);
      stream.set_verify_callback(asio::ssl::host_name_verification(to.host));
      if (!SSL_set_tlsext_host_name(stream.native_handle(), to.host.c_str()))
        return NotReached("host name");
      beast::get_lowest_layer(stream).expires_after(limits.connect);
      beast::get_lowest_layer(stream).async_connect(
          found, [&](error_code e, const tcp::endpoint&) { ended = e; });
      if (Finish(loop, ended)) return NotReached(ended.message());
      beast::get_lowest_layer(stream).expires_after(limits.connect);
      stream.async_handshake(asio::ssl::stream_base::client, [&](error_code e) { ended = e; });
      if (Finish(loop, ended)) return NotReached(ended.message());
      beast::get_lowest_layer(stream).expires_after(limits.whole);
      return Exchange(loop, stream, to, path, std::move(body), limits);
    }
    beast::tcp_stream stream(loop);
    stream.expires_after(limits.connect);
    stream.async_connect(found, [&](error_code e, const tcp::endpoint&) { ended = e; });
    if (Finish(loop, ended)) return NotReached(ended.message());
    stream.expires_after(limits.whole);
    return Exchange(loop, stream, to, path, std::move(body), limits);
  } catch (const std::exception& e) {
    return NotReached(e.what());
  }
}
}  // namespace city::net
