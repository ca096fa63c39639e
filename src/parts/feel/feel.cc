// SPDX-License-Identifier: Apache-2.0
// Compiling and evaluating, for those outside.
#include "parts/feel/feel.h"

#include "parts/feel/errors.h"
#include "parts/feel/internal/machine.h"
#include "parts/feel/internal/parser.h"

namespace city::feel {
namespace {

void Shape(const Node& node, CellShape& out) {
  switch (node.op) {
    case Op::kConstant:
      out.constants.push_back(node.value);
      break;
    case Op::kTested:
    case Op::kTestAny:
    case Op::kTests:
    case Op::kNotTests:
    case Op::kTestCompare:
    case Op::kTestValue:
    case Op::kTestBoolean:
    case Op::kInterval:
    case Op::kUnaryRange:
    case Op::kList:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessOrEqual:
    case Op::kGreater:
    case Op::kGreaterOrEqual:
    case Op::kBetween:
    case Op::kIn:
    case Op::kAnd:
    case Op::kOr:
      break;
    default:
      out.closed = false;
  }
  for (uint32_t i = 0; i < node.count; ++i)
    if (node.kids[i] != nullptr) Shape(*node.kids[i], out);
}

}  // namespace

CellShape ShapeOf(const Expression& tests) {
  CellShape out;
  if (!tests) return out;
  out.closed = true;
  Shape(*tests.program().root, out);
  return out;
}

const std::string& Expression::text() const { return program_->text; }
bool Expression::IsAny() const { return program_->any; }
const std::vector<int>& Expression::used() const { return program_->used; }
const std::vector<std::string>& Expression::unknown() const { return program_->unknown; }
TypePtr Expression::type() const { return program_->type; }

std::string NormalizedName(std::string_view name) { return NormalizeName(name); }

Result<Expression> Compile(std::string_view text, const Scope& scope, Mode mode) {
  if (text.size() > kMaxExpressionBytes)
    return error::kTooLong({{"limit", std::to_string(kMaxExpressionBytes)}});
  auto program = std::make_shared<Program>();
  program->text = text;
  program->external = scope.external;
  Parser parser(program->text, scope, *program);
  TRY_VOID(parser.Run(mode));
  program->plain = mode == Mode::kUnaryTests && IsPlain(*program->root);
  return Expression(std::move(program));
}

Value Evaluate(const Expression& expression, std::span<const Value> inputs,
               const Settings& settings, Diagnostics* diagnostics) {
  if (diagnostics != nullptr) *diagnostics = {};
  CallFrame frame(settings, diagnostics);
  return frame.Evaluate(expression, inputs);
}

Value Evaluate(const Expression& expression, const Value& context, const Settings& settings,
               Diagnostics* diagnostics) {
  const Program& program = expression.program();
  std::vector<Value> inputs(program.inputs.size());
  if (context.IsContext())
    for (int i : program.used)
      if (const Value* found = context.context().Find(program.inputs[static_cast<size_t>(i)]))
        inputs[static_cast<size_t>(i)] = *found;
  return Evaluate(expression, std::span<const Value>(inputs), settings, diagnostics);
}

Value Test(const Expression& tests, const Value& tested, std::span<const Value> inputs,
           const Settings& settings, Diagnostics* diagnostics) {
  if (diagnostics != nullptr) *diagnostics = {};
  CallFrame frame(settings, diagnostics);
  return frame.Test(tests, tested, inputs);
}

}  // namespace city::feel
