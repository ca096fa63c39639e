// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import SelectInput from './select-input.vue'

describe('select-input', () => {
  holdExamples('select-input', SelectInput)
  it('tells the value with its own type, and nothing for the empty line', async () => {
    const list = draw(SelectInput, {
      id: 's',
      choices: [
        { value: 1, label: '一' },
        { value: 2, label: '二' },
      ],
    })
    await list.find('select').setValue('2')
    await list.find('select').setValue('')
    expect(list.emitted('update:modelValue')).toEqual([[2], [undefined]])
  })
})
