// SPDX-License-Identifier: Apache-2.0
#include "gate/response_head.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace city::gate {
namespace {
void Append(std::string& out, std::string_view text) {
  size_t from = out.size();
  out += text;
  auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), control, ' ');
}

void AppendNumber(std::string& out, size_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void AppendLine(std::string& out, std::string_view name, std::string_view value) {
  Append(out, name);
  out += ": ";
  Append(out, value);
  out += "\r\n";
}
}  // namespace

void WriteHead(std::string& out, const Response& response, unsigned version, bool keep_alive,
               std::optional<size_t> length) {
  out.clear();
  out += version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  auto status = static_cast<unsigned>(std::clamp(response.status, 100, 599));
  AppendNumber(out, status);
  out += ' ';
  auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  out.append(reason.data(), reason.size());
  out += "\r\n";
  bool bodiless = status == 204 || status == 304;
  if (!bodiless) AppendLine(out, "Content-Type", response.type);
  for (const auto& [name, value] : response.headers) AppendLine(out, name, value);
  out += response.fixed_headers;
  if (!keep_alive) {
    out += "Connection: close\r\n";
  } else if (version == 10) {
    out += "Connection: keep-alive\r\n";
  }
  if (length && !bodiless) {
    out += "Content-Length: ";
    AppendNumber(out, *length);
    out += "\r\n";
  }
  out += "\r\n";
}
}  // namespace city::gate
