// SPDX-License-Identifier: Apache-2.0
// FEEL as the expression language of processes.
#include <memory>
#include <vector>

#include "engines/flow/errors.h"
#include "engines/flow/expressions.h"
#include "parts/feel/feel.h"

namespace city::flow {
namespace {

class FeelExpression : public Expression {
 public:
  FeelExpression(feel::Expression program, std::vector<std::string> names)
      : program_(std::move(program)), names_(std::move(names)) {}

  Result<json::value> Evaluate(const Variables& variables, Time now) const override {
    // Only what the expression names is handed over, whatever else the process carries.
    constexpr std::size_t kFew = 8;
    feel::Value few[kFew];
    std::vector<feel::Value> many;
    feel::Value* inputs = few;
    if (names_.size() > kFew) {
      many.resize(names_.size());
      inputs = many.data();
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (const auto* value = variables.Find(names_[i])) inputs[i] = feel::FromJson(*value);
    }
    feel::Settings settings;
    settings.now = now;
    feel::Diagnostics diagnostics;
    auto value = feel::Evaluate(program_, std::span<const feel::Value>(inputs, names_.size()),
                                settings, &diagnostics);
    if (diagnostics.limit_exceeded) {
      return error::kBadExpression({{"text", program_.text()}, {"reason", "limit"}});
    }
    return feel::ToJson(value);
  }

 private:
  feel::Expression program_;
  std::vector<std::string> names_;
};

class FeelLanguage : public ExpressionLanguage {
 public:
  Result<std::unique_ptr<const Expression>> Compile(std::string_view text) const override {
    // Variables of a process are not declared anywhere: the first pass finds their names.
    feel::Scope open;
    open.lenient = true;
    auto draft = feel::Compile(text, open);
    if (!draft) return Fail(draft.error());
    feel::Scope scope;
    scope.lenient = true;
    auto names = draft->unknown();
    for (const auto& name : names) scope.Declare(name);
    auto program = feel::Compile(text, scope);
    if (!program) return Fail(program.error());
    return std::unique_ptr<const Expression>(
        std::make_unique<FeelExpression>(std::move(*program), std::move(names)));
  }
};

}  // namespace

const ExpressionLanguage& Feel() {
  static const FeelLanguage language;
  return language;
}

}  // namespace city::flow
