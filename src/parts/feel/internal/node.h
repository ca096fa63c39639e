// SPDX-License-Identifier: Apache-2.0
// The bound form of an expression: nodes with slots instead of names.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "parts/feel/feel.h"

namespace city::feel {

enum class Op : uint8_t {
  kConstant,
  kInput,     // slot: place in the inputs
  kLocal,     // slot: place in the frame
  kCapture,   // slot: place in the captures of the running function
  kTested,    // the value that unary tests test
  kUnknown,   // value: a name that nobody declared
  kPath,      // kids: base; value: member name
  kItemName,  // kids: item, otherwise; value: member name (inside a filter)
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,
  kNegate,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kAnd,  // n kids
  kOr,   // n kids
  kBetween,
  kIn,  // kids: value, tests…
  kIf,
  kFor,  // aux: slots; kids: iterations…, body
  kSome,
  kEvery,
  kList,
  kContext,     // aux: keys and slots; kids: values
  kInterval,    // kids: low, high; flags: 1 low included, 2 high included
  kUnaryRange,  // kids: endpoint; flags: Range::Form
  kFilter,      // kids: list, condition; slot: item
  kBuiltin,     // slot: row of the table, flags: signature; kids: arguments (null for absent)
  kCall,        // kids: callee, arguments…; aux: argument names, if named
  kFunction,    // aux; kids: body, captures…
  kExternal,    // aux; kids: declaration
  kInstanceOf,  // kids: value; type
  kRangeTo,     // kids: from, to (for x in 1..3)
  kTests,       // n kids: tests; any of them
  kNotTests,
  kTestAny,
  kTestCompare,  // kids: endpoint; flags: Range::Form
  kTestValue,    // kids: expression that does not mention `?`
  kTestBoolean,  // kids: expression that mentions `?`
};

struct Node;

/// What only some nodes need.
struct Aux {
  std::vector<int> slots;
  std::vector<Value> names;
  std::vector<TypePtr> types;
  TypePtr result;
  int frame = 0;     // size of a function's frame
  int self = -1;     // slot of a function's own name
  int partial = -1;  // slot of `partial` in a for
  std::function<Value(std::span<const Value>, CallFrame&)> native;
};

struct Node {
  Op op = Op::kConstant;
  uint8_t flags = 0;
  uint16_t height = 1;
  int32_t slot = 0;
  uint32_t at = 0;     // byte in the text
  uint32_t count = 0;  // kids
  Node** kids = nullptr;
  Value value;
  const Aux* aux = nullptr;
  const Type* type = nullptr;             // instance of
  mutable std::atomic<uint32_t> hint{0};  // where the member was found last

  const Node& kid(size_t i) const { return *kids[i]; }
};

/// A compiled text: owns its nodes.
class Program : public std::enable_shared_from_this<Program> {
 public:
  std::string text;
  const Node* root = nullptr;
  int frame = 0;
  bool any = false;
  bool plain = false;  // unary tests of constants alone
  TypePtr type;
  std::vector<std::string> inputs;
  std::vector<int> used;
  std::vector<std::string> unknown;
  decltype(Scope::external) external;

  std::deque<Node> nodes;
  std::deque<Aux> auxes;
  std::deque<std::vector<Node*>> kids;
  std::vector<TypePtr> types;
};

}  // namespace city::feel
