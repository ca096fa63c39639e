// SPDX-License-Identifier: Apache-2.0
// Due days by an independent calendar (npm chinese-days, MIT): each line is one case for the C++ test to compare.
// Usage: node clock_oracle.mjs COUNT SEED. A line: {accepted, legal, promised, extension, pauses, today, legal_due, promised_due, days_left}.
// The day is walked one by one: a working day outside every pause counts. Nothing here knows how the server counts.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const { isWorkday } = createRequire(join(root, 'web/package.json'))('chinese-days')
const day_ms = 86_400_000
const known = new Map()
const iso = (day) => new Date(day * day_ms).toISOString().slice(0, 10)
const dayOf = (text) => Date.parse(text) / day_ms
const works = (day) => {
  if (!known.has(day)) known.set(day, isWorkday(iso(day)))
  return known.get(day)
}
let state = Number(process.argv[3] ?? 1)
const below = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}

/** The day on which so many working days have counted; paused days (after `from`, up to `to`) do not. */
function due(accepted, count, pauses) {
  let day = accepted
  for (let left = count; left > 0; ) {
    day += 1
    if (works(day) && !pauses.some((pause) => day > pause.from && day <= pause.to)) left -= 1
  }
  return day
}
function between(from, to) {
  if (to < from) return -between(to, from)
  let count = 0
  for (let day = from + 1; day <= to; day++) if (works(day)) count += 1
  return count
}
function tell(accepted, legal, promised, extension, pauses, today) {
  const legal_due = due(accepted, legal + extension, pauses)
  const promised_due = due(accepted, promised + extension, pauses)
  console.log(
    JSON.stringify({
      accepted: iso(accepted), legal, promised, extension,
      pauses: pauses.map((pause) => ({ from: iso(pause.from), to: iso(pause.to) })),
      today: iso(today), legal_due: iso(legal_due), promised_due: iso(promised_due), days_left: between(today, promised_due),
    }),
  )
}

const first = dayOf('2004-01-01')
const last = dayOf('2026-03-01')
for (let i = Number(process.argv[2] ?? 100); i > 0; i--) {
  const accepted = first + below(last - first)
  const legal = below(61)
  const promised = below(legal + 1)
  const extension = below(4) === 0 ? 1 + below(10) : 0
  const pauses = []
  let at = accepted
  for (let n = below(4); n > 0; n--) {
    const from = at + below(20)
    const to = from + below(15)
    pauses.push({ from, to })
    at = to + 1
  }
  tell(accepted, legal, promised, extension, pauses, accepted + below(60))
}
