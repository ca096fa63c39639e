// SPDX-License-Identifier: Apache-2.0
// Why: a demonstration shows applications received in one county and decided in another.
#pragma once
#include "model/city.h"

namespace city::model {
/// Some of them, in several states; nothing where the place has no window posts in two counties.
Result<void> FillDemoElsewhere(City& city);
}  // namespace city::model
