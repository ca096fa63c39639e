// SPDX-License-Identifier: Apache-2.0
// Judges data against our subset of JSON Schema 2020-12; the twin of schema.cc in src/engines/forms.
import { creditCodeChecks, hasCreditCodeShape, hasFormat } from './formats'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Schema = boolean | { [keyword: string]: Json }
/** One fault: where (JSON Pointer), by which keyword, and what the words need. */
export interface Fault {
  pointer: string
  keyword: string
  params: Record<string, string | number>
}

/** The same bounds as on the server. */
export const max_depth = 64
export const max_steps = 200000
export const max_faults = 200

export interface Context {
  root: Schema
  /** Pointers of fields that are not shown; what is not shown cannot be missing. */
  hidden: ReadonlySet<string>
  faults: Fault[]
  warnings: Fault[]
  steps: number
}

export function newContext(root: Schema, hidden: ReadonlySet<string> = new Set()): Context {
  return { root, hidden, faults: [], warnings: [], steps: 0 }
}

/** A name as one part of a JSON Pointer. */
export function pointerPart(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1')
}

/** The value at `pointer`; undefined when nothing is there. */
export function valueAt(data: Json | undefined, pointer: string): Json | undefined {
  let found = data
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replace(/~1/g, '/').replace(/~0/g, '~')
    if (Array.isArray(found)) found = /^(0|[1-9]\d*)$/.test(part) ? found[Number(part)] : undefined
    else if (isObject(found)) found = Object.hasOwn(found, part) ? found[part] : undefined
    else return undefined
  }
  return found
}

export function isObject(value: unknown): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One text for equal values: members sorted, 1 and 1.0 alike. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (isObject(value)) {
    const names = Object.keys(value).sort()
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

function typeIs(value: Json, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'array':
      return Array.isArray(value)
    default:
      return type === 'object' && isObject(value)
  }
}

/** Adds to `context` what is wrong with `value`; answers whether nothing is. */
export function judge(context: Context, schema: Schema, value: Json, pointer: string, depth = 0): boolean {
  context.steps += 1
  if (context.steps > max_steps || depth > max_depth) return fault(context, pointer, 'limit')
  if (schema === true) return true
  if (schema === false) return fault(context, pointer, 'false')
  let fine = true
  if (typeof schema.$ref === 'string') {
    const target = refTarget(context.root, schema.$ref)
    fine =
      target === undefined
        ? fault(context, pointer, '$ref')
        : judge(context, target, value, pointer, depth + 1)
  }
  if (schema.type !== undefined) {
    const types = (Array.isArray(schema.type) ? schema.type : [schema.type]) as string[]
    if (!types.some((type) => typeIs(value, type))) {
      return fault(context, pointer, 'type', { type: types.join('|') })
    }
  }
  if (schema.const !== undefined && canonical(value) !== canonical(schema.const)) {
    fine = fault(context, pointer, 'const')
  }
  if (Array.isArray(schema.enum)) {
    const own = canonical(value)
    if (!schema.enum.some((one) => canonical(one) === own)) fine = fault(context, pointer, 'enum')
  }
  if (typeof value === 'string') fine = judgeText(context, schema, value, pointer) && fine
  if (typeof value === 'number') fine = judgeNumber(context, schema, value, pointer) && fine
  if (Array.isArray(value)) fine = judgeArray(context, schema, value, pointer, depth) && fine
  if (isObject(value)) fine = judgeObject(context, schema, value, pointer, depth) && fine
  return judgeCombined(context, schema, value, pointer, depth) && fine
}

function fault(context: Context, pointer: string, keyword: string, params: Fault['params'] = {}): false {
  if (context.faults.length < max_faults) context.faults.push({ pointer, keyword, params })
  return false
}

function refTarget(root: Schema, ref: string): Schema | undefined {
  if (ref === '#') return root
  if (!ref.startsWith('#/$defs/')) return undefined
  return valueAt(root as Json, ref.slice(1)) as Schema | undefined
}

const patterns = new Map<string, RegExp | null>()
function patternOf(text: string): RegExp | null {
  let found = patterns.get(text)
  if (found === undefined) {
    try {
      found = new RegExp(text, 'u')
    } catch {
      found = null
    }
    patterns.set(text, found)
  }
  return found
}

function judgeText(
  context: Context,
  schema: Exclude<Schema, boolean>,
  value: string,
  pointer: string,
): boolean {
  let fine = true
  if (typeof schema.minLength === 'number' || typeof schema.maxLength === 'number') {
    const length = Array.from(value).length
    if (typeof schema.minLength === 'number' && length < schema.minLength) {
      fine = fault(context, pointer, 'minLength', { limit: schema.minLength, length })
    }
    if (typeof schema.maxLength === 'number' && length > schema.maxLength) {
      fine = fault(context, pointer, 'maxLength', { limit: schema.maxLength, length })
    }
  }
  if (typeof schema.pattern === 'string' && !patternOf(schema.pattern)?.test(value)) {
    fine = fault(context, pointer, 'pattern')
  }
  if (typeof schema.format === 'string') {
    if (hasFormat(schema.format, value) === false) {
      fine = fault(context, pointer, 'format', { format: schema.format })
    } else if (schema.format === 'cn-uscc' && hasCreditCodeShape(value) && !creditCodeChecks(value)) {
      context.warnings.push({ pointer, keyword: 'check', params: { format: 'cn-uscc' } })
    }
  }
  return fine
}

function judgeNumber(
  context: Context,
  schema: Exclude<Schema, boolean>,
  value: number,
  pointer: string,
): boolean {
  let fine = true
  const bound = (keyword: string, holds: (limit: number) => boolean) => {
    const limit = schema[keyword]
    if (typeof limit === 'number' && !holds(limit)) fine = fault(context, pointer, keyword, { limit })
  }
  bound('minimum', (limit) => value >= limit)
  bound('maximum', (limit) => value <= limit)
  bound('exclusiveMinimum', (limit) => value > limit)
  bound('exclusiveMaximum', (limit) => value < limit)
  return fine
}

function judgeArray(
  context: Context,
  schema: Exclude<Schema, boolean>,
  value: Json[],
  pointer: string,
  depth: number,
): boolean {
  let fine = true
  const length = value.length
  if (typeof schema.minItems === 'number' && length < schema.minItems) {
    fine = fault(context, pointer, 'minItems', { limit: schema.minItems, length })
  }
  if (typeof schema.maxItems === 'number' && length > schema.maxItems) {
    fine = fault(context, pointer, 'maxItems', { limit: schema.maxItems, length })
  }
  if (schema.uniqueItems === true) {
    const seen = new Map<string, number>()
    for (const [at, item] of value.entries()) {
      const first = seen.get(canonical(item))
      if (first !== undefined) {
        fine = fault(context, pointer, 'uniqueItems', { first, second: at })
        break
      }
      seen.set(canonical(item), at)
    }
  }
  if (schema.items !== undefined) {
    for (const [at, item] of value.entries()) {
      fine = judge(context, schema.items as Schema, item, `${pointer}/${at}`, depth + 1) && fine
    }
  }
  return fine
}

function judgeObject(
  context: Context,
  schema: Exclude<Schema, boolean>,
  value: { [name: string]: Json },
  pointer: string,
  depth: number,
): boolean {
  let fine = true
  const need = (name: Json) => {
    if (typeof name !== 'string' || Object.hasOwn(value, name)) return
    const place = `${pointer}/${pointerPart(name)}`
    if (!context.hidden.has(place)) fine = fault(context, place, 'required')
  }
  if (Array.isArray(schema.required)) schema.required.forEach(need)
  if (isObject(schema.dependentRequired)) {
    for (const [name, others] of Object.entries(schema.dependentRequired)) {
      if (Object.hasOwn(value, name) && Array.isArray(others)) others.forEach(need)
    }
  }
  const known = isObject(schema.properties) ? schema.properties : {}
  for (const [name, part] of Object.entries(known)) {
    if (!Object.hasOwn(value, name)) continue
    fine = judge(context, part as Schema, value[name]!, `${pointer}/${pointerPart(name)}`, depth + 1) && fine
  }
  if (schema.additionalProperties !== undefined) {
    for (const [name, part] of Object.entries(value)) {
      if (Object.hasOwn(known, name)) continue
      const place = `${pointer}/${pointerPart(name)}`
      if (schema.additionalProperties === false) fine = fault(context, place, 'additionalProperties')
      else fine = judge(context, schema.additionalProperties as Schema, part, place, depth + 1) && fine
    }
  }
  return fine
}

function judgeCombined(
  context: Context,
  schema: Exclude<Schema, boolean>,
  value: Json,
  pointer: string,
  depth: number,
): boolean {
  let fine = true
  if (Array.isArray(schema.allOf)) {
    for (const part of schema.allOf) fine = judge(context, part as Schema, value, pointer, depth + 1) && fine
  }
  const holds = (part: Json) => quietly(context, part as Schema, value, pointer, depth)
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some(holds)) fine = fault(context, pointer, 'anyOf')
  if (Array.isArray(schema.oneOf)) {
    const matched = schema.oneOf.filter(holds).length
    if (matched !== 1) fine = fault(context, pointer, 'oneOf', { matched })
  }
  if (schema.not !== undefined && holds(schema.not)) fine = fault(context, pointer, 'not')
  if (schema.if !== undefined) {
    const next = holds(schema.if) ? schema.then : schema.else
    if (next !== undefined) fine = judge(context, next as Schema, value, pointer, depth + 1) && fine
  }
  return fine
}

/** Whether `value` fits, without keeping what is wrong with it. */
function quietly(context: Context, schema: Schema, value: Json, pointer: string, depth: number): boolean {
  const aside: Context = { ...context, faults: [], warnings: [] }
  const fits = judge(aside, schema, value, pointer, depth + 1)
  context.steps = aside.steps
  return fits
}
