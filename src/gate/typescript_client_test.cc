// SPDX-License-Identifier: Apache-2.0
#include "gate/typescript_client.h"

#include <gtest/gtest.h>

#include "gate/router.h"

namespace city::gate {
namespace {
std::string Client() {
  Router router;
  Route read{"GET",     "/api/things/{id}", "readThing", "一物",
             "A thing", Access::kAnyone,    {},          nullptr};
  read.params = {{"limit", "query", "integer", "条数", "Rows"}};
  router.Add(std::move(read));
  Route act{
      "POST", "/api/things/{id}/acts/{act}", "actOnThing", "动作", "An act", Access::kAnyone, {},
      nullptr};
  act.body = "Reason";
  router.Add(std::move(act));
  Route out{"DELETE", "/api/things", "delete", "删", "Delete", Access::kAnyone, {}, nullptr};
  router.Add(std::move(out));
  json::object schemas = ParseJson(R"({
    "Reason": {"type": "object", "required": ["reason"],
               "properties": {"reason": {"type": "string"}, "kind": {"enum": ["a", "b"]},
                              "days": {"type": ["integer", "null"]},
                              "list": {"type": "array", "items": {"type": "string"}}}},
    "record_thing": {"type": "object"}})")
                             ->get_object();
  return TypeScriptClient(OpenApi(router, schemas, "1"));
}
TEST(TypeScriptClient, HasOneFunctionForEachOperation) {
  std::string text = Client();
  EXPECT_NE(text.find("export const readThing = <T = unknown>(id: string, more: Asked<{ limit?: "
                      "number }> = {}): Promise<Answer<T>> =>\n  call<T>(`/api/things/${at(id)}`, "
                      "{ ...more })"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("export const actOnThing = <T = unknown>(id: string, act: string, body: "
                      "Reason, more: Rest = {}): Promise<Answer<T>> =>\n  "
                      "call<T>(`/api/things/${at(id)}/acts/${at(act)}`, { method: 'POST', body, "
                      "...more })"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("export const delete_ = "), std::string::npos);
}
TEST(TypeScriptClient, TypesBodiesAndAddressesButNoRecordsOfACity) {
  std::string text = Client();
  EXPECT_NE(text.find("export type Reason = { reason: string; kind?: 'a' | 'b'; days?: number | "
                      "null; list?: (string)[] }"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| `/api/things/${string}/acts/${string}`"), std::string::npos);
  EXPECT_EQ(text.find("record_thing"), std::string::npos);
}
}  // namespace
}  // namespace city::gate
