// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import TextInput from './text-input.vue'

describe('text-input', () => {
  holdExamples('text-input', TextInput)
  it('tells what was typed', async () => {
    const box = draw(TextInput, { id: 'a' })
    await box.find('input').setValue('韩梅梅')
    expect(box.emitted('update:modelValue')).toEqual([['韩梅梅']])
  })
})
