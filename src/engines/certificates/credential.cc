// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/credential.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "engines/certificates/errors.h"
#include "parts/crypto/crypto.h"

namespace city::certificates {
namespace {
std::string DigestOf(std::string_view disclosure) {
  return crypto::ToBase64Url(crypto::View(crypto::Sm3(disclosure)));
}

struct Disclosure {
  std::string field;
  json::value value;
};

Result<Disclosure> ReadDisclosure(std::string_view text) {
  auto bytes = crypto::FromBase64Url(text);
  if (!bytes) return error::kBadCredential;
  auto value = ParseJson(*bytes, {.max_bytes = 1u << 16});
  if (!value || !value->is_array() || value->get_array().size() != 3 ||
      !value->get_array()[1].is_string())
    return error::kBadCredential;
  const json::string& name = value->get_array()[1].get_string();
  return Disclosure{std::string(name.data(), name.size()), value->get_array()[2]};
}
}  // namespace

Result<std::string> MakeCredential(const json::object& facts, const json::object& faces,
                                   const std::string& key_name, const crypto::SignMessage& sign) {
  json::array digests;
  std::string tail;
  const std::string random = crypto::RandomBytes(16 * faces.size());
  size_t at = 0;
  for (const auto& [name, value] : faces) {
    std::string disclosure = crypto::ToBase64Url(ToText(json::array{
        crypto::ToBase64Url(std::string_view(random).substr(at, 16)), std::string(name), value}));
    at += 16;
    digests.push_back(json::string(DigestOf(disclosure)));
    tail += "~" + disclosure;
  }
  // In the order of their values, so that the order of fields tells nothing.
  std::sort(digests.begin(), digests.end(), [](const json::value& a, const json::value& b) {
    return a.get_string() < b.get_string();
  });
  json::object payload = facts;
  payload["_sd"] = std::move(digests);
  std::string body = crypto::ToBase64Url(ToText(json::object{
                         {"alg", "SM2-SM3"}, {"kid", key_name}, {"typ", "certificate+sd"}})) +
                     "." + crypto::ToBase64Url(ToText(payload));
  TRY(std::string der, sign(body));
  TRY(std::string raw, crypto::RawFromDerSignature(der));
  return body + "." + crypto::ToBase64Url(raw) + tail;
}

Result<std::string> Disclose(std::string_view credential, const std::vector<std::string>& fields) {
  std::vector<std::string_view> parts = Split(credential, '~');
  std::string out(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    TRY(Disclosure one, ReadDisclosure(parts[i]));
    if (std::find(fields.begin(), fields.end(), one.field) != fields.end())
      out += "~" + std::string(parts[i]);
  }
  return out;
}

Result<ReadCredential> VerifyCredential(std::string_view credential,
                                        const crypto::Sm2PublicKey& key) {
  if (credential.size() > (1u << 20)) return error::kBadCredential;
  std::vector<std::string_view> parts = Split(credential, '~');
  std::vector<std::string_view> token = Split(parts[0], '.');
  if (token.size() != 3) return error::kBadCredential;
  auto header = crypto::FromBase64Url(token[0]);
  auto payload = crypto::FromBase64Url(token[1]);
  auto raw = crypto::FromBase64Url(token[2]);
  if (!header || !payload || !raw) return error::kBadCredential;
  auto head = ParseJson(*header, {.max_bytes = 4096});
  if (!head || !head->is_object() || TextAt(head->get_object(), "alg") != "SM2-SM3")
    return error::kBadCredential;
  auto der = crypto::DerFromRawSignature(*raw);
  std::string_view body = parts[0].substr(0, token[0].size() + 1 + token[1].size());
  if (!der || !key.Verify(body, *der)) return error::kBadCredential;
  auto facts = ParseJson(*payload);
  if (!facts || !facts->is_object()) return error::kBadCredential;
  ReadCredential out;
  out.facts = std::move(facts->get_object());
  const json::array* listed = ArrayAt(out.facts, "_sd");
  if (listed == nullptr) return error::kBadCredential;
  std::set<std::string> known;
  for (const json::value& each : *listed)
    if (each.is_string()) known.emplace(each.get_string().data(), each.get_string().size());
  for (size_t i = 1; i < parts.size(); ++i) {
    if (known.erase(DigestOf(parts[i])) != 1) return error::kBadCredential;
    TRY(Disclosure one, ReadDisclosure(parts[i]));
    out.faces[one.field] = std::move(one.value);
  }
  out.hidden = known.size();
  out.facts.erase("_sd");
  return out;
}
}  // namespace city::certificates
