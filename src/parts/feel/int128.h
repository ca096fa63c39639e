// SPDX-License-Identifier: Apache-2.0
// The 128-bit integers of the compiler under names that a pedantic build accepts.
#pragma once

namespace city::feel {
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;
}  // namespace city::feel
