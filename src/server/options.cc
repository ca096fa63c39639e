// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

namespace city::server {
namespace {
std::string FromEnvironment(std::string_view flag) {
  std::string name = "YIWANG_";
  for (char c : flag.substr(2))
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}
}  // namespace

bool Options::Has(std::string_view flag) {
  bool found = false;
  for (size_t i = 0; i < arguments_.size(); ++i)
    if (arguments_[i] == flag) found = used_[i] = true;
  return found || FromEnvironment(flag) == "1";
}

std::string Options::Text(std::string_view flag, std::string_view fallback) {
  for (size_t i = 0; i < arguments_.size(); ++i) {
    if (arguments_[i] != flag) continue;
    used_[i] = true;
    if (i + 1 >= arguments_.size()) {
      trouble_ = fmt::format("{} 缺少值 / {} needs a value", flag, flag);
      return std::string(fallback);
    }
    used_[i + 1] = true;
    return std::string(arguments_[i + 1]);
  }
  std::string given = FromEnvironment(flag);
  return given.empty() ? std::string(fallback) : given;
}

int64_t Options::Number(std::string_view flag, int64_t fallback) {
  std::string text = Text(flag);
  if (text.empty()) return fallback;
  int64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) {
    trouble_ = fmt::format("{} 应为整数 / {} must be a whole number", flag, flag);
    return fallback;
  }
  return number;
}

std::vector<std::string> Options::Rest() {
  std::vector<std::string> out;
  for (size_t i = 0; i < arguments_.size(); ++i) {
    if (used_[i] || arguments_[i].starts_with("--")) continue;
    used_[i] = true;
    out.emplace_back(arguments_[i]);
  }
  return out;
}

bool Options::Check(std::string_view usage) {
  for (size_t i = 0; i < arguments_.size() && trouble_.empty(); ++i)
    if (!used_[i])
      trouble_ = fmt::format("不认识“{}” / \"{}\" is not understood", arguments_[i], arguments_[i]);
  if (trouble_.empty()) return true;
  fmt::print(stderr, "{}\n用法 / usage: {}\n", trouble_, usage);
  return false;
}

model::CityOptions CityOptionsFrom(Options& options) {
  model::CityOptions out;
  out.model_folder = options.Text("--city", "city");
  out.place = options.Text("--place");
  out.data_folder = options.Text("--data", "var");
  out.store_url = options.Text(
      "--store", "sqlite:" + (std::filesystem::path(out.data_folder) / "city.db").string());
  if (const char* key = std::getenv("YIWANG_MASTER_KEY")) out.master_key = key;
  if (const char* scanner = std::getenv("YIWANG_SCANNER")) out.scanner = scanner;
  out.scanner = options.Text("--scanner", out.scanner);
  out.janus = options.Text("--janus");
  // Never an argument: those are seen by everybody on the machine.
  if (const char* secret = std::getenv("YIWANG_JANUS_SECRET")) out.janus_secret = secret;
  out.demo_cases = static_cast<int>(options.Number("--demo-cases", out.demo_cases));
  out.demo_persons = static_cast<int>(options.Number("--demo-persons", out.demo_persons));
  out.demo_enterprises =
      static_cast<int>(options.Number("--demo-enterprises", out.demo_enterprises));
  return out;
}
}  // namespace city::server
