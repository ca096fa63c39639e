// SPDX-License-Identifier: Apache-2.0
// With the database and the folders of files alone, without the key store, nothing of any demo
// person's data of grade 3 and above is found by searching the bytes.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "test_city.h"

namespace city {
namespace {
using testing_city::TestCity;

/// A case in the middle of a process, a step of which sends a message; a message that nobody hears
/// yet; an incident that tells what it saw; a draft. All of them know something about somebody.
void LeaveTraces(TestCity& city, std::vector<std::string>& secrets) {
  auto ask = [&](const std::string& who, const std::string& path, const json::object& body,
                 int status) {
    gate::Response response = city.Send(who, "POST", path, ToText(body));
    EXPECT_EQ(response.status, status) << path << ": " << response.body.substr(0, 400);
    auto value = ParseJson(response.body, {.max_bytes = 64u << 20});
    return value && value->is_object() ? value->get_object() : json::object{};
  };
  const std::string file = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:city="https://yiwang.dev/bpmn/1"
 targetNamespace="urn:test">
<bpmn:message id="m" name="told"/>
<bpmn:message id="w" name="awaited"><bpmn:extensionElements>
 <zeebe:subscription correlationKey="=patient"/></bpmn:extensionElements></bpmn:message>
<bpmn:process id="traces" name="留痕" isExecutable="true"><bpmn:extensionElements>
 <city:variable name="patient"/></bpmn:extensionElements>
 <bpmn:startEvent id="s"/>
 <bpmn:userTask id="first" name="登记"><bpmn:extensionElements><city:applicant/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:intermediateThrowEvent id="tell"><bpmn:extensionElements><zeebe:ioMapping>
 <zeebe:input source="=patient" target="about"/></zeebe:ioMapping></bpmn:extensionElements>
 <bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>
 <bpmn:receiveTask id="wait" messageRef="w"/>
 <bpmn:endEvent id="e"/>
 <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="first"/>
 <bpmn:sequenceFlow id="f2" sourceRef="first" targetRef="tell"/>
 <bpmn:sequenceFlow id="f3" sourceRef="tell" targetRef="wait"/>
 <bpmn:sequenceFlow id="f4" sourceRef="wait" targetRef="e"/>
</bpmn:process></bpmn:definitions>)";
  json::object model =
      ask("process-manager", "/api/process-models", {{"name", "留痕"}, {"file", file}}, 201);
  ask("process-manager", "/api/process-models/" + std::string(TextAt(model, "id")) + "/publish",
      {{"reason", "检查"}}, 200);
  const std::string patient = "449999196803140025", story = "流程变量中的既往病史";
  json::object started =
      ask("clerk", "/api/process-instances",
          {{"process", "traces"}, {"variables", {{"patient", patient}, {"story", story}}}}, 201);
  const std::string id(TextAt(started, "id"));
  json::value tasks = city.Get("clerk", "/api/process-tasks?limit=200");
  for (const json::value& row : tasks.at("rows").as_array())
    if (TextAt(row.get_object(), "instance") == id)
      ask("clerk",
          "/api/process-tasks/" + id + "/" + std::to_string(IntAt(row.get_object(), "key")) + "/" +
              std::to_string(IntAt(row.get_object(), "seat")) + "/acts/complete",
          {{"variables", {{"answer", "办理时补充的联系住址"}}}}, 200);
  const json::object seen =
      city.Get("process-manager", "/api/process-instances/" + id).get_object();
  EXPECT_NE(ToText(seen).find(story), std::string::npos) << ToText(seen);
  EXPECT_NE(ToText(seen).find("\"wait\""), std::string::npos) << ToText(seen);
  ask("admin", "/api/process-messages",
      {{"name", "unheard"},
       {"key", "449999197211020037"},
       {"id", "m-1"},
       {"variables", {{"text", "还没有人收到的消息"}}}},
      200);
  auto snapshot = *city.city().store().Read();
  auto catalogue = city.city().ledger().catalogue();
  json::array items = *ledger::FindRows(*snapshot, *catalogue, "item", "", 1);
  ask("citizen", "/api/drafts",
      {{"item", items.at(0).get_object().at("id")},
       {"data", {{"reason", "草稿里写到一半的家庭困难"}, {"id_number", "449999198912120018"}}}},
      201);
  for (const char* each :
       {"449999196803140025", "流程变量中的既往病史", "办理时补充的联系住址", "449999197211020037",
        "还没有人收到的消息", "草稿里写到一半的家庭困难", "449999198912120018"})
    secrets.emplace_back(each);
}

TEST(DiskImage, HoldsNoPersonalDataInClear) {
  TestCity city;
  // A document that somebody hands in, and a certificate with its file.
  ASSERT_EQ(city.Send("citizen", "POST", "/api/attachments?name=诊断证明欧阳测试.txt",
                      "这是一份不应当在磁盘上读到的诊断证明原文")
                .status,
            201);
  std::vector<std::string> secrets{"不应当在磁盘上读到", "诊断证明欧阳测试"};
  LeaveTraces(city, secrets);
  std::string declared;
  for (const auto& each : std::filesystem::directory_iterator(
           std::string(CITY_SOURCE_DIR) + "/city/systems/certificates/certificates")) {
    std::ostringstream text;
    text << std::ifstream(each.path()).rdbuf();
    declared += text.str();
  }
  auto catalogue = city.city().ledger().catalogue();
  auto snapshot = *city.city().store().Read();
  size_t persons = 0;
  for (const char* type : {"person", "service_case", "account", "certificate"}) {
    auto known = *catalogue->Find(type);
    json::array rows = *ledger::FindRows(*snapshot, *catalogue, type, "", 500);
    ASSERT_FALSE(rows.empty()) << type;
    for (const json::value& each : rows) {
      if (std::string(type) == "person") ++persons;
      if (std::string(type) == "account" && TextAt(each.get_object(), "kind") != "citizen")
        continue;
      for (const ledger::Field& field : known->type.fields) {
        if (field.grade < 3) continue;
        std::string text(TextAt(each.get_object(), field.name));
        // Two signs of a name stand in many other words; days are everywhere.
        if (field.meaning == ledger::Meaning::kDate || text.size() < 9) continue;
        secrets.push_back(text);
      }
      if (const json::object* form = ObjectAt(each.get_object(), "form"))
        for (const char* key : {"applicant_name", "id_number", "mobile"})
          if (std::string text(TextAt(*form, key)); text.size() >= 9) secrets.push_back(text);
      if (const json::object* faces = ObjectAt(each.get_object(), "faces"))
        for (const auto& [name, value] : *faces)
          // What the model declares to be the same for everybody says nothing of anybody.
          if (value.is_string() && value.get_string().size() >= 15 &&
              declared.find("'\"" + std::string(value.get_string().c_str()) + "\"'") ==
                  std::string::npos)
            secrets.emplace_back(value.get_string().c_str());
    }
  }
  snapshot.reset();
  EXPECT_GE(persons, 60u);
  EXPECT_GT(secrets.size(), 300u);
  // Sessions: whoever reads the disk cannot go on in somebody's name.
  for (const auto& [account, token] : city.tokens()) secrets.push_back(token);
  auto backup = city.city().store().BackupTo(city.folder() + "/backup.db");
  ASSERT_TRUE(backup) << backup.error().ToLine();
  size_t files = 0, bytes = 0;
  std::set<std::string> names;
  for (const auto& each : std::filesystem::recursive_directory_iterator(city.folder())) {
    std::string name = each.path().filename().string();
    if (!each.is_regular_file() || name == "keys.yks" || name == "master.key") continue;
    std::ifstream in(each.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    std::string all = text.str();
    ++files;
    names.insert(name);
    bytes += all.size();
    for (const std::string& secret : secrets)
      if (size_t at = all.find(secret); at != std::string::npos)
        ADD_FAILURE() << secret << " in " << name << ": ..."
                      << all.substr(at - std::min<size_t>(at, 80), 160) << "...";
  }
  EXPECT_GT(files, 3u);
  for (const char* name : {"city.db", "city.db-wal", "backup.db"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_GT(bytes, 100'000u);
}
}  // namespace
}  // namespace city
