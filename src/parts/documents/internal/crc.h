// SPDX-License-Identifier: Apache-2.0
// Why: every part of an archive has a checksum, and sealed certificates are archives by the hundred
// a second.
#pragma once

#include <cstdint>
#include <string_view>

namespace city::documents::internal {

/// CRC-32 (ISO 3309, as zip has it) of `bytes` behind those that gave `crc`; 0 to begin with.
uint32_t Crc32(uint32_t crc, std::string_view bytes);

}  // namespace city::documents::internal
