// SPDX-License-Identifier: Apache-2.0
// What a form is, which of its fields are shown, and what is wrong with what was filled in;
// the twin of form.cc in src/engines/forms.
import type { Both } from '@/base/words'
import {
  isObject,
  judge,
  newContext,
  pointerPart,
  valueAt,
  type Fault,
  type Json,
  type Schema,
} from './schema'

export interface Rule {
  effect: 'SHOW' | 'HIDE'
  /** `scope`: `/a/b` from the form's root, `./b` from the row the rule stands in. */
  condition: { scope: string; schema: Schema }
}
export interface Choice {
  value: string | number | boolean
  label: Both
  hint?: Both
}
export type Widget =
  | 'text'
  | 'textarea'
  | 'number'
  | 'money'
  | 'date'
  | 'radio'
  | 'select'
  | 'checkboxes'
  | 'switch'
  | 'address'
  | 'attachment'
  | 'rows'
export interface Control {
  type: 'Control'
  /** JSON Pointer of the field; inside rows it begins at the row. */
  scope: string
  label: Both
  hint?: Both
  widget?: Widget
  choices?: Choice[]
  /** Name of a code list that gives the choices. */
  codes?: string
  options?: {
    width?: 'short' | 'middle' | 'full'
    rows?: number
    unit?: Both
    autocomplete?: string
    inline?: boolean
    accept?: string
    add?: Both
    /** Where a first value comes from: `name`, `mobile` or `id_number` of the applicant. */
    prefill?: string
  }
  /** Words that replace the general ones, by keyword. */
  messages?: Record<string, Both>
  /** Controls of one row. */
  elements?: Element[]
  rule?: Rule
}
interface Titled {
  title: Both
  text?: Both
  elements: Element[]
  rule?: Rule
}
export interface Group extends Titled {
  type: 'Group'
}
/** One page of the application. */
export interface Step extends Titled {
  type: 'Step'
}
export interface Text {
  type: 'Text'
  text: Both
  rule?: Rule
}
export type Element = Control | Group | Step | Text
export interface Form {
  schema: Schema
  ui: Element[]
}
export interface Outcome {
  /** What was filled in, without the values of fields that are not shown. */
  data: Json
  errors: Fault[]
  /** Worth a second look, never a refusal. */
  warnings: Fault[]
}

/** Judges `data`: drops what is hidden, then holds the rest against the schema. */
export function check(form: Form, data: Json): Outcome {
  const clean = structuredCopy(data)
  const hidden = dropHidden(form, clean)
  const context = newContext(form.schema, hidden)
  judge(context, form.schema, clean, '')
  return { data: clean, errors: context.faults, warnings: context.warnings }
}

/** Pointers of the fields that are not shown for `data`. */
export function hiddenFields(form: Form, data: Json): Set<string> {
  return dropHidden(form, structuredCopy(data))
}

/** Whether an element is shown; `row` is the pointer of the row it stands in. */
export function isShown(form: Form, rule: Rule | undefined, data: Json, row = ''): boolean {
  if (!rule) return true
  const scope = rule.condition.scope
  const pointer = scope.startsWith('./') ? row + scope.slice(1) : scope
  const value = valueAt(data, pointer)
  // What is not there meets no condition.
  const meets =
    value !== undefined && judge(newContext(conditionRoot(form, rule)), rule.condition.schema, value, '')
  return rule.effect === 'SHOW' ? meets : !meets
}

function conditionRoot(form: Form, rule: Rule): Schema {
  const own = rule.condition.schema
  if (!isObject(own) || own.$defs !== undefined || !isObject(form.schema)) return own
  return form.schema.$defs === undefined ? own : { ...own, $defs: form.schema.$defs }
}

/** Removes hidden values until nothing more goes; a field may hide another that hides a third. */
function dropHidden(form: Form, data: Json): Set<string> {
  for (;;) {
    const hidden = new Set<string>()
    collect(form, form.ui, data, '', false, hidden)
    let dropped = false
    for (const pointer of hidden) dropped = drop(data, pointer) || dropped
    if (!dropped) return hidden
  }
}

function collect(
  form: Form,
  elements: Element[],
  data: Json,
  row: string,
  above: boolean,
  hidden: Set<string>,
): void {
  for (const element of elements) {
    const gone = above || !isShown(form, element.rule, data, row)
    if (element.type === 'Group' || element.type === 'Step') {
      collect(form, element.elements, data, row, gone, hidden)
    } else if (element.type === 'Control') {
      const pointer = row + element.scope
      if (gone) hidden.add(pointer)
      const rows = element.elements && !gone ? valueAt(data, pointer) : undefined
      if (Array.isArray(rows)) {
        rows.forEach((_, at) => collect(form, element.elements!, data, `${pointer}/${at}`, false, hidden))
      }
    }
  }
}

function drop(data: Json, pointer: string): boolean {
  const cut = pointer.lastIndexOf('/')
  const holder = valueAt(data, pointer.slice(0, cut))
  const name = pointer
    .slice(cut + 1)
    .replace(/~1/g, '/')
    .replace(/~0/g, '~')
  if (!isObject(holder) || !Object.hasOwn(holder, name)) return false
  delete holder[name]
  return true
}

/** A copy that shares nothing; works on plain data only, which form data is. */
export function structuredCopy(data: Json): Json {
  return JSON.parse(JSON.stringify(data)) as Json
}

/** `data` with `value` at `pointer`; holders on the way are made, undefined and empty text are removed. */
export function withValue(data: Json, pointer: string, value: Json | undefined): Json {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
  const copy = (from: Json | undefined, at: number): Json => {
    const part = parts[at]
    if (part === undefined) return value as Json
    if (Array.isArray(from)) {
      const next = [...from]
      next[Number(part)] = copy(from[Number(part)], at + 1)
      return next
    }
    const next: { [name: string]: Json } = isObject(from) ? { ...from } : {}
    const empty =
      at === parts.length - 1 &&
      (value === undefined || value === '' || (Array.isArray(value) && !value.length))
    if (empty) delete next[part]
    else next[part] = copy(next[part], at + 1)
    return next
  }
  return copy(data, 0)
}

/** The part of the schema that speaks of the field at `pointer`, through local references. */
export function schemaAt(form: Form, pointer: string): { [keyword: string]: Json } {
  let found: Json | undefined = form.schema as Json
  const resolve = () => {
    for (let hops = 0; hops < 8 && isObject(found) && typeof found.$ref === 'string'; hops += 1) {
      found = found.$ref === '#' ? (form.schema as Json) : valueAt(form.schema as Json, found.$ref.slice(1))
    }
  }
  resolve()
  for (const part of pointer.split('/').slice(1)) {
    if (!isObject(found)) return {}
    found =
      /^\d+$/.test(part) && found.items !== undefined
        ? found.items
        : valueAt(found.properties ?? {}, '/' + part)
    resolve()
  }
  return isObject(found) ? found : {}
}

/** Whether the holder of the field lists it as required (conditions aside). */
export function isRequired(form: Form, pointer: string): boolean {
  const cut = pointer.lastIndexOf('/')
  const holder = schemaAt(form, pointer.slice(0, cut))
  const name = pointer.slice(cut + 1)
  return (
    Array.isArray(holder.required) &&
    holder.required.some((one) => typeof one === 'string' && pointerPart(one) === name)
  )
}

/** Every control of the form in reading order, with the pointers it has for `data`. */
export function controlsOf(
  elements: Element[],
  data: Json,
  row = '',
): { control: Control; pointer: string }[] {
  return elements.flatMap((element) => {
    if (element.type === 'Text') return []
    if (element.type !== 'Control') return controlsOf(element.elements, data, row)
    const pointer = row + element.scope
    const rows = element.elements ? valueAt(data, pointer) : undefined
    const inner = Array.isArray(rows)
      ? rows.flatMap((_, at) => controlsOf(element.elements!, data, `${pointer}/${at}`))
      : []
    return [{ control: element, pointer }, ...inner]
  })
}
