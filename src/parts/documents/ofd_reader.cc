// SPDX-License-Identifier: Apache-2.0
// Why: reads what an OFD says, and what has been signed in it. The file may come from anywhere.
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/ofd.h"

namespace city::documents {
namespace {

using internal::Child;
using internal::FindPart;
using internal::LocalName;
using internal::PartXml;
using internal::Resolve;

// More than any real document has. A small file can name one part of it a million times, and what
// is done for each must stay bounded.
constexpr size_t kMostBodies = 64, kMostPages = 20'000, kMostSignatures = 256,
                 kMostReferences = 8192, kMostStamps = 2048;
constexpr size_t kMostText = 64u << 20;  // bytes

tl::unexpected<Error> Bad(const std::string& part, const std::string& reason) {
  return error::kBadOfd({{"part", part}, {"reason", reason}});
}

// Hashes of parts, each made once however many signatures name it.
class PartHashes {
 public:
  explicit PartHashes(const Parts& parts) {
    for (const auto& [path, bytes] : parts) parts_.emplace(path, &bytes);
  }
  /// Null for a part that is not there.
  const std::string* Of(const std::string& path) {
    const auto known = hashes_.find(path);
    if (known != hashes_.end()) return &known->second;
    const auto part = parts_.find(path);
    if (part == parts_.end()) return nullptr;
    return &hashes_.emplace(path, internal::Sm3Of(*part->second)).first->second;
  }

 private:
  std::map<std::string_view, const std::string*> parts_;
  std::map<std::string, std::string> hashes_;
};

Result<Parts> Unpack(std::string_view ofd) {
  TRY(ZipReader zip, ZipReader::Open(ofd));
  return zip.ReadAll();
}

std::string TextOf(const pugi::xml_node& node) {
  std::string text = node.text().get();
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

// All TextCode below `node`, depth first.
void CollectText(const pugi::xml_node& node, std::string& out) {
  struct Walker : pugi::xml_tree_walker {
    explicit Walker(std::string& text) : text(text) {}
    bool for_each(pugi::xml_node& at) override {
      if (LocalName(at) == "TextCode") {
        if (!text.empty()) text += '\n';
        text += at.text().get();
      }
      return true;
    }
    std::string& text;
  } walker(out);
  pugi::xml_node start = node;
  start.traverse(walker);
}

std::string RootPath(const pugi::xml_node& body) {
  return Resolve("OFD.xml", TextOf(Child(body, "DocRoot")));
}

// Pages of the document by their ID, in order.
Result<std::vector<std::pair<std::string, std::string>>> PagesOf(const Parts& parts,
                                                                 const std::string& root) {
  TRY(auto document, PartXml(parts, root));
  std::vector<std::pair<std::string, std::string>> out;
  for (const pugi::xml_node& page : Child(document->document_element(), "Pages").children()) {
    if (LocalName(page) != "Page") continue;
    if (out.size() >= kMostPages) return Bad(root, "too many pages");
    out.emplace_back(page.attribute("ID").value(),
                     Resolve(root, page.attribute("BaseLoc").value()));
  }
  return out;
}

Result<std::string> Unbase64(const std::string& text) {
  std::string clean;
  for (char c : text) {
    if (!std::isspace(static_cast<unsigned char>(c))) clean += c;
  }
  std::string out(clean.size() / 4 * 3 + 3, '\0');
  int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                             reinterpret_cast<const unsigned char*>(clean.data()),
                             static_cast<int>(clean.size()));
  if (size < 0) return Bad("Signature.xml", "CheckValue");
  const auto padding = static_cast<size_t>(clean.ends_with("==")  ? 2
                                           : clean.ends_with("=") ? 1
                                                                  : 0);
  out.resize(static_cast<size_t>(size) - std::min(padding, static_cast<size_t>(size)));
  return out;
}

Result<OfdSignature> CheckOne(const Parts& parts, PartHashes& hashes, const pugi::xml_node& listed,
                              const std::string& list_path,
                              const std::vector<std::pair<std::string, std::string>>& pages) {
  OfdSignature out;
  out.id = listed.attribute("ID").value();
  out.type = listed.attribute("Type").as_string("Seal");
  const std::string path = Resolve(list_path, listed.attribute("BaseLoc").value());
  TRY(auto xml, PartXml(parts, path));
  const pugi::xml_node signature = xml->document_element();
  const pugi::xml_node info = Child(signature, "SignedInfo");
  const pugi::xml_node references = Child(info, "References");
  if (!references) return Bad(path, "no References");
  const std::string method = references.attribute("CheckMethod").value();
  if (method != "1.2.156.10197.1.401" && method != "SM3") return Bad(path, "CheckMethod " + method);
  out.signed_at = TextOf(Child(info, "SignatureDateTime"));
  out.provider = Child(info, "Provider").attribute("ProviderName").value();
  const std::string value_path = Resolve(path, TextOf(Child(signature, "SignedValue")));
  const std::string* value = FindPart(parts, value_path);
  if (!value) return Bad(value_path, "missing");
  out.signed_value = *value;
  out.data_hash = internal::Sm3Of(*FindPart(parts, path));
  out.property_info = "/" + path;

  std::set<std::string> covered{path, value_path};
  size_t count = 0;
  for (const pugi::xml_node& reference : references.children()) {
    if (LocalName(reference) != "Reference") continue;
    if (++count > kMostReferences) return Bad(path, "too many references");
    const std::string file = Resolve(path, reference.attribute("FileRef").value());
    covered.insert(file);
    const std::string* hash = hashes.Of(file);
    TRY(std::string wanted, Unbase64(TextOf(Child(reference, "CheckValue"))));
    if (!hash) {
      out.missing.push_back(file);
    } else if (*hash != wanted) {
      out.changed.push_back(file);
    }
  }
  // Later signatures may be added unless the list itself is signed.
  const std::string signs = list_path.substr(0, list_path.rfind('/') + 1);
  const bool open = !covered.contains(list_path);
  for (const auto& [name, bytes] : parts) {
    if (covered.contains(name) || (open && name.starts_with(signs))) continue;
    out.unprotected.push_back(name);
  }
  for (const pugi::xml_node& stamp : info.children()) {
    if (LocalName(stamp) != "StampAnnot") continue;
    if (out.stamps.size() >= kMostStamps) return Bad(path, "too many stamps");
    Stamp one;
    const std::string page = stamp.attribute("PageRef").value();
    auto found = std::find_if(pages.begin(), pages.end(), [&](auto& p) { return p.first == page; });
    one.page = static_cast<int>(found - pages.begin());
    std::istringstream box(stamp.attribute("Boundary").value());
    box >> one.x >> one.y >> one.width >> one.height;
    out.stamps.push_back(one);
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> ReadOfdText(std::string_view ofd) {
  TRY(Parts parts, Unpack(ofd));
  TRY(auto root, PartXml(parts, "OFD.xml"));
  std::vector<std::string> out;
  std::map<std::string, std::string> known;
  size_t bodies = 0, total = 0;
  for (const pugi::xml_node& body : root->document_element().children()) {
    if (LocalName(body) != "DocBody") continue;
    if (++bodies > kMostBodies) return Bad("OFD.xml", "too many documents");
    TRY(auto pages, PagesOf(parts, RootPath(body)));
    for (const auto& [id, path] : pages) {
      const auto [text, fresh] = known.try_emplace(path);
      if (fresh) {
        TRY(auto page, PartXml(parts, path));
        CollectText(page->document_element(), text->second);
      }
      total += text->second.size();
      if (total > kMostText) return Bad(path, "too much text");
      out.push_back(text->second);
    }
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> ReadOfdFacts(std::string_view ofd) {
  TRY(Parts parts, Unpack(ofd));
  TRY(auto root, PartXml(parts, "OFD.xml"));
  std::vector<std::pair<std::string, std::string>> out;
  const pugi::xml_node info = Child(Child(root->document_element(), "DocBody"), "DocInfo");
  for (const pugi::xml_node& fact : Child(info, "CustomDatas").children()) {
    if (LocalName(fact) == "CustomData") {
      out.emplace_back(fact.attribute("Name").value(), fact.text().get());
    }
  }
  return out;
}

Result<std::vector<OfdSignature>> CheckOfdSignatures(std::string_view ofd) {
  TRY(Parts parts, Unpack(ofd));
  TRY(auto root, PartXml(parts, "OFD.xml"));
  std::vector<OfdSignature> out;
  PartHashes hashes(parts);
  size_t bodies = 0;
  for (const pugi::xml_node& body : root->document_element().children()) {
    if (LocalName(body) != "DocBody") continue;
    if (++bodies > kMostBodies) return Bad("OFD.xml", "too many documents");
    const std::string list_path = Resolve("OFD.xml", TextOf(Child(body, "Signatures")));
    if (list_path.empty()) continue;
    TRY(auto pages, PagesOf(parts, RootPath(body)));
    TRY(auto list, PartXml(parts, list_path));
    for (const pugi::xml_node& listed : list->document_element().children()) {
      if (LocalName(listed) != "Signature") continue;
      if (out.size() >= kMostSignatures) return Bad(list_path, "too many signatures");
      TRY(OfdSignature one, CheckOne(parts, hashes, listed, list_path, pages));
      out.push_back(std::move(one));
    }
  }
  return out;
}

bool HasPlainContainer(std::string_view zip) {
  Result<ZipReader> reader = ZipReader::Open(zip);
  return reader && reader->IsPlain();
}

}  // namespace city::documents
