// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/internal/ofd_xml.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

namespace city::documents::internal {

std::string Escaped(std::string_view text) {
  const auto plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '&' && c != '<' && c != '>' && c != '"';
  };
  if (std::all_of(text.begin(), text.end(), plain)) return std::string(text);
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    }
  }
  return out;
}

void AddNumber(std::string& out, double value) {
  if (!(std::abs(value) < 1e12)) {  // never a place on a page
    out += '0';
    return;
  }
  int64_t thousandths = std::llround(value * 1000);
  if (thousandths < 0) {
    out += '-';
    thousandths = -thousandths;
  }
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, thousandths / 1000).ptr;
  out.append(digits, end);
  const auto rest = static_cast<int>(thousandths % 1000);
  if (rest == 0) return;
  const char decimals[] = {'.', static_cast<char>('0' + rest / 100),
                           static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
  out.append(decimals, rest % 10 != 0 ? 4 : rest % 100 != 0 ? 3 : 2);
}

std::string Number(double value) {
  std::string out;
  AddNumber(out, value);
  return out;
}

std::string Sm3Of(std::string_view bytes) {
  // Looked up once: finding it takes as long as hashing a kilobyte.
  static const EVP_MD* const kSm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  std::string out(32, '\0');
  CHECK(kSm3 != nullptr &&
        EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()),
                   nullptr, kSm3, nullptr) == 1);
  return out;
}

std::string Base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                             reinterpret_cast<const unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

const std::string* FindPart(const Parts& parts, std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  auto found = std::find_if(parts.begin(), parts.end(),
                            [&](const auto& part) { return part.first == path; });
  return found == parts.end() ? nullptr : &found->second;
}

std::string Resolve(std::string_view base, std::string_view path) {
  std::string joined;
  if (path.starts_with('/')) {
    joined = path;
  } else {
    const size_t slash = base.rfind('/');
    if (slash != std::string_view::npos) joined = std::string(base.substr(0, slash + 1));
    joined += path;
  }
  std::vector<std::string> steps;
  for (size_t at = 0; at <= joined.size();) {
    const size_t end = std::min(joined.find('/', at), joined.size());
    std::string step = joined.substr(at, end - at);
    if (step == "..") {
      if (!steps.empty()) steps.pop_back();
    } else if (!step.empty() && step != ".") {
      steps.push_back(std::move(step));
    }
    at = end + 1;
  }
  std::string out;
  for (const std::string& step : steps) out += (out.empty() ? "" : "/") + step;
  return out;
}

Result<std::unique_ptr<pugi::xml_document>> PartXml(const Parts& parts, std::string_view path) {
  const std::string* bytes = FindPart(parts, path);
  if (!bytes) return error::kBadOfd({{"part", std::string(path)}, {"reason", "missing"}});
  auto xml = ParseXml(*bytes);
  if (!xml) return error::kBadOfd({{"part", std::string(path)}, {"reason", xml.error().SaysEn()}});
  return xml;
}

std::string_view LocalName(const pugi::xml_node& node) {
  std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) == name) return child;
  }
  return {};
}

}  // namespace city::documents::internal
