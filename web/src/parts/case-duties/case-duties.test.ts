// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import CaseDuties from './case-duties.vue'

describe('case-duties', () => {
  holdExamples('case-duties', CaseDuties)
})
