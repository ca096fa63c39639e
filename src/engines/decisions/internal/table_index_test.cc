// SPDX-License-Identifier: Apache-2.0
// The bound form of a table and the general evaluator agree on random tables and inputs.
#include "engines/decisions/internal/table_index.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.h"
#include "engines/decisions/model.h"

namespace city::decisions {
namespace {

using feel::Value;

const char* const kNumbers[] = {"0",
                                "1",
                                "-1",
                                "18",
                                "18.5",
                                "17.99",
                                "1000",
                                "1e3",
                                "-0.1",
                                "99999999999999999999",
                                "0.000000000001"};
const char* const kTexts[] = {"\"\"",     "\"a\"",  "\"b\"", "\"ab\"",
                              "\"食品\"", "\"zz\"", "\"A\"", "\"a \""};
const char* const kDates[] = {"@\"2026-01-01\"", "@\"2026-01-02\"", "@\"2025-12-31\"",
                              "@\"2026-03-01\"", "@\"1999-12-31\""};
const char* const kBooleans[] = {"true", "false"};

std::string Escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

struct Maker {
  SeededRandom random;

  std::string Constant(int kind) {
    switch (kind) {
      case 0:
        return kNumbers[random.Below(std::size(kNumbers))];
      case 1:
        return kTexts[random.Below(std::size(kTexts))];
      case 2:
        return kDates[random.Below(std::size(kDates))];
      default:
        return kBooleans[random.Below(2)];
    }
  }

  std::string Cell(int kind) {
    std::string a = Constant(kind), b = Constant(kind);
    switch (random.Below(kind == 3 ? 4 : 16)) {
      case 0:
        return "-";
      case 1:
        return a;
      case 2:
        return "not(" + a + ")";
      case 3:
        return a + "," + b;
      case 4:
        return "< " + a;
      case 5:
        return "<= " + a;
      case 6:
        return "> " + a;
      case 7:
        return ">= " + a;
      case 8:
        return "[" + a + ".." + b + "]";
      case 9:
        return "(" + a + ".." + b + "]";
      case 10:
        return "[" + a + ".." + b + ")";
      case 11:
        return "not(< " + a + ", " + b + ")";
      case 12:
        return "? > " + a + " and ? < " + b;
      case 13:
        return "null";
      case 14:  // of another kind
        return Constant(static_cast<int>(random.Below(4)));
      default:  // not a matter of constants
        return kind == 1 ? "string length(?) > 1" : "? != null";
    }
  }

  std::string Model(std::vector<int>& kinds) {
    static const char* const kPolicies[] = {"FIRST",      "UNIQUE",       "ANY",     "COLLECT",
                                            "RULE ORDER", "OUTPUT ORDER", "PRIORITY"};
    static const char* const kTypes[] = {"number", "string", "date", "boolean"};
    size_t columns = 1 + random.Below(4), rules = 1 + random.Below(random.Chance(0.1) ? 90 : 9);
    std::string xml = "<definitions name=\"m\" namespace=\"urn:m\">";
    std::string needs, inputs;
    for (size_t c = 0; c < columns; ++c) {
      kinds.push_back(static_cast<int>(random.Below(4)));
      std::string n = "x" + std::to_string(c);
      std::string type =
          random.Chance(0.7) ? std::string(" typeRef=\"") + kTypes[kinds[c]] + "\"" : "";
      xml += "<inputData id=\"" + n + "\" name=\"" + n + "\"><variable name=\"" + n + "\"" + type +
             "/></inputData>";
      needs +=
          "<informationRequirement><requiredInput href=\"#" + n + "\"/></informationRequirement>";
      inputs += "<input><inputExpression><text>" + n + "</text></inputExpression></input>";
    }
    xml += "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>" + needs +
           "<decisionTable hitPolicy=\"" + kPolicies[random.Below(std::size(kPolicies))] + "\">" +
           inputs;
    bool two = random.Chance(0.3);
    xml += "<output name=\"o\">";
    if (random.Chance(0.5)) xml += "<outputValues><text>3, 2, 1, 0</text></outputValues>";
    if (random.Chance(0.3)) xml += "<defaultOutputEntry><text>9</text></defaultOutputEntry>";
    xml += "</output>";
    if (two) xml += "<output name=\"p\"/>";
    for (size_t r = 0; r < rules; ++r) {
      xml += "<rule>";
      for (size_t c = 0; c < columns; ++c)
        xml += "<inputEntry><text>" + Escaped(Cell(kinds[c])) + "</text></inputEntry>";
      xml += "<outputEntry><text>" + std::to_string(random.Below(4)) + "</text></outputEntry>";
      if (two)
        xml += random.Chance(0.2) ? "<outputEntry><text>x0</text></outputEntry>"
                                  : "<outputEntry><text>\"w\"</text></outputEntry>";
      xml += "</rule>";
    }
    return xml + "</decisionTable></decision></definitions>";
  }

  Value Input(int kind) {
    if (random.Chance(0.06)) return Value();
    if (random.Chance(0.05)) kind = static_cast<int>(random.Below(4));
    std::string text = Constant(kind);
    // Beside the constants as often as on them.
    if (kind == 0 && random.Chance(0.5)) text += random.Chance(0.5) ? " + 0.01" : " - 1";
    if (kind == 1 && random.Chance(0.3)) text += " + \"a\"";
    return feel::Evaluate(*feel::Compile(text, {}), std::span<const Value>());
  }
};

TEST(TableIndex, AgreesWithTheEvaluatorOnRandomTables) {
  const char* longer = std::getenv("CITY_LONG");
  int tables = longer != nullptr && std::string(longer) == "1" ? 40'000 : 4'000;
  int decided = 0, different = 0;
  for (int t = 0; t < tables && different < 5; ++t) {
    Maker maker{SeededRandom(static_cast<uint64_t>(t) + 1)};
    std::vector<int> kinds;
    std::string xml = maker.Model(kinds);
    auto model = Model::Load({"m", xml});
    ASSERT_TRUE(model) << xml;
    for (int i = 0; i < 12; ++i) {
      feel::ContextBuilder context;
      for (size_t c = 0; c < kinds.size(); ++c)
        if (!maker.random.Chance(0.03)) context.Add("x" + std::to_string(c), maker.Input(kinds[c]));
      Value inputs = context.Build();
      // A trace is always made cell by cell.
      DecideOptions slow;
      slow.trace = true;
      auto quick = (*model)->Decide("d", inputs);
      auto general = (*model)->Decide("d", inputs, slow);
      ASSERT_TRUE(quick && general);
      std::string a = feel::ToLiteral(quick->value), b = feel::ToLiteral(general->value);
      ++decided;
      std::string told_a, told_b;
      // Cells of rules that another column rules out are not asked, so they tell nothing; what the
      // table itself tells must be the same.
      for (const Error& error : quick->remarks)
        if (error.code().starts_with("decisions.")) told_a += error.ToLine();
      for (const Error& error : general->remarks)
        if (error.code().starts_with("decisions.")) told_b += error.ToLine();
      if (a != b || told_a != told_b) {
        ++different;
        ADD_FAILURE() << "table " << t << " with " << feel::ToLiteral(inputs) << ": " << a
                      << " instead of " << b << "\n"
                      << told_a << " / " << told_b << "\n"
                      << xml;
      }
    }
  }
  EXPECT_GT(decided, tables * 11);
}

TEST(TableIndex, KnowsWhichColumnsAreNotMadeOfConstants) {
  TableLogic table;
  feel::Scope scope;
  auto column = [&](const std::vector<std::string>& tests) {
    TableLogic::Input input;
    for (const std::string& test : tests)
      input.tests.push_back(*feel::Compile(test, scope, feel::Mode::kUnaryTests));
    table.inputs.push_back(std::move(input));
  };
  column({"< 18", "[18..60)"});
  column({"\"a\"", "string length(?) > 2"});
  column({"-", "-"});
  table.rules.push_back({{0, 0, 0}, {}, {}, {}});
  table.rules.push_back({{1, 1, 1}, {}, {}, {}});
  auto index = TableIndex::Make(table);
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->columns[0].form(), ColumnIndex::Form::kNumber);
  EXPECT_EQ(index->columns[1].form(), ColumnIndex::Form::kOpen);
  EXPECT_EQ(index->columns[2].form(), ColumnIndex::Form::kAny);
  auto rules = [&](const char* number) {
    return *index->columns[0].Find(Value::Of(*feel::Number::Parse(number)));
  };
  EXPECT_EQ(rules("17.999"), 0b01u);
  EXPECT_EQ(rules("18"), 0b10u);
  EXPECT_EQ(rules("59.5"), 0b10u);
  EXPECT_EQ(rules("60"), 0u);
  EXPECT_EQ(index->columns[0].Find(Value::Of("18")), nullptr);
  EXPECT_EQ(index->columns[0].Find(Value()), nullptr);
}

}  // namespace
}  // namespace city::decisions
