// SPDX-License-Identifier: Apache-2.0
// Why: pages become OFD. Each run of text is one TextObject whose characters can be copied out
// again; shapes and pictures keep their places to a thousandth of a millimetre.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <map>

#include "parts/documents/internal/embedded_font.h"
#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/ofd.h"
#include "parts/documents/png.h"

namespace city::documents {
namespace {

using internal::Escaped;
using internal::kNamespace;
using internal::kXmlHead;
using internal::Number;

std::string Box(double x, double y, double width, double height) {
  std::string out;
  internal::AddNumber(out, x);
  for (double each : {y, width, height}) internal::AddNumber(out += ' ', each);
  return out;
}

// Everything at the end of `out`, without strings in between.
void Add(std::string& out, std::initializer_list<std::string_view> pieces) {
  for (std::string_view piece : pieces) out += piece;
}

std::string ColourText(Colour colour) {
  return std::to_string(colour.r) + " " + std::to_string(colour.g) + " " + std::to_string(colour.b);
}

// "M x y L x y " for each stretch of dark squares, four squares in from the edge. A certificate has
// hundreds of them, so their text is put into room made for all.
void AddLines(std::string& out, const QrCode& code) {
  struct Word {
    char text[4] = {' '};
    size_t size = 0;
  };
  std::vector<Word> numbers(static_cast<size_t>(code.size) +
                            1);  // " 4" and up; three digits at most
  for (size_t i = 0; i < numbers.size(); ++i) {
    Word& word = numbers[i];
    word.size = static_cast<size_t>(
        std::to_chars(word.text + 1, word.text + sizeof word.text, i + 4).ptr - word.text);
  }
  constexpr size_t kLongest = sizeof "M 180 180 L 181 180 ";
  const auto size = static_cast<size_t>(code.size);
  std::vector<char> room(size * (size + 1) / 2 * kLongest + sizeof(Word));
  char* at = room.data();
  // All four bytes of a word are copied; what follows overwrites those too many.
  auto put = [&](const Word& word) {
    std::memcpy(at, word.text, sizeof word.text);
    at += word.size;
  };
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = 0; column < size; ++column) {
      if (!code.dark[row * size + column]) continue;
      *at++ = 'M';
      put(numbers[column]);
      put(numbers[row]);
      while (column < size && code.dark[row * size + column]) ++column;
      *at++ = ' ';
      *at++ = 'L';
      put(numbers[column]);
      put(numbers[row]);
      *at++ = ' ';
    }
  }
  out.append(room.data(), at);
}

// "a b c", with "g n v" for n equal steps in a row (GB/T 33190, 11.3).
std::string Deltas(const std::vector<double>& advances) {
  std::string out;
  auto same = [&](size_t a, size_t b) {
    return std::llround(advances[a] * 1000) == std::llround(advances[b] * 1000);
  };
  for (size_t i = 0; i + 1 < advances.size();) {
    size_t end = i + 1;
    while (end + 1 < advances.size() && same(end, i)) ++end;
    if (!out.empty()) out += ' ';
    if (end - i > 2) {
      out += "g " + std::to_string(end - i) + " ";
      internal::AddNumber(out, advances[i]);
      i = end;
    } else {
      internal::AddNumber(out, advances[i]);
      ++i;
    }
  }
  return out;
}

class Writer {
 public:
  explicit Writer(const Document& document) : document_(document) {}

  Result<internal::OfdPackage> Write() {
    Parts pages;
    std::string page_list;
    for (size_t i = 0; i < document_.pages.size(); ++i) {
      const std::string folder = "Pages/Page_" + std::to_string(i);
      page_list += "<ofd:Page ID=\"" + Id() + "\" BaseLoc=\"" + folder + "/Content.xml\"/>";
      TRY(std::string content, PageXml(document_.pages[i]));
      pages.emplace_back("Doc_0/" + folder + "/Content.xml", std::move(content));
    }
    TRY(std::string fonts, Fonts());
    Parts parts;
    parts.emplace_back("OFD.xml", Root());
    parts.emplace_back("Doc_0/Document.xml", Main(page_list));
    parts.emplace_back("Doc_0/PublicRes.xml", std::move(fonts));
    if (!pictures_.empty()) parts.emplace_back("Doc_0/DocumentRes.xml", Pictures());
    std::move(pages.begin(), pages.end(), std::back_inserter(parts));
    std::move(resources_.begin(), resources_.end(), std::back_inserter(parts));
    if (!document_.attachments.empty()) {
      parts.emplace_back("Doc_0/Attachs/Attachments.xml", Attachments());
      for (size_t i = 0; i < document_.attachments.size(); ++i) {
        parts.emplace_back("Doc_0/Attachs/" + AttachmentFile(i), document_.attachments[i].bytes);
      }
    }
    return internal::OfdPackage{std::move(parts), std::move(sm3_)};
  }

 private:
  std::string Id() { return std::to_string(++last_id_); }

  std::string Root() const {
    std::string out(kXmlHead);
    out += "<ofd:OFD" + std::string(kNamespace) +
           " Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>" +
           Escaped(document_.id) + "</ofd:DocID>";
    auto add = [&](const char* name, const std::string& text) {
      if (text.empty()) return;
      out += std::string("<ofd:") + name + ">" + Escaped(text) + "</ofd:" + name + ">";
    };
    add("Title", document_.title);
    add("Author", document_.author);
    add("Subject", document_.subject);
    add("CreationDate", IsoDate(ChinaDate(document_.made_at)));
    add("Creator", "Yiwang");
    if (!document_.facts.empty()) {
      out += "<ofd:CustomDatas>";
      for (const auto& [name, value] : document_.facts) {
        out += "<ofd:CustomData Name=\"" + Escaped(name) + "\">" + Escaped(value) +
               "</ofd:CustomData>";
      }
      out += "</ofd:CustomDatas>";
    }
    return out +
           "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
  }

  std::string Main(const std::string& page_list) const {
    std::string out(kXmlHead);
    out += "<ofd:Document" + std::string(kNamespace) + "><ofd:CommonData><ofd:MaxUnitID>" +
           std::to_string(last_id_) + "</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>" +
           Box(0, 0, document_.width, document_.height) +
           "</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>";
    if (!pictures_.empty()) out += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>";
    out += "</ofd:CommonData><ofd:Pages>" + page_list + "</ofd:Pages>";
    if (!document_.attachments.empty()) {
      out += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>";
    }
    return out + "</ofd:Document>";
  }

  Result<std::string> PageXml(const Page& page) {
    std::string out(kXmlHead);
    out.reserve(16384);
    out += "<ofd:Page" + std::string(kNamespace) + "><ofd:Area><ofd:PhysicalBox>" +
           Box(0, 0, document_.width, document_.height) +
           "</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID=\"" + Id() +
           "\" Type=\"Body\">";
    for (const Item& item : page.items) {
      TRY_VOID(std::visit([&](const auto& thing) { return AddItem(out, thing); }, item));
    }
    return out + "</ofd:Layer></ofd:Content></ofd:Page>";
  }

  Result<void> AddItem(std::string& out, const TextRun& run) {
    if (run.text.empty()) return {};
    TRY(const Font* font, Font::Of(run.face));
    auto [entry, fresh] = fonts_.try_emplace(run.face);
    if (fresh) entry->second.id = Id();
    entry->second.used += run.text;
    double width = 0;
    for (double advance : run.advances) width += advance;
    const double above = font->ascent() * run.size, below = font->descent() * run.size;
    Add(out, {"<ofd:TextObject ID=\"", Id(), "\" Boundary=\"",
              Box(run.x, run.y - above, width, above + below), "\" Font=\"", entry->second.id,
              "\" Size=\"", Number(run.size), "\">"});
    if (run.colour != kBlack) Add(out, {"<ofd:FillColor Value=\"", ColourText(run.colour), "\"/>"});
    Add(out, {"<ofd:TextCode X=\"0\" Y=\"", Number(above), "\""});
    if (const std::string deltas = Deltas(run.advances); !deltas.empty()) {
      Add(out, {" DeltaX=\"", deltas, "\""});
    }
    Add(out, {">", Escaped(Utf8(run.text)), "</ofd:TextCode></ofd:TextObject>"});
    return {};
  }

  Result<void> AddItem(std::string& out, const Shape& shape) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    auto points = [](const Font::Step& step) { return step.kind == 'C' ? 3 : step.kind != 'Z'; };
    for (const Font::Step& step : shape.steps) {
      for (int i = 0; i < points(step); ++i) {
        left = std::min(left, step.x[i]);
        right = std::max(right, step.x[i]);
        top = std::min(top, step.y[i]);
        bottom = std::max(bottom, step.y[i]);
      }
    }
    if (left > right) return {};
    const double edge = shape.line_mm / 2 + 0.01;
    left -= edge;
    top -= edge;
    out += "<ofd:PathObject ID=\"" + Id() + "\" Boundary=\"" +
           Box(left, top, right + edge - left, bottom + edge - top) + "\" Stroke=\"" +
           (shape.line_mm > 0 ? "true" : "false") + "\" Fill=\"" + (shape.fill ? "true" : "false") +
           "\"";
    if (shape.line_mm > 0) out += " LineWidth=\"" + Number(shape.line_mm) + "\"";
    out += ">";
    if (shape.line_mm > 0) {
      out += "<ofd:StrokeColor Value=\"" + ColourText(shape.line_colour) + "\"/>";
    }
    if (shape.fill) out += "<ofd:FillColor Value=\"" + ColourText(shape.fill_colour) + "\"/>";
    out += "<ofd:AbbreviatedData>";
    bool first = true;
    for (const Font::Step& step : shape.steps) {
      if (!first) out += ' ';
      first = false;
      out += step.kind == 'C' ? 'B' : step.kind == 'Z' ? 'C' : step.kind;
      for (int i = 0; i < points(step); ++i) {
        internal::AddNumber(out += ' ', step.x[i] - left);
        internal::AddNumber(out += ' ', step.y[i] - top);
      }
    }
    out += "</ofd:AbbreviatedData></ofd:PathObject>";
    return {};
  }

  // Each stretch of dark squares is a line as wide as a square; one unit is one square, so that the
  // text of a code stays short.
  Result<void> AddItem(std::string& out, const QrMark& mark) {
    const std::string side = fmt::format("{:.6f}", mark.square());
    out += "<ofd:PathObject ID=\"" + Id() + "\" Boundary=\"" +
           Box(mark.x, mark.y, mark.side, mark.side) + "\" CTM=\"" + side + " 0 0 " + side + " 0 " +
           fmt::format("{:.6f}", mark.square() / 2) +
           "\" LineWidth=\"1\" Stroke=\"true\" Fill=\"false\"><ofd:StrokeColor Value=\"" +
           ColourText(kBlack) + "\"/><ofd:AbbreviatedData>";
    AddLines(out, mark.code);
    out += "</ofd:AbbreviatedData></ofd:PathObject>";
    return {};
  }

  Result<void> AddItem(std::string& out, const Picture& picture) {
    int width = 0, height = 0;
    if (!PngSize(picture.png, width, height)) {
      return error::kFailed({{"reason", "a picture is no PNG"}});
    }
    auto [entry, fresh] = pictures_.try_emplace(picture.png);
    if (fresh) {
      entry->second.id = Id();
      entry->second.file = "image_" + std::to_string(pictures_.size() - 1) + ".png";
      resources_.emplace_back("Doc_0/Res/" + entry->second.file, picture.png);
    }
    out += "<ofd:ImageObject ID=\"" + Id() + "\" Boundary=\"" +
           Box(picture.x, picture.y, picture.width, picture.height) + "\" CTM=\"" +
           Number(picture.width) + " 0 0 " + Number(picture.height) + " 0 0\" ResourceID=\"" +
           entry->second.id + "\"/>";
    return {};
  }

  Result<std::string> Fonts() {
    std::string out(kXmlHead);
    out += "<ofd:Res" + std::string(kNamespace) + " BaseLoc=\"Res\"><ofd:Fonts>";
    int number = 0;
    for (const auto& [face, used] : fonts_) {
      TRY(const Font* font, Font::Of(face));
      TRY(auto embedded, internal::EmbeddedFontOf(face, used.used));
      const std::string file = "font_" + std::to_string(number++) + ".otf";
      // Readers know an embedded font by its name, so the bold one needs one of its own.
      const std::string name = Escaped(font->family() + (font->bold() ? " Bold" : ""));
      out += "<ofd:Font ID=\"" + used.id + "\" FontName=\"" + name + "\" FamilyName=\"" + name +
             "\" Charset=\"unicode\" Bold=\"" + (font->bold() ? "true" : "false") +
             "\"><ofd:FontFile>" + file + "</ofd:FontFile></ofd:Font>";
      resources_.emplace_back("Doc_0/Res/" + file, embedded->bytes);
      sm3_["Doc_0/Res/" + file] = embedded->sm3;
    }
    return out + "</ofd:Fonts></ofd:Res>";
  }

  std::string Pictures() const {
    std::map<std::string, std::string> by_file;
    for (const auto& [png, known] : pictures_) by_file[known.file] = known.id;
    std::string out(kXmlHead);
    out += "<ofd:Res" + std::string(kNamespace) + " BaseLoc=\"Res\"><ofd:MultiMedias>";
    for (const auto& [file, id] : by_file) {
      out += "<ofd:MultiMedia ID=\"" + id + "\" Type=\"Image\" Format=\"PNG\"><ofd:MediaFile>" +
             file + "</ofd:MediaFile></ofd:MultiMedia>";
    }
    return out + "</ofd:MultiMedias></ofd:Res>";
  }

  // File names are ours; the attachment's own name is only shown.
  std::string AttachmentFile(size_t index) const {
    return "attachment_" + std::to_string(index) + ".dat";
  }

  std::string Attachments() const {
    std::string out(kXmlHead);
    out += "<ofd:Attachments" + std::string(kNamespace) + ">";
    for (size_t i = 0; i < document_.attachments.size(); ++i) {
      const Attachment& one = document_.attachments[i];
      out += "<ofd:Attachment ID=\"a" + std::to_string(i + 1) + "\" Name=\"" + Escaped(one.name) +
             "\" Size=\"" + Number(static_cast<double>(one.bytes.size()) / 1024) +
             "\" Visible=\"true\"><ofd:FileLoc>" + AttachmentFile(i) +
             "</ofd:FileLoc></ofd:Attachment>";
    }
    return out + "</ofd:Attachments>";
  }

  struct UsedFont {
    std::string id;
    std::u32string used;
  };
  struct KnownPicture {
    std::string id, file;
  };

  const Document& document_;
  int last_id_ = 0;
  std::map<Face, UsedFont> fonts_;
  std::map<std::string, KnownPicture> pictures_;
  Parts resources_;
  std::map<std::string, std::string> sm3_;
};

}  // namespace

Result<internal::OfdPackage> internal::OfdParts(const Document& document) {
  return Writer(document).Write();
}

Result<std::string> WriteOfd(const Document& document) {
  TRY(internal::OfdPackage package, internal::OfdParts(document));
  return WriteZip(package.parts);
}

}  // namespace city::documents
