// SPDX-License-Identifier: Apache-2.0
#include "base/xml.h"

#include <string>

#include "base/errors.h"

namespace city {
namespace {
/// Counts nesting without building anything, so that a deep text is refused before it costs memory.
int DepthOf(std::string_view text, int limit) {
  int depth = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '<') continue;
    if (text.compare(i, 4, "<!--") == 0) {
      size_t end = text.find("-->", i + 4);
      if (end == std::string_view::npos) break;
      i = end + 2;
    } else if (text.compare(i, 9, "<![CDATA[") == 0) {
      size_t end = text.find("]]>", i + 9);
      if (end == std::string_view::npos) break;
      i = end + 2;
    } else if (text[i + 1] == '/') {
      --depth;
    } else if (text[i + 1] != '!' && text[i + 1] != '?') {
      char quote = 0;
      size_t k = i + 1;
      for (; k < text.size(); ++k) {
        char c = text[k];
        if (quote != 0) {
          if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
          quote = c;
        } else if (c == '>') {
          break;
        }
      }
      if (k < text.size() && text[k - 1] != '/' && ++depth > limit) return depth;
      i = k;
    }
  }
  return depth;
}
}  // namespace

Result<std::unique_ptr<pugi::xml_document>> ParseXml(std::string_view text, XmlLimits limits) {
  auto bad = [](int line, std::string reason) {
    return error::kBadXml({{"line", std::to_string(line)}, {"reason", std::move(reason)}});
  };
  if (text.size() > limits.max_bytes)
    return error::kTooLarge({{"limit", std::to_string(limits.max_bytes) + " B"}});
  if (size_t type = text.find("<!DOCTYPE"); type != std::string_view::npos)
    return bad(LineOf(text, static_cast<ptrdiff_t>(type)),
               "a document type declaration is not allowed");
  if (DepthOf(text, limits.max_depth) > limits.max_depth) return bad(1, "nested too deeply");
  auto document = std::make_unique<pugi::xml_document>();
  unsigned flags = pugi::parse_default | pugi::parse_comments | pugi::parse_pi |
                   pugi::parse_declaration |
                   (limits.keep_space ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single);
  pugi::xml_parse_result result = document->load_buffer(text.data(), text.size(), flags);
  if (!result) return bad(LineOf(text, result.offset), result.description());
  return document;
}

int LineOf(std::string_view text, ptrdiff_t offset) {
  int line = 1;
  for (ptrdiff_t i = 0; i < offset && i < static_cast<ptrdiff_t>(text.size()); ++i)
    if (text[static_cast<size_t>(i)] == '\n') ++line;
  return line;
}

std::string_view LocalName(std::string_view name) {
  size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view NamespaceOf(pugi::xml_node node, std::string_view prefix) {
  std::string key = prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix);
  for (pugi::xml_node at = node; at; at = at.parent())
    if (pugi::xml_attribute found = at.attribute(key.c_str())) return found.value();
  return {};
}

std::string_view NamespaceOf(pugi::xml_node node) {
  std::string_view name = node.name();
  size_t colon = name.find(':');
  return NamespaceOf(node,
                     colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon));
}
}  // namespace city
