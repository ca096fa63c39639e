// SPDX-License-Identifier: Apache-2.0
// Words of errors are filled in here.
#include "base/result.h"

namespace city {

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kInvalidInput:
      return "invalid_input";
    case Kind::kNotFound:
      return "not_found";
    case Kind::kConflict:
      return "conflict";
    case Kind::kForbidden:
      return "forbidden";
    case Kind::kUnauthenticated:
      return "unauthenticated";
    case Kind::kTooLarge:
      return "too_large";
    case Kind::kTooMany:
      return "too_many";
    case Kind::kUnavailable:
      return "unavailable";
    case Kind::kTimeout:
      return "timeout";
    case Kind::kInternal:
      return "internal";
    case Kind::kPrecondition:
      return "precondition";
    case Kind::kUnsupported:
      return "unsupported";
  }
  return "internal";
}

namespace {
std::string Fill(std::string_view words, const ErrorParams& params) {
  std::string out;
  out.reserve(words.size());
  for (size_t i = 0; i < words.size();) {
    if (words[i] == '{') {
      size_t end = words.find('}', i);
      if (end != std::string_view::npos) {
        std::string_view name = words.substr(i + 1, end - i - 1);
        bool found = false;
        for (const auto& [key, value] : params) {
          if (key == name) {
            out += value;
            found = true;
            break;
          }
        }
        if (!found) out += words.substr(i, end - i + 1);
        i = end + 1;
        continue;
      }
    }
    out += words[i++];
  }
  return out;
}
}  // namespace

std::string Error::SaysZh() const { return Fill(row->says_zh, params); }
std::string Error::SaysEn() const { return Fill(row->says_en, params); }
std::string Error::ThenZh() const { return Fill(row->then_zh, params); }
std::string Error::ThenEn() const { return Fill(row->then_en, params); }

std::string Error::ToLine() const {
  std::string out =
      std::string(row->code) + ": " + SaysZh() + " " + ThenZh() + " / " + SaysEn() + " " + ThenEn();
  for (const ErrorDetail& detail : details) {
    out += "\n  " + detail.pointer + ": " + detail.says_zh + " / " + detail.says_en;
  }
  return out;
}

namespace internal {
void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, what);
  std::abort();
}
}  // namespace internal
}  // namespace city
