// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import DataTable from './data-table.vue'

describe('data-table', () => {
  holdExamples('data-table', DataTable)
  it('turns the order at the second press', async () => {
    const table = draw(DataTable, {
      caption: 't',
      columns: [{ name: 'a', label: 'A', sortable: true }],
      rows: [],
      sort: 'a',
    })
    expect(table.find('th').attributes('aria-sort')).toBe('ascending')
    await table.find('th button').trigger('click')
    expect(table.emitted('sort')).toEqual([['-a']])
  })
  it('chooses a row, or all that it shows, and keeps what was chosen on other pages', async () => {
    const table = draw(DataTable, {
      caption: 't',
      columns: [{ name: 'a', label: 'A' }],
      rows: [
        { id: '1', a: '甲' },
        { id: '2', a: '乙' },
      ],
      nameOf: (row: { a: string }) => row.a,
      chosen: ['9'],
    })
    expect(table.find('tbody input').attributes('aria-label')).toContain('甲')
    await table.find('tbody input').setValue(true)
    expect(table.emitted('update:chosen')?.at(-1)).toEqual([['9', '1']])
    await table.find('thead input').setValue(true)
    expect(table.emitted('update:chosen')?.at(-1)).toEqual([['9', '1', '2']])
  })
})
