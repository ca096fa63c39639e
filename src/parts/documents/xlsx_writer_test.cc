// SPDX-License-Identifier: Apache-2.0
// Why: a workbook holds what was put in, and a large one needs little memory.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "parts/documents/errors.h"
#include "parts/documents/testing/samples.h"
#include "parts/documents/xlsx.h"

namespace city::documents {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Xlsx, ComesBackAsItWas) {
  std::string xlsx;
  XlsxWriter writer(
      [&](std::string_view bytes) -> Result<void> {
        xlsx += bytes;
        return {};
      },
      "办件/2026", {{"编号", 20}, {"数量"}, {"日期"}});
  const SheetCell first[] = {std::string("<a> & \"b\"\n 二 "), int64_t{42},
                             Date(std::chrono::days(20'000))};
  const SheetCell second[] = {int64_t{449'999'196'506'150'021}, 0.1, std::monostate(), true};
  ASSERT_TRUE(writer.Row(first));
  ASSERT_TRUE(writer.Row(second));
  ASSERT_TRUE(writer.Finish());
  Rows rows;
  ASSERT_TRUE(ReadXlsx(xlsx, [&](int64_t row, std::vector<std::string>& cells) -> Result<void> {
    EXPECT_EQ(row, static_cast<int64_t>(rows.size()) + 1);
    rows.push_back(cells);
    return {};
  }));
  // 20000 days after 1970-01-01 is 2024-10-04.
  EXPECT_EQ(rows, (Rows{{"编号", "数量", "日期"},
                        {"<a> & \"b\"\n 二 ", "42", "2024-10-04"},
                        {"449999196506150021", "0.1", "", "TRUE"}}));
}

TEST(Xlsx, IsAWorkbookForAnotherProgram) {
  testing::Folder folder;
  std::string xlsx;
  XlsxWriter writer(
      [&](std::string_view bytes) -> Result<void> {
        xlsx += bytes;
        return {};
      },
      "一", {{"a"}});
  ASSERT_TRUE(writer.Finish());
  folder.Write("a.xlsx", xlsx);
  EXPECT_TRUE(
      folder.Run("python3 -c \"import zipfile, xml.dom.minidom as m; "
                 "z = zipfile.ZipFile('a.xlsx'); "
                 "[m.parseString(z.read(n)) for n in z.namelist()]; "
                 "assert z.testzip() is None\""))
      << folder.Read("out.txt");
}

TEST(Xlsx, HoldsAsManyRowsAsTheFormat) {
  XlsxWriter writer([](std::string_view) { return Result<void>(); }, "full", {{"a"}});
  Result<void> result;
  int64_t rows = 0;
  while (result && rows < XlsxWriter::kMostRows + 10) {
    result = writer.Row({});
    rows += result ? 1 : 0;
  }
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kTooManyRows));
  EXPECT_EQ(rows, 1'048'575);  // and the titles
}

TEST(Xlsx, WritesAMillionRowsInLittleMemory) {
  testing::Folder folder;
  const char* wanted = std::getenv("CITY_LONG");
  const int64_t count = wanted && std::string_view(wanted) == "1" ? 1'000'000 : 100'000;
  std::ofstream file(folder.Path("large.xlsx"), std::ios::binary);
  XlsxWriter writer(
      [&](std::string_view bytes) -> Result<void> {
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return {};
      },
      "large", std::vector<XlsxWriter::Column>(10, {"c", 10}));
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  for (int64_t i = 0; i < count; ++i) {
    const SheetCell cells[] = {i,    i * 0.5, std::string("一行文字 ") + std::to_string(i),
                               true, i,       i,
                               i,    i,       std::string("x"),
                               i};
    ASSERT_TRUE(writer.Row(cells));
  }
  ASSERT_TRUE(writer.Finish());
  getrusage(RUSAGE_SELF, &after);
  file.close();
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024);  // KiB
  // And reads them back.
  const std::string xlsx = folder.Read("large.xlsx");
  int64_t rows = 0;
  ASSERT_TRUE(ReadXlsx(xlsx, [&](int64_t, std::vector<std::string>& cells) -> Result<void> {
    if (++rows == count + 1) {
      EXPECT_EQ(cells[0], std::to_string(count - 1));
    }
    return {};
  }));
  EXPECT_EQ(rows, count + 1);
}

}  // namespace
}  // namespace city::documents
