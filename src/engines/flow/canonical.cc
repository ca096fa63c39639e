// SPDX-License-Identifier: Apache-2.0
// Canonical export of a BPMN file, and the comparison that proves nothing was lost on the way.
#include <algorithm>
#include <map>
#include <tuple>

#include "engines/flow/document.h"

namespace city::flow {
namespace {

bool OnlySpace(std::string_view s) { return s.find_first_not_of(" \t\r\n") == s.npos; }

void EscapeText(std::string_view s, std::string& out) {
  for (char c : s) {
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
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
}

void EscapeAttribute(std::string_view s, std::string& out) {
  for (char c : s) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += c;
    }
  }
}

int Rank(std::string_view key) {
  if (key == "xmlns") return 0;
  if (key.starts_with("xmlns:")) return 1;
  if (key == "id") return 2;
  if (key == "name") return 3;
  return 4;
}

std::vector<pugi::xml_attribute> SortedAttributes(pugi::xml_node node) {
  std::vector<pugi::xml_attribute> out(node.attributes().begin(), node.attributes().end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    std::string_view x = a.name();
    std::string_view y = b.name();
    return std::make_tuple(Rank(x), x) < std::make_tuple(Rank(y), y);
  });
  return out;
}

bool HasText(pugi::xml_node node) {
  for (auto c : node.children()) {
    if (c.type() == pugi::node_cdata) return true;
    if (c.type() == pugi::node_pcdata && !OnlySpace(c.value())) return true;
  }
  return false;
}

bool HasElementOrRemark(pugi::xml_node node) {
  for (auto c : node.children()) {
    if (c.type() != pugi::node_pcdata && c.type() != pugi::node_cdata) return true;
  }
  return false;
}

void Write(pugi::xml_node node, int depth, bool mixed, std::string& out) {
  auto indent = [&](int d) {
    if (!mixed) out.append(static_cast<std::size_t>(d) * 2, ' ');
  };
  auto newline = [&] {
    if (!mixed) out += '\n';
  };
  switch (node.type()) {
    case pugi::node_element: {
      indent(depth);
      out += '<';
      out += node.name();
      for (auto a : SortedAttributes(node)) {
        out += ' ';
        out += a.name();
        out += "=\"";
        EscapeAttribute(a.value(), out);
        out += '"';
      }
      if (node.first_child().empty()) {
        out += "/>";
        newline();
        return;
      }
      // White space between elements is layout; beside text, or alone in a leaf, it is content.
      bool inside = mixed || HasText(node) || !HasElementOrRemark(node);
      out += '>';
      if (!inside) out += '\n';
      for (auto c : node.children()) {
        if (!inside && c.type() == pugi::node_pcdata) continue;
        Write(c, depth + 1, inside, out);
      }
      if (!inside) indent(depth);
      out += "</";
      out += node.name();
      out += '>';
      newline();
      return;
    }
    case pugi::node_pcdata:
      EscapeText(node.value(), out);
      return;
    case pugi::node_cdata:
      out += "<![CDATA[";
      out += node.value();
      out += "]]>";
      return;
    case pugi::node_comment:
      indent(depth);
      out += "<!--";
      out += node.value();
      out += "-->";
      newline();
      return;
    case pugi::node_pi:
      indent(depth);
      out += "<?";
      out += node.name();
      if (*node.value() != '\0') {
        out += ' ';
        out += node.value();
      }
      out += "?>";
      newline();
      return;
    default:
      return;
  }
}

std::string Path(pugi::xml_node n) { return n.path('/'); }

std::string Compare(pugi::xml_node a, pugi::xml_node b) {
  if (a.type() != b.type() || std::string_view(a.name()) != b.name()) {
    return Path(a) + ": another element";
  }
  if (a.type() != pugi::node_element && std::string_view(a.value()) != b.value()) {
    return Path(a.parent()) + ": other text";
  }
  std::map<std::string_view, std::string_view> left;
  std::map<std::string_view, std::string_view> right;
  for (auto x : a.attributes()) left.emplace(x.name(), x.value());
  for (auto x : b.attributes()) right.emplace(x.name(), x.value());
  if (left != right) return Path(a) + ": other attributes";
  auto significant = [](pugi::xml_node n) {
    bool layout = !HasText(n) && HasElementOrRemark(n);
    std::vector<pugi::xml_node> out;
    for (auto c : n.children()) {
      if (layout && c.type() == pugi::node_pcdata) continue;
      out.push_back(c);
    }
    return out;
  };
  auto mine = significant(a);
  auto theirs = significant(b);
  if (mine.size() != theirs.size()) return Path(a) + ": other number of children";
  for (std::size_t i = 0; i < mine.size(); ++i) {
    auto difference = Compare(mine[i], theirs[i]);
    if (!difference.empty()) return difference;
  }
  return {};
}

}  // namespace

std::string Document::Canonical() const {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  for (auto c : xml_->children()) {
    if (c.type() == pugi::node_pcdata) continue;
    Write(c, 0, false, out);
  }
  return out;
}

std::string FirstDifference(const Document& a, const Document& b) {
  return Compare(a.root().xml, b.root().xml);
}

}  // namespace city::flow
