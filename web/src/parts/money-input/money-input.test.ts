// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import MoneyInput from './money-input.vue'

describe('money-input', () => {
  holdExamples('money-input', MoneyInput)
  it('keeps fen and never half a fen', async () => {
    const box = draw(MoneyInput, { id: 'm' })
    await box.find('input').setValue('0.29')
    await box.find('input').setValue('1.005')
    expect(box.emitted('update:modelValue')).toEqual([[29], ['1.005']])
  })
})
