// SPDX-License-Identifier: Apache-2.0
// Forms that must be refused, with the place that is wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engines/forms/errors.h"
#include "engines/forms/forms.h"

namespace city::forms {
namespace {

TEST(Load, RefusesEveryWrongFormAndNamesThePlace) {
  const std::string path = CITY_SOURCE_DIR "/src/engines/forms/forms.examples.json";
  std::ostringstream text;
  std::ifstream file(path);
  text << file.rdbuf();
  const json::value examples = json::parse(text.str(), {}, {.max_depth = 128});
  for (const json::value& one : examples.at("refused").as_array()) {
    const std::string name(TextAt(one.as_object(), "name"));
    const auto form = Load(one.at("form"));
    ASSERT_FALSE(form.has_value()) << name;
    EXPECT_TRUE(form.error().Is(error::kFormWrong)) << name;
    const std::string_view pointer = TextAt(one.as_object(), "pointer");
    if (pointer.empty()) continue;
    const auto& details = form.error().details;
    EXPECT_TRUE(std::any_of(details.begin(), details.end(),
                            [&](const ErrorDetail& detail) { return detail.pointer == pointer; }))
        << name << ": " << form.error().ToLine();
  }
}

TEST(Load, RefusesWhatIsNoObject) {
  EXPECT_EQ(Load(json::value(3)).error().kind(), Kind::kInvalidInput);
  EXPECT_EQ(Load(json::object{}).error().details.size(), 2u);
}

}  // namespace
}  // namespace city::forms
