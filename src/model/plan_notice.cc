// SPDX-License-Identifier: Apache-2.0
// The damage seen in real notices: each heading's UTF-8 bytes were once read as GBK, so that
// "（一）紧扣…" became
// "?。ㄒ唬┚o扣…". Where the bytes still tell the heading it is restored; where they do not, a
// person is asked.
#include "model/plan_notice.h"

#include <fmt/format.h>
#include <unicode/translit.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <set>

#include "base/errors.h"
#include "base/text.h"
#include "model/errors.h"
#include "parts/crypto/crypto.h"

namespace city::model {
namespace {
// Ten times what the longest known notice holds; the bounds keep a hostile file from costing hours.
constexpr size_t kMaxTasks = 1000;
constexpr size_t kMaxLeads = 300;      // of one task
constexpr size_t kMaxAllLeads = 5000;  // of all tasks
constexpr size_t kMaxChapters = 99;    // as far as headings count

/// The first `count` code points.
std::string FirstPoints(std::string_view text, size_t count) {
  if (text.size() <= count) return std::string(text);
  std::vector<char32_t> points = CodePoints(text);
  if (points.size() > count) points.resize(count);
  return FromCodePoints(points);
}

std::string Transliterated(std::string_view text) {
  // Making one reads all its rules, which costs far more than a line; one of them serves one
  // thread.
  thread_local const std::unique_ptr<icu::Transliterator> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
  }();
  if (made == nullptr) return std::string(text);
  if (std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; }))
    return std::string(text);
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  made->transliterate(wide);
  std::string out;
  wide.toUTF8String(out);
  return out;
}

/// Bytes of a text in GB 18030; empty when a sign has none.
std::string GbBytes(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open("GB18030", &status);
  if (U_FAILURE(status)) return {};
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out(static_cast<size_t>(wide.length()) * 4 + 8, '\0');
  int32_t length = ucnv_fromUChars(converter, out.data(), static_cast<int32_t>(out.size()),
                                   wide.getBuffer(), wide.length(), &status);
  ucnv_close(converter);
  if (U_FAILURE(status)) return {};
  out.resize(static_cast<size_t>(length));
  return out;
}

/// Numbers as headings write them: 一, 十, 二十一 … up to 99; 0 for none.
int ChineseNumber(std::string_view text) {
  static const std::vector<std::string> kDigits = {"〇", "一", "二", "三", "四",
                                                   "五", "六", "七", "八", "九"};
  int number = 0, digit = 0;
  bool any = false;
  for (char32_t point : CodePoints(text)) {
    std::string sign;
    AppendUtf8(sign, point);
    if (sign == "十") {
      number += (digit == 0 ? 1 : digit) * 10;
      digit = 0;
      any = true;
      continue;
    }
    auto found = std::find(kDigits.begin(), kDigits.end(), sign);
    if (found == kDigits.end()) return 0;
    digit = static_cast<int>(found - kDigits.begin());
    any = true;
  }
  return any ? number + digit : 0;
}

/// A heading "（二十一）…" : number and the length of its bytes; number 0 when it is none.
std::pair<int, size_t> HeadingNumber(std::string_view line) {
  for (auto [open, close] :
       {std::pair<std::string_view, std::string_view>{"(", ")"}, {"（", "）"}}) {
    if (!line.starts_with(open)) continue;
    size_t end = line.find(close);
    if (end == std::string_view::npos || end > 24) continue;
    int number = ChineseNumber(line.substr(open.size(), end - open.size()));
    if (number > 0) return {number, end + close.size()};
  }
  return {0, 0};
}

/// Splits a bracketed list at 、 and , outside inner brackets.
std::vector<std::string> Parts(std::string_view text) {
  std::vector<std::string> out;
  std::string part;
  int depth = 0;
  for (char32_t point : CodePoints(text)) {
    if (point == U'(' || point == U'（') ++depth;
    if (point == U')' || point == U'）') --depth;
    if (depth == 0 &&
        (point == U'、' || point == U',' || point == U'，' || point == U';' || point == U'；')) {
      if (!Trim(part).empty()) out.emplace_back(Trim(part));
      part.clear();
    } else {
      AppendUtf8(part, point);
    }
  }
  if (!Trim(part).empty()) out.emplace_back(Trim(part));
  return out;
}

/// The last bracket of a paragraph, which may hold brackets itself; empty when it does not end with
/// one.
std::string_view LastBracket(std::string_view text) {
  text = Trim(text);
  if (text.ends_with("。")) text.remove_suffix(3);
  if (!text.ends_with(")") && !text.ends_with("）")) return {};
  std::vector<char32_t> points = CodePoints(text);
  int depth = 0;
  size_t at = text.size();
  for (size_t i = points.size(); i-- > 0;) {
    std::string sign;
    AppendUtf8(sign, points[i]);
    at -= sign.size();
    if (points[i] == U')' || points[i] == U'）') ++depth;
    if (points[i] == U'(' || points[i] == U'（') --depth;
    if (depth == 0) return text.substr(at);
  }
  return {};
}

/// Paragraph that once began with an ideographic space and a bracket, misread: "?。" and so on.
bool LooksDamaged(std::string_view line) {
  return line.starts_with("?。") || line.starts_with("？。") || line.starts_with("　?。");
}

std::string NormalName(std::string_view name) {
  std::string out = ReplaceAll(ReplaceAll(std::string(name), "(", "（"), ")", "）");
  return ReplaceAll(out, " ", "");
}

class Matcher {
 public:
  explicit Matcher(const Place& place) : place_(place) {}

  /// Keys of the organisations that a written name stands for; empty when none is certain.
  std::vector<std::string> Match(const std::string& written) const {
    std::string name = NormalName(written);
    for (const OrganisationGroup& group : place_.groups) {
      if (NormalName(group.words) != name) continue;
      std::vector<std::string> out;
      for (const Organisation& each : place_.organisations)
        if (each.kind == group.kind && each.level == group.level) out.push_back(each.id);
      return out;
    }
    for (const std::string& form : {name, name.starts_with("市") ? name.substr(3) : "市" + name}) {
      std::vector<std::string> out;
      for (const Organisation& each : place_.organisations) {
        bool same = each.name == form || each.short_name == form ||
                    std::find(each.aliases.begin(), each.aliases.end(), form) != each.aliases.end();
        if (same) out.push_back(each.id);
      }
      if (out.size() == 1) return out;
      if (out.size() > 1) return {};
    }
    return {};
  }

 private:
  const Place& place_;
};
}  // namespace

std::string Simplified(std::string_view text) { return Transliterated(text); }

namespace {
/// A text from GB 18030 bytes; what cannot be read becomes U+FFFD.
std::string FromGbBytes(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open("GB18030", &status);
  if (U_FAILURE(status)) return {};
  std::u16string wide(bytes.size() * 2 + 8, u'\0');
  int32_t length = ucnv_toUChars(converter, wide.data(), static_cast<int32_t>(wide.size()),
                                 bytes.data(), static_cast<int32_t>(bytes.size()), &status);
  ucnv_close(converter);
  if (U_FAILURE(status)) return {};
  std::string out;
  icu::UnicodeString(wide.data(), length).toUTF8String(out);
  return out;
}

/// The heading behind the damage: its GBK bytes were paired one byte too early, after a space of
/// which only the second byte (A1) is left. Dropping that byte pairs them again. Empty when the
/// result is no heading.
std::string Restored(std::string_view damaged) {
  std::string bytes = GbBytes(damaged);
  if (bytes.size() < 8 || static_cast<unsigned char>(bytes[0]) != 0xa1) return {};
  std::string text = Simplified(FromGbBytes(std::string_view(bytes).substr(1)));
  return HeadingNumber(text).first > 0 ? text : std::string();
}

/// Whether a text holds signs that no reader can make sense of: replacement, private use, phonetic
/// or drawing signs.
bool Unreadable(std::string_view text) {
  for (char32_t point : CodePoints(text))
    if (point == 0xfffd || (point >= 0xe000 && point <= 0xf8ff) ||
        (point >= 0x3105 && point <= 0x312f) || (point >= 0x2500 && point <= 0x257f) ||
        point == U'?' || point == U'€')
      return true;
  return false;
}

std::string FirstSentence(std::string_view text) {
  size_t stop = text.find("。");
  return stop == std::string_view::npos ? FirstPoints(text, 80) : std::string(text.substr(0, stop));
}
}  // namespace

std::string Notice::Summary() const {
  return fmt::format("{} tasks, {} chapters, {} departments, {} to settle", tasks.size(),
                     chapters.size(), departments, questions.size());
}

Result<Notice> ReadNotice(std::string_view text, const Place& place) {
  if (text.size() > (4u << 20)) return city::error::kTooLarge({{"limit", "4 MiB"}});
  if (!IsValidUtf8(text)) return error::kNoticeUnreadable;
  Notice notice;
  notice.digest = crypto::ToHex(crypto::Sm3(text));
  Matcher matcher(place);
  std::set<std::string> all;
  size_t leads = 0;
  for (std::string_view raw : Split(text, '\n')) {
    std::string_view trimmed = Trim(raw);
    if (trimmed.empty()) continue;
    if (trimmed.size() > 100'000) return error::kNoticeUnreadable;
    std::string line = Simplified(trimmed);
    if (notice.name.empty() && line.find("《") != std::string::npos) {
      size_t from = line.find("《"), to = line.find("》", from);
      if (to != std::string::npos) notice.name = line.substr(from + 3, to - from - 3);
    }
    if (notice.issued_on.empty()) {
      int y = 0, m = 0, d = 0;
      if (line.size() < 40 && std::sscanf(line.c_str(), "%d年%d月%d日", &y, &m, &d) == 3 &&
          y > 1990 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= 31) {
        notice.issued_on = fmt::format("{:04}-{:02}-{:02}", y, m, d);
        notice.year = y;
      } else if (notice.issued_by.empty() && line.size() < 90 && line.ends_with("局")) {
        notice.issued_by = line;
      }
    }
    // Chapter: 一、… up to 九、…
    size_t mark = line.find("、");
    if (mark != std::string::npos && mark <= 9 && notice.chapters.size() < kMaxChapters &&
        ChineseNumber(line.substr(0, mark)) == static_cast<int>(notice.chapters.size()) + 1 &&
        LastBracket(line).empty()) {
      notice.chapters.push_back(line.substr(mark + 3));
      continue;
    }
    if (notice.chapters.empty()) continue;
    auto [number, skip] = HeadingNumber(line);
    bool damaged = number == 0 && LooksDamaged(trimmed);
    if (number == 0 && !damaged) continue;
    if (notice.tasks.size() >= kMaxTasks)
      return city::error::kTooLarge(
          {{"limit", fmt::format("{} 项 / {} tasks", kMaxTasks, kMaxTasks)}});
    NoticeTask task;
    task.number = static_cast<int>(notice.tasks.size()) + 1;
    task.chapter = static_cast<int>(notice.chapters.size());
    if (number != 0 && number != task.number)
      notice.questions.push_back({task.number, "number",
                                  fmt::format("第 {} 项写作（{}）", task.number, number),
                                  line.substr(0, skip), std::to_string(task.number)});
    std::string body = number != 0 ? line.substr(skip) : line;
    std::string_view bracket = LastBracket(body);
    if (!bracket.empty()) {
      std::string inner(bracket);
      inner = inner.substr(inner.starts_with("（") ? 3 : 1);
      inner = inner.substr(0, inner.size() - (inner.ends_with("）") ? 3 : 1));
      task.lead_text = inner;
      std::string_view list = inner;
      for (std::string_view ending : {"牵头负责", "牵头", "负责"})
        if (list.ends_with(ending)) {
          list.remove_suffix(ending.size());
          break;
        }
      task.lead_names = Parts(list);
      leads += task.lead_names.size();
      if (task.lead_names.size() > kMaxLeads || leads > kMaxAllLeads)
        return city::error::kTooLarge(
            {{"limit", fmt::format("每项 {} 个、共 {} 个牵头单位 / {} leads of a task, {} in all",
                                   kMaxLeads, kMaxAllLeads, kMaxLeads, kMaxAllLeads)}});
      body = body.substr(0, static_cast<size_t>(bracket.data() - body.data()));
    }
    std::string heading = FirstSentence(damaged ? body.substr(body.find("。") + 3) : body);
    if (damaged) {
      size_t begin = body.find("。") + 3;
      size_t next = body.find("。", begin);
      task.content = next == std::string::npos ? std::string() : body.substr(next + 3);
      std::string whole(trimmed.substr(trimmed.find("。")));
      std::string restored = Restored(whole.substr(0, whole.find("。", 3)));
      auto [found, length] = HeadingNumber(restored);
      std::string title = restored.substr(length);
      if (found == task.number && !title.empty() && !Unreadable(title)) {
        task.title =
            title;  // the number that came back is the number of its place: nothing was guessed
      } else {
        task.title = heading;
        task.title_damaged = true;
        notice.questions.push_back({task.number, "title",
                                    fmt::format("第 {} 项的标题编码残损，请确认", task.number),
                                    heading, title});
      }
    } else {
      task.title = heading;
      task.content = body;
    }
    if (task.lead_names.empty())
      notice.questions.push_back({task.number, "department",
                                  fmt::format("第 {} 项没有找到牵头单位", task.number),
                                  task.lead_text, ""});
    for (const std::string& name : task.lead_names) {
      std::vector<std::string> keys = matcher.Match(name);
      if (keys.empty()) {
        notice.questions.push_back({task.number, "department",
                                    fmt::format("第 {} 项的牵头单位“{}”没有匹配到机构", task.number,
                                                FirstPoints(name, 200)),
                                    name, ""});
        continue;
      }
      for (std::string& key : keys) {
        all.insert(key);
        if (std::find(task.leads.begin(), task.leads.end(), key) == task.leads.end())
          task.leads.push_back(std::move(key));
      }
    }
    notice.tasks.push_back(std::move(task));
  }
  if (notice.tasks.empty()) return error::kNoticeUnreadable;
  notice.departments = static_cast<int>(all.size());
  return notice;
}

Result<std::string> KeepNotice(ledger::Writer& writer, const Notice& notice) {
  {
    TRY(store::Rows rows,
        writer.tx().Query("select id from r_plan where digest = $1 and ended_at is null",
                          {notice.digest}));
    if (rows.Next()) return std::string(rows.Text(0));
  }
  auto or_null = [](const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
  };
  TRY(ledger::Written plan,
      writer.Create("plan", {{"name", notice.name.empty() ? "工作要点" : notice.name},
                             {"year", notice.year == 0 ? json::value() : json::value(notice.year)},
                             {"issued_by", or_null(notice.issued_by)},
                             {"issued_on", or_null(notice.issued_on)},
                             {"digest", notice.digest}}));
  std::vector<std::string> task_ids;
  for (const NoticeTask& task : notice.tasks) {
    json::array leads;
    for (const std::string& key : task.leads) leads.push_back(json::string(key));
    TRY(ledger::Written made,
        writer.Create(
            "plan_task",
            {{"plan", plan.id},
             {"number", task.number},
             {"chapter", task.chapter},
             {"chapter_title",
              or_null(task.chapter > 0 ? notice.chapters[static_cast<size_t>(task.chapter - 1)]
                                       : std::string())},
             {"title", FirstPoints(task.title, 300)},
             {"title_uncertain", task.title_damaged},
             {"text", task.content},
             {"lead_text", or_null(task.lead_text)},
             {"lead", task.leads.empty() ? json::value() : json::value(task.leads.front())},
             {"leads", std::move(leads)},
             {"due", notice.year == 0 ? json::value()
                                      : json::value(fmt::format("{}-12-31", notice.year))}}));
    task_ids.push_back(made.id);
  }
  for (const NoticeQuestion& question : notice.questions) {
    TRY_VOID(writer.Create("plan_question",
                           {{"plan", plan.id},
                            {"task", task_ids[static_cast<size_t>(question.task - 1)]},
                            {"kind", question.kind},
                            {"text", question.question},
                            {"task_number", question.task},
                            {"as_written", or_null(FirstPoints(question.as_written, 300))},
                            {"proposal", or_null(FirstPoints(question.proposal, 150))}}));
  }
  return plan.id;
}
}  // namespace city::model
