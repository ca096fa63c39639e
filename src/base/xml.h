// SPDX-License-Identifier: Apache-2.0
// XML with limits: no document type, no entities of its own, bounded depth and size.
#pragma once
#include <memory>
#include <pugixml.hpp>
#include <string_view>

#include "base/result.h"

namespace city {

struct XmlLimits {
  size_t max_bytes = 32u << 20;
  int max_depth = 200;
  /// Keep white-space-only text between elements too (a faithful export needs it).
  bool keep_space = false;
};

/// The document of an XML text, with comments, processing instructions, CDATA and white-space-only
/// text kept. A document type declaration is refused. Errors: base.bad_xml (with line),
/// base.too_large.
Result<std::unique_ptr<pugi::xml_document>> ParseXml(std::string_view text, XmlLimits limits = {});

/// Line (from 1) of a byte offset, such as `xml_node::offset_debug()`.
int LineOf(std::string_view text, ptrdiff_t offset);

/// Name behind the prefix: "task" of "bpmn:task". The view lives as long as `name`.
std::string_view LocalName(std::string_view name);

/// Namespace that `prefix` ("" for the default) stands for at `node`; empty when undeclared.
std::string_view NamespaceOf(pugi::xml_node node, std::string_view prefix);
/// Namespace of an element's own name.
std::string_view NamespaceOf(pugi::xml_node node);
}  // namespace city
