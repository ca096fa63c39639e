// SPDX-License-Identifier: Apache-2.0
// One running city of a test: started on a folder of its own, killed, started again, and asked as the
// people of its demonstration.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export class City {
  constructor({ program, place, data, port }) {
    Object.assign(this, { program, place, data, port, sessions: new Map(), starts: 0 })
    this.url = `http://127.0.0.1:${port}`
  }

  async start() {
    const words = ['serve', '--demo', '--demo-cases', '0', '--demo-persons', '20', '--demo-enterprises', '10']
    words.push('--data', this.data, '--port', String(this.port), '--place', this.place, '--no-limits', '--web', '')
    this.child = spawn(this.program, words, { stdio: ['ignore', 'ignore', process.env.CITY_LOUD ? 'inherit' : 'ignore'] })
    this.starts += 1
    let ended
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve((ended = code ?? -1))))
    const deadline = Date.now() + 240_000
    for (;;) {
      if (ended !== undefined) throw new Error(`${this.place} ended with ${ended} before it was ready`)
      if (await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false)) return
      if (Date.now() > deadline) throw new Error(`${this.place} was not ready in time`)
      await pause(100)
    }
  }
  /** As a power cut would end it. */
  async kill() {
    this.child.kill('SIGKILL')
    await this.ended
  }
  async stop() {
    this.child?.kill('SIGTERM')
    await this.ended
  }

  /** Asks as one of the demo accounts; { status, body }. */
  async ask(who, method, path, body, headers = {}) {
    const session = who ? (this.sessions.get(who) ?? (await this.signIn(who))) : ''
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'X-Yiwang': '1', ...(session && { Cookie: session }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    let read = bytes
    if (/json/.test(answer.headers.get('content-type') ?? '')) read = JSON.parse(bytes.toString('utf8'))
    return { status: answer.status, body: read }
  }
  /** The same, and it must go well. */
  async good(who, method, path, body, headers) {
    const answer = await this.ask(who, method, path, body, headers)
    if (answer.status >= 300) throw new Error(`${this.place} ${who} ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 600)}`)
    return answer.body
  }
  async signIn(who) {
    const answer = await fetch(`${this.url}/api/session`, {
      method: 'POST',
      headers: { 'X-Yiwang': '1' },
      body: JSON.stringify({ username: who, password: 'Yiwang-demo-2026' }),
    })
    if (!answer.ok) throw new Error(`${who} cannot sign in at ${this.place}: ${answer.status}`)
    const cookie = answer.headers.getSetCookie()[0].split(';')[0]
    this.sessions.set(who, cookie)
    return cookie
  }
  /** All rows of a record type that meet a condition. */
  async rows(who, type, filter = '') {
    const all = []
    let after = ''
    for (;;) {
      const page = await this.good(who, 'GET', `/api/records/${type}?limit=200&sort=created_at&filter=${encodeURIComponent(filter)}&after=${encodeURIComponent(after)}`)
      all.push(...page.rows)
      if (!page.next) return all
      after = page.next
    }
  }
}
