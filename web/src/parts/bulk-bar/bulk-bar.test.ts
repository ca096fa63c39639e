// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import BulkBar from './bulk-bar.vue'

describe('bulk-bar', () => {
  holdExamples('bulk-bar', BulkBar)
  it('names each refused row with the reason', () => {
    const bar = draw(BulkBar, {
      count: 0,
      acts: [],
      refused: [{ row: { id: '7' }, problem: { says: { zh: '已被他人签收。' } } }],
      nameOf: (row: { id: string }) => '办件' + row.id,
    })
    expect(bar.find('[role=alert]').text()).toContain('办件7')
    expect(bar.find('[role=alert]').text()).toContain('已被他人签收。')
  })
})
