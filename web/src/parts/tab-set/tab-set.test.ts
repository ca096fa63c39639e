// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import TabSet from './tab-set.vue'

describe('tab-set', () => {
  holdExamples('tab-set', TabSet)
  it('moves with the arrow keys, round the corner', async () => {
    const set = draw(TabSet, {
      id: 't',
      label: 'x',
      modelValue: 'a',
      tabs: [
        { name: 'a', label: 'A' },
        { name: 'b', label: 'B' },
      ],
    })
    await set.find('[role=tablist]').trigger('keydown', { key: 'ArrowLeft' })
    expect(set.emitted('update:modelValue')).toEqual([['b']])
  })
})
