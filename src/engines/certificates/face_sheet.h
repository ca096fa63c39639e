// SPDX-License-Identifier: Apache-2.0
// Why: the sheet that people see: frame, title, the face's items, a code for checking prints,
// issuer and day. OFD and PDF are written from the same sheet.
#pragma once
#include <optional>
#include <string>

#include "engines/certificates/certificate_type.h"
#include "parts/documents/ofd.h"
#include "parts/documents/page.h"
#include "parts/documents/seal_picture.h"

namespace city::certificates {

/// What stands on a sheet.
struct Sheet {
  const CertificateType* type = nullptr;
  json::object faces;
  std::string number, identifier, issuer;
  Time issued_at{};
  std::string valid_from, valid_to;  ///< days; empty: without end
  std::string check_address;         ///< what the printed code leads to
  json::object metadata;             ///< GB/T 36903 names and values, for programs
  /// Drawn over issuer and day in PDF; OFD readers draw the seal from the signature itself.
  std::optional<documents::SealDesign> seal;
  std::string note;  ///< along the lower edge, for example who may use a copy and until when
};

/// Where the seal of a sheet goes, mm.
documents::Stamp SealPlace(const CertificateType& type);
/// The laid-out sheet. Errors: documents.font_missing, documents.failed.
Result<documents::Document> LayOutSheet(const Sheet& sheet);
}  // namespace city::certificates
