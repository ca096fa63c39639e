// SPDX-License-Identifier: Apache-2.0
// Titles of the records that others point to, asked once each and shown as soon as they are known.
import { reactive } from 'vue'
import { api } from './api'

const titles = reactive(new Map<string, string>())
const asked = new Set<string>()
const title_fields: Record<string, string> = {}
const at_once = 8
const waiting: { type: string; id: string }[] = []
let running = 0

/** Which field is the title of a record type; `name` unless told. */
export function setTitleField(type: string, field: string): void {
  title_fields[type] = field
}

/** Keeps the titles that a list brought along. */
export function keepNames(names: Record<string, string> | undefined): void {
  for (const [id, title] of Object.entries(names ?? {})) titles.set(id, title)
}

/** The title of record `id`; empty until the server has answered. */
export function nameOf(type: string, id: unknown): string {
  if (typeof id !== 'string' || !id) return ''
  const known = titles.get(id)
  if (known !== undefined) return known
  if (!asked.has(id)) {
    asked.add(id)
    waiting.push({ type, id })
    queueMicrotask(work)
  }
  return ''
}

function work(): void {
  while (running < at_once && waiting.length) {
    const next = waiting.shift()!
    running += 1
    void api.record(next.type, next.id).then((answer) => {
      running -= 1
      const field = title_fields[next.type] ?? 'name'
      titles.set(
        next.id,
        answer.ok ? String(answer.value[field] ?? answer.value.name ?? next.id) : next.id.slice(0, 8),
      )
      work()
    })
  }
}
