// SPDX-License-Identifier: Apache-2.0
// The answers one may choose from, wherever the form names them.
import type { Code } from '@/base/api'
import { pick, say } from '@/base/words'
import type { Control } from './form'
import { isObject, type Json } from './schema'

export interface ShownChoice {
  value: string | number | boolean
  label: string
  hint?: string
}

/** From `choices`, else from the code list, else from oneOf/enum of the schema, else yes and no. */
export function choicesOf(
  control: Control,
  schema: { [keyword: string]: Json },
  codes: Code[],
): ShownChoice[] {
  if (control.choices) {
    return control.choices.map((one) => ({
      value: one.value,
      label: pick(one.label),
      hint: one.hint && pick(one.hint),
    }))
  }
  if (control.codes) return codes.map((code) => ({ value: code.code, label: pick(code.label) }))
  const items = isObject(schema.items) ? schema.items : schema
  if (Array.isArray(items.oneOf)) {
    return items.oneOf
      .filter(isObject)
      .map((one) => ({ value: one.const as string, label: String(one.title ?? one.const) }))
  }
  if (Array.isArray(items.enum))
    return items.enum.map((one) => ({ value: one as string, label: String(one) }))
  if (schema.type === 'boolean') {
    return [
      { value: true, label: say('forms.yes') },
      { value: false, label: say('forms.no') },
    ]
  }
  return []
}
