// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { Answer } from './http'
import { useQuery } from './use-query'

describe('a query', () => {
  it('drops an answer that comes late', async () => {
    const scope = effectScope()
    const id = ref('slow')
    const waiting: Record<string, (answer: Answer<string>) => void> = {}
    const query = scope.run(() =>
      useQuery(
        () => id.value,
        () => new Promise<Answer<string>>((done) => (waiting[id.value] = done)),
      ),
    )!
    id.value = 'fast'
    await nextTick()
    waiting.fast!({ ok: true, value: 'fast', version: '2' })
    await nextTick()
    waiting.slow!({ ok: true, value: 'slow' })
    await nextTick()
    expect([query.value.value, query.version.value, query.loading.value]).toEqual(['fast', '2', false])
    scope.stop()
  })
  it('keeps the old value beside an error', async () => {
    const scope = effectScope()
    let fail = false
    const problem = { status: 500, code: 'x', title: 'x', says: { zh: '坏了' } }
    const query = scope.run(() =>
      useQuery(
        () => 0,
        async () => (fail ? { ok: false as const, error: problem } : { ok: true as const, value: 1 }),
      ),
    )!
    await nextTick()
    await nextTick()
    fail = true
    await query.again()
    expect([query.value.value, query.error.value?.code]).toEqual([1, 'x'])
    scope.stop()
  })
})
