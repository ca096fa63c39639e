// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import SwitchToggle from './switch-toggle.vue'

describe('switch-toggle', () => {
  holdExamples('switch-toggle', SwitchToggle)
  it('turns', async () => {
    const one = draw(SwitchToggle, { id: 's' })
    await one.trigger('click')
    expect(one.emitted('update:modelValue')).toEqual([[true]])
  })
})
