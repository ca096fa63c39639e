// SPDX-License-Identifier: Apache-2.0
// Where a seal goes on the pages of an OFD or PDF: their number and sizes are read from the
// document.
#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "base/text.h"
#include "base/xml.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/seal_uses.h"
#include "parts/documents/pdf_signature.h"

namespace city::certificates {
namespace {
constexpr size_t kMostPages = 2000;

struct Paper {
  double width = 210, height = 297;
};

/// Four numbers of a box such as "0 0 210 297".
Paper PaperOf(std::string_view box, Paper fallback) {
  std::istringstream in{std::string(box)};
  double x = 0, y = 0, width = 0, height = 0;
  if (in >> x >> y >> width >> height && width >= 10 && height >= 10 && width <= 5000 &&
      height <= 5000)
    return {width, height};
  return fallback;
}

/// The first element with this local name, anywhere below.
pugi::xml_node Below(pugi::xml_node root, std::string_view name) {
  return root.find_node([&](pugi::xml_node node) { return LocalName(node.name()) == name; });
}

std::string Joined(const std::string& folder, std::string_view path) {
  if (path.starts_with('/')) return std::string(path.substr(1));
  return folder.empty() ? std::string(path) : folder + "/" + std::string(path);
}

tl::unexpected<Error> Wrong(const char* zh, const char* en) {
  return error::kRequestWrong({{"reason_zh", zh}, {"reason_en", en}});
}

Result<std::vector<Paper>> PapersOfPdf(std::string_view pdf) {
  TRY(std::vector<documents::PaperSize> sizes, documents::PdfPapers(pdf));
  std::vector<Paper> out;
  for (const documents::PaperSize& size : sizes) {
    if (out.size() >= kMostPages) return Wrong("页数过多", "it has too many pages");
    out.push_back({size.width, size.height});
  }
  return out;
}

/// Sizes of all pages. Reads only what it needs, within the limits of the container.
Result<std::vector<Paper>> Papers(std::string_view ofd) {
  TRY(documents::ZipReader zip, documents::ZipReader::Open(ofd));
  TRY(std::string entry, zip.Read("OFD.xml"));
  TRY(auto head, ParseXml(entry));
  std::string root_path(Trim(Below(*head, "DocRoot").child_value()));
  root_path = Joined("", root_path);
  TRY(std::string text, zip.Read(root_path));
  TRY(auto document, ParseXml(text));
  size_t slash = root_path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : root_path.substr(0, slash);
  Paper usual = PaperOf(Below(Below(*document, "PageArea"), "PhysicalBox").child_value(), {});
  std::vector<Paper> out;
  std::map<std::string, Paper> known;
  for (pugi::xml_node page : Below(*document, "Pages").children()) {
    if (LocalName(page.name()) != "Page") continue;
    if (out.size() >= kMostPages) return Wrong("页数过多", "it has too many pages");
    // A page may have a size of its own. A file that names one part for every page has it unpacked
    // once all the same.
    auto [place, fresh] =
        known.try_emplace(Joined(folder, page.attribute("BaseLoc").value()), usual);
    if (fresh)
      if (auto content = zip.Read(place->first))
        if (auto read = ParseXml(*content))
          place->second = PaperOf(Below(Below(**read, "Area"), "PhysicalBox").child_value(), usual);
    out.push_back(place->second);
  }
  if (out.empty()) return Wrong("文件没有页面", "the document has no pages");
  return out;
}
}  // namespace

Result<SealPosition> ReadPosition(const json::object& text) {
  SealPosition out;
  if (std::string page(TextAt(text, "page")); !page.empty()) out.page = page;
  if (const json::value* number = text.if_contains("page"); number != nullptr && number->is_int64())
    out.page = std::to_string(number->get_int64());
  auto length = [&](const char* key, double& into) {
    if (const json::value* value = text.if_contains(key); value != nullptr && value->is_number())
      into = value->to_number<double>();
  };
  length("x", out.x);
  length("y", out.y);
  bool number = !out.page.empty() && out.page.size() <= 4 &&
                out.page.find_first_not_of("0123456789") == std::string::npos && out.page != "0";
  if (out.page != "first" && out.page != "last" && out.page != "all" && !number)
    return Wrong("页码须为 first、last、all 或从 1 起的数",
                 "the page must be first, last, all or a number from 1");
  return out;
}

Result<std::vector<documents::Stamp>> StampsOn(std::string_view document,
                                               const SealPosition& position, double width,
                                               double height) {
  TRY(std::vector<Paper> papers,
      document.starts_with("%PDF-") ? PapersOfPdf(document) : Papers(document));
  size_t first = 0, last = papers.size() - 1;
  if (position.page == "first") {
    last = 0;
  } else if (position.page == "last") {
    first = last;
  } else if (position.page != "all") {
    size_t page = 0;
    std::from_chars(position.page.data(), position.page.data() + position.page.size(), page);
    if (page < 1 || page > papers.size())
      return Wrong("文件没有这一页", "the document does not have this page");
    first = last = page - 1;
  }
  std::vector<documents::Stamp> out;
  for (size_t page = first; page <= last; ++page) {
    const Paper& paper = papers[page];
    // By default where a signature stands in a letter: a sixth from the right, a sixth from below.
    double x = position.x >= 0 ? position.x : paper.width * 5 / 6 - width;
    double y = position.y >= 0 ? position.y : paper.height * 5 / 6 - height;
    x = std::clamp(x, 0.0, std::max(0.0, paper.width - width));
    y = std::clamp(y, 0.0, std::max(0.0, paper.height - height));
    out.push_back({static_cast<int>(page), x, y, width, height});
  }
  return out;
}
}  // namespace city::certificates
