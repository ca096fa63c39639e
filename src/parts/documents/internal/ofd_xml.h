// SPDX-License-Identifier: Apache-2.0
// Why: what the OFD writer, signer and reader share.
#pragma once

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/xml.h"
#include "parts/documents/errors.h"
#include "parts/documents/zip.h"

namespace city::documents {
struct Document;
}
namespace city::documents::internal {
/// The files of a document that carries no signature yet, the ids of its pages, and the SM3 (32
/// bytes) of those files for which it is known already, by path.
struct OfdPackage {
  Parts parts;
  std::map<std::string, std::string> sm3;
  std::vector<std::string> page_ids;
};
Result<OfdPackage> OfdParts(const Document& document);

inline constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
inline constexpr std::string_view kNamespace = " xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// `text` with the signs of XML escaped and what XML cannot hold left out.
std::string Escaped(std::string_view text);
/// A number with at most three decimals.
std::string Number(double value);
/// The same at the end of `out`.
void AddNumber(std::string& out, double value);
/// SM3 of `bytes`, 32 bytes.
std::string Sm3Of(std::string_view bytes);
std::string Base64(std::string_view bytes);

/// The part `path` (a leading slash is ignored) of `parts`, or null.
const std::string* FindPart(const Parts& parts, std::string_view path);
/// `path` as seen from the file `base`: absolute with a slash, relative otherwise; without a
/// leading slash.
std::string Resolve(std::string_view base, std::string_view path);

/// A part read as XML. Errors: documents.bad_ofd.
Result<std::unique_ptr<pugi::xml_document>> PartXml(const Parts& parts, std::string_view path);

/// The child of `node` whose name without its prefix is `name`.
pugi::xml_node Child(const pugi::xml_node& node, std::string_view name);
/// The name of `node` without its prefix.
std::string_view LocalName(const pugi::xml_node& node);

}  // namespace city::documents::internal
