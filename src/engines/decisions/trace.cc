// SPDX-License-Identifier: Apache-2.0
// Traces in words and as JSON.
#include "engines/decisions/trace.h"

#include <fmt/format.h>

#include "parts/feel/feel.h"

namespace city::decisions {
namespace {

std::string Show(const feel::Value& v) {
  std::string text = feel::ToLiteral(v);
  constexpr size_t kLong = 300;
  if (text.size() > kLong) {
    size_t cut = kLong;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    text = text.substr(0, cut) + "…";
  }
  return text;
}

void ExplainTable(std::string& out, const TableTrace& table, bool zh, bool all_rules) {
  for (const auto& [name, value] : table.inputs)
    out += zh ? fmt::format("    {} 为 {}\n", name, Show(value))
              : fmt::format("    {} is {}\n", name, Show(value));
  for (const RuleTrace& rule : table.rules) {
    if (rule.matched) {
      out += zh ? fmt::format("    规则 {} 命中", rule.number)
                : fmt::format("    rule {} matches", rule.number);
      for (size_t i = 0; i < rule.outputs.size(); ++i) {
        std::string name = i < table.outputs.size() ? table.outputs[i] : "";
        out += zh ? fmt::format("，{} = {}", name, Show(rule.outputs[i]))
                  : fmt::format(", {} = {}", name, Show(rule.outputs[i]));
      }
      out += '\n';
      for (const auto& [heading, text] : rule.annotations)
        if (!text.empty())
          out += fmt::format("      {}: {}\n", heading.empty() ? (zh ? "依据" : "basis") : heading,
                             text);
    } else if (all_rules && rule.failed_input >= 0) {
      const auto& [name, value] = table.inputs[static_cast<size_t>(rule.failed_input)];
      out += zh ? fmt::format("    规则 {} 未命中：{} 为 {}，要求 {}\n", rule.number, name,
                              Show(value), rule.failed_test)
                : fmt::format("    rule {} does not match: {} is {}, wanted {}\n", rule.number,
                              name, Show(value), rule.failed_test);
    }
  }
  if (table.defaulted)
    out += zh ? "    没有规则命中，取默认结果\n" : "    no rule matches; the default is taken\n";
}

json::array Pairs(const std::vector<std::pair<std::string, feel::Value>>& pairs) {
  json::array out;
  for (const auto& [name, value] : pairs)
    out.push_back(json::object{{"name", name}, {"value", feel::ToJson(value)}});
  return out;
}

}  // namespace

std::string Explain(const Trace& trace, Language language, bool all_rules) {
  bool zh = language == Language::kChinese;
  std::string out =
      zh ? fmt::format("决策模型 {}（版本 {}）\n", trace.model, trace.version)
         : fmt::format("Decision model {} (version {})\n", trace.model, trace.version);
  for (const DecisionTrace& decision : trace.decisions) {
    out += zh ? fmt::format("决策“{}”的结果是 {}\n", decision.name, Show(decision.value))
              : fmt::format("Decision \"{}\" gives {}\n", decision.name, Show(decision.value));
    for (const auto& [name, value] : decision.inputs)
      out += zh ? fmt::format("  依据 {} = {}\n", name, Show(value))
                : fmt::format("  from {} = {}\n", name, Show(value));
    for (const TableTrace& table : decision.tables) {
      out += zh ? fmt::format("  决策表“{}”，命中策略 {}\n", table.name, table.hit_policy)
                : fmt::format("  table \"{}\", hit policy {}\n", table.name, table.hit_policy);
      ExplainTable(out, table, zh, all_rules);
    }
  }
  return out;
}

json::value ToJson(const Trace& trace) {
  json::array decisions;
  for (const DecisionTrace& decision : trace.decisions) {
    json::array tables;
    for (const TableTrace& table : decision.tables) {
      json::array rules;
      for (const RuleTrace& rule : table.rules) {
        json::object row{{"rule", rule.number}, {"matched", rule.matched}};
        if (rule.matched) {
          json::array outputs;
          for (const feel::Value& output : rule.outputs) outputs.push_back(feel::ToJson(output));
          row["outputs"] = std::move(outputs);
          json::array notes;
          for (const auto& [heading, text] : rule.annotations)
            if (!text.empty()) notes.push_back(json::object{{"heading", heading}, {"text", text}});
          if (!notes.empty()) row["annotations"] = std::move(notes);
        } else if (rule.failed_input >= 0) {
          row["failed_input"] = rule.failed_input;
          row["failed_test"] = rule.failed_test;
        }
        rules.push_back(std::move(row));
      }
      json::array names;
      for (const std::string& name : table.outputs) names.push_back(json::value(name));
      tables.push_back(json::object{{"name", table.name},
                                    {"hit_policy", table.hit_policy},
                                    {"inputs", Pairs(table.inputs)},
                                    {"outputs", std::move(names)},
                                    {"defaulted", table.defaulted},
                                    {"rules", std::move(rules)}});
    }
    decisions.push_back(json::object{{"name", decision.name},
                                     {"id", decision.id},
                                     {"inputs", Pairs(decision.inputs)},
                                     {"tables", std::move(tables)},
                                     {"value", feel::ToJson(decision.value)}});
  }
  return json::object{
      {"model", trace.model}, {"version", trace.version}, {"decisions", std::move(decisions)}};
}

}  // namespace city::decisions
