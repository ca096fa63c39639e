// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/papers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/fill.h"
#include "base/text.h"
#include "ledger/row_text.h"
#include "parts/crypto/crypto.h"

namespace city::registration {
using ledger::Text;
namespace {
using Values = std::map<std::string, std::string>;

/// The word for a code; the code itself when nobody wrote one.
std::string Name(const CodeNames& names, const std::string& code) {
  auto found = names.find(code);
  return found == names.end() ? code : found->second;
}

std::string RolesIn(const json::object& person, const CodeNames& names) {
  std::vector<std::string> out;
  if (const json::array* roles = ArrayAt(person, "roles"))
    for (const json::value& role : *roles)
      if (role.is_string()) out.push_back(Name(names, std::string(role.get_string().c_str())));
  return Join(out, "、");
}

std::string Share(const json::object& person) {
  const json::value* share = person.if_contains("share");
  return share != nullptr && share->is_number() ? fmt::format("{:g}", share->to_number<double>())
                                                : "0";
}
}  // namespace

std::vector<Paper> WritePapers(const std::vector<PaperText>& texts, const json::object& row,
                               const CodeNames& code_names) {
  int64_t fen = IntAt(row, "capital");
  Values values{{"name", Text(row, "name")},
                {"kind", Name(code_names, Text(row, "kind"))},
                {"address", Text(row, "address")},
                {"capital", fmt::format("{}.{:02}", fen / 100, fen % 100)},
                {"scope", Text(row, "scope_text")}};
  std::vector<const json::object*> people;
  std::vector<std::string> names;
  if (const json::array* persons = ArrayAt(row, "persons"))
    for (const json::value& each : *persons)
      if (const json::object* person = each.if_object()) {
        people.push_back(person);
        names.push_back(Text(*person, "name"));
        const json::array* roles = ArrayAt(*person, "roles");
        if (roles != nullptr &&
            std::find(roles->begin(), roles->end(), json::value("legal")) != roles->end())
          values["legal"] = names.back();
      }
  values["people"] = Join(names, "、");
  std::vector<Paper> out;
  for (const PaperText& text : texts) {
    if (!text.kinds.empty() &&
        std::find(text.kinds.begin(), text.kinds.end(), Text(row, "kind")) == text.kinds.end())
      continue;
    Paper paper{text.name, text.title_zh, text.title_en, {}};
    for (const std::string& paragraph : text.paragraphs) {
      if (paragraph.find("{person}") == std::string::npos) {
        paper.paragraphs.push_back(FillIn(paragraph, values));
        continue;
      }
      for (const json::object* person : people) {
        Values with = values;
        with["person"] = Text(*person, "name");
        with["id"] = Text(*person, "citizen_id");
        with["roles"] = RolesIn(*person, code_names);
        with["share"] = Share(*person);
        paper.paragraphs.push_back(FillIn(paragraph, with));
      }
    }
    out.push_back(std::move(paper));
  }
  return out;
}

std::string PapersDigest(const std::vector<Paper>& papers) {
  return crypto::ToHex(crypto::Sm3(ToText(ToJson(papers))));
}

json::array ToJson(const std::vector<Paper>& papers) {
  json::array out;
  for (const Paper& paper : papers) {
    json::array paragraphs;
    for (const std::string& one : paper.paragraphs) paragraphs.push_back(json::string(one));
    out.push_back(
        json::object{{"name", paper.name},
                     {"title", json::object{{"zh", paper.title_zh}, {"en", paper.title_en}}},
                     {"paragraphs", std::move(paragraphs)}});
  }
  return out;
}
}  // namespace city::registration
