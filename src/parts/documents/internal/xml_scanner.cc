// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/internal/xml_scanner.h"

#include <charconv>

#include "parts/documents/errors.h"
#include "parts/documents/font.h"

namespace city::documents::internal {
namespace {

constexpr size_t kLongestTag = 1 << 16;
constexpr int kDeepest = 64;

tl::unexpected<Error> Bad(const char* reason) { return error::kBadZip({{"reason", reason}}); }

std::string_view WithoutPrefix(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string Unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '&' ? text.substr(i, 12).find(';') : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[i];
      continue;
    }
    std::string_view name = text.substr(i + 1, end - 1);
    if (name == "amp") {
      out += '&';
    } else if (name == "lt") {
      out += '<';
    } else if (name == "gt") {
      out += '>';
    } else if (name == "quot") {
      out += '"';
    } else if (name == "apos") {
      out += '\'';
    } else if (name.starts_with('#')) {
      const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      uint32_t point = 0;
      std::from_chars(name.data() + (hex ? 2 : 1), name.data() + name.size(), point, hex ? 16 : 10);
      const bool storable = point >= 9 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      out += Utf8(std::u32string(1, storable ? static_cast<char32_t>(point) : U'\ufffd'));
    }
    i += end;
  }
  return out;
}

}  // namespace

std::string AttributeOf(std::string_view attributes, std::string_view name) {
  for (size_t at = 0; (at = attributes.find(name, at)) != std::string_view::npos; ++at) {
    const bool begins = at == 0 || IsBlank(attributes[at - 1]);
    size_t equals = at + name.size();
    while (equals < attributes.size() && IsBlank(attributes[equals])) ++equals;
    if (!begins || equals >= attributes.size() || attributes[equals] != '=') continue;
    size_t open = equals + 1;
    while (open < attributes.size() && IsBlank(attributes[open])) ++open;
    if (open >= attributes.size()) return "";
    const size_t close = attributes.find(attributes[open], open + 1);
    if (close == std::string_view::npos) return "";
    return Unescaped(attributes.substr(open + 1, close - open - 1));
  }
  return "";
}

Result<void> XmlScanner::Tag(std::string_view tag) {
  if (tag.starts_with('?')) return {};
  if (tag.starts_with('!')) return Bad("a document type is not accepted");
  if (tag.starts_with('/')) {
    std::string_view name = tag.substr(1);
    while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
    if (--depth_ < 0) return Bad("tags do not match");
    return handler_.End(WithoutPrefix(name));
  }
  const bool alone = tag.ends_with('/');
  if (alone) tag.remove_suffix(1);
  const size_t end = std::min(tag.find_first_of(" \t\r\n"), tag.size());
  std::string_view name = WithoutPrefix(tag.substr(0, end));
  if (name.empty()) return Bad("a tag without a name");
  if (++depth_ > kDeepest) return Bad("nested too deeply");
  TRY_VOID(handler_.Start(name, tag.substr(end)));
  if (!alone) return {};
  --depth_;
  return handler_.End(name);
}

Result<void> XmlScanner::Characters(std::string_view text) {
  if (text.empty()) return {};
  if (text.find('&') == std::string_view::npos) return handler_.Text(text);
  return handler_.Text(Unescaped(text));
}

Result<void> XmlScanner::Feed(std::string_view piece) {
  held_ += piece;
  std::string_view rest = held_;
  while (!rest.empty()) {
    if (rest[0] != '<') {
      size_t end = rest.find('<');
      if (end == std::string_view::npos) {
        // An entity may be cut in two.
        const size_t entity = rest.rfind('&');
        end = entity != std::string_view::npos && rest.size() - entity < 12 ? entity : rest.size();
        TRY_VOID(Characters(rest.substr(0, end)));
        rest.remove_prefix(end);
        break;
      }
      TRY_VOID(Characters(rest.substr(0, end)));
      rest.remove_prefix(end);
      continue;
    }
    constexpr std::string_view kComment = "<!--", kCdata = "<![CDATA[";
    const bool unsure = rest.size() < kCdata.size();
    if (unsure && (kComment.starts_with(rest.substr(0, 4)) || kCdata.starts_with(rest)) &&
        rest.find('>') == std::string_view::npos) {
      break;
    }
    if (rest.starts_with(kComment)) {
      const size_t end = rest.find("-->");
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 3);
      continue;
    }
    if (rest.starts_with(kCdata)) {
      const size_t end = rest.find("]]>");
      if (end == std::string_view::npos) break;
      TRY_VOID(handler_.Text(rest.substr(kCdata.size(), end - kCdata.size())));
      rest.remove_prefix(end + 3);
      continue;
    }
    // A sign that ends tags may stand in an attribute.
    size_t end = 1;
    for (char quote = 0; end < rest.size() && (quote || rest[end] != '>'); ++end) {
      if (quote) {
        if (rest[end] == quote) quote = 0;
      } else if (rest[end] == '"' || rest[end] == '\'') {
        quote = rest[end];
      }
    }
    if (end >= rest.size()) break;
    TRY_VOID(Tag(rest.substr(1, end - 1)));
    rest.remove_prefix(end + 1);
  }
  if (rest.size() > kLongestTag + (1u << 20)) return Bad("a tag is too long");
  held_.erase(0, held_.size() - rest.size());
  return {};
}

Result<void> XmlScanner::Finish() {
  if (depth_ != 0 || held_.find('<') != std::string::npos) return Bad("XML ends too early");
  return {};
}

}  // namespace city::documents::internal
