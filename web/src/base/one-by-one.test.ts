// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Answer, Problem } from './http'
import { oneByOne } from './one-by-one'

const problem = (code: string): Problem => ({ status: 409, code, title: '', says: { zh: '' } })
const good: Answer<unknown> = { ok: true, value: {} }

describe('the same act on many rows', () => {
  it('goes on after a refusal and says which row it was', async () => {
    const told: number[] = []
    const outcome = await oneByOne(
      ['a', 'b', 'c'],
      async (row) => (row === 'b' ? { ok: false, error: problem('cases.not_possible') } : good),
      (done) => told.push(done),
    )
    expect(outcome.done).toBe(2)
    expect(outcome.refused.map((one) => [one.row, one.problem.code])).toEqual([['b', 'cases.not_possible']])
    expect(told).toEqual([1, 2, 3])
  })
  it('tries a broken line once more with the same key', async () => {
    const keys: string[] = []
    const outcome = await oneByOne(['a'], async (_row, key) => {
      keys.push(key)
      return keys.length === 1 ? { ok: false, error: problem('web.offline') } : good
    })
    expect(outcome).toEqual({ done: 1, refused: [] })
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
  })
  it('stops before the next row when told to', async () => {
    let stop = false
    const outcome = await oneByOne(
      [1, 2, 3],
      async () => good,
      () => (stop = true),
      () => !stop,
    )
    expect(outcome.done).toBe(1)
  })
})
