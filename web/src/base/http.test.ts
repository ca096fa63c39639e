// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, call } from './http'

afterEach(() => vi.restoreAllMocks())
function answers(body: string, status = 200, headers: Record<string, string> = {}) {
  return vi
    .spyOn(globalThis, 'fetch')
    .mockResolvedValue(new Response(status === 204 ? null : body, { status, headers }))
}
const sent = (spy: ReturnType<typeof answers>) => spy.mock.calls[0]![1]!.headers as Record<string, string>

describe('a call', () => {
  it('leaves empty parts out of the address', () => {
    expect(address('/api/site', { q: '', after: undefined, limit: 5, filter: 'a = "b"' })).toBe(
      '/api/site?limit=5&filter=a+%3D+%22b%22',
    )
  })
  it('carries the mark, a key on writes and the version it rests on', async () => {
    const spy = answers('{}')
    await call('/api/site', { method: 'PATCH', body: {}, if_match: 3 })
    expect(sent(spy)).toMatchObject({
      'X-Yiwang': '1',
      'if-match': '"3"',
      'content-type': 'application/json',
    })
    expect(sent(spy)['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
  })
  it('sends no key when it only reads', async () => {
    const spy = answers('{}')
    await call('/api/site')
    expect(sent(spy)).not.toHaveProperty('idempotency-key')
  })
  it('answers the value with its version', async () => {
    answers('{"a":1}', 200, { etag: 'W/"7"' })
    expect(await call('/api/site')).toEqual({ ok: true, value: { a: 1 }, version: '7' })
  })
  it("answers the server's problem with its own words", async () => {
    answers('{"code":"x.y","says":{"zh":"不行"}}', 409)
    expect(await call('/api/site')).toMatchObject({
      ok: false,
      error: { status: 409, code: 'x.y', says: { zh: '不行' } },
    })
  })
  it('has words of its own when the server has none', async () => {
    answers('<html>', 502)
    expect(await call('/api/site')).toMatchObject({ ok: false, error: { status: 502, code: 'web.server' } })
  })
  it('never throws when the net is gone', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed'))
    expect(await call('/api/site')).toMatchObject({ ok: false, error: { code: 'web.offline' } })
  })
})
