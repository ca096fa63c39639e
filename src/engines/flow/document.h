// SPDX-License-Identifier: Apache-2.0
// A BPMN file in memory with nothing thrown away: linting, deploying and canonical export read it.
#pragma once

#include <deque>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace city::flow {

/// The vocabularies an element or attribute can belong to.
enum class Ns : std::uint8_t {
  kNone,     ///< no namespace
  kBpmn,     ///< BPMN 2.0 MODEL
  kBpmnDi,   ///< BPMN 2.0 DI
  kDi,       ///< DD DI (way points)
  kDc,       ///< DD DC (bounds, points)
  kXsi,      ///< XML Schema instance
  kZeebe,    ///< zeebe extensions: native, their expressions are FEEL
  kCamunda,  ///< camunda / activiti extensions: translated
  kCity,     ///< our own: business calendar, legal deadline, return and signing rules
  kColour,   ///< colours of diagram shapes
  kOther,    ///< kept, ignored, warned about
};

/// Our own vocabulary; a file that uses it still opens in any modeller.
inline constexpr std::string_view kCityNamespace = "https://yiwang.dev/bpmn/1";

/// One element of the file. Owned by its Document.
struct Element {
  pugi::xml_node xml;
  std::string_view name;  ///< local name
  std::string_view id;    ///< attribute `id`, empty when missing
  Ns ns = Ns::kNone;
  int line = 0;
  Element* parent = nullptr;
  std::vector<Element*> children;
  const struct NsBinding* bindings = nullptr;

  /// Value of an attribute without prefix; empty when missing.
  std::string_view Attr(const char* key) const { return xml.attribute(key).value(); }
  bool Has(const char* key) const { return !xml.attribute(key).empty(); }
  /// `true` / `1`, or `fallback` when missing.
  bool Flag(const char* key, bool fallback) const;
  /// Value of an attribute of the vocabulary `ns`, whatever its prefix.
  std::string_view AttrOf(Ns ns, std::string_view local) const;
  /// All text below this element (CDATA included), outer white space removed.
  std::string Text() const;
  /// Is it an element of the BPMN model vocabulary with this local name?
  bool Is(std::string_view local) const { return ns == Ns::kBpmn && name == local; }
  /// First child of the BPMN model vocabulary with this local name.
  const Element* Child(std::string_view local) const;
  /// First child below `extensionElements` of vocabulary `ns` with this local name.
  const Element* Extension(Ns ns, std::string_view local) const;
  /// `id`, or a path such as `process[0]/startEvent[2]` for an element without one.
  std::string Label() const;
};

/// A prefix in scope; the innermost binding wins.
struct NsBinding {
  std::string_view prefix;
  std::string_view uri;
  const NsBinding* outer = nullptr;
};

/// What a QName reference leads to.
struct Reference {
  std::vector<const Element*> targets;  ///< elements with that id (more than one: duplicate ids)
  bool outside = false;                 ///< names another namespace: not in this file
};

/// An imported file. Immutable after Load; elements live as long as it does.
class Document {
 public:
  /// The file as a tree. Errors: kInvalidInput when it is no well-formed XML, carries a DOCTYPE, or
  /// has no BPMN `definitions` as its root; kTooLarge beyond the limits of the XML reader.
  static Result<std::unique_ptr<Document>> Load(std::string_view text);

  const Element& root() const { return *root_; }
  const std::deque<Element>& elements() const { return elements_; }
  /// Elements whose attribute `id` is `id`, in document order.
  const std::vector<const Element*>& ById(std::string_view id) const;
  /// Resolves a QName written at `at`: own prefix, target namespace, or outside.
  Reference Resolve(const Element& at, std::string_view qname) const;
  /// Namespaces of extension elements and attributes that nobody here understands.
  std::vector<std::string> UnknownNamespaces() const;
  /// Canonical text: UTF-8, LF, two spaces, `xmlns` then `id` then `name` then the rest by name.
  /// Elements, attributes, text, CDATA, comments and processing instructions are all kept; the
  /// canonical text of the canonical text is the same bytes.
  std::string Canonical() const;

 private:
  Document() = default;
  Element* Build(pugi::xml_node node, Element* parent, std::string_view text, int depth);

  std::string text_;
  std::unique_ptr<pugi::xml_document> xml_;
  std::deque<Element> elements_;
  std::deque<NsBinding> bindings_;
  std::vector<std::size_t> lines_;
  std::unordered_map<std::string_view, std::vector<const Element*>> by_id_;
  Element* root_ = nullptr;
};

/// The vocabulary of a namespace URI.
Ns NsOf(std::string_view uri);

/// The first difference between two documents as XML infosets (attribute order, indentation and
/// quoting do not count); empty when they say the same. Proves a round trip.
std::string FirstDifference(const Document& a, const Document& b);

}  // namespace city::flow
