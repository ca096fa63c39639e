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
})
