// SPDX-License-Identifier: Apache-2.0
// Why: certificates that people of the demo city hold from the start, so that one's own certificate
// can stand for a material.
#include "base/yaml.h"
#include "ledger/row_text.h"
#include "model/demo.h"

namespace city::model {
using ledger::Quoted;
using ledger::Text;
namespace {
Result<void> Give(City& city, const yaml::Node& row) {
  certificates::Order order;
  order.type = row.Text("type");
  TRY(const certificates::CertificateType* type, city.certificates().TypeOf(order.type));
  {
    TRY(auto snapshot, city.store().Read());
    auto catalogue = city.ledger().catalogue();
    TRY(json::array accounts, ledger::FindRows(*snapshot, *catalogue, "account",
                                               "username = " + Quoted(row.Text("username")), 1));
    if (accounts.empty()) return {};
    order.holder = Text(accounts[0].get_object(), "person");
    TRY(json::object person, ledger::ReadRow(*snapshot, *catalogue, "person", order.holder));
    order.holder_name = Text(person, "name");
    order.holder_code = Text(person, "citizen_id");
    TRY(json::array bodies, ledger::FindRows(*snapshot, *catalogue, "organisation",
                                             "code = " + Quoted(row.Text("issuer")), 1));
    if (bodies.empty()) return {};
    order.organisation = Text(bodies[0].get_object(), "id");
  }
  TRY_VOID(city.seals().Provide(order.organisation, type->seal,
                                city.clock().Now() - std::chrono::hours(24 * 365)));
  if (const yaml::Node* faces = row.Find("faces")) order.faces = faces->ToJson().as_object();
  order.faces["name"] = order.holder_name;
  order.faces["id_number"] = order.holder_code;
  order.region = city.place().code;
  TRY_VOID(city.certificates().Issue({ledger::System("演示数据"), city.place().code, "", ""},
                                     std::move(order)));
  return {};
}
}  // namespace

Result<void> GiveDemoHoldings(City& city) {
  auto shelf = city.model().shelves.find("demo");
  if (shelf == city.model().shelves.end()) return {};
  for (const ShelfFile& file : shelf->second) {
    if (file.name != "holdings") continue;
    TRY(yaml::Node node, yaml::Load(file.path));
    for (const yaml::Node& row : node.items) TRY_VOID(Give(city, row));
  }
  return {};
}
}  // namespace city::model
