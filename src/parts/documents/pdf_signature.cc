// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/pdf_signature.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>

#include "parts/documents/errors.h"
#include "parts/documents/font.h"
#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/internal/pdf_file.h"
#include "parts/documents/internal/png_surface.h"

namespace city::documents {
namespace {

// Room for a signature with its certificate and a time stamp.
constexpr size_t kRoom = 8192;
constexpr size_t kRangeRoom = 32;
constexpr double kPointsPerMm = 72 / 25.4;

tl::unexpected<Error> Bad(const char* reason) { return error::kBadPdf({{"reason", reason}}); }

std::string Hex(std::string_view bytes) {
  std::string out;
  for (unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

// A text string in UTF-16 (7.9.2.2).
std::string TextString(std::string_view text) {
  std::string bytes("\xfe\xff");
  for (char32_t c : Characters(text)) {
    auto put = [&](uint32_t unit) {
      bytes += static_cast<char>(unit >> 8);
      bytes += static_cast<char>(unit & 0xff);
    };
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xd800 + ((c - 0x10000) >> 10));
      put(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return "<" + Hex(bytes) + ">";
}

// `dictionary` with one more entry.
std::string WithEntry(std::string_view dictionary, std::string_view entry) {
  return fmt::format("{} {} >>", dictionary.substr(0, dictionary.size() - 2), entry);
}

std::string StreamOf(const std::string& entries, const std::string& bytes) {
  return fmt::format("<< {} /Length {} >>\nstream\n", entries, bytes.size()) + bytes +
         "\nendstream";
}

std::string Deflated(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  CHECK(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 6) == Z_OK);
  out.resize(size);
  return out;
}

// What is written behind a file: objects that are new or stand in the place of others, and the
// section that says where they are.
class Addition {
 public:
  Addition(std::string_view pdf, const internal::PdfFile& file)
      : pdf_(pdf), file_(file), next_(file.next_number()) {}

  size_t Add(std::string text) {
    objects_[next_] = std::move(text);
    return next_++;
  }
  void Replace(size_t number, std::string text) { objects_[number] = std::move(text); }

  // Shows the picture at each place. The first of them is the signature's own: `field` has its
  // entries. Answers its number.
  Result<size_t> Stamp(const PdfStamp& stamp, const std::string& field);

  // The file with what was added; `offset` gets the place of object `number`.
  std::string Written(size_t number, size_t& offset) const;

 private:
  Result<std::string> Now(size_t number) const {
    const auto changed = objects_.find(number);
    if (changed != objects_.end()) return changed->second;
    return file_.Object(number);
  }
  Result<size_t> AddPicture(std::string_view png);
  Result<void> AddAnnotation(const internal::PdfPage& page, size_t annotation);

  std::string_view pdf_;
  const internal::PdfFile& file_;
  size_t next_;
  std::map<size_t, std::string> objects_;
};

Result<size_t> Addition::AddPicture(std::string_view png) {
  TRY(internal::PngSurface image, internal::ReadPng(png));
  const int width = cairo_image_surface_get_width(image.get());
  const int height = cairo_image_surface_get_height(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  const cairo_format_t format = cairo_image_surface_get_format(image.get());
  if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) {
    return error::kFailed({{"reason", "a picture is no PNG in colour"}});
  }
  const unsigned char* data = cairo_image_surface_get_data(image.get());
  std::string colours, cover;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint32_t pixel = 0;
      std::memcpy(&pixel, data + static_cast<ptrdiff_t>(y) * stride + x * 4, 4);
      const uint32_t alpha = format == CAIRO_FORMAT_RGB24 ? 255 : pixel >> 24;
      for (int shift : {16, 8, 0}) {  // cairo's colours are multiplied by their cover
        const uint32_t colour = pixel >> shift & 255;
        colours += static_cast<char>(alpha == 0 ? 255 : std::min(255U, colour * 255 / alpha));
      }
      cover += static_cast<char>(alpha);
    }
  }
  const std::string size = fmt::format(
      "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 "
      "/Filter /FlateDecode ",
      width, height);
  const size_t mask = Add(StreamOf(size + "/ColorSpace /DeviceGray", Deflated(cover)));
  return Add(StreamOf(size + fmt::format("/ColorSpace /DeviceRGB /SMask {} 0 R", mask),
                      Deflated(colours)));
}

Result<void> Addition::AddAnnotation(const internal::PdfPage& page, size_t annotation) {
  TRY(std::string dictionary, Now(page.number));
  if (!dictionary.ends_with(">>")) return Bad("pages");
  const std::string reference = fmt::format(" {} 0 R", annotation);
  const auto listed = internal::PdfEntry(dictionary, "Annots");
  if (!listed) {
    Replace(page.number, WithEntry(dictionary, fmt::format("/Annots [{} ]", reference)));
    return {};
  }
  if (const auto far = internal::PdfReference(*listed)) {
    TRY(std::string list, Now(*far));
    if (!list.ends_with(']')) return Bad("annotations");
    list.insert(list.size() - 1, reference);
    Replace(*far, std::move(list));
    return {};
  }
  if (!listed->ends_with(']')) return Bad("annotations");
  const size_t end = static_cast<size_t>(listed->data() - dictionary.data()) + listed->size();
  dictionary.insert(end - 1, reference);
  Replace(page.number, std::move(dictionary));
  return {};
}

Result<size_t> Addition::Stamp(const PdfStamp& stamp, const std::string& field) {
  TRY(std::vector<internal::PdfPage> pages, file_.Pages());
  TRY(const size_t picture, AddPicture(stamp.png));
  size_t first = 0;
  for (const documents::Stamp& place : stamp.places) {
    if (place.page < 0 || static_cast<size_t>(place.page) >= pages.size()) {
      return Bad("no such page to stamp");
    }
    const internal::PdfPage& page = pages[static_cast<size_t>(place.page)];
    const auto& [left, bottom, right, top] = page.box;
    const double width = place.width * kPointsPerMm, height = place.height * kPointsPerMm;
    // Both corners from the upper left of the page as it is seen, turned back to how it lies.
    double corners[4];
    for (int corner = 0; corner < 2; ++corner) {
      const double x = place.x * kPointsPerMm + corner * width;
      const double y = place.y * kPointsPerMm + corner * height;
      double* at = corners + corner * 2;
      at[0] = page.rotate == 0     ? left + x
              : page.rotate == 90  ? left + y
              : page.rotate == 180 ? right - x
                                   : right - y;
      at[1] = page.rotate == 0     ? top - y
              : page.rotate == 90  ? bottom + x
              : page.rotate == 180 ? bottom + y
                                   : top - x;
    }
    const char* turn = page.rotate == 0     ? "1 0 0 1"
                       : page.rotate == 90  ? "0 1 -1 0"
                       : page.rotate == 180 ? "-1 0 0 -1"
                                            : "0 -1 1 0";
    const size_t look = Add(StreamOf(
        fmt::format("/Type /XObject /Subtype /Form /BBox [0 0 {:.3f} {:.3f}] /Matrix [{} 0 0] "
                    "/Resources << /XObject << /Im0 {} 0 R >> >>",
                    width, height, turn, picture),
        fmt::format("q {:.3f} 0 0 {:.3f} 0 0 cm /Im0 Do Q", width, height)));
    // Printed, and not to be moved.
    const std::string entries = first == 0 ? field : "/Type /Annot /Subtype /Stamp /F 196 ";
    const size_t number = Add(fmt::format(
        "<< {}/P {} 0 R /Rect [{:.3f} {:.3f} {:.3f} {:.3f}] /AP << /N {} 0 R >> >>", entries,
        page.number, std::min(corners[0], corners[2]), std::min(corners[1], corners[3]),
        std::max(corners[0], corners[2]), std::max(corners[1], corners[3]), look));
    TRY_VOID(AddAnnotation(page, number));
    if (first == 0) first = number;
  }
  return first;
}

std::string Addition::Written(size_t number, size_t& offset) const {
  std::string out(pdf_);
  if (!out.ends_with('\n')) out += '\n';
  std::map<size_t, size_t> offsets;
  for (const auto& [each, text] : objects_) {
    offsets[each] = out.size();
    out += fmt::format("{} 0 obj\n", each) + text + "\nendobj\n";
  }
  offset = offsets.at(number);
  const size_t section = out.size();
  if (file_.by_streams()) offsets[next_] = section;
  // Stretches of numbers that follow on one another.
  std::vector<std::pair<size_t, size_t>> stretches;
  for (const auto& [each, at] : offsets) {
    if (stretches.empty() || stretches.back().first + stretches.back().second != each)
      stretches.emplace_back(each, 0);
    ++stretches.back().second;
  }
  const std::string trailer = fmt::format("/Size {} {}/Prev {}", offsets.rbegin()->first + 1,
                                          file_.TrailerEntries(), file_.newest_section());
  if (file_.by_streams()) {
    std::string entries, index;
    for (const auto& [first, count] : stretches) index += fmt::format("{} {} ", first, count);
    for (const auto& [each, at] : offsets) {
      entries += '\x01';
      for (int shift = 32; shift >= 0; shift -= 8) entries += static_cast<char>(at >> shift & 255);
      entries += '\0';
    }
    out += fmt::format("{} 0 obj\n", next_) +
           StreamOf(fmt::format("/Type /XRef /W [1 5 1] /Index [{}] {}", index, trailer), entries) +
           "\nendobj\n";
  } else {
    out += "xref\n";
    for (const auto& [first, count] : stretches) {
      out += fmt::format("{} {}\n", first, count);
      for (size_t i = 0; i < count; ++i)
        out += fmt::format("{:010} 00000 n \n", offsets.at(first + i));
    }
    out += fmt::format("trailer\n<< {} >>\n", trailer);
  }
  out += fmt::format("startxref\n{}\n%%EOF\n", section);
  return out;
}

}  // namespace

Result<std::vector<PaperSize>> PdfPapers(std::string_view pdf) {
  TRY(internal::PdfFile file, internal::PdfFile::Open(pdf));
  TRY(std::vector<internal::PdfPage> pages, file.Pages());
  std::vector<PaperSize> out;
  for (const internal::PdfPage& page : pages) {
    const double width = (page.box[2] - page.box[0]) / kPointsPerMm;
    const double height = (page.box[3] - page.box[1]) / kPointsPerMm;
    const bool lies = page.rotate % 180 != 0;
    out.push_back({lies ? height : width, lies ? width : height});
  }
  return out;
}

Result<std::string> SignPdf(std::string_view pdf, std::string_view name, Time now,
                            const MakeDetached& make, const PdfStamp* stamp) {
  TRY(internal::PdfFile file, internal::PdfFile::Open(pdf));
  Addition added(pdf, file);
  TRY(std::string catalog, file.Object(file.root()));
  if (!catalog.ends_with(">>")) return Bad("catalogue");
  if (internal::PdfEntry(catalog, "AcroForm")) return Bad("it has a form or a signature already");

  std::string moment;
  for (char c : IsoChina(now).substr(0, 19)) {
    if (c >= '0' && c <= '9') moment += c;
  }
  const size_t value = added.Add(fmt::format(
      "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached "
      "/M (D:{}+08'00') /Name {} /ByteRange [0 {}] /Contents <{}> >>",
      moment, TextString(name), std::string(kRangeRoom, ' '), std::string(kRoom * 2, '0')));
  const std::string field =
      fmt::format("/Type /Annot /Subtype /Widget /FT /Sig /T (signature) /V {} 0 R /F 132 ", value);
  size_t field_number = 0;
  if (stamp && !stamp->places.empty()) {
    TRY(field_number, added.Stamp(*stamp, field));
  } else {
    field_number = added.Add("<< " + field + "/Rect [0 0 0 0] >>");
  }
  added.Replace(file.root(),
                WithEntry(catalog, fmt::format("/AcroForm << /Fields [{} 0 R] /SigFlags 3 >>",
                                               field_number)));
  size_t value_offset = 0;
  std::string out = added.Written(value, value_offset);
  const size_t ranges_at = out.find("/ByteRange [0 ", value_offset) + 14;
  const size_t contents_at = out.find("/Contents <", ranges_at) + 10;
  const size_t after_contents = contents_at + 2 + kRoom * 2;
  const std::string ranges =
      fmt::format("{} {} {}", contents_at, after_contents, out.size() - after_contents);
  if (ranges.size() > kRangeRoom) return Bad("too large");
  out.replace(ranges_at, ranges.size(), ranges);

  TRY(std::string signature,
      make(internal::Sm3Of(out.substr(0, contents_at) + out.substr(after_contents))));
  if (signature.size() > kRoom) return Bad("the signature is too long");
  const std::string hex = Hex(signature);
  out.replace(contents_at + 1, hex.size(), hex);
  return out;
}

Result<std::optional<PdfSignature>> FindPdfSignature(std::string_view pdf) {
  if (!pdf.starts_with("%PDF-")) return Bad("no PDF");
  const size_t at = pdf.rfind("/ByteRange [0 ");
  if (at == std::string_view::npos) return std::optional<PdfSignature>();
  size_t numbers[3] = {};
  size_t from = at + 14;
  for (size_t& number : numbers) {
    from = pdf.find_first_not_of(' ', from);
    if (from == std::string_view::npos) return Bad("ByteRange");
    auto [end, code] = std::from_chars(pdf.data() + from, pdf.data() + pdf.size(), number);
    if (code != std::errc()) return Bad("ByteRange");
    from = static_cast<size_t>(end - pdf.data());
  }
  const auto [first, second, length] = numbers;
  if (first >= second || second > pdf.size() || length > pdf.size() - second || pdf[first] != '<' ||
      pdf[second - 1] != '>') {
    return Bad("ByteRange");
  }
  const std::string_view hex = pdf.substr(first + 1, second - first - 2);
  PdfSignature out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    uint8_t byte = 0;
    auto [end, code] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (code != std::errc() || end != hex.data() + i + 2) return Bad("Contents");
    out.signed_data += static_cast<char>(byte);
  }
  // What follows the signature in its room is filled with noughts; its own length says where it
  // ends.
  if (out.signed_data.size() < 4 || static_cast<uint8_t>(out.signed_data[1]) != 0x82) {
    return Bad("Contents");
  }
  const size_t total = 4u + static_cast<uint8_t>(out.signed_data[2]) * 256u +
                       static_cast<uint8_t>(out.signed_data[3]);
  if (total > out.signed_data.size() ||
      out.signed_data.find_first_not_of('\0', total) != std::string::npos) {
    return Bad("Contents");
  }
  out.signed_data.resize(total);
  out.digest =
      internal::Sm3Of(std::string(pdf.substr(0, first)) + std::string(pdf.substr(second, length)));
  out.covers_all = second + length == pdf.size();
  return std::optional(std::move(out));
}

}  // namespace city::documents
