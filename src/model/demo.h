// SPDX-License-Identifier: Apache-2.0
// A generated city: the same seed gives the same people, enterprises and a year of cases on every
// machine. Everybody in it is fictitious: identity numbers carry the order number 000, which is
// never issued.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "model/city.h"

namespace city::model {

/// An account that is printed at start; its password is the same for all and known to everybody.
struct DemoAccount {
  std::string username, password, name, post, kind;
};

/// The accounts of the demo city.
std::vector<DemoAccount> DemoAccounts(const Place& place);

/// Fills an empty city. `told` hears what is being done and how far (0 to 1).
/// Errors: those of writing; nothing is done when accounts exist already.
Result<void> FillDemo(City& city, const std::function<void(const std::string&, double)>& told);
/// What stands in towns and villages: profiles, machines, cards. Part of FillDemo.
Result<void> FillDemoChannels(City& city);
/// Certificates that its people hold from the start.
Result<void> GiveDemoHoldings(City& city);
}  // namespace city::model
