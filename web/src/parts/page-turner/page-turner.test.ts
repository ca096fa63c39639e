// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import { usePages } from './use-pages'
import PageTurner from './page-turner.vue'

describe('page-turner', () => {
  holdExamples('page-turner', PageTurner)
  it('goes back by the cursors it came by', () => {
    const pages = usePages()
    pages.next('a')
    pages.next('b')
    expect([pages.after.value, pages.page.value]).toEqual(['b', 3])
    pages.back()
    expect(pages.after.value).toBe('a')
    pages.first()
    expect([pages.after.value, pages.page.value]).toEqual([undefined, 1])
  })
})
