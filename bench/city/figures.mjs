// SPDX-License-Identifier: Apache-2.0
// How long each route took and what went wrong.
export class Figures {
  constructor() {
    this.routes = new Map()
    this.errors = new Map()
    this.requests = 0
    this.failures = 0
  }
  took(route, ms) {
    let list = this.routes.get(route)
    if (list === undefined) this.routes.set(route, (list = []))
    list.push(ms)
    this.requests += 1
  }
  failed(route, why) {
    this.failures += 1
    const known = this.errors.get(route)
    if (known === undefined) this.errors.set(route, { times: 1, first: why })
    else known.times += 1
  }
  /** Rows {route, times, p50, p95, p99, most}, the busiest first. */
  rows() {
    return [...this.routes]
      .map(([route, list]) => {
        const sorted = Float64Array.from(list).sort()
        const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
        return { route, times: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1), busy: list.reduce((sum, one) => sum + one, 0) }
      })
      .sort((a, b) => b.times - a.times)
  }
  print(say = console.log) {
    say(`${'route'.padEnd(34)} requests   p50 ms   p95 ms   p99 ms   most ms`)
    for (const row of this.rows())
      say(`${row.route.padEnd(34)} ${String(row.times).padStart(8)} ` + [row.p50, row.p95, row.p99, row.most].map((ms) => ms.toFixed(2).padStart(8)).join(' '))
    for (const [route, { times, first }] of this.errors) say(`ERROR ${route}: ${times} times, first: ${first}`)
  }
}

/** Small seeded generator, so that two runs ask the same things in the same order. */
export class Chance {
  constructor(seed) {
    this.state = seed >>> 0
  }
  unit() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  below(count) {
    return Math.floor(this.unit() * count)
  }
  pick(list) {
    return list[this.below(list.length)]
  }
  shuffle(list) {
    for (let i = list.length - 1; i > 0; --i) {
      const j = this.below(i + 1)
      ;[list[i], list[j]] = [list[j], list[i]]
    }
    return list
  }
}
