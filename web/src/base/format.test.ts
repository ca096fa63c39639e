// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { day, moment, shortDay, size, yuan } from './format'

describe('format', () => {
  it('reads every time on the clock of the city', () => {
    expect(moment('2026-11-22T17:05:00Z')).toBe('2026-11-23 01:05')
    expect(shortDay('2026-11-22T17:05:00Z')).toBe('2026-11-23')
    expect(day('2026-11-23')).toBe('2026年11月23日')
  })
  it('shows what it cannot read as it is', () => {
    expect(day('soon')).toBe('soon')
    expect(moment(null)).toBe('')
  })
  it('writes fen as yuan', () => {
    expect(yuan(123456)).toBe('1,234.56')
    expect(yuan(-5)).toBe('-0.05')
    expect(yuan(undefined)).toBe('')
  })
  it('writes sizes', () => {
    expect(size(10)).toBe('1 KB')
    expect(size(1536 * 1024)).toBe('1.5 MB')
  })
})
