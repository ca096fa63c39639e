// SPDX-License-Identifier: Apache-2.0
#include "ledger/conditions.h"

#include "ledger/errors.h"

namespace city::ledger {
struct Condition::Compiled {
  std::string text;
};

Result<Condition> Condition::Compile(const RecordType&, std::string_view feel) {
  Condition out;
  if (!feel.empty()) out.compiled_ = std::make_shared<Compiled>(Compiled{std::string(feel)});
  return out;
}
std::vector<std::string> Condition::Fields() const { return {}; }
Result<std::string> Condition::Sql(store::Dialect, std::string_view, const Subject&, const Post*,
                                   std::vector<store::Value>&) const {
  return std::string("(1=1)");
}
}  // namespace city::ledger
