// SPDX-License-Identifier: Apache-2.0
// Evaluates bound nodes. Values are handed on by reference wherever somebody else keeps them.
#pragma once

#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/node.h"

namespace city::feel {

class Machine {
 public:
  Machine(CallFrame& frame, std::span<const Value> inputs, const Value* tested, Value* locals,
          const Value* captures, const Program& program)
      : frame_(frame),
        inputs_(inputs),
        tested_(tested),
        locals_(locals),
        captures_(captures),
        program_(program) {}

  /// The value of a node: either `out`, or a value that outlives the evaluation of this node.
  const Value& Eval(const Node& node, Value& out);

 private:
  const Value& Compound(const Node& node, Value& out);
  const Value& Compare(const Node& node, Value& out);
  const Value& Arithmetic(const Node& node, Value& out);
  const Value& Path(const Node& node, Value& out);
  const Value& Logic(const Node& node, Value& out);
  const Value& Filter(const Node& node, Value& out);
  const Value& For(const Node& node, Value& out);
  const Value& Quantified(const Node& node, Value& out);
  const Value& MakeContext(const Node& node, Value& out);
  const Value& MakeFunction(const Node& node, Value& out);
  const Value& MakeExternal(const Node& node, Value& out);
  const Value& MakeInterval(const Node& node, Value& out);
  const Value& MakeUnaryRange(const Node& node, Value& out);
  const Value& CallBuiltinNode(const Node& node, Value& out);
  const Value& CallValue(const Node& node, Value& out);
  Value TestOne(const Node& node, const Value& tested, bool cell);
  /// Runs `body` for each value of the iterations from `level` on; false to end early.
  template <class Body>
  bool Iterate(const Node& node, size_t level, bool& valid, const Body& body);
  void Tell(const ErrorRow& row, ErrorParams params, const Node& node);
  void TellTypes(const Node& node, const Value& a, const Value& b);

  CallFrame& frame_;
  std::span<const Value> inputs_;
  const Value* tested_;
  Value* locals_;
  const Value* captures_;
  const Program& program_;
};

/// Calls a function value; used by the machine and by built-in functions that take functions.
Value CallFunction(CallFrame& frame, const Value& function, std::span<const Value> arguments);

/// Whether unary tests are made of constants alone.
bool IsPlain(const Node& node);

}  // namespace city::feel
