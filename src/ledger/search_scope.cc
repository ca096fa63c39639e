// SPDX-License-Identifier: Apache-2.0
#include "ledger/search_scope.h"

#include <algorithm>
#include <vector>

#include "ledger/identity_codes.h"

namespace city::ledger {
namespace {
/// A subject with more bodies below it than this is not narrowed.
constexpr size_t kMostWords = 40;
/// Digits of a division code at its levels: province, city, county, town, village (GB/T 2260,
/// GB/T 10114).
constexpr size_t kLevels[] = {2, 4, 6, 9, 12};

/// The index keeps letters, digits and all beyond ASCII together; other signs would part the word.
/// That two keys may give one word does no harm.
std::string Word(char kind, std::string_view key) {
  std::string out = "§";
  out += kind;
  for (char c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) out += c;
  }
  return out;
}
}  // namespace

bool ChangesWords(const RecordType& type, std::string_view field) {
  return field == type.owner || field == type.holder ||
         std::find(type.search.begin(), type.search.end(), field) != type.search.end();
}

std::string ScopeWords(std::string_view owner, std::string_view holder, std::string_view region) {
  std::string out;
  if (!owner.empty()) out += " " + Word('o', owner);
  if (!holder.empty()) out += " " + Word('h', holder);
  std::string_view digits = DivisionPrefix(region);
  for (size_t level : kLevels)
    if (digits.size() >= level) out += " " + Word('r', digits.substr(0, level));
  return out;
}

Result<std::string> ScopeQuery(store::Reader& reader, const KnownType& known, const Subject& who) {
  if (who.system) return std::string();
  std::vector<std::string> words;
  for (const Right& right : known.type.rights) {
    if (!right.Allows(Verb::kRead)) continue;
    for (const Post& post : who.posts) {
      if (post.role != right.role) continue;
      switch (right.reach) {
        case Reach::kAll:
          return std::string();
        case Reach::kRegion: {
          std::string_view digits = DivisionPrefix(post.region);
          if (std::find(std::begin(kLevels), std::end(kLevels), digits.size()) ==
              std::end(kLevels)) {
            if (post.region.empty()) break;
            return std::string();
          }
          words.push_back(Word('r', digits));
          break;
        }
        case Reach::kOrganisation:
          if (!post.organisation.empty()) words.push_back(Word('o', post.organisation));
          break;
        case Reach::kOrganisationTree: {
          if (post.organisation_path.empty()) break;
          std::string end = post.organisation_path;
          end.back() = static_cast<char>(end.back() + 1);
          TRY(store::Rows rows,
              reader.Query("select id from r_organisation where path >= $1 and path < $2 limit $3",
                           {post.organisation_path, end, static_cast<int64_t>(kMostWords + 1)}));
          while (rows.Next()) words.push_back(Word('o', rows.Text(0)));
          TRY_VOID(rows.status());
          break;
        }
        case Reach::kHolder:
          for (const std::string& holder : who.holders) words.push_back(Word('h', holder));
          break;
      }
    }
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.empty() || words.size() > kMostWords) return std::string();
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "\"" : " OR \"") + word + "\"";
  return out;
}
}  // namespace city::ledger
