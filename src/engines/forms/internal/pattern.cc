// SPDX-License-Identifier: Apache-2.0
// Maps ECMAScript's flag u onto PCRE2: \uXXXX and \u{X}, ASCII \d, $ at the very end only.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "engines/forms/internal/pattern.h"

#include <pcre2.h>

namespace city::forms {
namespace {

constexpr size_t kMaxPatternBytes = 2000;
constexpr uint32_t kMaxMatchSteps = 200'000;
constexpr uint32_t kMaxMatchDepth = 2'000;
constexpr uint32_t kMaxHeapKib = 8'192;

template <class T, void (*kFree)(T*)>
struct FreeBy {
  void operator()(T* thing) const { kFree(thing); }
};
using CompileContext = std::unique_ptr<pcre2_compile_context,
                                       FreeBy<pcre2_compile_context, pcre2_compile_context_free>>;
using MatchContext =
    std::unique_ptr<pcre2_match_context, FreeBy<pcre2_match_context, pcre2_match_context_free>>;
using MatchData =
    std::unique_ptr<pcre2_match_data, FreeBy<pcre2_match_data, pcre2_match_data_free>>;

}  // namespace

void Patterns::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

bool Patterns::Add(std::string_view text) {
  if (compiled_.contains(text)) return true;
  // (*VERB) at the start would let a form lift our bounds; browsers do not know it either.
  if (text.size() > kMaxPatternBytes || text.find("(*") != std::string_view::npos) return false;
  CompileContext context(pcre2_compile_context_create(nullptr));
  if (!context) return false;
  pcre2_set_compile_extra_options(context.get(), PCRE2_EXTRA_ALT_BSUX);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
  pcre2_set_parens_nest_limit(context.get(), 50);
  int error = 0;
  PCRE2_SIZE offset = 0;
  constexpr uint32_t kOptions = PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY |
                                PCRE2_MATCH_UNSET_BACKREF | PCRE2_MATCH_INVALID_UTF |
                                PCRE2_NEVER_BACKSLASH_C;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), kOptions,
                                   &error, &offset, context.get());
  if (code == nullptr) return false;
  compiled_[std::string(text)].reset(code);
  return true;
}

bool Patterns::Match(std::string_view text, std::string_view subject) const {
  const auto found = compiled_.find(text);
  if (found == compiled_.end()) return false;
  const pcre2_code* code = found->second.get();
  MatchContext context(pcre2_match_context_create(nullptr));
  MatchData data(pcre2_match_data_create(1, nullptr));
  if (!context || !data) return false;
  pcre2_set_match_limit(context.get(), kMaxMatchSteps);
  pcre2_set_depth_limit(context.get(), kMaxMatchDepth);
  pcre2_set_heap_limit(context.get(), kMaxHeapKib);
  return pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0,
                     data.get(), context.get()) >= 0;
}

}  // namespace city::forms
