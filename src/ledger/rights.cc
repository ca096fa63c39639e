// SPDX-License-Identifier: Apache-2.0
#include "ledger/rights.h"

#include <fmt/format.h>

#include "ledger/errors.h"
#include "ledger/identity_codes.h"

namespace city::ledger {
namespace {
/// First text that sorts after everything beginning with `prefix` (digits and path signs only).
std::string After(std::string_view prefix) {
  std::string out(prefix);
  out.back() = static_cast<char>(out.back() + 1);
  return out;
}

class Compiler {
 public:
  Compiler(const KnownType& known, const Subject& who, store::Dialect dialect,
           std::string_view alias, std::vector<store::Value>& params)
      : known_(known), who_(who), dialect_(dialect), alias_(alias), params_(params) {}

  std::string Param(std::string value) {
    params_.emplace_back(std::move(value));
    return "$" + std::to_string(params_.size());
  }

  /// Rows that the right reaches through this post; empty text = all rows, nullopt = none.
  std::optional<std::string> ReachSql(const Right& right, const Post& post) {
    std::string owner = std::string(alias_) + "." + known_.type.owner;
    switch (right.reach) {
      case Reach::kAll:
        return "";
      case Reach::kRegion: {
        std::string_view prefix = DivisionPrefix(post.region);
        if (prefix.empty())
          return post.region.empty() ? std::nullopt : std::optional<std::string>("");
        return fmt::format("({0}.region >= {1} and {0}.region < {2})", alias_,
                           Param(std::string(prefix)), Param(After(prefix)));
      }
      case Reach::kOrganisation:
        if (post.organisation.empty()) return std::nullopt;
        return fmt::format("({} = {})", owner, Param(post.organisation));
      case Reach::kOrganisationTree:
        if (post.organisation_path.empty()) return std::nullopt;
        return fmt::format("({} in (select id from r_organisation where path >= {} and path < {}))",
                           owner, Param(post.organisation_path),
                           Param(After(post.organisation_path)));
      case Reach::kHolder: {
        if (who_.holders.empty()) return std::nullopt;
        std::string list;
        for (const std::string& holder : who_.holders)
          list += (list.empty() ? "" : ", ") + Param(holder);
        std::string holder = std::string(alias_) + "." + known_.type.holder;
        return fmt::format("({0} is not null and {0} in ({1}))", holder, list);
      }
    }
    return std::nullopt;
  }

  Result<std::optional<std::string>> PartSql(const Right& right, const Condition& condition,
                                             const Post& post) {
    std::optional<std::string> reach = ReachSql(right, post);
    if (!reach) return std::optional<std::string>();
    if (condition.IsTrue()) return std::optional<std::string>(reach->empty() ? "(1=1)" : *reach);
    TRY(std::string where,
        condition.Sql(dialect_, alias_, who_, &post, known_.vault.get(), params_));
    return std::optional<std::string>(reach->empty() ? where
                                                     : "(" + *reach + " and " + where + ")");
  }

 private:
  const KnownType& known_;
  const Subject& who_;
  store::Dialect dialect_;
  std::string_view alias_;
  std::vector<store::Value>& params_;
};
}  // namespace

Result<Reachable> RightsOf(const KnownType& known, const Subject& who, Verb verb,
                           store::Dialect dialect, std::string_view alias,
                           std::vector<store::Value>& params) {
  Reachable out;
  if (who.system) {
    out.everything = true;
    return out;
  }
  bool purpose_missing = false;
  Compiler compiler(known, who, dialect, alias, params);
  for (size_t i = 0; i < known.type.rights.size(); ++i) {
    const Right& right = known.type.rights[i];
    if (!right.Allows(verb)) continue;
    for (const Post& post : who.posts) {
      if (post.role != right.role) continue;
      if (!right.purpose.empty() && right.purpose != who.purpose) {
        purpose_missing = true;
        continue;
      }
      TRY(std::optional<std::string> sql, compiler.PartSql(right, known.conditions[i], post));
      if (sql && out.parts.size() < 60) out.parts.push_back({&right, *sql});
    }
  }
  if (out.parts.empty() && purpose_missing) return error::kPurposeMissing;
  return out;
}

std::string Reachable::Where() const {
  if (everything) return "(1=1)";
  if (parts.empty()) return "(1=0)";
  std::string out = "(";
  for (size_t i = 0; i < parts.size(); ++i) {
    // Every part stays, also beside one that holds for all rows: each has its parameters.
    out += (i == 0 ? "" : " or ") + parts[i].sql;
  }
  return out + ")";
}

std::string Reachable::MatchColumn() const {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    out += i == 0 ? "" : " + ";
    if (parts[i].sql == "(1=1)") {
      out += std::to_string(int64_t{1} << i);
    } else {
      out += fmt::format("case when {} then {} else 0 end", parts[i].sql, int64_t{1} << i);
    }
  }
  return out.empty() ? "0" : "(" + out + ")";
}

bool Reachable::Shows(const Field& field, int64_t match) const {
  if (everything) return true;
  for (size_t i = 0; i < parts.size(); ++i)
    if ((match >> i & 1) != 0 && parts[i].right->Covers(field.name)) return true;
  return false;
}

bool Reachable::InClear(const Field& field, int64_t match) const {
  if (everything || field.grade <= 1) return true;
  for (size_t i = 0; i < parts.size(); ++i)
    if ((match >> i & 1) != 0 && parts[i].right->Covers(field.name) &&
        parts[i].right->grade >= field.grade)
      return true;
  return false;
}

bool Reachable::MayWrite(const Field& field, int64_t match) const { return Shows(field, match); }
}  // namespace city::ledger
