// SPDX-License-Identifier: Apache-2.0
// A validator that others wrote must agree on what is valid, over the shared examples and over noise.
import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020'
import { describe, expect, it } from 'vitest'
import { hasFormat } from './formats'
import { judge, newContext, type Json, type Schema } from './schema'

const examples = JSON.parse(readFileSync('../src/engines/forms/forms.examples.json', 'utf8')) as {
  cases: { name: string; form: { schema: Schema }; checks: { data: Json }[] }[]
}
const formats = ['date', 'cn-id', 'cn-uscc', 'mobile']
function other(schema: Schema): (data: Json) => boolean {
  const ajv = new Ajv2020({ strict: false, allErrors: false, unicodeRegExp: true })
  for (const format of formats) ajv.addFormat(format, (text: string) => hasFormat(format, text) === true)
  return ajv.compile(schema) as (data: Json) => boolean
}
const own = (schema: Schema, data: Json) => judge(newContext(schema), schema, data, '')

/** Deterministic noise: the same run every time. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}
const leaves: Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  7,
  100,
  '',
  'a',
  'ab',
  '中文',
  '𠮷',
  '2024-02-29',
  '13800138000',
  [],
  {},
]
const names = ['a', 'b', 'c', 'name', 'kind', 'n', 'x', 'e', 'o']
function anything(random: () => number, depth = 0): Json {
  const kind = random()
  if (depth > 2 || kind < 0.6) return leaves[Math.floor(random() * leaves.length)]!
  const size = Math.floor(random() * 4)
  if (kind < 0.75) return Array.from({ length: size }, () => anything(random, depth + 1))
  return Object.fromEntries(
    Array.from({ length: size }, () => [
      names[Math.floor(random() * names.length)]!,
      anything(random, depth + 1),
    ]),
  )
}
function anySchema(random: () => number, depth = 0): Schema {
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const inner = () => anySchema(random, depth + 1) as Json
  const schema: Record<string, Json> = {}
  const some = (chance: number, add: () => void) => random() < chance && add()
  some(
    0.5,
    () =>
      (schema.type = pick(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as Json[])),
  )
  some(0.1, () => (schema.enum = [anything(random), anything(random)]))
  some(0.1, () => (schema.const = anything(random)))
  some(0.2, () => (schema.minLength = pick([0, 1, 2])))
  some(0.2, () => (schema.maxLength = pick([0, 1, 2])))
  some(0.2, () => (schema.minimum = pick([-1, 0, 1.5])))
  some(0.2, () => (schema.exclusiveMaximum = pick([1, 7])))
  some(0.1, () => (schema.pattern = pick(['^a', '^.$', '[\\u4e00-\\u9fa5]'])))
  some(0.1, () => (schema.uniqueItems = true))
  some(0.2, () => (schema.minItems = pick([0, 1, 2])))
  some(0.2, () => (schema.required = [pick(names)]))
  if (depth < 2) {
    some(0.3, () => (schema.properties = { [pick(names)]: inner(), [pick(names)]: inner() }))
    some(0.2, () => (schema.items = inner()))
    some(0.15, () => (schema.additionalProperties = random() < 0.5 ? false : inner()))
    some(0.1, () => (schema.anyOf = [inner(), inner()]))
    some(0.1, () => (schema.oneOf = [inner(), inner()]))
    some(0.1, () => (schema.allOf = [inner(), inner()]))
    some(0.1, () => (schema.not = inner()))
    some(0.1, () => Object.assign(schema, { if: inner(), then: inner(), else: inner() }))
    some(0.1, () => (schema.dependentRequired = { [pick(names)]: [pick(names)] }))
  }
  return schema
}

describe('a second opinion', () => {
  it('agrees on every shared example', () => {
    for (const one of examples.cases) {
      if (one.name.includes('never ends')) continue
      const validate = other(one.form.schema)
      for (const { data } of one.checks)
        expect([one.name, data, own(one.form.schema, data)]).toEqual([one.name, data, validate(data)])
    }
  })
  it('agrees on thousands of schemas and values nobody thought of', () => {
    const random = noise(20261123)
    for (let round = 0; round < 400; round += 1) {
      const schema = anySchema(random)
      const validate = other(schema)
      for (let at = 0; at < 12; at += 1) {
        const data = anything(random)
        expect([schema, data, own(schema, data)]).toEqual([schema, data, validate(data)])
      }
    }
  }, 60_000)
})
