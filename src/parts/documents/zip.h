// SPDX-License-Identifier: Apache-2.0
// Why: OFD and xlsx are zip archives. What we write is the same for the same content; what we read
// may be hostile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace city::documents {

/// Files of an archive in their order: path and bytes.
using Parts = std::vector<std::pair<std::string, std::string>>;
/// Takes bytes on their way.
using Sink = std::function<Result<void>(std::string_view)>;

/// What an archive may unpack to.
struct ZipLimits {
  size_t parts = 4096;
  uint64_t part_bytes = 64ull << 20;
  uint64_t total_bytes = 256ull << 20;
};

/// A zip archive of `parts`; the same parts always give the same bytes (all times are 1980-01-01).
std::string WriteZip(const Parts& parts);

/// An archive that is written piece by piece in little memory. Threads: one.
class ZipStream {
 public:
  explicit ZipStream(Sink sink);
  ~ZipStream();
  /// Begins the next part and ends the one before.
  Result<void> Begin(const std::string& path);
  Result<void> Write(std::string_view bytes);
  /// Ends the archive.
  Result<void> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// An archive in memory. Paths that are absolute, lead upwards or repeat, encryption, sizes and
/// checksums that do not fit, and more than the limits are refused. `bytes` must outlive it.
class ZipReader {
 public:
  static Result<ZipReader> Open(std::string_view bytes, ZipLimits limits = {});

  const std::vector<std::string>& paths() const { return paths_; }
  bool Has(std::string_view path) const;
  /// Errors: documents.bad_zip, documents.zip_too_large.
  Result<std::string> Read(std::string_view path) const;
  /// Unpacks a part piece by piece; `part_bytes` does not limit it, `most` does.
  Result<void> Stream(std::string_view path, uint64_t most, const Sink& sink) const;
  /// All parts in their order.
  Result<Parts> ReadAll() const;
  /// Whether the archive is byte for byte what WriteZip writes, whichever parts it chose to pack.
  bool IsPlain() const;

 private:
  struct Entry {
    uint16_t method;
    uint32_t crc, packed, size;
    size_t offset;  // of the packed bytes
  };
  const Entry* Find(std::string_view path) const;

  std::string_view bytes_;
  ZipLimits limits_;
  std::vector<std::string> paths_;
  std::vector<Entry> entries_;
};

}  // namespace city::documents
