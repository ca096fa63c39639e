// SPDX-License-Identifier: Apache-2.0
// Why: a PDF that we wrote is signed by adding to its end (ISO 32000-1, 12.8), so that what was
// there stays byte for byte.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace city::documents {

/// Makes a detached SignedData (parts/crypto/signed_data.h) over data with this SM3, 32 bytes.
using MakeDetached = std::function<Result<std::string>(std::string_view digest)>;

/// `pdf` (from WritePdf) with an invisible signature by `name`. Errors: documents.bad_pdf, those of
/// `make`.
Result<std::string> SignPdf(std::string_view pdf, std::string_view name, Time now,
                            const MakeDetached& make);

/// The last signature of a PDF.
struct PdfSignature {
  std::string signed_data;  ///< DER
  std::string digest;       ///< SM3 of everything that it covers, 32 bytes
  bool covers_all = false;  ///< nothing was added after it, and it leaves nothing out
};

/// The signature to be checked; nothing for an unsigned PDF. Errors: documents.bad_pdf.
Result<std::optional<PdfSignature>> FindPdfSignature(std::string_view pdf);

}  // namespace city::documents
