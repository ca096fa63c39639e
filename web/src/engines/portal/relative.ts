// SPDX-License-Identifier: Apache-2.0
// The relative for whom one acts in this window; gone with a reload, so that nobody does it unawares.
import { shallowRef } from 'vue'

export const relative = shallowRef<{ account: string; name: string }>()
