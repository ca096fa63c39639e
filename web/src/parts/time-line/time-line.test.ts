// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import TimeLine from './time-line.vue'

describe('time-line', () => {
  holdExamples('time-line', TimeLine)
})
