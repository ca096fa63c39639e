// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Layout after APPNOTE 6.3.9, sections 4.3 and 4.4; no zip64, no encryption.
#include "parts/documents/zip.h"

#include <zlib.h>

#include <algorithm>
#include <set>

#include "parts/documents/errors.h"
#include "parts/documents/internal/crc.h"

namespace city::documents {
namespace {

constexpr uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50,
                   kDescriptor = 0x08074b50;
constexpr uint16_t kDosDate = 0x0021;  // 1980-01-01
constexpr uint16_t kUtf8 = 0x0800, kDescribed = 0x0008;
constexpr uint16_t kStored = 0, kDeflated = 8;
constexpr size_t kSmall = 16384;  // bytes; not worth packing

tl::unexpected<Error> Bad(const std::string& reason) {
  return error::kBadZip({{"reason", reason}});
}

void Put16(std::string& out, uint32_t value) {
  out += static_cast<char>(value & 0xff);
  out += static_cast<char>(value >> 8 & 0xff);
}
void Put32(std::string& out, uint32_t value) {
  Put16(out, value & 0xffff);
  Put16(out, value >> 16);
}
uint32_t Get16(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]) |
         static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + 1])) << 8;
}
uint32_t Get32(std::string_view bytes, size_t at) {
  return Get16(bytes, at) | Get16(bytes, at + 2) << 16;
}

Bytef* In(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

struct Listed {
  std::string path;
  uint16_t method = kDeflated, flags = kUtf8;
  uint32_t crc = 0, packed = 0, size = 0, offset = 0;
};

std::string LocalHeader(const Listed& part) {
  std::string out;
  const bool described = part.flags & kDescribed;
  Put32(out, kLocal);
  Put16(out, 20);
  Put16(out, part.flags);
  Put16(out, part.method);
  Put16(out, 0);
  Put16(out, kDosDate);
  Put32(out, described ? 0 : part.crc);
  Put32(out, described ? 0 : part.packed);
  Put32(out, described ? 0 : part.size);
  Put16(out, static_cast<uint32_t>(part.path.size()));
  Put16(out, 0);
  return out + part.path;
}

std::string Directory(const std::vector<Listed>& parts, uint32_t offset) {
  std::string out;
  for (const Listed& part : parts) {
    Put32(out, kCentral);
    Put16(out, 20);
    Put16(out, 20);
    Put16(out, part.flags);
    Put16(out, part.method);
    Put16(out, 0);
    Put16(out, kDosDate);
    Put32(out, part.crc);
    Put32(out, part.packed);
    Put32(out, part.size);
    Put16(out, static_cast<uint32_t>(part.path.size()));
    for (int i = 0; i < 4; ++i) Put16(out, 0);
    Put32(out, 0);
    Put32(out, part.offset);
    out += part.path;
  }
  const auto size = static_cast<uint32_t>(out.size());
  Put32(out, kEnd);
  Put32(out, 0);
  Put16(out, static_cast<uint32_t>(parts.size()));
  Put16(out, static_cast<uint32_t>(parts.size()));
  Put32(out, size);
  Put32(out, offset);
  Put16(out, 0);
  return out;
}

std::string Deflated(std::string_view bytes) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = In(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = In(out);
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// `pack`: whether a part is to be packed, as far as that makes it smaller.
std::string WriteParts(const Parts& parts,
                       const std::function<bool(const std::string&, std::string_view)>& pack) {
  std::string out;
  size_t total = 0;
  for (const auto& [path, bytes] : parts) total += bytes.size() + 2 * path.size() + 100;
  out.reserve(total);
  std::vector<Listed> listed;
  for (const auto& [path, bytes] : parts) {
    Listed part{.path = path};
    const bool wanted = pack(path, bytes);
    std::string packed = wanted ? Deflated(bytes) : std::string();
    const bool stored = !wanted || packed.size() >= bytes.size();
    part.method = stored ? kStored : kDeflated;
    part.crc = internal::Crc32(0, bytes);
    part.size = static_cast<uint32_t>(bytes.size());
    part.packed = static_cast<uint32_t>(stored ? bytes.size() : packed.size());
    part.offset = static_cast<uint32_t>(out.size());
    out += LocalHeader(part);
    out += stored ? bytes : packed;
    listed.push_back(std::move(part));
  }
  out += Directory(listed, static_cast<uint32_t>(out.size()));
  return out;
}

bool SafePath(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos ||
      path.find('\0') != std::string_view::npos || path.find(':') != std::string_view::npos) {
    return false;
  }
  for (size_t at = 0; at <= path.size();) {
    size_t end = std::min(path.find('/', at), path.size());
    std::string_view step = path.substr(at, end - at);
    if (step == ".." || step == ".") return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

std::string WriteZip(const Parts& parts) {
  return WriteParts(parts, [](const std::string& path, std::string_view bytes) {
    // Fonts, pictures and signatures hardly shrink. Packing small files took longer than all else
    // that is done for a certificate.
    const bool dense = path.ends_with(".otf") || path.ends_with(".png") || path.ends_with(".dat");
    return !dense && bytes.size() > kSmall;
  });
}

struct ZipStream::State {
  Sink sink;
  std::vector<Listed> listed;
  z_stream stream{};
  bool open = false;
  uint64_t written = 0, part_size = 0, part_packed = 0;
  std::string buffer = std::string(1 << 16, '\0');

  Result<void> Out(std::string_view bytes) {
    written += bytes.size();
    if (written > 0xffff0000u) return error::kZipTooLarge({{"limit", "4 GiB"}});
    return sink(bytes);
  }

  Result<void> Deflate(std::string_view bytes, int flush) {
    stream.next_in = In(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream.next_out = In(buffer);
      stream.avail_out = static_cast<uInt>(buffer.size());
      int code = deflate(&stream, flush);
      CHECK(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR);
      size_t made = buffer.size() - stream.avail_out;
      part_packed += made;
      TRY_VOID(Out(std::string_view(buffer).substr(0, made)));
    } while (stream.avail_out == 0);
    return {};
  }

  Result<void> End() {
    if (!open) return {};
    TRY_VOID(Deflate("", Z_FINISH));
    deflateEnd(&stream);
    open = false;
    Listed& part = listed.back();
    part.size = static_cast<uint32_t>(part_size);
    part.packed = static_cast<uint32_t>(part_packed);
    if (part_size > 0xffffffffu) return error::kZipTooLarge({{"limit", "4 GiB"}});
    std::string out;
    Put32(out, kDescriptor);
    Put32(out, part.crc);
    Put32(out, part.packed);
    Put32(out, part.size);
    return Out(out);
  }
};

ZipStream::ZipStream(Sink sink) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
}

ZipStream::~ZipStream() {
  if (state_->open) deflateEnd(&state_->stream);
}

Result<void> ZipStream::Begin(const std::string& path) {
  TRY_VOID(state_->End());
  Listed part{.path = path, .flags = kUtf8 | kDescribed};
  part.offset = static_cast<uint32_t>(state_->written);
  TRY_VOID(state_->Out(LocalHeader(part)));
  state_->listed.push_back(std::move(part));
  state_->stream = {};
  CHECK(deflateInit2(&state_->stream, 3, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  state_->open = true;
  state_->part_size = state_->part_packed = 0;
  return {};
}

Result<void> ZipStream::Write(std::string_view bytes) {
  CHECK(state_->open);
  if (bytes.empty()) return {};
  Listed& part = state_->listed.back();
  part.crc = internal::Crc32(part.crc, bytes);
  state_->part_size += bytes.size();
  return state_->Deflate(bytes, Z_NO_FLUSH);
}

Result<void> ZipStream::Finish() {
  TRY_VOID(state_->End());
  return state_->Out(Directory(state_->listed, static_cast<uint32_t>(state_->written)));
}

Result<ZipReader> ZipReader::Open(std::string_view bytes, ZipLimits limits) {
  // The end record has 22 bytes and a comment of up to 65535.
  if (bytes.size() < 22) return Bad("too short");
  size_t end = std::string_view::npos;
  const size_t least = bytes.size() > 22 + 65535 ? bytes.size() - 22 - 65535 : 0;
  for (size_t at = bytes.size() - 22 + 1; at-- > least;) {
    if (Get32(bytes, at) == kEnd && at + 22 + Get16(bytes, at + 20) == bytes.size()) {
      end = at;
      break;
    }
  }
  if (end == std::string_view::npos) return Bad("no end record");
  const size_t count = Get16(bytes, end + 10);
  size_t at = Get32(bytes, end + 16);
  if (count > limits.parts) {
    return error::kZipTooLarge({{"limit", std::to_string(limits.parts) + " parts"}});
  }
  if (Get16(bytes, end + 8) != count || Get16(bytes, end + 4) != 0) return Bad("several disks");
  if (at > end || Get32(bytes, end + 12) != end - at) return Bad("directory out of place");

  ZipReader out;
  out.bytes_ = bytes;
  out.limits_ = limits;
  std::set<std::string> seen;
  uint64_t total = 0;
  for (size_t i = 0; i < count; ++i) {
    if (end - at < 46 || Get32(bytes, at) != kCentral) return Bad("directory damaged");
    const uint32_t flags = Get16(bytes, at + 8);
    const size_t name = Get16(bytes, at + 28);
    const size_t extra = Get16(bytes, at + 30) + Get16(bytes, at + 32);
    if (end - at < 46 + name + extra) return Bad("directory damaged");
    Entry entry{.method = static_cast<uint16_t>(Get16(bytes, at + 10)),
                .crc = Get32(bytes, at + 16),
                .packed = Get32(bytes, at + 20),
                .size = Get32(bytes, at + 24),
                .offset = Get32(bytes, at + 42)};
    std::string path(bytes.substr(at + 46, name));
    at += 46 + name + extra;
    if (flags & 1) return Bad("encrypted: " + path);
    if (entry.method != kStored && entry.method != kDeflated)
      return Bad("unknown packing: " + path);
    if (!SafePath(path)) return Bad("unsafe path");
    if (!seen.insert(path).second) return Bad("repeated path: " + path);
    // The local header must tell the same path; only its length is needed besides.
    const size_t local = entry.offset;
    if (local > end || end - local < 30 || Get32(bytes, local) != kLocal) {
      return Bad("part out of place: " + path);
    }
    const size_t local_name = Get16(bytes, local + 26);
    entry.offset = local + 30 + local_name + Get16(bytes, local + 28);
    if (entry.offset > end || end - entry.offset < entry.packed || local_name != name ||
        bytes.substr(local + 30, name) != path || Get16(bytes, local + 8) != entry.method) {
      return Bad("part out of place: " + path);
    }
    if (entry.method == kStored && entry.packed != entry.size) return Bad("size: " + path);
    if (path.back() == '/') continue;  // a folder
    total += entry.size;
    if (total > limits.total_bytes) {
      return error::kZipTooLarge({{"limit", std::to_string(limits.total_bytes >> 20) + " MiB"}});
    }
    out.paths_.push_back(std::move(path));
    out.entries_.push_back(entry);
  }
  if (at != end) return Bad("directory damaged");
  return out;
}

const ZipReader::Entry* ZipReader::Find(std::string_view path) const {
  auto found = std::find(paths_.begin(), paths_.end(), path);
  return found == paths_.end() ? nullptr : &entries_[static_cast<size_t>(found - paths_.begin())];
}

bool ZipReader::Has(std::string_view path) const { return Find(path) != nullptr; }

Result<std::string> ZipReader::Read(std::string_view path) const {
  std::string out;
  TRY_VOID(Stream(path, limits_.part_bytes, [&](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  }));
  return out;
}

Result<void> ZipReader::Stream(std::string_view path, uint64_t most, const Sink& sink) const {
  const Entry* entry = Find(path);
  if (!entry) return Bad("missing: " + std::string(path));
  if (entry->size > most) {
    return error::kZipTooLarge({{"limit", std::to_string(most >> 20) + " MiB"}});
  }
  const std::string_view packed = bytes_.substr(entry->offset, entry->packed);
  if (entry->method == kStored) {
    if (internal::Crc32(0, packed) != entry->crc) return Bad("checksum: " + std::string(path));
    return sink(packed);
  }
  z_stream stream{};
  CHECK(inflateInit2(&stream, -15) == Z_OK);
  struct Owner {
    z_stream* stream;
    ~Owner() { inflateEnd(stream); }
  } owner{&stream};
  stream.next_in = In(packed);
  stream.avail_in = entry->packed;
  std::string buffer(1 << 16, '\0');
  uint64_t size = 0;
  uint32_t crc = 0;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    stream.next_out = In(buffer);
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) return Bad("packing: " + std::string(path));
    std::string_view made = std::string_view(buffer).substr(0, buffer.size() - stream.avail_out);
    size += made.size();
    // What it says it unpacks to is what has been allowed.
    if (size > entry->size) return Bad("size: " + std::string(path));
    if (made.empty() && code != Z_STREAM_END) return Bad("packing: " + std::string(path));
    crc = internal::Crc32(crc, made);
    TRY_VOID(sink(made));
  }
  if (size != entry->size || crc != entry->crc || stream.avail_in != 0) {
    return Bad("checksum: " + std::string(path));
  }
  return {};
}

bool ZipReader::IsPlain() const {
  Result<Parts> parts = ReadAll();
  return parts && WriteParts(*parts, [&](const std::string& path, std::string_view) {
                    return Find(path)->method == kDeflated;
                  }) == bytes_;
}

Result<Parts> ZipReader::ReadAll() const {
  Parts out;
  for (const std::string& path : paths_) {
    TRY(std::string bytes, Read(path));
    out.emplace_back(path, std::move(bytes));
  }
  return out;
}

}  // namespace city::documents
