// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import SearchBox from './search-box.vue'

describe('search-box', () => {
  holdExamples('search-box', SearchBox)
  it('searches without the spaces around', async () => {
    const box = draw(SearchBox, { id: 'q', label: '搜索' })
    await box.find('input').setValue(' 社保 ')
    await box.find('form').trigger('submit')
    expect(box.emitted('search')).toEqual([['社保']])
  })
})
