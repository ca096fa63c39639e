// SPDX-License-Identifier: Apache-2.0
// Words a fault so that a person knows what to do; a field's own words come first.
import { hasWords, pick, say, type Both } from '@/base/words'
import { controlsOf, type Control, type Form } from './form'
import type { Json } from './schema'

export interface WordedFault {
  pointer: string
  text: string
  /** Id of the field on the page. */
  target: string
}

/** The id that the field at `pointer` has on the page. */
export function fieldId(pointer: string): string {
  return 'field' + pointer.replace(/[^A-Za-z0-9]/g, '-')
}

/** What to say about one fault of `control`. */
export function faultText(
  fault: { keyword: string; params?: Record<string, unknown>; says?: Both },
  control: Control | undefined,
): string {
  const own = control?.messages?.[fault.keyword]
  if (own) return pick(own)
  const label = control ? pick(control.label) : ''
  const widget = control?.widget ?? 'text'
  const format = typeof fault.params?.format === 'string' ? `.${fault.params.format}` : ''
  const keys = [
    `forms.${fault.keyword}${format}.${widget}`,
    `forms.${fault.keyword}${format}`,
    `forms.${fault.keyword}.${widget}`,
    `forms.${fault.keyword}`,
  ]
  const key = keys.find(hasWords)
  if (key) return say(key, { label, ...fault.params })
  return fault.says ? pick(fault.says) : say('forms.wrong', { label })
}

/** Faults in the order of the fields, worded, one a field. */
export function wordFaults(
  form: Form,
  data: Json,
  faults: { pointer: string; keyword: string; params?: Record<string, unknown>; says?: Both }[],
): WordedFault[] {
  const controls = controlsOf(form.ui, data)
  const order = new Map(controls.map((one, at) => [one.pointer, at]))
  const owner = (pointer: string): string => {
    let found = pointer
    while (found && !order.has(found)) found = found.slice(0, found.lastIndexOf('/'))
    return found
  }
  const worded = new Map<string, WordedFault>()
  for (const fault of faults) {
    const place = owner(fault.pointer)
    if (worded.has(place)) continue
    const control = controls[order.get(place) ?? -1]?.control
    worded.set(place, {
      pointer: place,
      text: faultText(fault, control),
      target: place ? fieldId(place) : '',
    })
  }
  return [...worded.values()].sort((a, b) => (order.get(a.pointer) ?? -1) - (order.get(b.pointer) ?? -1))
}
