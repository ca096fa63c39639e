// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import CaseCertificates from './case-certificates.vue'

describe('case-certificates', () => {
  holdExamples('case-certificates', CaseCertificates)
})
