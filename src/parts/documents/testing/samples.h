// SPDX-License-Identifier: Apache-2.0
// Why: one document with everything in it serves the tests of all writers.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "parts/documents/flow.h"
#include "parts/documents/seal_picture.h"

namespace city::documents::testing {

/// A letter of two pages with a table, a QR code, a picture, a seal and an attachment.
inline Document SampleDocument() {
  Flow flow;
  TextStyle title{.face = Face::kHeiBold, .points = 22, .align = Align::kCentre, .after = 6};
  EXPECT_TRUE(flow.Text("营业执照（样本） Sample", title));
  EXPECT_TRUE(
      flow.Text("统一社会信用代码 91350100M000100Y43，名称：明月茶业有限公司。"
                "住所：韶关市浈江区示例路一号，经营范围包括茶叶种植、加工与销售（依法须经"
                "批准的项目，经相关部门批准后方可开展经营活动）。",
                {.first_indent = 2, .after = 3}));
  std::vector<std::vector<Cell>> rows{{{.text = "序号", .align = Align::kCentre, .bold = true},
                                       {.text = "事项", .bold = true},
                                       {.text = "期限", .bold = true}}};
  for (int i = 1; i <= 40; ++i) {
    rows.push_back(
        {{.text = std::to_string(i), .align = Align::kCentre},
         {.text = i % 7 == 0 ? "一个名称很长的政务服务事项，需要分成两行才能在表格的这一列中"
                               "完整地显示出来"
                             : "政务服务事项"},
         {.text = "5 个工作日"}});
  }
  TableStyle table;
  table.widths = {1, 6, 2};
  EXPECT_TRUE(flow.Table(rows, table));
  flow.Space(4);
  flow.PlaceQr(MakeQr("https://city.example/verify?c=1").value(), 30);
  flow.PlacePicture(QrPng(MakeQr("picture").value(), 2), 20, 20);
  auto seal = DrawSeal({.name = "韶关市示例区市场监督管理局", .purpose = "业务专用章"}, 150, 240);
  EXPECT_TRUE(seal);
  for (Shape& shape : *seal) flow.Place(std::move(shape));
  Document out = flow.Finish().value();
  out.title = "营业执照 <样本> & \"引号\"";
  out.author = "明月市";
  out.made_at = FromMicros(1'790'000'000'000'000);
  out.id = "0123456789abcdef0123456789abcdef";
  out.facts = {{"certificate_number", "SG-2026-0001"}, {"holder", "明月茶业有限公司 <&>"}};
  out.attachments = {{"credential.json", "{\"a\":1}"}};
  return out;
}

/// A folder for files that another program reads; gone afterwards.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/yiwang-documents-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  void Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }
  /// Runs a command in the folder; its output goes to out.txt. Whether it ended well.
  bool Run(const std::string& command) const {
    return system(("cd " + path_ + " && " + command + " >out.txt 2>&1").c_str()) == 0;
  }

 private:
  std::string path_;
};

}  // namespace city::documents::testing
