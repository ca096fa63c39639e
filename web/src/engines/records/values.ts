// SPDX-License-Identifier: Apache-2.0
// Shows the value of a declared field the way its type is read by people.
import { reactive } from 'vue'
import { codeList, type Code, type Field } from '@/base/api'
import { comma, moment, shortDay, size, yuan } from '@/base/format'
import { nameOf } from '@/base/names'
import { pick, say } from '@/base/words'

const lists = reactive(new Map<string, Code[]>())
const asked = new Set<string>()

/** Codes of a list; empty until the server has answered. */
export function codesOf(list: string): Code[] {
  if (!asked.has(list)) {
    asked.add(list)
    void codeList(list).then((codes) => lists.set(list, codes))
  }
  return lists.get(list) ?? []
}

/** The words for a code; the code itself while they are not known. */
export function codeLabel(list: string, code: unknown): string {
  const found = codesOf(list).find((one) => one.code === code)
  return found ? pick(found.label) : String(code ?? '')
}

/** One value as text. */
export function valueText(field: Field, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value) && field.type !== 'json')
    return value.map((one) => valueText(field, one)).join(comma())
  switch (field.type) {
    case 'code':
      return field.list ? codeLabel(field.list, value) : String(value)
    case 'reference':
      return field.ref ? nameOf(field.ref, value) || '…' : String(value)
    case 'boolean':
      return say(value ? 'field.yes' : 'field.no')
    case 'date':
      return shortDay(String(value))
    case 'time':
    case 'datetime':
      return moment(String(value))
    case 'money':
      return typeof value === 'number' ? yuan(value) : String(value)
    case 'file': {
      const file = value as { name?: string; size?: number }
      return typeof value === 'object'
        ? `${file.name ?? ''} ${file.size ? size(file.size) : ''}`
        : String(value)
    }
    case 'json':
    case 'geometry':
      return jsonText(value)
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** Structured content in a line: the first text of each row, or compact JSON. */
function jsonText(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return JSON.stringify(value)
  return value
    .map((one) => {
      if (typeof one !== 'object' || one === null) return String(one)
      const row = one as Record<string, unknown>
      return String(row.name ?? row.question ?? row.title ?? JSON.stringify(one))
    })
    .join(comma())
}

/** Fields that read well as columns: short, and the title first. */
export function columnsOf(fields: Field[], title_field: string, count = 6): Field[] {
  const short = fields.filter(
    (field) => !['json', 'geometry', 'file'].includes(field.type) && field.name !== title_field,
  )
  const order = (field: Field) => (field.filterable ? 0 : 1) + (field.type === 'code' ? 0 : 1)
  const title = fields.filter((field) => field.name === title_field)
  return [
    ...title,
    ...short
      .map((field, at) => ({ field, at }))
      .sort((a, b) => order(a.field) - order(b.field) || a.at - b.at)
      .map((one) => one.field)
      .slice(0, count - title.length),
  ]
}
