// SPDX-License-Identifier: Apache-2.0
// The line between two cities, in the hands of a test: it carries bytes, can be cut, tears some
// messages in the middle and loses some answers, and remembers what went over it.
import { connect, createServer } from 'node:net'

/** A TCP line on a free port to `port` of this machine. */
export async function openLine(port) {
  const pairs = new Set()
  let up = true
  const counts = { connections: 0, cut: 0, torn: 0, unanswered: 0 }
  const recorded = []
  /** While set: every fourth message is torn in the middle, every fifth loses its answer. */
  let bad = false
  const server = createServer((near) => {
    if (!up) return near.destroy()
    const far = connect(port, '127.0.0.1')
    const pair = { near, far }
    pairs.add(pair)
    const sent = []
    const nth = (counts.connections += 1)
    let passed = 0
    const end = () => {
      near.destroy()
      far.destroy()
      if (pairs.delete(pair)) recorded.push(Buffer.concat(sent).toString('utf8'))
    }
    near.on('data', (bytes) => {
      sent.push(bytes)
      passed += bytes.length
      if (bad && nth % 4 === 0 && passed > 500) {
        counts.torn += 1
        far.write(bytes.subarray(0, Math.max(0, bytes.length - 100)), end)
        return
      }
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      // Taken in over there, and nobody here will ever know.
      if (bad && nth % 5 === 0) {
        counts.unanswered += 1
        return end()
      }
      near.write(bytes)
    })
    for (const side of [near, far]) side.on('error', end).on('close', end)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** What was sent over it, one text for each connection that has ended. */
    recorded,
    counts,
    set bad(so) {
      bad = so
    },
    /** Nothing passes any more, and what is on its way is torn off. */
    cut() {
      up = false
      counts.cut += 1
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
    },
    mend() {
      up = true
    },
    close() {
      this.cut()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
