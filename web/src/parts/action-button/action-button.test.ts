// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import ActionButton from './action-button.vue'

describe('action-button', () => {
  holdExamples('action-button', ActionButton)
  it('ignores a press while it is busy', async () => {
    const pressed = vi.fn()
    const button = draw(ActionButton, { busy: true, onClick: pressed }, '提交')
    await button.trigger('click')
    expect(pressed).not.toHaveBeenCalled()
  })
})
