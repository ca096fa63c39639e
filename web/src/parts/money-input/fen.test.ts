// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { fenOf, yuanText } from './fen'

describe('money', () => {
  it('is whole fen', () => {
    expect(fenOf('1,234.5')).toBe(123450)
    expect(fenOf('0.29')).toBe(29)
    expect(fenOf('￥ 10')).toBe(1000)
    expect(fenOf('-3.07')).toBe(-307)
  })
  it('stays text when it is not money', () => {
    expect(fenOf('12.345')).toBe('12.345')
    expect(fenOf('ten')).toBe('ten')
    expect(fenOf(' ')).toBeUndefined()
  })
  it('is written back as typed', () => {
    expect(yuanText(123450)).toBe('1234.50')
    expect(yuanText(1000)).toBe('10')
    expect(yuanText(-307)).toBe('-3.07')
    expect(yuanText(undefined)).toBe('')
  })
})
