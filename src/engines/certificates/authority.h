// SPDX-License-Identifier: Apache-2.0
// Why: seals and time stamps of a city are trusted through the city's own authority: a root, an
// issuing authority below it, the maker of seals and the stamper of time. Their keys live in the
// key store; their certificates lie as PEM files beside it.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "parts/crypto/crypto.h"

namespace city::certificates {

/// Threads: any.
class Authority {
 public:
  /// Opens the certificates in `folder`, or makes keys and certificates at the first start.
  /// `city`: name of the place, for the certificates' subjects. Errors: certificates.bad_folder,
  /// those of the key store.
  static Result<std::unique_ptr<Authority>> Open(const std::string& folder, crypto::KeyDevice& keys,
                                                 const std::string& city, Time now);

  const crypto::Certificate& root() const { return certificates_.at("root"); }
  const crypto::Certificate& issuing() const { return certificates_.at("issuing"); }
  const crypto::Certificate& maker() const { return certificates_.at("seal-maker"); }
  const crypto::Certificate& stamper() const { return certificates_.at("time-stamp"); }
  /// Signs with the key of "root", "issuing", "seal-maker" or "time-stamp".
  crypto::SignMessage SignerOf(const std::string& who) const;
  crypto::SignMessage SignerOfKey(const std::string& key_name) const;
  /// The same for what was hashed already.
  crypto::SignDigest DigestSignerOfKey(const std::string& key_name) const;

  /// A certificate for a signing key of the key store; its serial number and validity inside.
  Result<crypto::Certificate> Certify(const std::string& key_name, const std::string& organisation,
                                      const std::string& name, Time from, Time to) const;
  /// A time stamp token over an SM3 by the city's stamper.
  Result<std::string> Stamp(std::string_view digest, Time now) const;
  /// The revocation list of the issuing authority.
  Result<crypto::RevocationList> Revocations(
      const std::map<std::string, crypto::Revocation>& revoked, Time now) const;

 private:
  explicit Authority(crypto::KeyDevice& keys) : keys_(keys) {}
  crypto::KeyDevice& keys_;
  std::map<std::string, crypto::Certificate> certificates_;
};
}  // namespace city::certificates
