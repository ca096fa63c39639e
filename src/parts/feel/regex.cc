// SPDX-License-Identifier: Apache-2.0
// Translation of XML Schema regular expressions to PCRE2, and matching with bounds.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "parts/feel/regex.h"

#include <pcre2.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parts/feel/errors.h"

namespace city::feel {
namespace {

constexpr size_t kMaxPattern = 10'000;
constexpr uint32_t kMatchLimit = 400'000;
constexpr uint32_t kDepthLimit = 20'000;
constexpr uint32_t kHeapLimitKb = 16'384;
constexpr size_t kMaxText = 4u << 20;

tl::unexpected<Error> Bad(std::string_view pattern, std::string_view reason) {
  std::string shown(pattern.substr(0, 80));
  while (!shown.empty() && !IsValidUtf8(shown)) shown.pop_back();
  return error::kBadPattern({{"pattern", shown}, {"reason", std::string(reason)}});
}

struct Block {
  std::string_view name;
  std::string_view range;
};

// Unicode blocks by the names of XML Schema (spaces removed); the ones that occur in practice.
constexpr Block kBlocks[] = {
    {"BasicLatin", "\\x{0}-\\x{7F}"},
    {"Latin-1Supplement", "\\x{80}-\\x{FF}"},
    {"LatinExtended-A", "\\x{100}-\\x{17F}"},
    {"LatinExtended-B", "\\x{180}-\\x{24F}"},
    {"IPAExtensions", "\\x{250}-\\x{2AF}"},
    {"SpacingModifierLetters", "\\x{2B0}-\\x{2FF}"},
    {"CombiningDiacriticalMarks", "\\x{300}-\\x{36F}"},
    {"Greek", "\\x{370}-\\x{3FF}"},
    {"GreekandCoptic", "\\x{370}-\\x{3FF}"},
    {"Cyrillic", "\\x{400}-\\x{4FF}"},
    {"Armenian", "\\x{530}-\\x{58F}"},
    {"Hebrew", "\\x{590}-\\x{5FF}"},
    {"Arabic", "\\x{600}-\\x{6FF}"},
    {"Devanagari", "\\x{900}-\\x{97F}"},
    {"Thai", "\\x{E00}-\\x{E7F}"},
    {"Tibetan", "\\x{F00}-\\x{FFF}"},
    {"Georgian", "\\x{10A0}-\\x{10FF}"},
    {"HangulJamo", "\\x{1100}-\\x{11FF}"},
    {"Mongolian", "\\x{1800}-\\x{18AF}"},
    {"LatinExtendedAdditional", "\\x{1E00}-\\x{1EFF}"},
    {"GreekExtended", "\\x{1F00}-\\x{1FFF}"},
    {"GeneralPunctuation", "\\x{2000}-\\x{206F}"},
    {"SuperscriptsandSubscripts", "\\x{2070}-\\x{209F}"},
    {"CurrencySymbols", "\\x{20A0}-\\x{20CF}"},
    {"LetterlikeSymbols", "\\x{2100}-\\x{214F}"},
    {"NumberForms", "\\x{2150}-\\x{218F}"},
    {"Arrows", "\\x{2190}-\\x{21FF}"},
    {"MathematicalOperators", "\\x{2200}-\\x{22FF}"},
    {"MiscellaneousTechnical", "\\x{2300}-\\x{23FF}"},
    {"EnclosedAlphanumerics", "\\x{2460}-\\x{24FF}"},
    {"BoxDrawing", "\\x{2500}-\\x{257F}"},
    {"BlockElements", "\\x{2580}-\\x{259F}"},
    {"GeometricShapes", "\\x{25A0}-\\x{25FF}"},
    {"MiscellaneousSymbols", "\\x{2600}-\\x{26FF}"},
    {"Dingbats", "\\x{2700}-\\x{27BF}"},
    {"CJKRadicalsSupplement", "\\x{2E80}-\\x{2EFF}"},
    {"KangxiRadicals", "\\x{2F00}-\\x{2FDF}"},
    {"CJKSymbolsandPunctuation", "\\x{3000}-\\x{303F}"},
    {"Hiragana", "\\x{3040}-\\x{309F}"},
    {"Katakana", "\\x{30A0}-\\x{30FF}"},
    {"Bopomofo", "\\x{3100}-\\x{312F}"},
    {"HangulCompatibilityJamo", "\\x{3130}-\\x{318F}"},
    {"EnclosedCJKLettersandMonths", "\\x{3200}-\\x{32FF}"},
    {"CJKCompatibility", "\\x{3300}-\\x{33FF}"},
    {"CJKUnifiedIdeographsExtensionA", "\\x{3400}-\\x{4DBF}"},
    {"CJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"},
    {"YiSyllables", "\\x{A000}-\\x{A48F}"},
    {"HangulSyllables", "\\x{AC00}-\\x{D7AF}"},
    {"PrivateUse", "\\x{E000}-\\x{F8FF}"},
    {"CJKCompatibilityIdeographs", "\\x{F900}-\\x{FAFF}"},
    {"CJKCompatibilityForms", "\\x{FE30}-\\x{FE4F}"},
    {"HalfwidthandFullwidthForms", "\\x{FF00}-\\x{FFEF}"},
    {"Specials", "\\x{FFF0}-\\x{FFFF}"},
};

constexpr std::string_view kNameStart =
    ":A-Z_a-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}"
    "\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}\\x{200C}-\\x{200D}"
    "\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}"
    "\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}\\x{10000}-\\x{EFFFF}";
constexpr std::string_view kNameExtra = "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}-\\x{2040}";

class Translator {
 public:
  Translator(std::string_view pattern, bool dot_all) : p_(pattern), dot_all_(dot_all) {}

  Result<std::string> Run() {
    int depth = 0;
    std::vector<int> open;  // capturing groups still open
    bool repeatable = false;
    for (i_ = 0; i_ < p_.size();) {
      char c = p_[i_];
      switch (c) {
        case '\\': {
          TRY_VOID(Escape(open));
          repeatable = true;
          break;
        }
        case '[': {
          TRY(std::string set, Set(0));
          out_ += set;
          repeatable = true;
          break;
        }
        case '.':
          out_ += dot_all_ ? "(?s:.)" : "[^\\n\\r]";
          ++i_;
          repeatable = true;
          break;
        case '(': {
          if (++depth > 200) return Bad(p_, "nested too deeply");
          ++i_;
          if (i_ < p_.size() && p_[i_] == '?') {
            ++i_;
            if (i_ >= p_.size() || p_[i_] != ':') return Bad(p_, "only (?: ) groups are known");
            ++i_;
            out_ += "(?:";
            open.push_back(0);
          } else {
            out_ += '(';
            open.push_back(++groups_);
          }
          repeatable = false;
          break;
        }
        case ')':
          if (--depth < 0) return Bad(p_, "unmatched )");
          open.pop_back();
          out_ += ')';
          ++i_;
          repeatable = true;
          break;
        case '*':
        case '+':
        case '?':
        case '{': {
          if (!repeatable) return Bad(p_, "nothing to repeat");
          TRY_VOID(Repeat());
          repeatable = false;
          break;
        }
        case '}':
        case ']':
          return Bad(p_, std::string("unmatched ") + c);
        case '|':
        case '^':
        case '$':
          out_ += c;
          ++i_;
          repeatable = c != '|';
          break;
        default:
          CopySign(out_);
          repeatable = true;
      }
    }
    if (depth != 0) return Bad(p_, "unmatched (");
    return out_;
  }

 private:
  /// Copies one code point, escaped where PCRE2 would read more into it.
  void CopySign(std::string& to) {
    auto c = static_cast<unsigned char>(p_[i_]);
    size_t size = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    if (size == 1 && c < 0x80 &&
        !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')) && c > ' ') {
      to += '\\';
    }
    to += p_.substr(i_, size);
    i_ += size;
  }
  Result<void> Repeat() {
    char c = p_[i_];
    if (c == '{') {
      size_t end = p_.find('}', i_);
      if (end == std::string_view::npos) return Bad(p_, "unmatched {");
      std::string inside(p_.substr(i_ + 1, end - i_ - 1));
      size_t comma = inside.find(',');
      auto digits = [](std::string_view s) {
        return !s.empty() && s.size() <= 5 &&
               std::all_of(s.begin(), s.end(), [](char d) { return d >= '0' && d <= '9'; });
      };
      std::string low = inside.substr(0, comma);
      if (!digits(low)) return Bad(p_, "bad repetition");
      if (comma != std::string::npos && comma + 1 < inside.size()) {
        std::string high = inside.substr(comma + 1);
        if (!digits(high) || std::stoi(high) < std::stoi(low)) return Bad(p_, "bad repetition");
      }
      if (std::stoi(low) > 1000) return Bad(p_, "repetition beyond 1000");
      out_ += '{' + inside + '}';
      i_ = end + 1;
    } else {
      out_ += c;
      ++i_;
    }
    if (i_ < p_.size() && p_[i_] == '?') {
      out_ += '?';
      ++i_;
    }
    return {};
  }
  /// The inside of a character class for a category or block, with \P negated by the caller.
  Result<std::string> Category(bool& negative) {
    negative = p_[i_ + 1] == 'P';
    size_t open = i_ + 2;
    if (open >= p_.size() || p_[open] != '{') return Bad(p_, "\\p needs {name}");
    size_t end = p_.find('}', open);
    if (end == std::string_view::npos) return Bad(p_, "\\p needs {name}");
    std::string name(p_.substr(open + 1, end - open - 1));
    i_ = end + 1;
    if (name.starts_with("Is")) {
      std::string_view block = std::string_view(name).substr(2);
      for (const Block& known : kBlocks)
        if (known.name == block) return std::string(known.range);
      return Bad(p_, "unknown block " + name);
    }
    static constexpr std::string_view kCategories[] = {
        "L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd",
        "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z",  "Zs",
        "Zl", "Zp", "S",  "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn"};
    if (std::find(std::begin(kCategories), std::end(kCategories), name) == std::end(kCategories))
      return Bad(p_, "unknown category " + name);
    return "\\p{" + name + "}";
  }
  /// An escape outside of a class.
  Result<void> Escape(const std::vector<int>& open) {
    if (i_ + 1 >= p_.size()) return Bad(p_, "ends with a backslash");
    char c = p_[i_ + 1];
    if (c >= '1' && c <= '9') {
      // A back reference: as many digits as there are groups.
      int group = 0;
      size_t k = i_ + 1;
      while (k < p_.size() && p_[k] >= '0' && p_[k] <= '9') {
        int next = group * 10 + (p_[k] - '0');
        if (group != 0 && next > groups_) break;
        group = next;
        ++k;
      }
      if (group > groups_ || std::find(open.begin(), open.end(), group) != open.end())
        return Bad(p_, "no group " + std::to_string(group));
      out_ += "\\g{" + std::to_string(group) + "}";
      i_ = k;
      return {};
    }
    TRY(std::string set, ClassEscape());
    if (set.size() > 1 && set[0] == '\\' && set.size() == 2) {
      out_ += set;
    } else {
      out_ += set.starts_with("[") ? set : "[" + set + "]";
    }
    return {};
  }
  /// An escape as the inside of a character class; a negated one comes as a class of its own.
  Result<std::string> ClassEscape() {
    if (i_ + 1 >= p_.size()) return Bad(p_, "ends with a backslash");
    char c = p_[i_ + 1];
    if (c == 'p' || c == 'P') {
      bool negative = false;
      TRY(std::string inside, Category(negative));
      return negative ? "[^" + inside + "]" : inside;
    }
    i_ += 2;
    switch (c) {
      case 'n':
      case 'r':
      case 't':
        return std::string("\\") + c;
      case 's':
        return std::string("\\x20\\t\\n\\r");
      case 'S':
        return std::string("[^\\x20\\t\\n\\r]");
      case 'd':
        return std::string("\\p{Nd}");
      case 'D':
        return std::string("[^\\p{Nd}]");
      case 'w':
        return std::string("\\p{L}\\p{M}\\p{N}\\p{S}");
      case 'W':
        return std::string("[^\\p{L}\\p{M}\\p{N}\\p{S}]");
      case 'i':
        return std::string(kNameStart);
      case 'I':
        return "[^" + std::string(kNameStart) + "]";
      case 'c':
        return std::string(kNameStart) + std::string(kNameExtra);
      case 'C':
        return "[^" + std::string(kNameStart) + std::string(kNameExtra) + "]";
      default:
        break;
    }
    if (std::string_view("\\|.?*+(){}$-[]^").find(c) != std::string_view::npos)
      return std::string("\\") + c;
    return Bad(p_, std::string("unknown escape \\") + c);
  }
  /// A character class with subtraction, as a PCRE2 group that matches one sign.
  Result<std::string> Set(int depth) {
    if (depth > 20) return Bad(p_, "classes nested too deeply");
    ++i_;  // "["
    bool negative = i_ < p_.size() && p_[i_] == '^';
    if (negative) ++i_;
    std::string inside;
    std::vector<std::string> others;  // negated escapes: alternatives of the class
    std::string minus;
    bool empty = true;
    while (true) {
      if (i_ >= p_.size()) return Bad(p_, "unmatched [");
      char c = p_[i_];
      if (c == ']') {
        if (empty) return Bad(p_, "empty class");
        ++i_;
        break;
      }
      if (c == '-' && i_ + 1 < p_.size() && p_[i_ + 1] == '[') {
        if (empty) return Bad(p_, "nothing to subtract from");
        ++i_;
        TRY(minus, Set(depth + 1));
        if (i_ >= p_.size() || p_[i_] != ']') return Bad(p_, "a subtraction must end its class");
        ++i_;
        break;
      }
      if (c == '[') return Bad(p_, "[ in a class must be escaped");
      empty = false;
      std::string one;
      if (c == '\\') {
        TRY(one, ClassEscape());
        if (one.starts_with("[")) {
          others.push_back(one);
          continue;
        }
      } else {
        CopySign(one);
      }
      inside += one;
      bool single = one.size() <= 2 || static_cast<unsigned char>(one[0]) >= 0x80 || one == "\\x20";
      if (single && i_ + 1 < p_.size() && p_[i_] == '-' && p_[i_ + 1] != ']' && p_[i_ + 1] != '[') {
        ++i_;
        std::string high;
        if (p_[i_] == '\\') {
          TRY(high, ClassEscape());
          if (high.size() > 2) return Bad(p_, "a range ends with one sign");
        } else {
          CopySign(high);
        }
        inside += '-' + high;
      }
    }
    std::string set;
    if (others.empty()) {
      set = (negative ? "[^" : "[") + inside + "]";
    } else {
      set = "(?:";
      if (!inside.empty()) set += "[" + inside + "]|";
      for (size_t k = 0; k < others.size(); ++k) set += (k == 0 ? "" : "|") + others[k];
      set += ")";
      if (negative) set = "(?:(?!" + set + ")(?s:.))";
    }
    if (!minus.empty()) set = "(?:(?!" + minus + ")" + set + ")";
    return set;
  }

  std::string_view p_;
  bool dot_all_;
  size_t i_ = 0;
  std::string out_;
  int groups_ = 0;
};

}  // namespace

struct Regex::Code {
  pcre2_code* code = nullptr;
  ~Code() { pcre2_code_free(code); }
};

namespace {

/// What matching needs, once a thread.
struct Workspace {
  pcre2_match_data* data = pcre2_match_data_create(100, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  Workspace() {
    pcre2_set_match_limit(context, kMatchLimit);
    pcre2_set_depth_limit(context, kDepthLimit);
    pcre2_set_heap_limit(context, kHeapLimitKb);
  }
  ~Workspace() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
};

Workspace& Local() {
  thread_local Workspace workspace;
  return workspace;
}

}  // namespace

Regex::~Regex() = default;

Result<std::string> TranslatePattern(std::string_view pattern, bool dot_all, bool extended) {
  if (!extended) return Translator(pattern, dot_all).Run();
  // Flag x: white space goes before anything else is read, except inside character classes.
  std::string stripped;
  int classes = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (classes == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    stripped += c;
    if (c == '\\' && i + 1 < pattern.size() &&
        (classes > 0 || pattern[i + 1] == '[' || pattern[i + 1] == ']' || pattern[i + 1] == '\\')) {
      stripped += pattern[++i];
    } else if (c == '[') {
      ++classes;
    } else if (c == ']' && classes > 0) {
      --classes;
    }
  }
  return Translator(stripped, dot_all).Run();
}

Result<std::shared_ptr<const Regex>> Regex::Compile(std::string_view pattern,
                                                    std::string_view flags) {
  if (pattern.size() > kMaxPattern) return Bad(pattern, "longer than 10000 bytes");
  if (!IsValidUtf8(pattern)) return Bad(pattern, "not UTF-8");
  uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
  bool dot_all = false;
  bool extended = false;
  bool literal = false;
  for (char flag : flags) {
    switch (flag) {
      case 's':
        dot_all = true;
        break;
      case 'm':
        options |= PCRE2_MULTILINE;
        break;
      case 'i':
        options |= PCRE2_CASELESS;
        break;
      case 'x':
        extended = true;
        break;
      case 'q':
        literal = true;
        break;
      default:
        return Bad(pattern, std::string("unknown flag ") + flag);
    }
  }
  std::string translated(pattern);
  if (literal) {
    options = (options & (PCRE2_UTF | PCRE2_CASELESS)) | PCRE2_LITERAL;
  } else {
    TRY(translated, TranslatePattern(pattern, dot_all, extended));
  }
  int code = 0;
  PCRE2_SIZE offset = 0;
  auto regex = std::shared_ptr<Regex>(new Regex);
  regex->code_ = std::make_unique<Code>();
  regex->pattern_ = pattern;
  regex->literal_ = literal;
  regex->code_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()),
                                     translated.size(), options, &code, &offset, nullptr);
  if (regex->code_->code == nullptr) {
    std::array<unsigned char, 200> message{};
    pcre2_get_error_message(code, message.data(), message.size());
    return Bad(pattern, reinterpret_cast<const char*>(message.data()));
  }
  return std::shared_ptr<const Regex>(std::move(regex));
}

std::optional<bool> Regex::Matches(std::string_view text) const {
  if (text.size() > kMaxText) return std::nullopt;
  Workspace& w = Local();
  int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                          w.data, w.context);
  if (found >= 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  return std::nullopt;
}

namespace {

/// Calls `each(start, end, ovector, count)` for every match; the error when there is one.
template <class Each>
Result<void> ForEachMatch(pcre2_code* code, std::string_view pattern, std::string_view text,
                          const Each& each) {
  if (text.size() > kMaxText) return error::kLimit({{"limit", "text"}});
  Workspace& w = Local();
  auto subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  if (pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(""), 0, 0, 0, w.data, w.context) >= 0)
    return Bad(pattern, "it matches the empty text");
  size_t at = 0;
  uint64_t rounds = 0;
  while (at <= text.size()) {
    int found = pcre2_match(code, subject, text.size(), at, 0, w.data, w.context);
    if (found == PCRE2_ERROR_NOMATCH) return {};
    if (found < 0 || ++rounds > 1'000'000) return error::kLimit({{"limit", "pattern"}});
    const PCRE2_SIZE* o = pcre2_get_ovector_pointer(w.data);
    if (o[1] < o[0]) return Bad(pattern, "the match goes backwards");
    if (o[1] == o[0]) {  // an empty match inside the text, such as a boundary: step over one sign
      if (o[0] >= text.size()) return {};
      at = o[0] + 1;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
      continue;
    }
    if (!each(o, found)) return error::kLimit({{"limit", "text"}});
    at = o[1];
  }
  return {};
}

}  // namespace

Result<std::string> Regex::Replace(std::string_view text, std::string_view replacement,
                                   size_t max_bytes) const {
  // The replacement is checked first: `$` needs a digit, `\` needs `$` or `\`.
  struct Piece {
    std::string text;
    int group;
  };
  std::vector<Piece> pieces;
  std::string run;
  uint32_t groups = 0;
  pcre2_pattern_info(code_->code, PCRE2_INFO_CAPTURECOUNT, &groups);
  if (literal_) run = replacement;
  for (size_t i = 0; i < replacement.size() && !literal_; ++i) {
    char c = replacement[i];
    if (c == '\\') {
      if (i + 1 >= replacement.size() || (replacement[i + 1] != '\\' && replacement[i + 1] != '$'))
        return Bad(replacement, "\\ in a replacement needs \\ or $ behind it");
      run += replacement[++i];
    } else if (c == '$') {
      if (i + 1 >= replacement.size() || replacement[i + 1] < '0' || replacement[i + 1] > '9')
        return Bad(replacement, "$ in a replacement needs a digit behind it");
      uint32_t group = static_cast<uint32_t>(replacement[++i] - '0');
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
             group * 10 + static_cast<uint32_t>(replacement[i + 1] - '0') <= groups)
        group = group * 10 + static_cast<uint32_t>(replacement[++i] - '0');
      pieces.push_back({std::move(run), group <= groups ? static_cast<int>(group) : -1});
      run.clear();
    } else {
      run += c;
    }
  }
  std::string out;
  size_t last = 0;
  TRY_VOID(ForEachMatch(code_->code, pattern_, text, [&](const PCRE2_SIZE* o, int found) {
    out += text.substr(last, o[0] - last);
    for (const Piece& piece : pieces) {
      out += piece.text;
      if (piece.group >= 0 && piece.group < found && o[2 * piece.group] != PCRE2_UNSET)
        out += text.substr(o[2 * piece.group], o[2 * piece.group + 1] - o[2 * piece.group]);
    }
    out += run;
    last = o[1];
    return out.size() <= max_bytes;
  }));
  out += text.substr(last);
  return out;
}

Result<std::vector<std::string>> Regex::Split(std::string_view text, size_t max_items) const {
  std::vector<std::string> out;
  size_t last = 0;
  TRY_VOID(ForEachMatch(code_->code, pattern_, text, [&](const PCRE2_SIZE* o, int) {
    out.emplace_back(text.substr(last, o[0] - last));
    last = o[1];
    return out.size() < max_items;
  }));
  out.emplace_back(text.substr(last));
  return out;
}

}  // namespace city::feel
