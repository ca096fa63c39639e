// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import ViewSettings from './view-settings.vue'

describe('view-settings', () => {
  holdExamples('view-settings', ViewSettings)
  it('enlarges the page and remembers it', async () => {
    const settings = draw(ViewSettings)
    await settings.findAll('button')[0]!.trigger('click')
    expect(document.documentElement.hasAttribute('data-elder')).toBe(true)
    expect(decodeURIComponent(document.cookie)).toContain('elder=1')
    await settings.findAll('button')[0]!.trigger('click')
    expect(document.documentElement.hasAttribute('data-elder')).toBe(false)
  })
})
