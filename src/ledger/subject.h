// SPDX-License-Identifier: Apache-2.0
// Who asks: an account with its posts, and what for.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace city::ledger {

/// A role held in an organisation, reaching one region and what lies inside it.
struct Post {
  std::string role;
  std::string organisation;       ///< key of the organisation
  std::string organisation_path;  ///< "/a/…/b/": what begins with it lies below
  std::string region;             ///< division code
};

/// Everything rights are decided by. Plain data, made once a request.
struct Subject {
  std::string account;  ///< key; empty for a visitor
  std::string name;
  std::string kind;  ///< "visitor", "citizen", "enterprise", "official", "program", "system"
  std::vector<std::string>
      holders;  ///< keys whose rows count as the subject's own: account, person, enterprise
  std::vector<Post> posts;
  std::string purpose;
  std::string address;  ///< network address, for the audit line
  bool system = false;  ///< an engine at work: rights do not apply, the audit line names the
                        ///< account all the same

  bool HasRole(std::string_view role) const {
    for (const Post& post : posts)
      if (post.role == role) return true;
    return false;
  }
};

/// Somebody who has not signed in.
inline Subject Visitor(std::string address = {}) {
  Subject subject;
  subject.kind = "visitor";
  subject.posts.push_back({"visitor", "", "", ""});
  subject.address = std::move(address);
  return subject;
}

/// The program itself.
inline Subject System(std::string_view name = "system") {
  Subject subject;
  subject.kind = "system";
  subject.name = name;
  subject.system = true;
  return subject;
}

/// The same person, with an engine acting for them: rights were checked before.
inline Subject ActingFor(Subject subject) {
  subject.system = true;
  return subject;
}
}  // namespace city::ledger
