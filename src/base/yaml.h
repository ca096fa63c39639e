// SPDX-License-Identifier: Apache-2.0
// YAML as a tree that remembers file, line and column, so that a wrong model can be shown its
// place.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace city::yaml {

/// One value of a YAML document. Scalars keep their text; `quoted` tells "12" from 12.
struct Node {
  enum class Type { kNull, kScalar, kList, kMap };
  // Defined where the type is complete: it holds pairs of itself, which clang 14 takes strictly.
  Node();
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;
  ~Node();
  Type type = Type::kNull;
  std::string text;
  bool quoted = false;
  std::vector<Node> items;                            ///< of a list
  std::vector<std::pair<std::string, Node>> entries;  ///< of a map, in file order
  std::string file;
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1

  bool IsNull() const { return type == Type::kNull; }
  bool IsScalar() const { return type == Type::kScalar; }
  bool IsList() const { return type == Type::kList; }
  bool IsMap() const { return type == Type::kMap; }
  /// Entry of a map; null when absent or when this is no map.
  const Node* Find(std::string_view key) const;
  /// Text of a scalar entry, or `fallback`.
  std::string Text(std::string_view key, std::string_view fallback = {}) const;
  /// Whether a scalar entry reads true/yes; `fallback` when absent.
  bool Bool(std::string_view key, bool fallback = false) const;
  /// Whole number of a scalar entry, or `fallback` when absent or no number.
  int64_t Int(std::string_view key, int64_t fallback = 0) const;
  /// "city/systems/x/system.yaml:12" for messages.
  std::string Place() const;
  /// The same value as JSON: unquoted true/false/null/numbers become such.
  json::value ToJson() const;
};

/// Bounds: 4 MiB of UTF-8, 64 levels, 200,000 nodes. Anchors and aliases are refused beyond the
/// node bound. Errors: base.bad_yaml with file, line, column; base.file_unreadable.
Result<Node> Parse(std::string_view text, std::string_view file_name);
Result<Node> Load(const std::string& path);
}  // namespace city::yaml
