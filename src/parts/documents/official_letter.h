// SPDX-License-Identifier: Apache-2.0
// Why: the layout of official documents (GB/T 9704-2012): letterhead in red, number, title, body,
// signature with seal, copy list; 22 lines of 28 characters on a page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parts/documents/page.h"
#include "parts/documents/seal_picture.h"

namespace city::documents {

/// What stands in an official document, in the order of the page; empty things are left out.
struct OfficialLetter {
  std::string copy_number;  ///< 份号, six digits
  std::string secrecy;      ///< 密级和保密期限
  std::string urgency;      ///< 紧急程度
  std::string letterhead;   ///< 发文机关标志, e.g. "明月市人民政府文件"
  std::string number;       ///< 发文字号, e.g. "明府〔2026〕1号"
  std::string signer;       ///< 签发人, for documents that go up
  std::string title;
  std::string addressees;  ///< 主送机关, without the colon
  /// 正文; a paragraph each. One that begins with "一、" is a heading of the first level, with
  /// "（一）" of the second (GB/T 9704, 7.3.3).
  std::vector<std::string> body;
  std::vector<std::string> attachments;  ///< 附件说明, titles
  std::string issuer;                    ///< 发文机关署名
  Date date{};                           ///< 成文日期
  std::optional<SealDesign> seal;        ///< drawn over issuer and date
  std::string note;                      ///< 附注, without brackets
  std::string copies;                    ///< 抄送
  std::string printer;                   ///< 印发机关
  Date printed{};                        ///< 印发日期
};

/// The laid-out document; its title and author are set.
Result<Document> LayOutLetter(const OfficialLetter& letter);

/// "2026年1月31日", as dates are written in official documents (7.3.5.4).
std::string OfficialDate(Date date);

}  // namespace city::documents
