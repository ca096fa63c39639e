// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import ChoiceGroup from './choice-group.vue'

describe('choice-group', () => {
  holdExamples('choice-group', ChoiceGroup)
  it('keeps several answers in the order of the list', async () => {
    const group = draw(ChoiceGroup, {
      id: 'c',
      multiple: true,
      choices: ['a', 'b', 'c'].map((value) => ({ value, label: value })),
      modelValue: ['c'],
    })
    await group.find('#c-0').setValue(true)
    expect(group.emitted('update:modelValue')).toEqual([[['a', 'c']]])
  })
})
