// SPDX-License-Identifier: Apache-2.0
#include "engines/fleet/advice.h"

#include <algorithm>
#include <map>
#include <set>

#include "engines/fleet/errors.h"
#include "parts/feel/feel.h"

namespace city::fleet {

Result<void> CountNeed(std::vector<Place>& places, const std::string& formula) {
  if (places.empty()) return {};
  feel::Scope scope;
  for (const auto& [name, value] : places.front().facts) scope.Declare(std::string(name));
  auto compiled = feel::Compile(formula, scope);
  if (!compiled)
    return error::kFormulaWrong({{"formula", formula}, {"why", compiled.error().SaysZh()}});
  for (Place& place : places) {
    std::vector<feel::Value> inputs;
    for (const auto& [name, first] : places.front().facts) {
      const json::value* value = place.facts.if_contains(name);
      inputs.push_back(feel::FromJson(value != nullptr ? *value : json::value()));
    }
    json::value need = feel::ToJson(feel::Evaluate(*compiled, inputs, {}));
    if (!need.is_number())
      return error::kFormulaWrong({{"formula", formula}, {"why", "结果不是数 / no number"}});
    place.need = need.to_number<double>();
  }
  return {};
}

Advice Advise(const std::vector<Place>& places, const std::vector<Machine>& machines,
              const Rules& rules) {
  auto around = [&](const std::string& code) { return code.substr(0, rules.near_digits); };
  std::set<std::string> served;
  for (const Machine& machine : machines) served.insert(around(machine.division));
  std::map<std::string, const Place*> by_code;
  for (const Place& place : places) by_code[place.code] = &place;
  Advice out;
  for (const Place& place : places)
    if (place.need >= rules.least_need && !served.contains(around(place.code)))
      out.missing.push_back(place);
  auto neediest = [](const Place& a, const Place& b) {
    return a.need != b.need ? a.need > b.need : a.code < b.code;
  };
  std::sort(out.missing.begin(), out.missing.end(), neediest);
  std::vector<Machine> spare;
  for (const Machine& machine : machines)
    if (machine.per_day < rules.least_per_day) spare.push_back(machine);
  std::sort(spare.begin(), spare.end(), [](const Machine& a, const Machine& b) {
    return a.per_day != b.per_day ? a.per_day < b.per_day : a.code < b.code;
  });
  size_t next = 0;
  std::set<std::string> given;
  for (const Place& to : out.missing) {
    if (out.moves.size() >= rules.most_moves || next >= spare.size()) break;
    if (given.contains(around(to.code))) continue;
    for (; next < spare.size(); ++next) {
      auto from = by_code.find(spare[next].division);
      double here = from == by_code.end() ? 0 : from->second->need;
      if (to.need <= here) continue;
      Place place = from == by_code.end() ? Place{spare[next].division, spare[next].name, {}, 0}
                                          : *from->second;
      out.moves.push_back({spare[next], place, to, to.need - here});
      given.insert(around(to.code));
      ++next;
      break;
    }
  }
  return out;
}
}  // namespace city::fleet
