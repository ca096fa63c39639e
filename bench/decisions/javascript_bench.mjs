// SPDX-License-Identifier: Apache-2.0
// The same expressions and table on feelin and dmn-eval-js, on one core.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { evaluate } from 'feelin'
const require = createRequire(import.meta.url)
const { decisionTable } = require('@hbtgmbh/dmn-eval-js')

// dmn-eval-js logs every row without a match; that is not what is measured.
require('loglevel').getLogger('dmn-eval-js').setLevel('silent')

function measure(name, run) {
  for (let i = 0; i < 500; ++i) run(i)
  let best = Infinity
  for (let round = 0; round < 5; ++round) {
    let count = 0
    const start = process.hrtime.bigint()
    let ns = 0
    do {
      for (let i = 0; i < 100; ++i) run(count + i)
      count += 100
      ns = Number(process.hrtime.bigint() - start)
    } while (ns < 3e8)
    best = Math.min(best, ns / count)
  }
  process.stdout.write(`${name.padEnd(44)} ${best.toFixed(1).padStart(10)} ns ${(1e9 / best).toFixed(0).padStart(12)} /s\n`)
}

const applicants = [
  ['shop', 17, 2500, 'Springfield', true], ['school', 72, 15000, 'Ogdenville', false],
  ['clinic', 41, 8000, 'Shelbyville', false], ['workshop', 65, 100, 'Capital City', true],
  ['school', 30, 30000, 'Springfield', true], ['clinic', 69, 4000, 'Springfield', false],
  ['bakery', 50, 5000, 'Shelbyville', true], ['school', 64, 19999, 'Springfield', true]
].map(([kind, age, income, city, local]) => ({ kind, age, income, city, local }))

const simple = 'applicant.age >= 18 and applicant.city = "Springfield"'
measure('feelin: applicant.age >= 18 and ...', () => evaluate(simple, { applicant: applicants[4] }))
measure('feelin: sum(for x in [1..10] ...)', () => evaluate('sum(for x in [1..10] return x*x) > 100', {}))

const xml = readFileSync(new URL('./table.dmn', import.meta.url), 'utf8')
const decisions = await decisionTable.parseDmnXml(xml)
measure('dmn-eval-js: table of 20 rules x 5 inputs', (i) =>
  decisionTable.evaluateDecision('eligible', decisions, applicants[i % applicants.length]))
