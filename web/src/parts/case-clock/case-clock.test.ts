// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import CaseClock from './case-clock.vue'

describe('case-clock', () => {
  holdExamples('case-clock', CaseClock)
})
