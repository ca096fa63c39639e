// SPDX-License-Identifier: Apache-2.0
// Why: documents of one kind carry the same fonts for what is printed on all of them; those are put
// together and hashed once.
#pragma once

#include <memory>
#include <string>

#include "parts/documents/font.h"

namespace city::documents::internal {

/// A font file for a document.
struct EmbeddedFont {
  std::string bytes;
  std::string sm3;  ///< 32 bytes
};

/// The font of `face` with the characters `used` (in any order); of digits it has all or none, and
/// so of capital letters, so that running numbers do not each make a font of their own. The same
/// characters always give the same bytes. Threads: any. Errors: documents.font_missing,
/// documents.failed.
Result<std::shared_ptr<const EmbeddedFont>> EmbeddedFontOf(Face face, std::u32string used);

}  // namespace city::documents::internal
