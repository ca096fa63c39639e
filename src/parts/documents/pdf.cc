// SPDX-License-Identifier: Apache-2.0
// Why: PDF by cairo, which embeds the characters in use and keeps their text readable.
#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <ft2build.h>

#include <map>
#include <memory>
#include <mutex>

#include "parts/documents/errors.h"
#include "parts/documents/page.h"
#include FT_FREETYPE_H

namespace city::documents {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;

// FreeType's handles may not be shared between threads, and cairo keeps them in a cache of its own
// beyond a document. So a set of them is lent to one document after another and never freed.
class Fonts {
 public:
  Result<cairo_font_face_t*> Of(const Font& font, Face face) {
    auto found = fonts_.find(face);
    if (found != fonts_.end()) return found->second;
    if (!library_ && FT_Init_FreeType(&library_) != 0) {
      return error::kFailed({{"reason", "FreeType"}});
    }
    FT_Face handle = nullptr;
    if (FT_New_Face(library_, font.path().c_str(), font.index(), &handle) != 0) {
      return error::kFontMissing({{"font", font.path()}});
    }
    cairo_font_face_t* out = cairo_ft_font_face_create_for_ft_face(handle, FT_LOAD_NO_HINTING);
    fonts_[face] = out;
    return out;
  }

 private:
  FT_Library library_ = nullptr;
  std::map<Face, cairo_font_face_t*> fonts_;
};

class LentFonts {
 public:
  LentFonts() {
    std::lock_guard lock(pool_->mutex);
    if (pool_->idle.empty()) {
      fonts_ = new Fonts;
    } else {
      fonts_ = pool_->idle.back();
      pool_->idle.pop_back();
    }
  }
  ~LentFonts() {
    std::lock_guard lock(pool_->mutex);
    pool_->idle.push_back(fonts_);
  }
  LentFonts(const LentFonts&) = delete;
  LentFonts& operator=(const LentFonts&) = delete;
  Fonts& operator*() { return *fonts_; }

 private:
  struct Idle {
    std::mutex mutex;
    std::vector<Fonts*> idle;
  };
  static inline Idle* const pool_ = new Idle;
  Fonts* fonts_;
};

void SetColour(cairo_t* cairo, Colour colour) {
  cairo_set_source_rgb(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
}

Result<void> Draw(cairo_t* cairo, Fonts& fonts, const TextRun& run) {
  TRY(const Font* font, Font::Of(run.face));
  TRY(cairo_font_face_t * face, fonts.Of(*font, run.face));
  cairo_set_font_face(cairo, face);
  cairo_set_font_size(cairo, run.size);
  SetColour(cairo, run.colour);
  std::string utf8;
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  double x = run.x;
  for (size_t i = 0; i < run.text.size(); ++i) {
    const std::string one = Utf8(run.text.substr(i, 1));
    glyphs.push_back({font->Glyph(run.text[i]), x, run.y});
    clusters.push_back({static_cast<int>(one.size()), 1});
    utf8 += one;
    x += run.advances[i];
  }
  cairo_show_text_glyphs(cairo, utf8.data(), static_cast<int>(utf8.size()), glyphs.data(),
                         static_cast<int>(glyphs.size()), clusters.data(),
                         static_cast<int>(clusters.size()), cairo_text_cluster_flags_t{});
  return {};
}

Result<void> Draw(cairo_t* cairo, Fonts&, const Shape& shape) {
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

Result<void> Draw(cairo_t* cairo, Fonts& fonts, const QrMark& mark) {
  return Draw(cairo, fonts, ShapeOf(mark));
}

Result<void> Draw(cairo_t* cairo, Fonts&, const Picture& picture) {
  struct Source {
    std::string_view left;
  } source{picture.png};
  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> image(
      cairo_image_surface_create_from_png_stream(
          [](void* closure, unsigned char* data, unsigned length) {
            auto* from = static_cast<Source*>(closure);
            if (from->left.size() < length) return CAIRO_STATUS_READ_ERROR;
            from->left.copy(reinterpret_cast<char*>(data), length);
            from->left.remove_prefix(length);
            return CAIRO_STATUS_SUCCESS;
          },
          &source),
      cairo_surface_destroy);
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) {
    return error::kFailed({{"reason", "a picture is no PNG"}});
  }
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
  LentFonts fonts;
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
          std::visit([&](const auto& thing) { return Draw(cairo.get(), *fonts, thing); }, item));
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
