// SPDX-License-Identifier: Apache-2.0
// Builds the element tree over the XML reader's nodes and resolves names and references.
#include "engines/flow/document.h"

#include <algorithm>
#include <set>

#include "base/xml.h"
#include "engines/flow/errors.h"

namespace city::flow {
namespace {

constexpr int kMaxDepth = 200;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view Trim(std::string_view s) {
  while (!s.empty() && IsSpace(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsSpace(s.back())) s.remove_suffix(1);
  return s;
}

std::string_view LocalName(std::string_view qname) {
  auto colon = qname.find(':');
  return colon == std::string_view::npos ? qname : qname.substr(colon + 1);
}

std::string_view Prefix(std::string_view qname) {
  auto colon = qname.find(':');
  return colon == std::string_view::npos ? std::string_view() : qname.substr(0, colon);
}

std::string_view UriOf(const NsBinding* at, std::string_view prefix) {
  for (; at != nullptr; at = at->outer) {
    if (at->prefix == prefix) return at->uri;
  }
  return {};
}

void CollectText(pugi::xml_node node, std::string& out) {
  for (auto child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
    if (child.type() == pugi::node_element) CollectText(child, out);
  }
}

}  // namespace

Ns NsOf(std::string_view uri) {
  static const std::unordered_map<std::string_view, Ns> known = {
      {"", Ns::kNone},
      {"http://www.omg.org/spec/BPMN/20100524/MODEL", Ns::kBpmn},
      {"http://www.omg.org/spec/BPMN/20100524/DI", Ns::kBpmnDi},
      {"http://www.omg.org/spec/DD/20100524/DI", Ns::kDi},
      {"http://www.omg.org/spec/DD/20100524/DC", Ns::kDc},
      {"http://www.w3.org/2001/XMLSchema-instance", Ns::kXsi},
      {"http://camunda.org/schema/zeebe/1.0", Ns::kZeebe},
      {"http://camunda.org/schema/1.0/bpmn", Ns::kCamunda},
      {"http://activiti.org/bpmn", Ns::kCamunda},
      {"http://www.omg.org/spec/BPMN/non-normative/color/1.0", Ns::kColour},
      {"http://bpmn.io/schema/bpmn/biocolor/1.0", Ns::kColour},
      {kCityNamespace, Ns::kCity},
  };
  auto it = known.find(uri);
  return it == known.end() ? Ns::kOther : it->second;
}

bool Element::Flag(const char* key, bool fallback) const {
  auto v = Trim(Attr(key));
  if (v.empty()) return fallback;
  return v == "true" || v == "1";
}

std::string_view Element::AttrOf(Ns wanted, std::string_view local) const {
  for (auto a : xml.attributes()) {
    std::string_view key = a.name();
    auto prefix = Prefix(key);
    if (prefix.empty() || prefix == "xmlns" || LocalName(key) != local) continue;
    if (NsOf(UriOf(bindings, prefix)) == wanted) return a.value();
  }
  return {};
}

std::string Element::Text() const {
  std::string out;
  CollectText(xml, out);
  return std::string(Trim(out));
}

const Element* Element::Child(std::string_view local) const {
  for (auto* c : children) {
    if (c->Is(local)) return c;
  }
  return nullptr;
}

const Element* Element::Extension(Ns wanted, std::string_view local) const {
  for (auto* c : children) {
    if (!c->Is("extensionElements")) continue;
    for (auto* e : c->children) {
      if (e->ns == wanted && e->name == local) return e;
    }
  }
  return nullptr;
}

std::string Element::Label() const {
  if (!id.empty()) return std::string(id);
  std::string out(name);
  if (parent == nullptr) return out;
  int index = 0;
  for (auto* sibling : parent->children) {
    if (sibling == this) break;
    if (sibling->name == name) ++index;
  }
  return parent->Label() + "/" + out + "[" + std::to_string(index) + "]";
}

Element* Document::Build(pugi::xml_node node, Element* parent, std::string_view text, int depth) {
  Element& e = elements_.emplace_back();
  e.xml = node;
  e.parent = parent;
  e.bindings = parent == nullptr ? nullptr : parent->bindings;
  for (auto a : node.attributes()) {
    std::string_view key = a.name();
    if (key == "xmlns") {
      e.bindings = &bindings_.emplace_back(NsBinding{"", a.value(), e.bindings});
    } else if (key.starts_with("xmlns:")) {
      e.bindings = &bindings_.emplace_back(NsBinding{key.substr(6), a.value(), e.bindings});
    }
  }
  std::string_view qname = node.name();
  e.name = LocalName(qname);
  e.ns = NsOf(UriOf(e.bindings, Prefix(qname)));
  e.id = e.Attr("id");
  auto offset = node.offset_debug();
  if (offset >= 0) {
    auto it = std::upper_bound(lines_.begin(), lines_.end(), static_cast<std::size_t>(offset));
    e.line = static_cast<int>(it - lines_.begin());
  }
  if (!e.id.empty()) by_id_[e.id].push_back(&e);
  if (depth < kMaxDepth) {
    for (auto child : node.children()) {
      if (child.type() == pugi::node_element) {
        e.children.push_back(Build(child, &e, text, depth + 1));
      }
    }
  }
  return &e;
}

Result<std::unique_ptr<Document>> Document::Load(std::string_view text) {
  std::unique_ptr<Document> doc(new Document());
  doc->text_ = std::string(text);
  TRY(doc->xml_, ParseXml(doc->text_, {.keep_space = true}));
  doc->lines_.push_back(0);
  for (std::size_t i = 0; i < doc->text_.size(); ++i) {
    if (doc->text_[i] == '\n') doc->lines_.push_back(i + 1);
  }
  pugi::xml_node root = doc->xml_->document_element();
  if (root.empty()) return error::kNotBpmn({{"root", ""}});
  doc->root_ = doc->Build(root, nullptr, doc->text_, 0);
  if (!doc->root_->Is("definitions")) {
    return error::kNotBpmn({{"root", std::string(root.name())}});
  }
  return doc;
}

const std::vector<const Element*>& Document::ById(std::string_view id) const {
  static const std::vector<const Element*> none;
  auto it = by_id_.find(id);
  return it == by_id_.end() ? none : it->second;
}

Reference Document::Resolve(const Element& at, std::string_view qname) const {
  Reference out;
  qname = Trim(qname);
  // An id may itself hold a colon-free text only, but modellers write "prefix:id" for QNames.
  out.targets = ById(qname);
  if (!out.targets.empty()) return out;
  auto prefix = Prefix(qname);
  if (prefix.empty()) return out;
  auto uri = UriOf(at.bindings, prefix);
  if (!uri.empty() && uri != root_->Attr("targetNamespace")) {
    out.outside = true;
    return out;
  }
  out.targets = ById(LocalName(qname));
  return out;
}

std::vector<std::string> Document::UnknownNamespaces() const {
  std::set<std::string> found;
  for (const auto& e : elements_) {
    if (e.ns == Ns::kOther) {
      found.emplace(UriOf(e.bindings, Prefix(e.xml.name())));
    }
    for (auto a : e.xml.attributes()) {
      auto prefix = Prefix(a.name());
      if (prefix.empty() || prefix == "xmlns" || prefix == "xml") continue;
      auto uri = UriOf(e.bindings, prefix);
      if (NsOf(uri) == Ns::kOther) found.emplace(uri);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace city::flow
