// SPDX-License-Identifier: Apache-2.0
// Columns of structured fields whose shape the national item list fixes, by field name.
import type { JsonColumn } from './json-rows.vue'

export const shapes: Record<string, JsonColumn[]> = {
  materials: [
    { name: 'name', kind: 'text' },
    { name: 'source', kind: 'text' },
    { name: 'copies', kind: 'number' },
    { name: 'required', kind: 'boolean' },
    { name: 'accept_missing', kind: 'boolean' },
    { name: 'note', kind: 'text' },
  ],
  fees: [
    { name: 'name', kind: 'text' },
    { name: 'amount_fen', kind: 'money' },
    { name: 'basis', kind: 'text' },
  ],
  steps: [
    { name: 'name', kind: 'text' },
    { name: 'days', kind: 'number' },
    { name: 'office', kind: 'text' },
    { name: 'note', kind: 'text' },
  ],
  faq: [
    { name: 'question', kind: 'text' },
    { name: 'answer', kind: 'long' },
  ],
}
