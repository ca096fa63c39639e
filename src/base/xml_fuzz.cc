// SPDX-License-Identifier: Apache-2.0
// Whatever text arrives as XML: no crash, no document type, and what was read can be walked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/xml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (bool keep_space : {false, true}) {
    const auto document =
        city::ParseXml(text, {.max_bytes = 1u << 20, .max_depth = 60, .keep_space = keep_space});
    if (!document) continue;
    struct Walker : pugi::xml_tree_walker {
      explicit Walker(std::string_view whole) : whole(whole) {}
      bool for_each(pugi::xml_node& at) override {
        if (at.type() == pugi::node_doctype || depth() > 60) std::abort();
        static_cast<void>(city::LocalName(at.name()));
        static_cast<void>(city::NamespaceOf(at));
        static_cast<void>(city::NamespaceOf(at, "ofd"));
        static_cast<void>(city::LineOf(whole, at.offset_debug()));
        return true;
      }
      std::string_view whole;
    } walker(text);
    (*document)->traverse(walker);
  }
  return 0;
}
