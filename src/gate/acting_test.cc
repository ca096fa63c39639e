// SPDX-License-Identifier: Apache-2.0
#include "gate/acting.h"

#include <gtest/gtest.h>

namespace city::gate {
namespace {
Route Of(const char* method, const char* pattern, const char* tag) {
  Route route{method, pattern, "", "", "", Access::kSignedIn, {}, nullptr};
  route.tag = tag;
  return route;
}
TEST(Acting, LookingNeedsMembershipAndDoingNeedsAuthority) {
  EXPECT_EQ(AuthorityFor(Of("GET", "/api/cases", "cases")), "");
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/cases", "cases")), "apply");
  EXPECT_EQ(AuthorityFor(Of("GET", "/api/cases/{id}/rooms", "rooms")), "");
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/rooms/{id}/join", "rooms")), "apply");
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/my/certificates/{id}/show", "certificates")), "show");
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/my/authorisations/{id}/{act}", "space")), "authorise");
}
TEST(Acting, NobodyManagesAccountsOrStaffInAnothersName) {
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/account/password", "account")), std::nullopt);
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/my/enterprise-members", "space")), std::nullopt);
  EXPECT_EQ(AuthorityFor(Of("POST", "/api/registrations", "registration")), std::nullopt);
}
}  // namespace
}  // namespace city::gate
