// SPDX-License-Identifier: Apache-2.0
// Why: text tables survive the round trip and the programs of others.
#include "parts/documents/csv.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"

namespace city::documents {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string Written(const Rows& rows) {
  std::string out;
  CsvWriter writer([&](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  });
  for (const auto& row : rows) EXPECT_TRUE(writer.Row(row));
  EXPECT_TRUE(writer.Finish());
  return out;
}

Result<Rows> ReadBack(std::string_view text) {
  Rows out;
  TRY_VOID(ReadCsv(text, [&](int64_t, std::vector<std::string>& cells) -> Result<void> {
    out.push_back(cells);
    return {};
  }));
  return out;
}

TEST(Csv, ComesBackAsItWas) {
  const Rows rows{{"名称", "备注"}, {"a,b", "say \"hi\""}, {"two\nlines", ""}, {"-5.2", "440200"}};
  const std::string text = Written(rows);
  EXPECT_TRUE(text.starts_with("\xef\xbb\xbf名称,备注\r\n\"a,b\",\"say \"\"hi\"\"\"\r\n"));
  EXPECT_EQ(ReadBack(text).value(), rows);
}

TEST(Csv, DisarmsWhatAProgramWouldRun) {
  EXPECT_EQ(Written({{"=1+1", "@x", "-cmd", "+86 138", "-12", "+1.5e3", "-"}}).substr(3),
            "'=1+1,'@x,'-cmd,'+86 138,-12,+1.5e3,'-\r\n");
}

TEST(Csv, ReadsTheEncodingOfOlderPrograms) {
  // 韶关 in GB 18030
  EXPECT_EQ(ReadBack("\xc9\xd8\xb9\xd8,1\n").value(), (Rows{{"韶关", "1"}}));
  auto neither = ReadBack("\xff\xff\xff");
  ASSERT_FALSE(neither);
  EXPECT_TRUE(neither.error().Is(error::kBadSpreadsheet));
}

TEST(Csv, ReadsAllLineEndsAndALastLineWithoutOne) {
  EXPECT_EQ(ReadBack("a,b\r\nc,d\re,f\n\n\ng,").value(),
            (Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", ""}}));
  EXPECT_EQ(ReadBack("").value(), Rows{});
  EXPECT_EQ(ReadBack("\"\"\n").value(), (Rows{{""}}));
}

TEST(Csv, NamesTheRowThatIsDamaged) {
  for (std::string_view text : {"a\nb\n\"c\" d", "a\nb\n\"never closed"}) {
    auto rows = ReadBack(text);
    ASSERT_FALSE(rows);
    EXPECT_NE(rows.error().SaysEn().find("Row 3"), std::string::npos) << rows.error().SaysEn();
  }
}

TEST(Csv, StopsWhenTheTakerRefuses) {
  int rows = 0;
  auto result = ReadCsv("a\nb\nc", [&](int64_t, std::vector<std::string>&) -> Result<void> {
    if (++rows == 2) return error::kFailed;
    return {};
  });
  EXPECT_FALSE(result);
  EXPECT_EQ(rows, 2);
}

}  // namespace
}  // namespace city::documents
