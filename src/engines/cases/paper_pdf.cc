// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/paper_pdf.h"

#include "parts/documents/flow.h"
#include "parts/documents/page.h"

namespace city::cases {

Result<std::string> PaperPdf(const json::object& paper) {
  using documents::Align;
  documents::Flow flow;
  const json::object* title = ObjectAt(paper, "title");
  TRY_VOID(flow.Text(
      title != nullptr ? TextAt(*title, "zh") : std::string_view(),
      {.face = documents::Face::kHei, .points = 20, .align = Align::kCentre, .after = 4}));
  if (std::string_view number = TextAt(paper, "number"); !number.empty())
    TRY_VOID(flow.Text("办件编号 " + std::string(number),
                       {.points = 11, .align = Align::kCentre, .after = 8}));
  if (const json::array* paragraphs = ArrayAt(paper, "paragraphs"))
    for (const json::value& each : *paragraphs)
      if (each.is_string())
        TRY_VOID(flow.Text(std::string_view(each.get_string()),
                           {.points = 14, .line_height = 1.8, .first_indent = 2, .after = 2}));
  flow.Space(10);
  if (std::string_view signer = TextAt(paper, "signed_by"); !signer.empty())
    TRY_VOID(flow.Text(signer, {.points = 14, .align = Align::kRight}));
  if (std::string_view at = TextAt(paper, "written_at"); at.size() >= 10)
    TRY_VOID(flow.Text(at.substr(0, 10), {.points = 14, .align = Align::kRight}));
  if (std::string_view digest = TextAt(paper, "digest"); !digest.empty()) {
    flow.Space(8);
    TRY_VOID(flow.Text("SM3 " + std::string(digest), {.points = 8, .align = Align::kLeft}));
  }
  TRY(documents::Document document, flow.Finish());
  return documents::WritePdf(document);
}
}  // namespace city::cases
