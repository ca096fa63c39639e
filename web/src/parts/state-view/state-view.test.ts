// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import StateView from './state-view.vue'

describe('state-view', () => {
  holdExamples('state-view', StateView)
})
