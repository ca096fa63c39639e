// SPDX-License-Identifier: Apache-2.0
// Refuses a form that one of the evaluators would not understand; the twin of load.ts.
#include <algorithm>
#include <array>
#include <string_view>

#include "engines/forms/errors.h"
#include "engines/forms/formats.h"
#include "engines/forms/forms.h"
#include "engines/forms/internal/pattern.h"
#include "engines/forms/internal/schema.h"

namespace city::forms {
namespace {

constexpr int kMaxFormDepth = 32;
constexpr int kMaxFormParts = 20'000;
constexpr size_t kMaxDetails = 100;

template <size_t N>
bool In(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}
constexpr std::array<std::string_view, 10> kAnnotations = {
    "$schema", "$id",      "$comment",   "title",    "description",
    "default", "examples", "deprecated", "readOnly", "writeOnly"};
constexpr std::array<std::string_view, 7> kTypes = {"string", "number", "integer", "boolean",
                                                    "array",  "object", "null"};
constexpr std::array<std::string_view, 12> kWidgets = {
    "text",   "textarea",   "number", "money",   "date",       "radio",
    "select", "checkboxes", "switch", "address", "attachment", "rows"};
constexpr std::array<std::string_view, 4> kCounts = {"minLength", "maxLength", "minItems",
                                                     "maxItems"};
constexpr std::array<std::string_view, 4> kBounds = {"minimum", "maximum", "exclusiveMinimum",
                                                     "exclusiveMaximum"};
constexpr std::array<std::string_view, 6> kInner = {
    "items", "additionalProperties", "not", "if", "then", "else"};
constexpr std::array<std::string_view, 3> kLists = {"allOf", "anyOf", "oneOf"};

struct Reason {
  std::string_view keyword, zh, en;
};
constexpr Reason kUnknown = {"unknown", "有不认识的关键字", "unknown keyword"};
constexpr Reason kType = {"type", "类型不对", "wrong type"};
constexpr Reason kValue = {"value", "取值不对", "value not allowed"};
constexpr Reason kMissing = {"missing", "缺少内容", "missing"};
constexpr Reason kReference = {"reference", "引用无效", "reference leads nowhere"};
constexpr Reason kTooMuch = {"limit", "层次过深或内容过多", "too deep or too large"};

bool IsWords(const json::value* value) {
  return value && value->is_object() && !TextAt(value->get_object(), "zh").empty();
}
bool IsNames(const json::value& value) {
  return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                         [](const json::value& one) { return one.is_string(); });
}
bool IsCount(const json::value& value) {
  if (value.is_int64()) return value.get_int64() >= 0;
  if (value.is_double()) {
    const double number = value.get_double();
    return number >= 0 && number < 1e15 &&
           number == static_cast<double>(static_cast<int64_t>(number));
  }
  return value.is_uint64();
}
/// `/a/b`: one or more parts, none empty.
bool IsScope(std::string_view text) {
  return !text.empty() && text.front() == '/' && text.back() != '/' &&
         text.find("//") == std::string_view::npos;
}

class Loader {
 public:
  explicit Loader(const json::object& form) : form_(form) {}

  Result<Form> Run() {
    const json::value* schema = form_.if_contains("schema");
    const json::value* ui = form_.if_contains("ui");
    Schema(schema, "/schema", 0, schema);
    Elements(ui, "/ui", 0);
    if (!details_.empty()) {
      const ErrorDetail& first = details_.front();
      Error error{
          &error::kFormWrong,
          {{"pointer", first.pointer}, {"reason_zh", first.says_zh}, {"reason_en", first.says_en}},
          std::move(details_)};
      return tl::unexpected(std::move(error));
    }
    return Form{*schema, *ui, patterns_};
  }

 private:
  void Bad(const std::string& pointer, const Reason& reason) {
    if (details_.size() < kMaxDetails) {
      details_.push_back(
          {pointer, std::string(reason.keyword), std::string(reason.zh), std::string(reason.en)});
    }
  }

  void Schema(const json::value* part, const std::string& at, int depth, const json::value* refs) {
    if (depth > kMaxFormDepth || ++parts_ > kMaxFormParts) return Bad(at, kTooMuch);
    if (part != nullptr && part->is_bool()) return;
    if (part == nullptr || !part->is_object()) return Bad(at, kType);
    for (const auto& [keyword, value] : part->get_object()) {
      Keyword(keyword, value, at + "/" + PointerPart(keyword), depth, refs);
    }
  }

  void Keyword(std::string_view keyword, const json::value& value, const std::string& here,
               int depth, const json::value* refs) {
    if (keyword == "type") {
      const auto known = [](const json::value& one) {
        return one.is_string() && In(kTypes, one.get_string());
      };
      const bool fine = value.is_array() ? !value.get_array().empty() &&
                                               std::all_of(value.get_array().begin(),
                                                           value.get_array().end(), known)
                                         : known(value);
      if (!fine) Bad(here, kValue);
    } else if (keyword == "enum") {
      if (!value.is_array() || value.get_array().empty()) Bad(here, kType);
    } else if (In(kCounts, keyword)) {
      if (!IsCount(value)) Bad(here, kValue);
    } else if (In(kBounds, keyword)) {
      if (!value.is_number()) Bad(here, kType);
    } else if (keyword == "uniqueItems") {
      if (!value.is_bool()) Bad(here, kType);
    } else if (keyword == "pattern") {
      if (!value.is_string() || !patterns_->Add(value.get_string())) Bad(here, kValue);
    } else if (keyword == "format") {
      if (!value.is_string() || !HasFormat(value.get_string(), "")) Bad(here, kValue);
    } else if (keyword == "required") {
      if (!IsNames(value)) Bad(here, kType);
    } else if (keyword == "dependentRequired") {
      const bool fine =
          value.is_object() && std::all_of(value.get_object().begin(), value.get_object().end(),
                                           [](const auto& pair) { return IsNames(pair.value()); });
      if (!fine) Bad(here, kType);
    } else if (keyword == "$ref") {
      const std::string_view ref = value.is_string() ? std::string_view(value.get_string()) : "";
      const bool local = ref == "#" || ref.starts_with("#/$defs/");
      if (!local || refs == nullptr || ValueAt(*refs, ref.substr(1)) == nullptr) {
        Bad(here, kReference);
      }
    } else if (keyword == "properties" || keyword == "$defs") {
      if (!value.is_object()) return Bad(here, kType);
      for (const auto& [name, one] : value.get_object()) {
        Schema(&one, here + "/" + PointerPart(name), depth + 1, refs);
      }
    } else if (In(kInner, keyword)) {
      Schema(&value, here, depth + 1, refs);
    } else if (In(kLists, keyword)) {
      if (!value.is_array() || value.get_array().empty()) return Bad(here, kType);
      for (size_t at = 0; at < value.get_array().size(); ++at) {
        Schema(&value.get_array()[at], here + "/" + std::to_string(at), depth + 1, refs);
      }
    } else if (keyword != "const" && !In(kAnnotations, keyword)) {
      Bad(here, kUnknown);
    }
  }

  void Elements(const json::value* list, const std::string& at, int depth) {
    if (list == nullptr || !list->is_array()) return Bad(at, kType);
    for (size_t index = 0; index < list->get_array().size(); ++index) {
      Element(list->get_array()[index], at + "/" + std::to_string(index), depth + 1);
    }
  }

  void Element(const json::value& part, const std::string& at, int depth) {
    if (depth > kMaxFormDepth || ++parts_ > kMaxFormParts) return Bad(at, kTooMuch);
    if (!part.is_object()) return Bad(at, kType);
    const json::object& element = part.get_object();
    const std::string_view type = TextAt(element, "type");
    if (const json::value* rule = element.if_contains("rule")) Rule(*rule, at + "/rule");
    if (type == "Control") {
      if (!IsScope(TextAt(element, "scope"))) Bad(at + "/scope", kMissing);
      if (!IsWords(element.if_contains("label"))) Bad(at + "/label", kMissing);
      const json::value* widget = element.if_contains("widget");
      if (widget && !(widget->is_string() && In(kWidgets, widget->get_string()))) {
        Bad(at + "/widget", kValue);
      }
      const json::value* elements = element.if_contains("elements");
      if (elements || TextAt(element, "widget") == "rows") {
        Elements(elements, at + "/elements", depth);
      }
    } else if (type == "Group" || type == "Step") {
      if (!IsWords(element.if_contains("title"))) Bad(at + "/title", kMissing);
      Elements(element.if_contains("elements"), at + "/elements", depth);
    } else if (type == "Text") {
      if (!IsWords(element.if_contains("text"))) Bad(at + "/text", kMissing);
    } else {
      Bad(at + "/type", kValue);
    }
  }

  void Rule(const json::value& part, const std::string& at) {
    if (!part.is_object()) return Bad(at, kType);
    const std::string_view effect = TextAt(part.get_object(), "effect");
    if (effect != "SHOW" && effect != "HIDE") Bad(at + "/effect", kValue);
    const json::object* condition = ObjectAt(part.get_object(), "condition");
    if (condition == nullptr) return Bad(at + "/condition", kMissing);
    std::string_view scope = TextAt(*condition, "scope");
    if (scope.starts_with('.')) scope.remove_prefix(1);
    if (!IsScope(scope)) Bad(at + "/condition/scope", kValue);
    const json::value* schema = condition->if_contains("schema");
    const bool own = schema && schema->is_object() && schema->get_object().contains("$defs");
    Schema(schema, at + "/condition/schema", 0, own ? schema : form_.if_contains("schema"));
  }

  const json::object& form_;
  std::shared_ptr<Patterns> patterns_ = std::make_shared<Patterns>();
  std::vector<ErrorDetail> details_;
  int parts_ = 0;
};

}  // namespace

Result<Form> Load(const json::value& form) {
  if (!form.is_object()) {
    return error::kFormWrong({{"pointer", "/"},
                              {"reason_zh", std::string(kType.zh)},
                              {"reason_en", std::string(kType.en)}});
  }
  return Loader(form.get_object()).Run();
}

}  // namespace city::forms
