// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import CasePapers from './case-papers.vue'

describe('case-papers', () => {
  holdExamples('case-papers', CasePapers)
})
