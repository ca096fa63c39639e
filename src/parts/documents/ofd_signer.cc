// SPDX-License-Identifier: Apache-2.0
// Why: signs an OFD after GB/T 33190, 18 and GB/T 38540: every file is hashed into Signature.xml,
// and that file is what the seal signs.
#include <algorithm>
#include <map>

#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/ofd.h"

namespace city::documents {
namespace {

using internal::Escaped;
using internal::kNamespace;
using internal::kXmlHead;
using internal::Number;

constexpr std::string_view kList = "Doc_0/Signs/Signatures.xml";
constexpr std::string_view kMark = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>";

tl::unexpected<Error> Bad(const std::string& part, const std::string& reason) {
  return error::kBadOfd({{"part", part}, {"reason", reason}});
}

// "20261123163000+0800" without separators would do too; readers expect this form.
std::string Moment(Time time) {
  std::string iso = IsoChina(time);
  std::string out;
  for (char c : iso.substr(0, 19)) {
    if (c >= '0' && c <= '9') out += c;
  }
  return out;
}

std::string* Part(Parts& parts, std::string_view path) {
  for (auto& [name, bytes] : parts) {
    if (name == path) return &bytes;
  }
  return nullptr;
}

std::string ListXml(size_t count) {
  std::string out(kXmlHead);
  out += "<ofd:Signatures" + std::string(kNamespace) + "><ofd:MaxSignId>" + std::to_string(count) +
         "</ofd:MaxSignId>";
  for (size_t i = 0; i < count; ++i) {
    out += "<ofd:Signature ID=\"" + std::to_string(i + 1) +
           "\" Type=\"Seal\" BaseLoc=\"/Doc_0/Signs/Sign_" + std::to_string(i) +
           "/Signature.xml\"/>";
  }
  return out + "</ofd:Signatures>";
}

Result<std::vector<std::string>> PageIds(const Parts& parts) {
  TRY(auto document, internal::PartXml(parts, "Doc_0/Document.xml"));
  std::vector<std::string> out;
  for (const pugi::xml_node& page :
       internal::Child(document->document_element(), "Pages").children()) {
    out.emplace_back(page.attribute("ID").value());
  }
  return out;
}

/// `sm3`: of parts for which it is known, by path.
Result<std::string> SignParts(Parts parts, const std::vector<std::string>& pages,
                              const std::map<std::string, std::string>& sm3,
                              const std::vector<OfdSignature>& earlier, const SigningOrder& order,
                              const MakeSignedValue& make) {
  std::string* root = Part(parts, "OFD.xml");
  const size_t number = earlier.size();
  for (const OfdSignature& signature : earlier) {
    const std::string path = signature.property_info.substr(1);
    const std::string* xml = Part(parts, path);
    if (xml && xml->find("FileRef=\"/" + std::string(kList) + "\"") != std::string::npos) {
      return Bad(path, "an earlier signature locks the document");
    }
  }
  if (number == 0) {
    constexpr std::string_view kEnd = "</ofd:DocBody>";
    const size_t at = root->rfind(kEnd);
    if (at == std::string::npos || root->find("<ofd:Signatures") != std::string::npos) {
      return Bad("OFD.xml", "not made by this system");
    }
    root->insert(at, kMark);
    parts.emplace_back(kList, "");
  }
  std::string* list = Part(parts, kList);
  if (!list) return Bad(std::string(kList), "not made by this system");
  *list = ListXml(number + 1);

  const std::string folder = "Doc_0/Signs/Sign_" + std::to_string(number) + "/";
  if (Part(parts, folder + "Signature.xml")) return Bad(folder, "exists already");
  std::string xml(kXmlHead);
  xml += "<ofd:Signature" + std::string(kNamespace) +
         "><ofd:SignedInfo><ofd:Provider ProviderName=\"" + Escaped(order.provider) +
         "\" Company=\"" + Escaped(order.company) + "\" Version=\"" + Escaped(order.version) +
         "\"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>"
         "<ofd:SignatureDateTime>" +
         Moment(order.signed_at) +
         "</ofd:SignatureDateTime><ofd:References CheckMethod=\"1.2.156.10197.1.401\">";
  for (const auto& [path, bytes] : parts) {
    if (path == kList && !order.lock) continue;
    const auto known = sm3.find(path);
    xml += "<ofd:Reference FileRef=\"/" + Escaped(path) + "\"><ofd:CheckValue>" +
           internal::Base64(known == sm3.end() ? internal::Sm3Of(bytes) : known->second) +
           "</ofd:CheckValue></ofd:Reference>";
  }
  xml += "</ofd:References>";
  for (size_t i = 0; i < order.stamps.size(); ++i) {
    const Stamp& stamp = order.stamps[i];
    if (stamp.page < 0 || static_cast<size_t>(stamp.page) >= pages.size()) {
      return Bad("Doc_0/Document.xml", "no such page to stamp");
    }
    xml += "<ofd:StampAnnot ID=\"" + std::to_string(i + 1) + "\" PageRef=\"" +
           pages[static_cast<size_t>(stamp.page)] + "\" Boundary=\"" + Number(stamp.x) + " " +
           Number(stamp.y) + " " + Number(stamp.width) + " " + Number(stamp.height) + "\"/>";
  }
  xml += "</ofd:SignedInfo><ofd:SignedValue>/" + folder +
         "SignedValue.dat</ofd:SignedValue></ofd:Signature>";
  TRY(std::string value, make(internal::Sm3Of(xml), "/" + folder + "Signature.xml"));
  parts.emplace_back(folder + "Signature.xml", std::move(xml));
  parts.emplace_back(folder + "SignedValue.dat", std::move(value));
  return WriteZip(parts);
}

}  // namespace

Result<std::string> SignOfd(std::string_view ofd, const SigningOrder& order,
                            const MakeSignedValue& make) {
  TRY(std::vector<OfdSignature> earlier, CheckOfdSignatures(ofd));
  TRY(ZipReader zip, ZipReader::Open(ofd));
  TRY(Parts parts, zip.ReadAll());
  TRY(const std::vector<std::string> pages, PageIds(parts));
  return SignParts(std::move(parts), pages, {}, earlier, order, make);
}

Result<std::string> WriteSignedOfd(const Document& document, const SigningOrder& order,
                                   const MakeSignedValue& make) {
  TRY(internal::OfdPackage package, internal::OfdParts(document));
  return SignParts(std::move(package.parts), package.page_ids, package.sm3, {}, order, make);
}

}  // namespace city::documents
