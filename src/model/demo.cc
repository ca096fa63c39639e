// SPDX-License-Identifier: Apache-2.0
#include "model/demo.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "ledger/identity_codes.h"

namespace city::model {
namespace {
using ledger::Writer;

constexpr const char* kSurnames[] = {
    "李", "王", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐",   "孙", "马", "朱", "胡",
    "郭", "何", "林", "罗", "高", "梁", "谢", "宋", "唐", "许", "邓",   "冯", "韩", "曹", "曾",
    "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "欧阳", "邝", "侯", "丘"};
constexpr const char* kGiven[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋",
                                  "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平",
                                  "刚", "桂", "英", "华", "玉", "兰", "文", "辉", "建", "国",
                                  "志", "海", "春", "雪", "梅", "浩", "宇", "轩", "子", "涵",
                                  "欣", "怡", "诗", "雨", "晨", "嘉", "俊", "思", "婷", "佳"};
constexpr const char* kTrades[] = {"餐饮",     "食品", "农业科技", "建材",  "物流", "信息技术",
                                   "文化传播", "旅游", "机械",     "医药",  "环保", "商贸",
                                   "茶业",     "家居", "电子",     "新能源"};
constexpr const char* kNameSigns[] = {"明", "丹", "韵", "瑞", "恒", "泰", "安", "嘉", "禾", "盛",
                                      "源", "和", "兴", "达", "祥", "宏", "翠", "云", "岭", "江"};
template <size_t N>
const char* Pick(SeededRandom& random, const char* const (&list)[N]) {
  return list[random.Below(N)];
}

class Generator {
 public:
  Generator(City& city, const std::function<void(const std::string&, double)>& told)
      : city_(city),
        told_(told),
        random_(city.options().demo_seed),
        now_(city.clock().Now()),
        today_(ChinaDate(now_)) {}

  Result<void> Run() {
    told_("演示账户 / demo accounts", 0);
    TRY_VOID(MakeItems());
    TRY_VOID(MakeBundles());
    TRY_VOID(MakeRows("scope-entries", "scope_entry"));
    TRY_VOID(MakeRows("fleet-setting", "fleet_setting"));
    TRY_VOID(MakeHalls());
    TRY_VOID(MakeAccounts());
    TRY_VOID(MakePersons());
    TRY_VOID(MakeEnterprises());
    TRY_VOID(MakeCases());
    TRY_VOID(GiveDemoHoldings(city_));
    return MakeCertificates();
  }

 private:
  struct Item {
    std::string id, name, form, flow, department, region, type, result;
    int promised = 0, legal = 0;
    bool for_persons = false, heard = false, conditional = false;
    std::vector<std::string> materials;
  };

  struct Arrival {
    Time at;
    int days_ago = 0;
    bool recent = false;
  };

  Result<void> InBatches(const char* what, int count, int size,
                         const std::function<Result<void>(store::Tx&, int)>& one) {
    for (int at = 0; at < count; at += size) {
      SeededRandom before = random_;
      TRY_VOID(city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
        random_ = before;  // a batch that is run again gives the same people
        for (int i = at; i < std::min(count, at + size); ++i) TRY_VOID(one(tx, i));
        return {};
      }));
      told_(what, static_cast<double>(std::min(count, at + size)) / count);
    }
    return {};
  }

  Writer MakeWriter(store::Tx& tx, Time at, const std::string& who = "演示数据") {
    // People act under their own names; the log then knows them as citizens.
    ledger::Subject subject = ledger::System(who);
    bool official = who == "演示数据";
    for (const DemoOfficial& each : city_.place().demo.officials)
      official = official || each.name == who;
    if (!official) subject.kind = "citizen";
    return Writer(*city_.ledger().catalogue(), tx, std::move(subject), at, city_.place().code);
  }

  const Organisation* FindOrganisation(const std::string& code) const {
    for (const Organisation& each : city_.place().organisations)
      if (each.code == code) return &each;
    return nullptr;
  }

  Result<void> MakeItems() {
    auto shelf = city_.model().shelves.find("demo");
    if (shelf == city_.model().shelves.end()) return {};
    for (const ShelfFile& file : shelf->second) {
      if (file.name != "items") continue;
      TRY(yaml::Node list, yaml::Load(file.path));
      std::string beside = file.path.substr(0, file.path.rfind('/')) + "/county-items.yaml";
      yaml::Node local;
      if (auto read = yaml::Load(beside)) local = std::move(*read);
      TRY_VOID(city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
        items_.clear();
        Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 400));
        Writer before = MakeWriter(tx, now_ - std::chrono::hours(24 * 401));
        for (const yaml::Node& node : list.items) {
          json::object values = node.ToJson().get_object();
          TRY_VOID(MakeCatalogueItem(writer, values, local));
          std::string code(TextAt(values, "department"));
          const Organisation* department = FindOrganisation(code);
          if (department == nullptr) continue;
          values["department"] = department->id;
          TRY(ledger::Written made, writer.Create("item", values, department->region));
          Item item{made.id,
                    std::string(TextAt(values, "name")),
                    std::string(TextAt(values, "form")),
                    std::string(TextAt(values, "flow")),
                    department->id,
                    department->region,
                    std::string(TextAt(values, "item_type")),
                    std::string(TextAt(values, "result_name")),
                    static_cast<int>(IntAt(values, "promised_days")),
                    static_cast<int>(IntAt(values, "legal_days")),
                    false,
                    BoolAt(values, "hearing_before_refusal"),
                    !TextAt(values, "eligibility").empty(),
                    {}};
          for (const json::value& object : *ArrayAt(values, "objects"))
            item.for_persons = item.for_persons || object == json::value("1");
          for (const json::value& material : *ArrayAt(values, "materials"))
            if (BoolAt(material.get_object(), "required"))
              item.materials.emplace_back(TextAt(material.get_object(), "name"));
          items_.push_back(std::move(item));
          TRY_VOID(MakeCountyItems(before, values, local));
        }
        TRY_VOID(before.Finish());
        return writer.Finish();
      }));
    }
    return {};
  }

  /// Reads a list of the demo shelf; empty when there is no such file.
  Result<std::vector<json::object>> DemoRows(const std::string& name) const {
    std::vector<json::object> out;
    auto shelf = city_.model().shelves.find("demo");
    if (shelf == city_.model().shelves.end()) return out;
    for (const ShelfFile& file : shelf->second) {
      if (file.name != name) continue;
      TRY(yaml::Node list, yaml::Load(file.path));
      for (const yaml::Node& node : list.items) out.push_back(node.ToJson().get_object());
    }
    return out;
  }

  Result<void> MakeBundles() {
    TRY(std::vector<json::object> rows, DemoRows("bundles"));
    return city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
      Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 399));
      for (json::object values : rows) {
        const Organisation* lead = FindOrganisation(std::string(TextAt(values, "lead")));
        if (lead == nullptr) continue;
        values["lead"] = lead->id;
        TRY_VOID(writer.Create("bundle", values, lead->region));
      }
      return writer.Finish();
    });
  }

  /// Rows of the demo shelf as they stand.
  Result<void> MakeRows(const std::string& file, const std::string& type) {
    TRY(std::vector<json::object> rows, DemoRows(file));
    return city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
      Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 398));
      for (const json::object& values : rows) TRY_VOID(writer.Create(type, values));
      return writer.Finish();
    });
  }

  /// Halls at four levels: the city's, every county's and town's, and the first village of a town.
  Result<void> MakeHalls() {
    TRY(std::vector<json::object> kinds, DemoRows("halls"));
    return city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
      Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 398));
      std::string town_before;
      for (const Division& division : city_.place().divisions) {
        if (division.level == "6" && division.parent == town_before) continue;
        if (division.level == "6") town_before = division.parent;
        for (const json::object& kind : kinds) {
          if (TextAt(kind, "level") != division.level) continue;
          json::object values = kind;
          values.erase("windows");
          std::string name = division.name + std::string(TextAt(kind, "name"));
          if (division.level == "3")
            if (const json::object* hall = ObjectAt(city_.place().about, "hall")) {
              name = TextAt(*hall, "name");
              values["address"] = hall->at("address");
              values["hours"] = hall->at("hours");
              values["phone"] = hall->at("phone");
            }
          values["name"] = name;
          TRY(ledger::Written hall, writer.Create("hall", values, division.code));
          int number = 0;
          for (const json::value& each : *ArrayAt(kind, "windows")) {
            json::object window = each.get_object();
            window["hall"] = hall.id;
            window["number"] = std::to_string(++number);
            TRY_VOID(writer.Create("hall_window", window, division.code));
          }
        }
      }
      return writer.Finish();
    });
  }

  static const yaml::Node* LocalOf(const yaml::Node& local, std::string_view name) {
    for (const yaml::Node& each : local.items)
      if (each.Text("of") == name) return &each;
    return nullptr;
  }

  Result<void> MakeCatalogueItem(Writer& writer, const json::object& item,
                                 const yaml::Node& local) {
    json::array levels{"3"};
    if (LocalOf(local, TextAt(item, "name")) != nullptr) levels.push_back("4");
    TRY_VOID(writer.Create("catalogue_item", {{"basic_code", item.at("basic_code")},
                                              {"name", item.at("name")},
                                              {"item_type", item.at("item_type")},
                                              {"legal_basis", item.at("legal_basis")},
                                              {"levels", std::move(levels)},
                                              {"state", "published"},
                                              {"plan_effective_date", item.at("effective_day")},
                                              {"operation", "I"}}));
    return {};
  }

  /// The same item in every county, but for the differences that the file plants.
  Result<void> MakeCountyItems(Writer& writer, const json::object& item, const yaml::Node& local) {
    const yaml::Node* line = LocalOf(local, TextAt(item, "name"));
    if (line == nullptr) return {};
    const yaml::Node* differs = line->Find("differs");
    int number = 0;
    for (const Organisation& body : city_.place().organisations) {
      if (body.level != "4" || body.kind != "government") continue;
      ++number;
      json::object values = item;
      const yaml::Node* own = differs != nullptr ? differs->Find(body.region) : nullptr;
      if (own != nullptr && own->Bool("missing")) continue;
      std::string head = "11" + body.region + fmt::format("MB1{:05}", number);
      head += ledger::OrganisationCodeCheckCharacter(head.substr(8, 8));
      head += ledger::CreditCodeCheckCharacter(head);
      std::string code = head + "4" + std::string(TextAt(item, "basic_code"));
      values["code"] = code;
      values["business_code"] = code + "01";
      values["level"] = "4";
      values["system_level"] = "4";
      values["department"] = body.id;
      values["place"] = body.short_name + "政务服务中心综合窗口";
      values["keywords"] = nullptr;
      values["popularity"] = 0;
      if (own != nullptr) {
        for (const auto& [key, value] : own->entries) {
          json::array materials = *ArrayAt(values, "materials");
          if (key == "add_material") {
            materials.push_back(json::object{{"name", value.text}, {"required", true}});
          } else if (key == "drop_material") {
            auto gone = std::find_if(materials.begin(), materials.end(),
                                     [&text = value.text](const json::value& m) {
                                       return m.at("name") == json::value(text);
                                     });
            if (gone != materials.end()) materials.erase(gone);
          } else {
            values[key] = value.ToJson();
          }
          if (key.ends_with("material")) values["materials"] = std::move(materials);
        }
      }
      TRY_VOID(writer.Create("item", values, body.region));
    }
    return {};
  }

  std::string Street() {
    const auto& streets = city_.place().demo.streets;
    return streets.empty() ? std::string("一号路") : streets[random_.Below(streets.size())];
  }

  Result<void> MakeAccounts() {
    const DemoCast& cast = city_.place().demo;
    TRY(std::string hash,
        crypto::HashPassword(cast.password.empty() ? crypto::ToHex(crypto::RandomBytes(16))
                                                   : cast.password));
    return city_.store().Command(city_.place().code, [&](store::Tx& tx) -> Result<void> {
      Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 390));
      int number = 0;
      for (const DemoOfficial& each : cast.officials) {
        const Organisation* organisation = FindOrganisation(each.organisation);
        if (organisation == nullptr) continue;
        json::object account{{"username", each.username},
                             {"name", each.name},
                             {"kind", each.kind},
                             {"organisation", organisation->id}};
        TRY_VOID(city_.AddAccount(writer, account, hash, each.role, organisation->id,
                                  organisation->region, false));
        for (const std::string& role : each.also) {
          TRY(store::Rows rows,
              tx.Query("select id from r_account where username = $1", {each.username}));
          if (!rows.Next()) continue;
          std::string id(rows.Text(0));
          TRY_VOID(writer.Create("post",
                                 {{"account", id},
                                  {"role", role},
                                  {"organisation", organisation->id},
                                  {"name", each.post}},
                                 organisation->region));
        }
      }
      for (const DemoCitizen& each : cast.citizens) {
        json::object values = Person(++number, each.name, each.born);
        TRY(ledger::Written person, writer.Create("person", values, city_.place().code));
        json::object account{{"username", each.username},
                             {"name", each.name},
                             {"kind", "citizen"},
                             {"person", person.id},
                             {"phone", values.at("mobile")}};
        TRY(std::string id,
            city_.AddAccount(writer, account, hash, "", "", city_.place().code, false));
        if (demo_citizens_.size() < cast.citizens.size())
          demo_citizens_.push_back({id, each.name, std::string(TextAt(values, "citizen_id")),
                                    std::string(TextAt(values, "mobile"))});
      }
      return writer.Finish();
    });
  }

  /// A fictitious person; `number` makes the identity number unique.
  json::object Person(int number, const std::string& given_name = {},
                      const std::string& given_birth = {}) {
    std::vector<const Division*> counties;
    for (const Division& division : city_.place().divisions)
      if (division.level == "4") counties.push_back(&division);
    const Division& county = *counties[static_cast<size_t>(number) % counties.size()];
    // Day of birth from the number, so that county and day together never repeat.
    auto born = Date(std::chrono::year(1935) / 1 / 1) +
                std::chrono::days(static_cast<int>(
                    (static_cast<size_t>(number) / counties.size() * 13 + 7) % 27'000));
    std::string birth = given_birth.empty() ? IsoDate(born) : given_birth;
    std::string body = county.code + ReplaceAll(birth, "-", "") + "000";
    std::string id = body + ledger::CitizenIdCheckCharacter(body);
    std::string name = given_name;
    if (name.empty()) {
      name = Pick(random_, kSurnames);
      name += Pick(random_, kGiven);
      if (random_.Chance(0.7)) name += Pick(random_, kGiven);
    }
    return {{"name", name},
            {"citizen_id", id},
            {"sex", random_.Chance(0.5) ? "1" : "2"},
            {"birth_date", birth},
            {"nation", random_.Chance(0.95) ? "汉族" : "瑶族"},
            {"mobile", fmt::format("1990{:07}", 1'000'000 + number)},
            {"address", county.name + Street() + fmt::format("{}号", 1 + random_.Below(300))},
            {"generated", true}};
  }

  Result<void> MakePersons() {
    return InBatches("自然人 / persons", city_.options().demo_persons, 1000,
                     [&](store::Tx& tx, int i) -> Result<void> {
                       Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 380));
                       json::object values = Person(i + 100);
                       std::string region = std::string(TextAt(values, "citizen_id").substr(0, 6));
                       if (persons_.size() < 3000)
                         persons_.push_back({"", std::string(TextAt(values, "name")),
                                             std::string(TextAt(values, "citizen_id")),
                                             std::string(TextAt(values, "mobile"))});
                       TRY_VOID(writer.Create("person", values, region));
                       return i % 50 == 0 ? writer.Finish() : Result<void>();
                     });
  }

  Result<void> MakeEnterprises() {
    return InBatches(
        "企业 / enterprises", city_.options().demo_enterprises, 1000,
        [&](store::Tx& tx, int i) -> Result<void> {
          Writer writer = MakeWriter(tx, now_ - std::chrono::hours(24 * 380));
          std::vector<const Division*> counties;
          for (const Division& division : city_.place().divisions)
            if (division.level == "4") counties.push_back(&division);
          const Division& county = *counties[random_.Below(counties.size())];
          std::string body = fmt::format("MAD{:05}", i);
          std::string code = "91" + county.code + body;
          code += ledger::OrganisationCodeCheckCharacter(body);
          code += ledger::CreditCodeCheckCharacter(code);
          std::string trade = Pick(random_, kTrades);
          std::string name = city_.place().name.zh + Pick(random_, kNameSigns) +
                             Pick(random_, kNameSigns) + trade +
                             (random_.Chance(0.8) ? "有限公司" : "商行");
          std::string person = std::string(Pick(random_, kSurnames)) + Pick(random_, kGiven);
          if (enterprises_.size() < 3000)
            enterprises_.push_back({name, code, person, fmt::format("1991{:07}", i)});
          TRY_VOID(writer.Create(
              "enterprise",
              {{"name", name},
               {"credit_code", code},
               {"legal_person", person},
               {"kind", "company"},
               {"industry", trade},
               {"capital", static_cast<int64_t>((1 + random_.Below(200)) * 5'000'000)},
               {"founded",
                IsoDate(today_ - std::chrono::days(static_cast<int>(30 + random_.Below(6000))))},
               {"address", county.name + Street() + fmt::format("{}号", 1 + random_.Below(300))},
               {"scope", trade + "经营及相关技术服务"},
               {"state", random_.Chance(0.93) ? "active" : "closed"},
               {"generated", true}},
              county.code));
          return i % 50 == 0 ? writer.Finish() : Result<void>();
        });
  }

  json::object Answers(const Item& item, const std::string& name, const std::string& id,
                       const std::string& mobile, const std::string& enterprise,
                       const std::string& code) {
    if (item.form == "enterprise-matter" || item.form == "food-business") {
      json::object out{{"enterprise_name", enterprise.empty() ? name + "商行" : enterprise},
                       {"applicant_name", name},
                       {"mobile", mobile},
                       {"address", std::string(Street()) + "18号一楼"},
                       {"registered", !code.empty()}};
      if (!code.empty()) out["credit_code"] = code;
      if (item.form == "enterprise-matter") {
        out["matter"] = "申请办理" + item.name;
        out["employees"] = static_cast<int64_t>(random_.Below(120));
      } else {
        out["business_kind"] = "catering";
        out["items"] = json::array{"hot", "cold"};
        out["area"] = static_cast<int64_t>(30 + random_.Below(300));
        out["open_kitchen"] = true;
        out["online"] = random_.Chance(0.4);
      }
      return out;
    }
    json::object out{{"applicant_name", name},
                     {"id_number", id},
                     {"mobile", mobile},
                     {"address", std::string(Street()) + "6号"},
                     {"has_agent", false}};
    if (item.form == "person-matter") out["matter"] = "申请办理" + item.name;
    if (item.form == "transfer-matter") {
      out["house"] = std::string(Street()) + "21号3栋502";
      out["seller_name"] = std::string(Pick(random_, kSurnames)) + Pick(random_, kGiven);
    }
    if (item.form == "social-card") {
      out["bank"] = "rcc";
      out["pickup"] = "window";
    }
    if (item.form == "housing-fund") {
      out["fund_account"] = fmt::format("{:010}", random_.Below(9'999'999'999ULL));
      out["amount"] = static_cast<int64_t>((5 + random_.Below(100)) * 100'000);
      out["marital"] = "single";
    }
    if (item.form == "birth-matter") {
      out["child_birth_date"] =
          IsoDate(today_ - std::chrono::days(static_cast<int>(random_.Below(200))));
      out["children"] = json::array{
          json::object{{"name", name.substr(0, 3) + Pick(random_, kGiven)}, {"sex", "1"}}};
    }
    return out;
  }

  Result<void> MakeCases() {
    if (items_.empty()) return {};
    std::vector<Arrival> arrivals = Arrivals(city_.options().demo_cases);
    return InBatches("办件 / cases", city_.options().demo_cases, 200, [&](store::Tx& tx, int i) {
      return OneCase(tx, i, arrivals[static_cast<size_t>(i)]);
    });
  }

  /// Name of the first official of a role.
  std::string Official(std::string_view role) const {
    for (const DemoOfficial& each : city_.place().demo.officials)
      if (each.role == role) return each.name;
    return std::string(role);
  }

  /// Acts at a moment, as somebody with a name.
  Result<void> Do(store::Tx& tx, Time at, const std::string& who, const std::string& id,
                  const std::string& act, json::object body = {}) {
    Writer writer = MakeWriter(tx, at, who);
    TRY_VOID(city_.cases().ActIn(writer, id, act, body));
    return writer.Finish();
  }

  /// A moment in office hours, some working days after another; never later than now.
  Time Later(Time from, int work_days) {
    Date day = city_.place().calendar.After(ChinaDate(from), work_days).date;
    Time at =
        StartOfChinaDay(day) + std::chrono::minutes(9 * 60 + static_cast<int>(random_.Below(450)));
    at = std::max(at, from + std::chrono::minutes(20 + static_cast<int>(random_.Below(60))));
    return std::min(at, now_ - std::chrono::seconds(1));
  }

  /// When each case comes in, earliest first, as a city's cases do.
  std::vector<Arrival> Arrivals(int count) {
    std::vector<Arrival> out;
    for (int i = 0; i < count; ++i) {
      // One in six lies in the last weeks, so that open work looks like an ordinary day.
      bool recent = i % 6 == 0;
      int days_ago =
          recent ? static_cast<int>(random_.Below(15)) : static_cast<int>(15 + random_.Below(350));
      Time at = Later(StartOfChinaDay(today_ - std::chrono::days(days_ago + 1)), 0);
      out.push_back({at, days_ago, recent});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
    return out;
  }

  Result<void> OneCase(store::Tx& tx, int i, const Arrival& arrival) {
    const Item& item = items_[random_.Below(items_.size())];
    const auto& [at, days_ago, recent] = arrival;
    std::string account, name, id_number, mobile, enterprise, code;
    bool person = item.form != "enterprise-matter" && item.form != "food-business";
    // Those whose age is known might not fulfil the conditions.
    bool known = i % 400 == 7 && !item.conditional;
    if (item.name.find("高龄") != std::string::npos || persons_.empty() || enterprises_.empty())
      return {};
    if (known && !demo_citizens_.empty()) {
      const auto& who = demo_citizens_[static_cast<size_t>(i) % demo_citizens_.size()];
      account = who.account;
      name = who.name;
      id_number = who.id;
      mobile = who.mobile;
    } else {
      const auto& who = persons_[random_.Below(persons_.size())];
      name = who.name;
      id_number = who.id;
      mobile = who.mobile;
    }
    if (!person) {
      const auto& which = enterprises_[random_.Below(enterprises_.size())];
      enterprise = which.name;
      code = which.code;
    }
    json::array materials;
    for (const std::string& material : item.materials)
      materials.push_back(
          json::object{{"material", material}, {"paper", true}, {"attachments", json::array{}}});
    static constexpr const char* kChannels[] = {"web",       "web",    "phone_app",
                                                "phone_app", "window", "kiosk"};
    json::object body{{"item", item.id},
                      {"data", Answers(item, name, id_number, mobile, enterprise, code)},
                      {"materials", std::move(materials)},
                      {"applicant", json::object{{"account", account},
                                                 {"name", enterprise.empty() ? name : enterprise},
                                                 {"kind", person ? "citizen" : "enterprise"},
                                                 {"id_number", id_number},
                                                 {"phone", mobile}}},
                      {"channel", Pick(random_, kChannels)},
                      {"generated", true}};
    std::string id;
    {
      Writer writer = MakeWriter(tx, at, enterprise.empty() ? name : enterprise);
      TRY(std::string made, city_.cases().SubmitIn(writer, body));
      TRY_VOID(writer.Finish());
      id = made;
    }
    double fate = random_.Unit();
    // What came in the last days is mostly still open; older work is done but for a few forgotten
    // ones.
    double open = !recent ? 0.0006 : days_ago < 5 ? 0.8 : 0.12;
    if (fate < open * 0.2) return {};
    Time t = Later(at, static_cast<int>(random_.Below(2)));
    if (random_.Chance(0.08)) {
      TRY_VOID(Do(tx, t, Official("clerk"), id, "request-correction",
                  {{"reason", "经营场所材料不清晰，请补充加盖公章的扫描件"}}));
      if (fate < open * 0.35) return {};
      t = Later(t, 2);
      TRY_VOID(Do(tx, t, name, id, "correct"));
    }
    if (random_.Chance(0.02))
      return Do(tx, t, Official("clerk"), id, "refuse",
                {{"reason", "申请事项不属于本机关职权范围"}});
    t = Later(t, 0);
    TRY_VOID(Do(tx, t, Official("clerk"), id, "accept"));
    if (random_.Chance(0.02)) return Do(tx, Later(t, 1), name, id, "withdraw");
    if (fate < open * 0.6) return {};
    int span = std::max(1, item.promised);
    // Most are faster than promised, a few late: lights and the supervisor have something to see.
    int used = random_.Chance(0.04) ? span + 1 + static_cast<int>(random_.Below(4))
                                    : static_cast<int>(random_.Below(static_cast<uint64_t>(span)));
    if (random_.Chance(0.03) && item.flow == "ordinary") {
      t = Later(t, 0);
      TRY_VOID(Do(tx, t, Official("handler"), id, "pause",
                  {{"reason", "需组织实地核查"}, {"kind", "inspection"}}));
      if (fate < open * 0.75) return {};
      t = Later(t, 3);
      TRY_VOID(Do(tx, t, Official("handler"), id, "resume"));
    }
    bool reject = random_.Chance(0.03);
    if (item.flow == "ordinary") {
      t = Later(t, used / 2);
      TRY_VOID(Do(tx, t, Official("handler"), id, "forward",
                  {{"note", "材料齐全，符合法定条件，拟同意"}}));
      if (fate < open * 0.85) return {};
      t = Later(t, 0);
      TRY_VOID(Do(tx, t, Official("reviewer"), id, "forward", {{"note", "同意承办意见"}}));
      if (fate < open) return {};
      t = Later(t, used - used / 2);
      if (reject && item.heard) {
        TRY_VOID(Do(tx, t, Official("handler"), id, "offer-hearing", {{"reason", "拟不予许可"}}));
        TRY_VOID(Do(tx, t, name, id, "decline-hearing"));
      }
      TRY_VOID(Do(tx, t, Official("approver"), id, reject ? "reject" : "approve",
                  {{"reason", reject ? "经营场所不符合卫生防护距离要求" : "准予"}}));
    } else {
      t = Later(t, used);
      TRY_VOID(Do(tx, t, Official("handler"), id, reject ? "reject" : "approve",
                  {{"reason", reject ? "申请材料与登记信息不一致" : "准予"}}));
    }
    if (recent && random_.Chance(0.3)) return {};
    t = Later(t, static_cast<int>(random_.Below(3)));
    TRY_VOID(Do(tx, t, Official("clerk"), id, "deliver"));
    if (!random_.Chance(0.42)) return {};
    static constexpr int kGrades[] = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5};
    int grade = kGrades[random_.Below(std::size(kGrades))];
    Writer writer = MakeWriter(tx, Later(t, 1), name);
    TRY_VOID(city_.cases().ReviewIn(
        writer, id,
        {{"grade", grade},
         {"tags", grade >= 4 ? json::array{"办理时间长"} : json::array{"服务热情", "办事效率高"}},
         {"text", grade >= 4 ? "等的时间比说的长" : ""}}));
    return writer.Finish();
  }

  /// Seals of the bodies that issue certificates, cards of those who can sign in, and certificates
  /// of cases that were decided lately.
  Result<void> MakeCertificates() {
    told_("印章和证照 / seals and certificates", 0);
    std::set<std::string> bodies;
    for (const Item& item : items_)
      for (const auto& [name, type] : city_.certificates().types())
        if (std::find(type.results.begin(), type.results.end(), item.result) != type.results.end())
          bodies.insert(item.department);
    Time from = now_ - std::chrono::hours(24 * 365);
    for (const std::string& body : bodies)
      TRY_VOID(city_.seals().Provide(body, "行政审批专用章", from));
    // Cards of residents come from the body that runs the city's digital government.
    std::string first;
    for (const DemoOfficial& each : city_.place().demo.officials)
      if (const Organisation* body = FindOrganisation(each.organisation);
          each.role == "administrator" && body != nullptr && first.empty())
        first = body->id;
    if (!first.empty()) TRY_VOID(city_.seals().Provide(first, "业务专用章", from));
    const auto& types = city_.certificates().types();
    if (auto card = types.find("resident-card"); card != types.end() && !first.empty()) {
      for (const Somebody& who : demo_citizens_) {
        TRY(auto snapshot, city_.store().Read());
        TRY(json::array found, ledger::FindRows(*snapshot, *city_.ledger().catalogue(), "person",
                                                "citizen_id = " + ToText(json::value(who.id)), 1));
        if (found.empty()) continue;
        const json::object& person = found[0].get_object();
        certificates::Order order;
        order.type = card->first;
        order.holder = std::string(TextAt(person, "id"));
        order.holder_name = who.name;
        order.holder_code = who.id;
        order.organisation = first;
        order.region = city_.place().code;
        order.faces = {{"name", who.name},
                       {"id_number", who.id},
                       {"sex", TextAt(person, "sex") == "1" ? "男" : "女"},
                       {"birth_date", person.at("birth_date")},
                       {"address", person.at("address")}};
        TRY_VOID(city_.certificates().Issue(
            {ledger::System("演示数据"), city_.place().code, "", ""}, std::move(order)));
      }
    }
    int most = std::min(60, city_.options().demo_cases / 200);
    if (most == 0) return {};
    TRY(auto snapshot, city_.store().Read());
    TRY(json::array decided,
        ledger::FindRows(*snapshot, *city_.ledger().catalogue(), "service_case",
                         "state = \"delivered\"", 500, "-submitted_at"));
    int made = 0;
    for (const json::value& each : decided) {
      if (made >= most) break;
      auto id = city_.certificates().FollowCase(std::string(TextAt(each.get_object(), "id")));
      if (id && *id) told_("印章和证照 / seals and certificates", 1.0 * ++made / most);
    }
    return {};
  }

  struct Somebody {
    std::string account, name, id, mobile;
  };
  struct Firm {
    std::string name, code, person, mobile;
  };
  City& city_;
  const std::function<void(const std::string&, double)>& told_;
  SeededRandom random_;
  Time now_;
  Date today_;
  std::vector<Item> items_;
  std::vector<Somebody> demo_citizens_, persons_;
  std::vector<Firm> enterprises_;
};
}  // namespace

std::vector<DemoAccount> DemoAccounts(const Place& place) {
  std::vector<DemoAccount> out;
  for (const DemoCitizen& each : place.demo.citizens)
    out.push_back({each.username, place.demo.password, each.name, each.post, "citizen"});
  for (const DemoOfficial& each : place.demo.officials)
    out.push_back({each.username, place.demo.password, each.name, each.post, each.kind});
  return out;
}

Result<void> FillDemo(City& city, const std::function<void(const std::string&, double)>& told) {
  TRY(bool filled, city.HasAccounts());
  if (filled) return {};
  TRY_VOID(Generator(city, told).Run());
  TRY_VOID(FillDemoChannels(city));
  TRY_VOID(city.registration().LoadNames());
  // Nobody waits for news of a past that was made up just now.
  return city.store().Command("",
                              [](store::Tx& tx) { return tx.Enqueue("delete from outbox", {}); });
}
}  // namespace city::model
