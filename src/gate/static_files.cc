// SPDX-License-Identifier: Apache-2.0
#include "gate/static_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace city::gate {
namespace fs = std::filesystem;
namespace {
std::string_view TypeOf(std::string_view path) {
  auto ends = [&](std::string_view with) {
    return path.size() > with.size() && path.substr(path.size() - with.size()) == with;
  };
  if (ends(".html")) return "text/html; charset=utf-8";
  if (ends(".js") || ends(".mjs")) return "text/javascript; charset=utf-8";
  if (ends(".css")) return "text/css; charset=utf-8";
  if (ends(".svg")) return "image/svg+xml";
  if (ends(".png")) return "image/png";
  if (ends(".ico")) return "image/x-icon";
  if (ends(".json") || ends(".map")) return "application/json";
  if (ends(".webmanifest")) return "application/manifest+json";
  if (ends(".woff2")) return "font/woff2";
  if (ends(".txt")) return "text/plain; charset=utf-8";
  return "application/octet-stream";
}

std::shared_ptr<const std::string> ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return nullptr;
  std::ostringstream text;
  text << in.rdbuf();
  return std::make_shared<const std::string>(std::move(text).str());
}

bool Accepts(std::string_view header, std::string_view coding) {
  size_t at = header.find(coding);
  if (at == std::string_view::npos) return false;
  std::string_view rest = header.substr(at + coding.size());
  return rest.substr(0, 4) != ";q=0" || (rest.size() > 4 && rest[4] == '.');
}
}  // namespace

StaticFiles::StaticFiles(const std::string& folder) {
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code)) {
    if (!it->is_regular_file(code)) continue;
    std::string path = "/" + fs::relative(it->path(), folder, code).generic_string();
    if (path.ends_with(".br") || path.ends_with(".gz") || path.find("/.") != std::string::npos)
      continue;
    File file;
    file.plain = ReadWhole(it->path());
    if (!file.plain) continue;
    file.br = ReadWhole(it->path().string() + ".br");
    file.gz = ReadWhole(it->path().string() + ".gz");
    file.type = TypeOf(path);
    file.tag =
        fmt::format("\"{:x}-{:x}\"", std::hash<std::string>{}(*file.plain), file.plain->size());
    file.immutable = path.find("/assets/") != std::string::npos;
    files_.emplace(std::move(path), std::move(file));
  }
}

const StaticFiles::File* StaticFiles::Lookup(std::string_view path) const {
  auto exact = files_.find(path);
  if (exact != files_.end()) return &exact->second;
  size_t last = path.rfind('/');
  if (path.find('.', last) != std::string_view::npos) return nullptr;
  // A page of an entry: its first part names the entry; all else belongs to the first entry.
  std::string_view first = path.substr(
      1, path.find('/', 1) == std::string_view::npos ? path.size() : path.find('/', 1) - 1);
  auto entry = files_.find(fmt::format("/{}.html", first));
  if (entry == files_.end() && !first.empty())
    entry = files_.find(fmt::format("/{}/index.html", first));
  if (entry == files_.end()) entry = files_.find("/index.html");
  return entry == files_.end() ? nullptr : &entry->second;
}

std::optional<Response> StaticFiles::Find(const Request& request) const {
  const File* file = Lookup(request.path);
  if (file == nullptr) return std::nullopt;
  Response response;
  response.type = file->type;
  response.Set("ETag", file->tag);
  response.Set("Cache-Control",
               file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.Set("Vary", "Accept-Encoding");
  if (request.Header("if-none-match") == file->tag) {
    response.status = 304;
    return response;
  }
  std::string_view accepts = request.Header("accept-encoding");
  if (file->br && Accepts(accepts, "br")) {
    response.Set("Content-Encoding", "br");
    response.shared_body = file->br;
  } else if (file->gz && Accepts(accepts, "gzip")) {
    response.Set("Content-Encoding", "gzip");
    response.shared_body = file->gz;
  } else {
    response.shared_body = file->plain;
  }
  return response;
}

namespace {
/// Style attributes of the drawing library's mark and of its dragged rows: named one by one, so
/// that no other inline style is let in. The mark itself may not be changed.
constexpr const char* kStyleAttributes = "; style-src-attr 'unsafe-hashes'";
constexpr const char* kMarkStyles =
    " 'sha256-CA/eh4+2R0J7cEQ14gBMtx834RIOjzMUqCM+evtrkp4='"
    " 'sha256-r3vOsuepBDg6tz/cOusiNJ9Y4Lp9hGQTT7pzDks1Xxc='"
    " 'sha256-JpvvTIK7ulxf/3oA+AUuVbO9Labs8npGWGm9X9nGIWw='"
    " 'sha256-9OIpRRx0bq4t4s2zyqbocMNwedniLDaxLB+FlLIjNgM='"
    " 'sha256-GAdrtwahSjGXI0UQQnfyEVtPn+wfgQxvyrjyQuByfuU='"
    " 'sha256-ZG9bHUWWXDZyu7zfItuLwGK+cah/hweM0RfXpZpxZVM='"
    " 'sha256-T+dPSjRVHalDc/mwQm0/E2bredKPUxLfYOuU3MOV1BE='";

}  // namespace

void AddSecurityHeaders(Response& response, std::string_view path) {
  auto lines = [](const std::string& styles) {
    return fmt::format(
        "Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'{}; "
        "img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "X-Frame-Options: DENY\r\n"
        "Referrer-Policy: same-origin\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n"
        "Permissions-Policy: camera=(self), microphone=(self), geolocation=(self)\r\n",
        styles);
  };
  static const std::string strict = lines(""), with_styles = lines(" 'unsafe-inline'"),
                           with_marks = lines(std::string(kStyleAttributes) + kMarkStyles);
  // Modelling pages draw with inline styles; everything else is held to files of our own.
  bool modeller = path.rfind("/workbench/models", 0) == 0 || path == "/api" || path == "/api/";
  bool desk = !modeller && path.rfind("/workbench", 0) == 0;
  response.fixed_headers = modeller ? with_styles : desk ? with_marks : strict;
}
}  // namespace city::gate
