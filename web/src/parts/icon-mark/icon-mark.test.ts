// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import { strokes } from './strokes'
import IconMark from './icon-mark.vue'

describe('icon-mark', () => {
  holdExamples('icon-mark', IconMark)
  it('has whole numbers only in its paths', () => {
    for (const [name, path] of Object.entries(strokes)) expect(path, name).toMatch(/^[A-Za-z0-9 .,-]+$/)
  })
})
