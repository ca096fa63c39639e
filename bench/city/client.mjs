// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 client over kept connections that costs the machine little, so that what is measured is
// the city. It knows what the city answers with: a Content-Length and no chunks.
import { connect } from 'node:net'

const end_of_head = Buffer.from('\r\n\r\n')

class Connection {
  constructor(port) {
    this.buffer = null
    this.waiting = null
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('data', (bytes) => this.take(bytes))
    this.socket.on('error', (error) => this.fail(error))
    this.socket.on('close', () => this.fail(new Error('the connection was closed')))
  }
  fail(error) {
    this.dead = true
    const waiting = this.waiting
    this.waiting = null
    waiting?.reject(error)
  }
  ask(head, body) {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(new Error('the connection was closed'))
      this.waiting = { resolve, reject }
      this.need = 0
      if (body === undefined) this.socket.write(head, 'latin1')
      else {
        this.socket.cork()
        this.socket.write(head, 'latin1')
        this.socket.write(body)
        this.socket.uncork()
      }
    })
  }
  take(bytes) {
    this.buffer = this.buffer === null ? bytes : Buffer.concat([this.buffer, bytes])
    if (this.need === 0) {
      const at = this.buffer.indexOf(end_of_head)
      if (at < 0) return
      this.head = this.buffer.latin1Slice(0, at)
      const length = /\r\ncontent-length: *(\d+)/i.exec(this.head)
      if (length === null) return this.fail(new Error(`an answer without a length: ${this.head}`))
      this.begin = at + 4
      this.need = this.begin + Number(length[1])
    }
    if (this.buffer.length < this.need) return
    const { resolve } = this.waiting ?? {}
    const answer = { status: Number(this.head.slice(9, 12)), head: this.head, body: this.buffer.subarray(this.begin, this.need) }
    this.buffer = null
    this.waiting = null
    resolve?.(answer)
  }
}

/** Asks the city and notes how long each route takes. */
export class Client {
  constructor(port, figures) {
    this.port = port
    this.figures = figures
    this.free = []
    this.all = new Set()
  }
  /**
   * One request. `route` is the name it is counted under; an answer outside `good` counts as an error and
   * throws. Answers {status, json(), head}.
   */
  async ask(method, path, { route, cookie, json, bytes, type, key, good = [200, 201], quiet = false } = {}) {
    let head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n`
    if (cookie) head += `Cookie: ${cookie}\r\n`
    let body
    if (method !== 'GET') {
      head += `X-Yiwang: 1\r\n`
      if (key) head += `Idempotency-Key: ${key}\r\n`
      body = bytes ?? Buffer.from(json === undefined ? '' : JSON.stringify(json))
      head += `Content-Type: ${type ?? 'application/json'}\r\nContent-Length: ${body.length}\r\n`
    }
    head += '\r\n'
    const name = route ?? `${method} ${path}`
    const begun = performance.now()
    let connection = this.free.pop()
    while (connection?.dead) {
      this.all.delete(connection)
      connection = this.free.pop()
    }
    if (connection === undefined) {
      connection = new Connection(this.port)
      this.all.add(connection)
    }
    let answer
    try {
      answer = await connection.ask(head, body)
    } catch (error) {
      this.figures.failed(name, `${method} ${path}: ${error.message}`)
      throw error
    }
    this.free.push(connection)
    if (!quiet) this.figures.took(name, performance.now() - begun)
    if (!good.includes(answer.status)) {
      const why = `${method} ${path}: ${answer.status} ${answer.body.toString().slice(0, 300)}`
      this.figures.failed(name, why)
      throw new Error(why)
    }
    return { status: answer.status, head: answer.head, json: () => JSON.parse(answer.body), text: () => answer.body.toString() }
  }
  get = (path, more) => this.ask('GET', path, more)
  post = (path, json, more) => this.ask('POST', path, { json, ...more })

  /** Signs in; answers the cookie. */
  async signIn(username, password) {
    const answer = await this.post('/api/session', { username, password }, { route: 'sign in' })
    return /\r\nset-cookie: *([^;\r]+)/i.exec(answer.head)[1]
  }
  /** Listens to the events of the city as an official's page does; `heard` is called for each piece. */
  listen(cookie, heard) {
    const socket = connect({ port: this.port, host: '127.0.0.1' })
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nCookie: ${cookie}\r\n\r\n`)
    let first = true
    socket.on('data', (bytes) => {
      if (first && !bytes.latin1Slice(9, 12).startsWith('200')) this.figures.failed('events', bytes.toString().slice(0, 200))
      first = false
      heard(bytes.length)
    })
    socket.on('error', () => {})
    this.all.add({ socket })
  }
  close() {
    for (const each of this.all) each.socket.destroy()
  }
}
