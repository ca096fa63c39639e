// SPDX-License-Identifier: Apache-2.0
// Why: PDF by cairo, which embeds the characters in use and keeps their text readable.
#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <ft2build.h>

#include <map>
#include <memory>

#include "parts/documents/errors.h"
#include "parts/documents/internal/embedded_font.h"
#include "parts/documents/internal/png_surface.h"
#include "parts/documents/page.h"
#include FT_FREETYPE_H

namespace city::documents {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;

// A font with the characters of one document, for FreeType and cairo. Neither is shared with other
// documents or threads: cairo keeps faces in a cache of its own, and lets go of them when it likes.
class OwnFont {
 public:
  static Result<cairo_font_face_t*> Make(std::shared_ptr<const internal::EmbeddedFont> file,
                                         FT_Face& handle) {
    auto own = std::make_unique<OwnFont>();
    own->file_ = std::move(file);
    if (FT_Init_FreeType(&own->library_) != 0 ||
        FT_New_Memory_Face(own->library_,
                           reinterpret_cast<const FT_Byte*>(own->file_->bytes.data()),
                           static_cast<FT_Long>(own->file_->bytes.size()), 0, &own->face_) != 0) {
      return error::kFailed({{"reason", "FreeType"}});
    }
    handle = own->face_;
    cairo_font_face_t* out = cairo_ft_font_face_create_for_ft_face(handle, FT_LOAD_NO_HINTING);
    static const cairo_user_data_key_t kKey{};
    if (cairo_font_face_set_user_data(out, &kKey, own.get(), [](void* gone) {
          delete static_cast<OwnFont*>(gone);
        }) != CAIRO_STATUS_SUCCESS) {
      cairo_font_face_destroy(out);
      return error::kFailed({{"reason", "cairo font"}});
    }
    static_cast<void>(own.release());
    return out;
  }
  ~OwnFont() {
    if (face_) FT_Done_Face(face_);
    if (library_) FT_Done_FreeType(library_);
  }

 private:
  std::shared_ptr<const internal::EmbeddedFont> file_;
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

// The fonts of a document. They hold its characters alone, so that cairo need not read in tens of
// megabytes for each document.
class Fonts {
 public:
  struct One {
    FT_Face handle = nullptr;
    std::unique_ptr<cairo_font_face_t, void (*)(cairo_font_face_t*)> face{nullptr,
                                                                          cairo_font_face_destroy};
  };
  Result<void> Take(const Document& document) {
    std::map<Face, std::u32string> used;
    for (const Page& page : document.pages) {
      for (const Item& item : page.items) {
        if (const auto* run = std::get_if<TextRun>(&item)) used[run->face] += run->text;
      }
    }
    for (auto& [face, text] : used) {
      TRY(auto file, internal::EmbeddedFontOf(face, std::move(text)));
      One& one = fonts_[face];
      TRY(cairo_font_face_t * made, OwnFont::Make(std::move(file), one.handle));
      one.face.reset(made);
    }
    return {};
  }
  const One& Of(Face face) const { return fonts_.at(face); }

 private:
  std::map<Face, One> fonts_;
};

void SetColour(cairo_t* cairo, Colour colour) {
  cairo_set_source_rgb(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
}

Result<void> Draw(cairo_t* cairo, const Fonts& fonts, const TextRun& run) {
  const Fonts::One& font = fonts.Of(run.face);
  cairo_set_font_face(cairo, font.face.get());
  cairo_set_font_size(cairo, run.size);
  SetColour(cairo, run.colour);
  std::string utf8;
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  double x = run.x;
  for (size_t i = 0; i < run.text.size(); ++i) {
    const std::string one = Utf8(run.text.substr(i, 1));
    glyphs.push_back({FT_Get_Char_Index(font.handle, run.text[i]), x, run.y});
    clusters.push_back({static_cast<int>(one.size()), 1});
    utf8 += one;
    x += run.advances[i];
  }
  cairo_show_text_glyphs(cairo, utf8.data(), static_cast<int>(utf8.size()), glyphs.data(),
                         static_cast<int>(glyphs.size()), clusters.data(),
                         static_cast<int>(clusters.size()), cairo_text_cluster_flags_t{});
  return {};
}

Result<void> Draw(cairo_t* cairo, const Fonts&, const Shape& shape) {
  cairo_new_path(cairo);
  for (const Font::Step& step : shape.steps) {
    switch (step.kind) {
      case 'M':
        cairo_move_to(cairo, step.x[0], step.y[0]);
        break;
      case 'L':
        cairo_line_to(cairo, step.x[0], step.y[0]);
        break;
      case 'C':
        cairo_curve_to(cairo, step.x[0], step.y[0], step.x[1], step.y[1], step.x[2], step.y[2]);
        break;
      default:
        cairo_close_path(cairo);
    }
  }
  if (shape.fill) {
    SetColour(cairo, shape.fill_colour);
    cairo_fill_preserve(cairo);
  }
  if (shape.line_mm > 0) {
    SetColour(cairo, shape.line_colour);
    cairo_set_line_width(cairo, shape.line_mm);
    cairo_stroke_preserve(cairo);
  }
  cairo_new_path(cairo);
  return {};
}

Result<void> Draw(cairo_t* cairo, const Fonts& fonts, const QrMark& mark) {
  return Draw(cairo, fonts, ShapeOf(mark));
}

Result<void> Draw(cairo_t* cairo, const Fonts&, const Picture& picture) {
  TRY(internal::PngSurface image, internal::ReadPng(picture.png));
  const int width = cairo_image_surface_get_width(image.get());
  const int height = cairo_image_surface_get_height(image.get());
  cairo_save(cairo);
  cairo_translate(cairo, picture.x, picture.y);
  cairo_scale(cairo, picture.width / width, picture.height / height);
  cairo_set_source_surface(cairo, image.get(), 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
  return {};
}

}  // namespace

Result<std::string> WritePdf(const Document& document) {
  std::string out;
  Fonts fonts;
  TRY_VOID(fonts.Take(document));
  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
      cairo_pdf_surface_create_for_stream(
          [](void* closure, const unsigned char* data, unsigned length) {
            static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
            return CAIRO_STATUS_SUCCESS;
          },
          &out, document.width * kPointsPerMm, document.height * kPointsPerMm),
      cairo_surface_destroy);
  cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
  auto describe = [&](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface.get(), what, text.c_str());
  };
  describe(CAIRO_PDF_METADATA_TITLE, document.title);
  describe(CAIRO_PDF_METADATA_AUTHOR, document.author);
  describe(CAIRO_PDF_METADATA_SUBJECT, document.subject);
  describe(CAIRO_PDF_METADATA_CREATOR, "Yiwang");
  describe(CAIRO_PDF_METADATA_CREATE_DATE, IsoChina(document.made_at));
  describe(CAIRO_PDF_METADATA_MOD_DATE, IsoChina(document.made_at));
  std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo(cairo_create(surface.get()), cairo_destroy);
  cairo_scale(cairo.get(), kPointsPerMm, kPointsPerMm);
  for (const Page& page : document.pages) {
    for (const Item& item : page.items) {
      TRY_VOID(
          std::visit([&](const auto& thing) { return Draw(cairo.get(), fonts, thing); }, item));
    }
    cairo_show_page(cairo.get());
  }
  cairo_status_t status = cairo_status(cairo.get());
  cairo.reset();
  cairo_surface_finish(surface.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    return error::kFailed({{"reason", cairo_status_to_string(status)}});
  }
  return out;
}

}  // namespace city::documents
