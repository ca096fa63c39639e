// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import StatusTag from './status-tag.vue'

describe('status-tag', () => {
  holdExamples('status-tag', StatusTag)
})
