// SPDX-License-Identifier: Apache-2.0
#include "model/places.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "base/text.h"
#include "ledger/identity_codes.h"
#include "model/errors.h"

namespace city::model {
namespace fs = std::filesystem;
namespace {
Result<void> ReadDivisions(const std::string& path, std::vector<Division>& out) {
  std::ifstream in(path);
  std::string line;
  int number = 0;
  while (std::getline(in, line)) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string_view> cells = Split(line, '\t');
    if (cells.size() != 5 || !ledger::IsDivisionCode(cells[0]))
      return error::kFault(
          {{"place", path + ":" + std::to_string(number)},
           {"reason_zh", "应为 代码、名称、上级、层级、类别 五列"},
           {"reason_en", "five columns are needed: code, name, parent, level, kind"},
           {"remedy_zh", "请改正该行。"},
           {"remedy_en", "Correct the line."}});
    out.push_back({std::string(cells[0]), std::string(cells[1]), std::string(cells[2]),
                   std::string(cells[3]), std::string(cells[4])});
  }
  return {};
}

DemoCast ReadCast(const yaml::Node& node) {
  DemoCast cast;
  cast.password = node.Text("password");
  if (const yaml::Node* streets = node.Find("streets"))
    for (const yaml::Node& street : streets->items) cast.streets.push_back(street.text);
  if (const yaml::Node* officials = node.Find("officials"))
    for (const yaml::Node& each : officials->items) {
      cast.officials.push_back({each.Text("username"),
                                each.Text("name"),
                                each.Text("role"),
                                each.Text("organisation"),
                                each.Text("post"),
                                each.Text("kind", "official"),
                                {}});
      if (const yaml::Node* also = each.Find("also"))
        for (const yaml::Node& role : also->items) cast.officials.back().also.push_back(role.text);
    }
  if (const yaml::Node* citizens = node.Find("citizens"))
    for (const yaml::Node& each : citizens->items)
      cast.citizens.push_back(
          {each.Text("username"), each.Text("name"), each.Text("post"), each.Text("born")});
  return cast;
}

/// Governments of counties and towns and committees of villages follow from the divisions.
void AddLocalBodies(Place& place) {
  std::map<std::string, std::string> path_of;
  std::string root;
  for (const Organisation& each : place.organisations)
    if (each.level == "3" && each.kind == "government") root = each.path;
  for (const Division& division : place.divisions) {
    if (division.level < "4") continue;
    Organisation body;
    body.code = division.code;
    body.id = "org-" + division.code;
    body.region = division.code;
    body.level = division.level;
    body.kind = division.level == "6" ? "village" : "government";
    body.name = division.level == "6"   ? division.name
                : division.level == "5" ? (division.kind == "街道" ? division.name + "办事处"
                                                                   : division.name + "人民政府")
                                        : division.name + "人民政府";
    body.short_name = division.name;
    body.aliases = {division.name + "政府"};
    std::string above = path_of.contains(division.parent) ? path_of[division.parent] : root;
    body.path = above + division.code + "/";
    path_of[division.code] = body.path;
    // The body above is named by its key; the city's own government stands above the counties.
    body.parent = division.level == "4"
                      ? (place.organisations.empty() ? "" : place.organisations.front().id)
                      : "org-" + division.parent;
    place.organisations.push_back(std::move(body));
  }
}
}  // namespace

Result<Place> ReadPlace(const Model& model) {
  Place place;
  bool calendar = false;
  for (const std::string& folder : model.place_chain) {
    TRY(yaml::Node about, yaml::Load(folder + "/place.yaml"));
    place.code = about.Text("code");
    if (const yaml::Node* name = about.Find("name"))
      place.name = {name->Text("zh"), name->Text("en")};
    place.about = about.ToJson().get_object();
    if (fs::exists(folder + "/divisions.tsv"))
      TRY_VOID(ReadDivisions(folder + "/divisions.tsv", place.divisions));
    if (fs::exists(folder + "/working-days.yaml")) {
      TRY(yaml::Node days, yaml::Load(folder + "/working-days.yaml"));
      TRY(WorkDays read, WorkDays::Read(days));
      place.calendar = std::move(read);
      calendar = true;
    }
    if (fs::exists(folder + "/demo.yaml")) {
      TRY(yaml::Node cast, yaml::Load(folder + "/demo.yaml"));
      place.demo = ReadCast(cast);
    }
    if (!fs::exists(folder + "/organisations.yaml")) continue;
    TRY(yaml::Node node, yaml::Load(folder + "/organisations.yaml"));
    if (const yaml::Node* groups = node.Find("groups"))
      for (const auto& [words, group] : groups->entries)
        place.groups.push_back({words, group.Text("kind"), group.Text("level")});
    std::map<std::string, std::string> path_of;
    if (const yaml::Node* list = node.Find("organisations")) {
      for (const yaml::Node& each : list->items) {
        Organisation body;
        body.code = each.Text("code");
        body.id = "org-" + body.code;
        body.name = each.Text("name");
        body.short_name = each.Text("short_name");
        body.kind = each.Text("kind");
        body.level = each.Text("level");
        std::string parent = each.Text("parent");
        body.parent = parent.empty() ? "" : "org-" + parent;
        body.path = (parent.empty() ? "/" : path_of[parent]) + body.code + "/";
        body.region = each.Text("region", place.code);
        body.duties = each.Text("duties");
        body.phone = each.Text("phone");
        if (const yaml::Node* aliases = each.Find("aliases"))
          for (const yaml::Node& alias : aliases->items) body.aliases.push_back(alias.text);
        path_of[body.code] = body.path;
        place.organisations.push_back(std::move(body));
      }
    }
  }
  if (!calendar)
    return error::kFault({{"place", model.folder + "/places"},
                          {"reason_zh", "没有工作日历"},
                          {"reason_en", "there is no calendar of working days"},
                          {"remedy_zh", "请提供 working-days.yaml。"},
                          {"remedy_en", "Give working-days.yaml."}});
  AddLocalBodies(place);
  return place;
}

Result<int> KeepPlace(ledger::Ledger& ledger, const Place& place) {
  std::map<std::string, bool> known;
  {
    TRY(auto snapshot, ledger.store().Read());
    for (const char* sql : {"select 'd' || code from r_division where ended_at is null",
                            "select 'o' || code from r_organisation where ended_at is null"}) {
      TRY(store::Rows rows, snapshot->Query(sql));
      while (rows.Next()) known[std::string(rows.Text(0))] = true;
    }
  }
  std::map<std::string, const Division*> by_code;
  for (const Division& division : place.divisions) by_code[division.code] = &division;
  auto or_null = [](const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
  };
  int fresh = 0;
  TRY_VOID(ledger.Command({ledger::System("places"), place.code, {}, {}},
                          [&](ledger::Writer& writer) -> Result<std::string> {
                            fresh = 0;
                            for (const Division& division : place.divisions) {
                              if (known.contains("d" + division.code)) continue;
                              std::string full = division.name;
                              for (std::string at = division.parent; by_code.contains(at);
                                   at = by_code[at]->parent)
                                full = by_code[at]->name + full;
                              TRY_VOID(writer.Create("division",
                                                     {{"code", division.code},
                                                      {"name", division.name},
                                                      {"full_name", full},
                                                      {"level", division.level},
                                                      {"parent", or_null(division.parent)},
                                                      {"kind", division.kind}},
                                                     division.code, "div-" + division.code));
                              ++fresh;
                            }
                            for (const Organisation& body : place.organisations) {
                              if (known.contains("o" + body.code)) continue;
                              json::array aliases;
                              for (const std::string& alias : body.aliases)
                                aliases.push_back(json::string(alias));
                              TRY_VOID(writer.Create("organisation",
                                                     {{"code", body.code},
                                                      {"name", body.name},
                                                      {"short_name", or_null(body.short_name)},
                                                      {"aliases", std::move(aliases)},
                                                      {"kind", body.kind},
                                                      {"level", body.level},
                                                      {"parent", or_null(body.parent)},
                                                      {"path", body.path},
                                                      {"duties", or_null(body.duties)},
                                                      {"phone", or_null(body.phone)}},
                                                     body.region, body.id));
                              ++fresh;
                            }
                            return "";
                          }));
  return fresh;
}
}  // namespace city::model
