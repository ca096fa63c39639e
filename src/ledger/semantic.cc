// SPDX-License-Identifier: Apache-2.0
#include "ledger/semantic.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <cmath>

#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "ledger/identity_codes.h"

namespace city::ledger {
namespace {
tl::unexpected<ErrorDetail> Bad(const Field& field, std::string keyword, std::string zh,
                                std::string en) {
  return tl::unexpected(
      ErrorDetail{"/" + field.name, std::move(keyword), field.label.zh + zh, field.label.en + en});
}

bool Matches(const std::string& pattern, std::string_view text) {
  int code = 0;
  PCRE2_SIZE at = 0;
  std::string whole = "^(?:" + pattern + ")$";
  pcre2_code* compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(whole.data()), whole.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, &code, &at, nullptr);
  if (compiled == nullptr) return false;
  pcre2_match_data* match = pcre2_match_data_create_from_pattern(compiled, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(context, 100'000);
  int found = pcre2_match(compiled, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                          match, context);
  pcre2_match_context_free(context);
  pcre2_match_data_free(match);
  pcre2_code_free(compiled);
  return found >= 0;
}

tl::expected<Stored, ErrorDetail> TextToStored(const Field& field, std::string text,
                                               const CodeList* list) {
  Stored out;
  switch (field.meaning) {
    case Meaning::kCitizenId:
      if (!text.empty() && text.back() == 'x') text.back() = 'X';
      if (!IsCitizenId(text))
        return Bad(field, "format", "不是有效的身份证号", " is not a valid identity number");
      break;
    case Meaning::kCreditCode: {
      for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      CreditCodeState state = CheckCreditCode(text);
      if (state == CreditCodeState::kMalformed)
        return Bad(field, "format", "不是统一社会信用代码", " is not a unified social credit code");
      out.doubtful = state == CreditCodeState::kCheckFails;
      break;
    }
    case Meaning::kPhone: {
      bool line = text.size() >= 7 && text.size() <= 16 &&
                  text.find_first_not_of("0123456789-+") == std::string::npos;
      if (!line || (text.size() == 11 && text[0] == '1' && !IsMobile(text)))
        return Bad(field, "format", "不是有效的电话号码", " is not a telephone number");
      break;
    }
    case Meaning::kDivision:
      if (!IsDivisionCode(text))
        return Bad(field, "format", "不是行政区划代码", " is not a division code");
      break;
    case Meaning::kDate:
      if (!ParseDate(text))
        return Bad(field, "format", "须为年-月-日", " must be a date such as 2026-01-31");
      break;
    case Meaning::kCode:
      if (list != nullptr && !list->Has(text))
        return Bad(field, "enum", "不在代码表中", " is not in its code list");
      break;
    case Meaning::kReference:
    case Meaning::kFile:
      if (text.empty() || text.size() > 64)
        return Bad(field, "format", "不是有效的编号", " is not a valid key");
      break;
    default: {
      size_t length = LengthOf(text);
      size_t most = field.max > 0 ? static_cast<size_t>(field.max) : 2000;
      if (length > most)
        return Bad(field, "maxLength", fmt::format("最多 {} 个字", most),
                   fmt::format(" has at most {} signs", most));
      if (field.required && Trim(text).empty())
        return Bad(field, "required", "不能为空", " must not be empty");
      if (!field.pattern.empty() && !Matches(field.pattern, text))
        return Bad(field, "pattern", "格式不符合要求", " does not have the required form");
    }
  }
  if (text.find('\0') != std::string::npos)
    return Bad(field, "format", "含有不允许的字符", " holds a sign that is not allowed");
  out.value = std::move(text);
  return out;
}

tl::expected<Stored, ErrorDetail> NumberToStored(const Field& field, const json::value& value) {
  double number = 0;
  int64_t whole = 0;
  bool is_whole = false;
  if (value.is_int64()) {
    whole = value.get_int64();
    number = static_cast<double>(whole);
    is_whole = true;
  } else if (value.is_double()) {
    number = value.get_double();
    if (std::trunc(number) == number && std::abs(number) < 9.0e15) {
      whole = static_cast<int64_t>(number);
      is_whole = true;
    }
  } else {
    return Bad(field, "type", "须为数字", " must be a number");
  }
  if (!std::isfinite(number)) return Bad(field, "type", "须为数字", " must be a number");
  if (field.meaning != Meaning::kNumber && !is_whole)
    return Bad(field, "type", "须为整数", " must be a whole number");
  if (field.least && number < *field.least)
    return Bad(field, "minimum", fmt::format("不能小于 {}", *field.least),
               fmt::format(" must not be below {}", *field.least));
  if (field.most && number > *field.most)
    return Bad(field, "maximum", fmt::format("不能大于 {}", *field.most),
               fmt::format(" must not be above {}", *field.most));
  if (field.meaning == Meaning::kNumber) return Stored{number, false};
  return Stored{whole, false};
}
}  // namespace

tl::expected<Stored, ErrorDetail> ToStored(const Field& field, const json::value& value,
                                           const CodeList* list) {
  if (value.is_null()) {
    if (field.required) return Bad(field, "required", "不能为空", " must not be empty");
    return Stored{};
  }
  if (field.list_of) {
    if (!value.is_array()) return Bad(field, "type", "须为列表", " must be a list");
    if (value.get_array().size() > 1000)
      return Bad(field, "maxItems", "项目过多", " has too many items");
    Field single = field;
    single.list_of = false;
    json::array kept;
    for (const json::value& item : value.get_array()) {
      auto stored = ToStored(single, item, list);
      if (!stored) return stored;
      kept.push_back(item);
    }
    return Stored{ToText(kept), false};
  }
  switch (field.meaning) {
    case Meaning::kMoney:
    case Meaning::kInteger:
    case Meaning::kNumber:
      return NumberToStored(field, value);
    case Meaning::kBoolean:
      if (!value.is_bool()) return Bad(field, "type", "须为是或否", " must be true or false");
      return Stored{int64_t{value.get_bool() ? 1 : 0}, false};
    case Meaning::kTime: {
      if (!value.is_string()) return Bad(field, "type", "须为时间", " must be a time");
      auto time = ParseTime({value.get_string().data(), value.get_string().size()});
      if (!time) return Bad(field, "format", "不是有效的时间", " is not a valid time");
      return Stored{ToMicros(*time), false};
    }
    case Meaning::kJson:
    case Meaning::kGeometry: {
      std::string text = ToText(value);
      if (text.size() > (1u << 20)) return Bad(field, "maxLength", "内容过大", " is too large");
      if (field.meaning == Meaning::kGeometry &&
          (!value.is_object() || value.get_object().if_contains("type") == nullptr ||
           value.get_object().if_contains("coordinates") == nullptr))
        return Bad(field, "format", "不是 GeoJSON 图形", " is not a GeoJSON geometry");
      return Stored{std::move(text), false};
    }
    default:
      if (!value.is_string()) return Bad(field, "type", "须为文字", " must be text");
      return TextToStored(field, std::string(value.get_string().data(), value.get_string().size()),
                          list);
  }
}

std::string Masked(const Field& field, std::string_view text) {
  std::vector<char32_t> signs = CodePoints(text);
  auto keep = [&](size_t head, size_t tail) {
    std::string out;
    for (size_t i = 0; i < signs.size(); ++i) {
      if (i < head || i + tail >= signs.size()) {
        AppendUtf8(out, signs[i]);
      } else {
        out += '*';
      }
    }
    return out;
  };
  switch (field.meaning) {
    case Meaning::kCitizenId:
      return signs.size() < 8 ? "***" : keep(3, 2);
    case Meaning::kPhone:
      return signs.size() < 8 ? "***" : keep(3, 4);
    case Meaning::kCreditCode:
      return signs.size() < 12 ? "***" : keep(4, 4);
    case Meaning::kText:
      // Short texts are names; of longer ones (addresses) the beginning tells the place, not the
      // door.
      if (signs.empty()) return "";
      if (signs.size() <= 4) return keep(1, 0);
      return keep(std::min<size_t>(6, signs.size() / 3), 0);
    default:
      return "***";
  }
}

void AppendJson(std::string& out, const Field& field, store::Rows& rows, int column, bool masked) {
  if (rows.IsNull(column)) {
    out += "null";
    return;
  }
  if (masked) {
    AppendJsonString(out, field.Column() == ColumnType::kText && !field.list_of
                              ? Masked(field, rows.Text(column))
                              : "***");
    return;
  }
  if (field.list_of || field.meaning == Meaning::kJson || field.meaning == Meaning::kGeometry) {
    out += rows.Text(column);
    return;
  }
  switch (field.meaning) {
    case Meaning::kBoolean:
      out += rows.Int(column) != 0 ? "true" : "false";
      break;
    case Meaning::kMoney:
    case Meaning::kInteger:
      fmt::format_to(std::back_inserter(out), "{}", rows.Int(column));
      break;
    case Meaning::kNumber:
      fmt::format_to(std::back_inserter(out), "{}", rows.Number(column));
      break;
    case Meaning::kTime:
      AppendJsonString(out, IsoChina(FromMicros(rows.Int(column))));
      break;
    default:
      AppendJsonString(out, rows.Text(column));
  }
}

std::string PlainOf(const store::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return {};
}

void AppendPlain(std::string& out, const Field& field, std::string_view plain, bool masked) {
  if (masked) {
    bool words = !field.list_of &&
                 (field.meaning == Meaning::kText || field.meaning == Meaning::kCitizenId ||
                  field.meaning == Meaning::kPhone || field.meaning == Meaning::kCreditCode);
    AppendJsonString(out, words ? Masked(field, plain) : "***");
    return;
  }
  if (field.list_of || field.meaning == Meaning::kJson || field.meaning == Meaning::kGeometry) {
    out += plain;
    return;
  }
  switch (field.meaning) {
    case Meaning::kBoolean:
      out += plain == "1" ? "true" : "false";
      break;
    case Meaning::kMoney:
    case Meaning::kInteger:
    case Meaning::kNumber:
      out += plain;
      break;
    case Meaning::kTime:
      AppendJsonString(out,
                       IsoChina(FromMicros(std::strtoll(std::string(plain).c_str(), nullptr, 10))));
      break;
    default:
      AppendJsonString(out, plain);
  }
}
}  // namespace city::ledger
