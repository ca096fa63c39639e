// SPDX-License-Identifier: Apache-2.0
// Small words that every file of this library uses.
#pragma once
#include <algorithm>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "ledger/identity_codes.h"
#include "ledger/subject.h"

namespace city::cases {

inline std::string Text(const json::object& row, std::string_view key) {
  return std::string(TextAt(row, key));
}

/// Whether a material came: files, paper at a window or a certificate; with `agreed` (inside one
/// thing) also what the city writes or makes itself.
inline bool HandedIn(const json::array* given, std::string_view name, bool agreed = false) {
  if (given == nullptr) return false;
  return std::any_of(given->begin(), given->end(), [&](const json::value& one) {
    const json::object* got = one.if_object();
    if (got == nullptr || TextAt(*got, "material") != name) return false;
    const json::array* files = ArrayAt(*got, "attachments");
    return (files != nullptr && !files->empty()) || BoolAt(*got, "paper") ||
           !TextAt(*got, "certificate").empty() ||
           (agreed &&
            (ObjectAt(*got, "written") != nullptr || !TextAt(*got, "yielded_by").empty()));
  });
}

/// What an act says under `key`: of itself, or among the fields that its form asked for (`data`).
inline const json::value* Said(const json::object& body, std::string_view key) {
  if (const json::value* own = body.if_contains(key)) return own;
  const json::object* data = ObjectAt(body, "data");
  return data != nullptr ? data->if_contains(key) : nullptr;
}
inline std::string SaidText(const json::object& body, std::string_view key) {
  const json::value* value = Said(body, key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str())
                                                : std::string();
}

/// FEEL text of a string value.
inline std::string Quoted(std::string_view text) {
  return "\"" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
}

inline json::value OrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

/// Whether a post of `role` reaches the organisation at `path` (its own or one below it).
inline bool Holds(const ledger::Subject& who, std::string_view role, const std::string& path) {
  return std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
    return post.role == role && !post.organisation_path.empty() &&
           path.starts_with(post.organisation_path);
  });
}

inline bool HoldsInRegion(const ledger::Subject& who, std::string_view role,
                          const std::string& region) {
  return std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
    return post.role == role && !post.region.empty() &&
           std::string_view(region).starts_with(ledger::DivisionPrefix(post.region));
  });
}

/// Whether a row of the account is the subject's own.
inline bool IsOwn(const ledger::Subject& who, const std::string& account) {
  return !account.empty() &&
         std::find(who.holders.begin(), who.holders.end(), account) != who.holders.end();
}
}  // namespace city::cases
