// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Question } from '@/base/decisions'
import { expectedOf, textOf, valueOf, valuesOf } from './answers'

const asked = (type: string): Question => ({ name: 'q', label: 'q', type, options: [] })

describe('answers', () => {
  it('become values of their type', () => {
    expect(valueOf(asked('number'), ' 80 ')).toBe(80)
    expect(valueOf(asked('boolean'), 'false')).toBe(false)
    expect(valueOf(asked('texts'), 'hot、cold，raw')).toEqual(['hot', 'cold', 'raw'])
    expect(valueOf(asked('context'), '{"a":1}')).toEqual({ a: 1 })
    expect(valueOf(asked('string'), '80')).toBe('80')
    expect(valueOf(asked('any'), '80')).toBe(80)
    expect(valueOf(asked('any'), 'shop')).toBe('shop')
    expect(valueOf(asked('number'), '')).toBeNull()
  })
  it('that are no values are named', () => {
    const { values, wrong } = valuesOf([asked('number')], { q: 'eighty' })
    expect(wrong).toEqual(['q'])
    expect(values).toEqual({})
    expect(valueOf(asked('list'), '[1')).toBeUndefined()
  })
  it('come back as they were typed', () => {
    for (const [type, text] of [
      ['number', '80'],
      ['texts', 'a、b'],
      ['context', '{"a":1}'],
      ['boolean', 'true'],
    ] as const)
      expect(textOf(asked(type), valueOf(asked(type), text))).toBe(text)
  })
  it('may be expected as JSON or as plain words', () => {
    expect(expectedOf('{"eligible":true}')).toEqual({ eligible: true })
    expect(expectedOf('一档')).toBe('一档')
    expect(expectedOf('')).toBeNull()
  })
})
