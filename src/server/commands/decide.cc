// SPDX-License-Identifier: Apache-2.0
// `yiwang decide MODEL.dmn --decision NAME --input FILE.json [--explain]`: one decision by hand.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/errors.h"
#include "engines/decisions/inputs.h"
#include "server/commands.h"

namespace city::server {
namespace {

Result<int> Decide(const std::string& file, const std::string& decision, const std::string& input,
                   bool explain) {
  TRY(auto model, decisions::Model::LoadFile(file));
  for (const auto& problem : model->problems()) fmt::print(stderr, "{}\n", problem.error.ToLine());
  json::value given = json::object();
  if (!input.empty()) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(input, failed))
      return error::kFileUnreadable({{"file", input}, {"reason", "not a file"}});
    std::ifstream in(input, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    TRY(given, ParseJson(text));
  }
  static const json::object kNone;
  TRY(feel::Value inputs,
      decisions::InputsFrom(*model, decision, given.is_object() ? given.get_object() : kNone));
  decisions::DecideOptions options;
  options.settings.now = SystemClock().Now();
  options.trace = explain;
  TRY(decisions::Outcome outcome, model->Decide(decision, inputs, options));
  fmt::print("{}\n", city::ToText(feel::ToJson(outcome.value)));
  for (const Error& remark : outcome.remarks) fmt::print(stderr, "{}\n", remark.ToLine());
  if (outcome.trace) {
    fmt::print("\n{}", decisions::Explain(*outcome.trace, decisions::Language::kChinese));
    fmt::print("\n{}", decisions::Explain(*outcome.trace, decisions::Language::kEnglish));
  }
  return outcome.limit_exceeded ? 1 : 0;
}

}  // namespace

int RunDecide(Arguments arguments) {
  std::string file, decision, input;
  bool explain = false;
  bool wrong = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--decision" && i + 1 < arguments.size()) {
      decision = arguments[++i];
    } else if (arguments[i] == "--input" && i + 1 < arguments.size()) {
      input = arguments[++i];
    } else if (arguments[i] == "--explain") {
      explain = true;
    } else if (file.empty() && !arguments[i].starts_with("--")) {
      file = arguments[i];
    } else {
      wrong = true;
    }
  }
  if (wrong || file.empty() || decision.empty()) {
    fmt::print(stderr,
               "用法 / usage: yiwang decide MODEL.dmn --decision NAME [--input FILE.json] "
               "[--explain]\n");
    return 2;
  }
  auto code = Decide(file, decision, input, explain);
  if (code) return *code;
  fmt::print(stderr, "{}\n", code.error().ToLine());
  return 1;
}

}  // namespace city::server
