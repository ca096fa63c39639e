// SPDX-License-Identifier: Apache-2.0
// The papers of a registration, written from what was declared: read by everybody who signs, and
// known by one digest.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace city::registration {

/// A paper as the city words it. Paragraphs hold {name}, {kind}, {address}, {capital}, {scope},
/// {legal}, {people}; one with {person}, {id}, {roles} or {share} stands once for each person.
struct PaperText {
  std::string name, title_zh, title_en;
  std::vector<std::string> kinds;  ///< kinds of entities; empty = all
  std::vector<std::string> paragraphs;
};

struct Paper {
  std::string name, title_zh, title_en;
  std::vector<std::string> paragraphs;
};

/// Words for codes of kinds and roles.
using CodeNames = std::map<std::string, std::string>;

/// The papers of an application row (name, kind, address, capital in fen, scope_text, persons).
std::vector<Paper> WritePapers(const std::vector<PaperText>& texts, const json::object& row,
                               const CodeNames& code_names);
/// SM3 over titles and paragraphs, hex.
std::string PapersDigest(const std::vector<Paper>& papers);
/// [{name, title: {zh, en}, paragraphs}]
json::array ToJson(const std::vector<Paper>& papers);
}  // namespace city::registration
