// SPDX-License-Identifier: Apache-2.0
// Refuses a form that the evaluators would not understand; the twin of load.cc in src/engines/forms.
import { hasFormat } from './formats'
import { isObject, pointerPart, valueAt, type Json } from './schema'

export interface LoadFault {
  pointer: string
  /** unknown, type, value, missing, reference or limit. */
  keyword: string
}
const max_form_depth = 32
const max_form_parts = 20000
const annotations = [
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]
const texts = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']
const widgets = [
  'text',
  'textarea',
  'number',
  'money',
  'date',
  'radio',
  'select',
  'checkboxes',
  'switch',
  'address',
  'attachment',
  'rows',
]

/** Everything that is wrong with a form, by JSON Pointer into it; empty when it may be used. */
export function loadFaults(form: unknown): LoadFault[] {
  const faults: LoadFault[] = []
  let parts = 0
  const bad = (pointer: string, keyword: string) => {
    if (faults.length < 100) faults.push({ pointer, keyword })
  }
  if (!isObject(form)) return [{ pointer: '', keyword: 'type' }]
  const root = form.schema as Json | undefined

  function schema(part: Json | undefined, at: string, depth: number, refs: Json | undefined): void {
    parts += 1
    if (depth > max_form_depth || parts > max_form_parts) return bad(at, 'limit')
    if (typeof part === 'boolean') return
    if (!isObject(part)) return bad(at, 'type')
    for (const [keyword, value] of Object.entries(part)) {
      const here = `${at}/${pointerPart(keyword)}`
      const inner = (one: Json, place: string) => schema(one, place, depth + 1, refs)
      switch (keyword) {
        case 'type': {
          const types = Array.isArray(value) ? value : [value]
          if (!types.length || !types.every((type) => texts.includes(type as string))) bad(here, 'value')
          break
        }
        case 'enum':
          if (!Array.isArray(value) || !value.length) bad(here, 'type')
          break
        case 'const':
          break
        case 'minLength':
        case 'maxLength':
        case 'minItems':
        case 'maxItems':
          if (!Number.isInteger(value) || (value as number) < 0) bad(here, 'value')
          break
        case 'minimum':
        case 'maximum':
        case 'exclusiveMinimum':
        case 'exclusiveMaximum':
          if (typeof value !== 'number') bad(here, 'type')
          break
        case 'uniqueItems':
          if (typeof value !== 'boolean') bad(here, 'type')
          break
        case 'pattern':
          if (!compiles(value)) bad(here, 'value')
          break
        case 'format':
          if (typeof value !== 'string' || hasFormat(value, '') === undefined) bad(here, 'value')
          break
        case 'required':
          if (!names(value)) bad(here, 'type')
          break
        case 'dependentRequired':
          if (!isObject(value) || !Object.values(value).every(names)) bad(here, 'type')
          break
        case '$ref':
          if (typeof value !== 'string' || !(value === '#' || value.startsWith('#/$defs/')))
            bad(here, 'reference')
          else if (value !== '#' && valueAt(refs, value.slice(1)) === undefined) bad(here, 'reference')
          break
        case 'properties':
        case '$defs':
          if (!isObject(value)) bad(here, 'type')
          else for (const [name, one] of Object.entries(value)) inner(one, `${here}/${pointerPart(name)}`)
          break
        case 'items':
        case 'additionalProperties':
        case 'not':
        case 'if':
        case 'then':
        case 'else':
          inner(value, here)
          break
        case 'allOf':
        case 'anyOf':
        case 'oneOf':
          if (!Array.isArray(value) || !value.length) bad(here, 'type')
          else value.forEach((one, index) => inner(one, `${here}/${index}`))
          break
        default:
          if (!annotations.includes(keyword)) bad(here, 'unknown')
      }
    }
  }
  function element(part: Json, at: string, depth: number): void {
    parts += 1
    if (depth > max_form_depth || parts > max_form_parts) return bad(at, 'limit')
    if (!isObject(part)) return bad(at, 'type')
    if (part.rule !== undefined) rule(part.rule, `${at}/rule`)
    if (part.type === 'Control') {
      if (typeof part.scope !== 'string' || !/^(\/[^/]+)+$/.test(part.scope)) bad(`${at}/scope`, 'missing')
      if (!words(part.label)) bad(`${at}/label`, 'missing')
      if (part.widget !== undefined && !widgets.includes(part.widget as string)) bad(`${at}/widget`, 'value')
      if (part.elements !== undefined || part.widget === 'rows')
        elements(part.elements, `${at}/elements`, depth)
    } else if (part.type === 'Group' || part.type === 'Step') {
      if (!words(part.title)) bad(`${at}/title`, 'missing')
      elements(part.elements, `${at}/elements`, depth)
    } else if (part.type === 'Text') {
      if (!words(part.text)) bad(`${at}/text`, 'missing')
    } else {
      bad(`${at}/type`, 'value')
    }
  }
  function elements(list: Json | undefined, at: string, depth: number): void {
    if (!Array.isArray(list)) return bad(at, 'type')
    list.forEach((one, index) => element(one, `${at}/${index}`, depth + 1))
  }
  function rule(part: Json, at: string): void {
    if (!isObject(part)) return bad(at, 'type')
    if (part.effect !== 'SHOW' && part.effect !== 'HIDE') bad(`${at}/effect`, 'value')
    const condition = part.condition
    if (!isObject(condition)) return bad(`${at}/condition`, 'missing')
    if (typeof condition.scope !== 'string' || !/^\.?(\/[^/]+)+$/.test(condition.scope))
      bad(`${at}/condition/scope`, 'value')
    const own = isObject(condition.schema) && condition.schema.$defs !== undefined
    schema(condition.schema, `${at}/condition/schema`, 0, own ? condition.schema : root)
  }

  schema(root, '/schema', 0, root)
  elements(form.ui as Json | undefined, '/ui', 0)
  return faults
}

function names(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
function words(value: Json | undefined): boolean {
  return isObject(value) && typeof value.zh === 'string' && value.zh !== ''
}
function compiles(value: Json): boolean {
  if (typeof value !== 'string') return false
  try {
    return !!new RegExp(value, 'u')
  } catch {
    return false
  }
}
