// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { firstTable } from './first-table'

it('is well-formed XML whatever the title holds', () => {
  const text = firstTable('a-b', 'A & <B> "C"')
  const parsed = new DOMParser().parseFromString(text, 'application/xml')
  expect(parsed.querySelector('parsererror')).toBeNull()
  expect(parsed.querySelector('decision')?.getAttribute('name')).toBe('A & <B> "C"')
})
