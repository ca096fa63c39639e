// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, withValue, type Form, type Outcome } from './form'
import { loadFaults } from './load'
import type { Fault, Json } from './schema'

interface Examples {
  cases: {
    name: string
    form: Form
    checks: { data: Json; clean?: Json; errors: Fault[]; warnings?: Fault[] }[]
  }[]
  refused: { name: string; form: unknown; pointer: string | null }[]
}
const examples = JSON.parse(readFileSync('../src/engines/forms/forms.examples.json', 'utf8')) as Examples
const sorted = (faults: Fault[]) =>
  faults.map((fault) => JSON.stringify([fault.pointer, fault.keyword, fault.params])).sort()

describe('the shared examples of both evaluators', () => {
  for (const example of examples.cases) {
    it(`${example.name}: loads`, () => expect(loadFaults(example.form)).toEqual([]))
    example.checks.forEach((one, at) => {
      it(`${example.name}: ${at + 1}`, () => {
        const outcome: Outcome = check(example.form, one.data)
        expect(sorted(outcome.errors)).toEqual(sorted(one.errors))
        expect(outcome.data).toEqual(one.clean ?? one.data)
        if (one.warnings) expect(sorted(outcome.warnings)).toEqual(sorted(one.warnings))
      })
    })
  }
  for (const example of examples.refused) {
    it(`refuses ${example.name}`, () => {
      const pointers = loadFaults(example.form).map((one) => one.pointer)
      expect(pointers.length).toBeGreaterThan(0)
      if (example.pointer !== null) expect(pointers).toContain(example.pointer)
    })
  }
})

describe('a value put into the data', () => {
  it('makes its holders and takes empty answers away', () => {
    expect(withValue({}, '/a/b', 1)).toEqual({ a: { b: 1 } })
    expect(withValue({ a: { b: 1, c: 2 } }, '/a/b', '')).toEqual({ a: { c: 2 } })
    expect(withValue({ rows: [{ n: 1 }] }, '/rows/0/n', 2)).toEqual({ rows: [{ n: 2 }] })
  })
  it('leaves the old data as it was', () => {
    const before = { a: { b: 1 } }
    withValue(before, '/a/b', 2)
    expect(before).toEqual({ a: { b: 1 } })
  })
})
