// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import DateBoxes from './date-boxes.vue'

describe('date-boxes', () => {
  holdExamples('date-boxes', DateBoxes)
  it('joins the boxes and stays undefined while all are empty', async () => {
    const boxes = draw(DateBoxes, { id: 'd' })
    await boxes.find('#d-year').setValue('2024')
    await boxes.find('#d-month').setValue('2')
    await boxes.find('#d-date').setValue('9')
    await boxes.find('#d-year').setValue('')
    expect(boxes.emitted('update:modelValue')?.map(([value]) => value)).toEqual([
      '2024-00-00',
      '2024-02-00',
      '2024-02-09',
      '-02-09',
    ])
  })
  it('shows a day without leading zeros', () => {
    const boxes = draw(DateBoxes, { id: 'd', modelValue: '2024-02-09' })
    expect((boxes.find('#d-month').element as HTMLInputElement).value).toBe('2')
  })
})
