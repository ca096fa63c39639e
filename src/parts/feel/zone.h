// SPDX-License-Identifier: Apache-2.0
// Time zones by IANA name, read once from the system's zone files and kept for the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace city::feel {

/// The number of a zone such as "Asia/Shanghai" within this process, or nothing when there is none.
/// Thread-safe; the zone file is read at the first call. Source: RFC 8536 (TZif).
std::optional<uint16_t> FindZone(std::string_view name);
/// The name a zone was found by.
std::string_view ZoneName(uint16_t zone);
/// Seconds east of UTC at an instant (seconds since 1970-01-01T00:00:00Z).
int32_t ZoneOffsetAt(uint16_t zone, int64_t utc_seconds);
/// Seconds east of UTC for a wall-clock time (seconds since 1970-01-01T00:00:00 local).
/// Where the clock repeats the earlier reading counts; where it jumps the offset before the jump.
int32_t ZoneOffsetForLocal(uint16_t zone, int64_t local_seconds);
/// Seconds east of UTC outside summer time, for a time of day that has no date.
int32_t ZoneStandardOffset(uint16_t zone);

}  // namespace city::feel
