// SPDX-License-Identifier: Apache-2.0
#include "engines/items/item_rules.h"

#include <map>

#include "base/text.h"
#include "ledger/identity_codes.h"

namespace city::items {
namespace {
bool Digits(std::string_view text, size_t count) {
  return text.size() == count && text.find_first_not_of("0123456789") == std::string_view::npos;
}
size_t Length(const json::object& item, std::string_view key) {
  const json::array* list = ArrayAt(item, key);
  return list == nullptr ? 0 : list->size();
}
}  // namespace

std::vector<ItemFault> CheckItem(const json::object& item) {
  std::vector<ItemFault> out;
  auto fault = [&](std::string field, std::string zh, std::string en) {
    out.push_back({std::move(field), std::move(zh), std::move(en)});
  };
  std::string_view basic = TextAt(item, "basic_code"), code = TextAt(item, "code"),
                   business = TextAt(item, "business_code"), type = TextAt(item, "item_type"),
                   level = TextAt(item, "level");
  if (!Digits(basic, 12)) {
    fault("basic_code", "基本编码应为 12 位数字", "the basic code has 12 digits");
  } else if (basic.substr(2, 2) != type) {
    fault("basic_code", "基本编码第 3、4 位应为事项类型",
          "digits 3 and 4 of the basic code are the item type");
  }
  if (code.size() != 31) {
    fault("code", "实施编码应为 31 位", "the implementation code has 31 characters");
  } else {
    if (ledger::CheckCreditCode(code.substr(0, 18)) != ledger::CreditCodeState::kGood)
      fault("code", "实施编码前 18 位应为实施主体的统一社会信用代码",
            "the first 18 characters are the body's credit code");
    if (code.substr(18, 1) != level)
      fault("code", "实施编码第 19 位应为行使层级", "character 19 is the exercising level");
    if (code.substr(19) != basic)
      fault("code", "实施编码末 12 位应为基本编码", "the last 12 characters are the basic code");
  }
  if (!business.empty() && (business.size() != 33 || !business.starts_with(code)))
    fault("business_code", "业务办理项编码应为实施编码加 2 位序号",
          "the business code is the implementation code and two digits");
  int64_t legal = IntAt(item, "legal_days"), promised = IntAt(item, "promised_days");
  if (promised > legal)
    fault("promised_days", "承诺时限长于法定时限", "promises more time than the law gives");
  bool at_once = TextAt(item, "case_type") == "1";
  if (at_once != (promised == 0))
    fault("case_type", "即办件的承诺时限为 0，承诺件不为 0",
          "decided at once means 0 promised days, and the reverse");
  if ((IntAt(item, "visits") > 0) != !TextAt(item, "visits_reason").empty())
    fault("visits_reason", "到现场次数与原因不一致", "visits and their reason disagree");
  if (BoolAt(item, "charges") != (Length(item, "fees") > 0))
    fault("fees", "是否收费与收费项目不一致", "charges and fees disagree");
  if (const json::array* fees = ArrayAt(item, "fees"))
    for (const json::value& fee : *fees)
      if (!fee.is_object() || IntAt(fee.get_object(), "amount_fen") <= 0 ||
          TextAt(fee.get_object(), "basis").empty())
        fault("fees", "收费项目须有金额和依据", "a fee needs an amount and a basis");
  if (Length(item, "objects") == 0)
    fault("objects", "没有服务对象", "nobody is served by this item");
  if (TextAt(item, "legal_basis").empty())
    fault("legal_basis", "没有设定依据", "there is no legal basis");
  int64_t days = 0;
  if (Length(item, "steps") == 0) fault("steps", "没有办理环节", "there are no steps");
  if (const json::array* steps = ArrayAt(item, "steps"))
    for (const json::value& step : *steps)
      if (step.is_object()) days += IntAt(step.get_object(), "days");
  if (days > promised)
    fault("steps", "各环节时限之和超过承诺时限", "the steps take longer than was promised");
  bool may_miss = false;
  std::map<std::string, int> names;
  if (const json::array* materials = ArrayAt(item, "materials")) {
    for (const json::value& each : *materials) {
      const json::object* material = each.if_object();
      if (material == nullptr || TextAt(*material, "name").empty()) {
        fault("materials", "材料没有名称", "a material has no name");
        continue;
      }
      if (++names[std::string(TextAt(*material, "name"))] > 1)
        fault("materials", "材料名称重复", "a material is named twice");
      bool missing = BoolAt(*material, "accept_missing");
      may_miss = may_miss || missing;
      if (missing != (IntAt(*material, "accept_missing_days") > 0))
        fault("materials", "容缺材料须写明补交期限",
              "a material that may follow needs its days, and only such a one");
      if (missing && !BoolAt(*material, "required"))
        fault("materials", "非必要材料无须容缺", "only a required material can follow later");
    }
  }
  if (may_miss != BoolAt(item, "accept_missing"))
    fault("accept_missing", "是否容缺受理与材料不一致",
          "accepting with missing materials disagrees with the materials");
  if (!TextAt(item, "yields").empty() && TextAt(item, "result_name").empty())
    fault("yields", "产生证照的事项须有结果名称", "what yields a certificate needs a result name");
  std::string_view from = TextAt(item, "effective_day"), until = TextAt(item, "cancel_day");
  if (!until.empty() && from >= until)
    fault("cancel_day", "取消日期应晚于生效日期", "it must be in force before it ends");
  return out;
}

std::vector<std::pair<size_t, ItemFault>> CheckTogether(const std::vector<json::object>& items) {
  std::vector<std::pair<size_t, ItemFault>> out;
  std::map<std::string, size_t> codes, basics;
  for (size_t i = 0; i < items.size(); ++i) {
    const json::object& item = items[i];
    if (!codes.emplace(std::string(TextAt(item, "code")), i).second)
      out.push_back({i, {"code", "实施编码重复", "the implementation code is used twice"}});
    auto [first, fresh] = basics.emplace(std::string(TextAt(item, "basic_code")), i);
    if (fresh) continue;
    for (const char* field : {"name", "item_type", "legal_basis"})
      if (TextAt(items[first->second], field) != TextAt(item, field))
        out.push_back({i,
                       {field, "同一基本编码的名称、类型、依据须一致",
                        "one basic code has one name, type and basis"}});
  }
  return out;
}
}  // namespace city::items
