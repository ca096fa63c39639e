// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import ProgressBar from './progress-bar.vue'

describe('progress-bar', () => {
  holdExamples('progress-bar', ProgressBar)
})
