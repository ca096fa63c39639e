// SPDX-License-Identifier: Apache-2.0
// Why: OFD (GB/T 33190-2016), the layout format of electronic certificates and official documents.
//
//   OFD.xml                     what the document is, where it begins
//   Doc_0/Document.xml          size, resources, pages
//   Doc_0/PublicRes.xml         fonts; Doc_0/DocumentRes.xml: pictures; Doc_0/Res/: both
//   Doc_0/Pages/Page_n/Content.xml
//   Doc_0/Attachs/Attachments.xml and the files (only when there are some)
//   Doc_0/Signs/Signatures.xml, Sign_n/Signature.xml, Sign_n/SignedValue.dat (once signed)
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parts/documents/page.h"
#include "parts/documents/zip.h"

namespace city::documents {

/// The document as OFD, its fonts embedded. The same document always gives the same bytes.
Result<std::string> WriteOfd(const Document& document);

/// The text of each page in reading order, objects separated by line ends.
/// Errors: documents.bad_ofd, documents.bad_zip, documents.zip_too_large.
Result<std::vector<std::string>> ReadOfdText(std::string_view ofd);
/// The named facts of DocInfo/CustomDatas. Errors: as ReadOfdText.
Result<std::vector<std::pair<std::string, std::string>>> ReadOfdFacts(std::string_view ofd);

/// Where a seal is shown.
struct Stamp {
  int page = 0;                                  ///< 0: the first
  double x = 0, y = 0, width = 42, height = 42;  ///< mm
};

/// What a signature says about itself.
struct SigningOrder {
  std::string provider = "Yiwang", company = "Yiwang", version = "1.0";
  Time signed_at{};
  std::vector<Stamp> stamps;
  bool lock = true;  ///< no signature may be added afterwards
};

/// Makes the bytes of SignedValue.dat (an SES_Signature of GB/T 38540) from the SM3 of
/// Signature.xml, 32 bytes, and the path of Signature.xml.
using MakeSignedValue =
    std::function<Result<std::string>(std::string_view data_hash, std::string_view property_info)>;

/// `ofd` with one more signature over every file in it. Errors: documents.bad_ofd (also when an
/// earlier signature locks the document), those of `make`.
Result<std::string> SignOfd(std::string_view ofd, const SigningOrder& order,
                            const MakeSignedValue& make);

/// The document as an OFD with its first signature, in one go: as WriteOfd and then SignOfd.
Result<std::string> WriteSignedOfd(const Document& document, const SigningOrder& order,
                                   const MakeSignedValue& make);

/// One signature of a document, its references compared. Whether the signed value is true and
/// whose it is, the caller asks with `signed_value`, `data_hash` and `property_info`.
struct OfdSignature {
  std::string id, type, signed_at, provider;
  std::vector<std::string> changed;      ///< files that differ from what was signed
  std::vector<std::string> missing;      ///< files that were signed and are gone
  std::vector<std::string> unprotected;  ///< files that no reference covers
  std::vector<Stamp> stamps;
  std::string signed_value, data_hash, property_info;
  /// Whether every reference holds and nothing was added besides signatures.
  bool intact() const { return changed.empty() && missing.empty() && unprotected.empty(); }
};

/// The signatures of `ofd` in their order; none for an unsigned document. Errors: documents.bad_ofd
/// with the part that cannot be read, documents.bad_zip, documents.zip_too_large.
Result<std::vector<OfdSignature>> CheckOfdSignatures(std::string_view ofd);

/// Whether the container is byte for byte what WriteZip makes of its files, so that nothing hides
/// between them. Documents of other makers need not be.
bool HasPlainContainer(std::string_view zip);

}  // namespace city::documents
