// SPDX-License-Identifier: Apache-2.0
// Why: a PDF, ours or not, is signed by adding to its end (ISO 32000-1, 12.8), so that what was
// there stays byte for byte.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "parts/documents/ofd.h"

namespace city::documents {

/// Makes a detached SignedData (parts/crypto/signed_data.h) over data with this SM3, 32 bytes.
using MakeDetached = std::function<Result<std::string>(std::string_view digest)>;

/// A picture that shows where it was signed.
struct PdfStamp {
  std::string_view png;
  std::vector<Stamp> places;
};

/// Width and height of a page as it is seen, mm.
struct PaperSize {
  double width = 210, height = 297;
};

/// Sizes of all pages. Errors: documents.bad_pdf.
Result<std::vector<PaperSize>> PdfPapers(std::string_view pdf);

/// `pdf` with a signature by `name`; without `stamp` it is not seen. Errors: documents.bad_pdf
/// (also for an encrypted file, and one that has a form or a signature already), documents.failed
/// when the picture is no PNG, those of `make`.
Result<std::string> SignPdf(std::string_view pdf, std::string_view name, Time now,
                            const MakeDetached& make, const PdfStamp* stamp = nullptr);

/// The last signature of a PDF.
struct PdfSignature {
  std::string signed_data;  ///< DER
  std::string digest;       ///< SM3 of everything that it covers, 32 bytes
  bool covers_all = false;  ///< nothing was added after it, and it leaves nothing out
};

/// The signature to be checked; nothing for an unsigned PDF. Errors: documents.bad_pdf.
Result<std::optional<PdfSignature>> FindPdfSignature(std::string_view pdf);

}  // namespace city::documents
