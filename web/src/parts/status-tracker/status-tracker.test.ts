// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import StatusTracker from './status-tracker.vue'

describe('status-tracker', () => {
  holdExamples('status-tracker', StatusTracker)
})
