// SPDX-License-Identifier: Apache-2.0
// Reading a work-plan notice: chapters, numbered tasks, lead departments. What is uncertain is
// listed for a person; nothing is invented.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "ledger/writer.h"
#include "model/places.h"

namespace city::model {

struct NoticeTask {
  int number = 0;
  int chapter = 0;
  std::string title;  ///< as far as it can be read
  bool title_damaged = false;
  std::string content;
  std::string lead_text;                ///< the bracketed list as written (simplified)
  std::vector<std::string> lead_names;  ///< its parts
  std::vector<std::string> leads;       ///< keys of matched organisations
};

struct NoticeQuestion {
  int task = 0;
  std::string kind;  ///< title, department, group
  std::string question, as_written, proposal;
};

struct Notice {
  std::string name, issued_by, issued_on;
  int year = 0;
  std::string digest;
  std::vector<std::string> chapters;
  std::vector<NoticeTask> tasks;
  std::vector<NoticeQuestion> questions;
  int departments = 0;  ///< different organisations matched

  /// "41 tasks, 9 chapters, N departments, M to settle".
  std::string Summary() const;
};

/// Reads the text (UTF-8, traditional or simplified). Headings whose encoding was damaged keep
/// their place in the order. Bounds: 4 MiB, 1000 tasks, 300 leads of a task and 5000 in all.
/// Errors: model.notice_unreadable, base.too_large.
Result<Notice> ReadNotice(std::string_view text, const Place& place);

/// Simplified form of a Chinese text.
std::string Simplified(std::string_view text);

/// Makes plan, tasks and questions inside a command; a notice that is already kept (same digest) is
/// left alone. Answers the key of the plan.
Result<std::string> KeepNotice(ledger::Writer& writer, const Notice& notice);
}  // namespace city::model
