// SPDX-License-Identifier: Apache-2.0
// Receipt for elsewhere and the exchange with other cities: the shapes that the server answers with.
import { api, type Guide, type Material, type Row } from '@/base/api'
import type { Form } from '@/engines/forms/form'
import { pick } from '@/base/words'

export interface Courier {
  id: string
  direction: 'out' | 'in'
  what: string
  carrier?: string | null
  number: string
  sent_at: string
  sent_by?: string | null
  received_at?: string | null
  received_by?: string | null
  may_receive: boolean
}
export interface RemoteCase extends Row {
  mode: 'near' | 'out' | 'in'
  number: string
  their_number?: string | null
  case_id?: string | null
  item_name: string
  department_name?: string | null
  partner_name?: string | null
  home_region?: string | null
  applicant_name?: string
  window?: string | null
  checked_by?: string | null
  received_at: string
  state: string
  state_zh?: string | null
  state_en?: string | null
  step?: string | null
  promised_due?: string | null
  legal_due?: string | null
  decided_at?: string | null
  reason?: string | null
  told_at?: string | null
}
export interface RemoteView extends RemoteCase {
  correction?: { note?: string | null; materials?: string[] | null } | null
  timeline?: { at: string; act: string; zh: string; en: string; note?: string | null }[] | null
  results?: { ref: string; name: string; sm3?: string }[] | null
  trouble?: { code: string; zh: string; en: string } | null
  couriers: Courier[]
  acts: ('correct' | 'deliver' | 'withdraw')[]
}
/** What the page of a case shows of the window far away. */
export interface Elsewhere {
  id?: string
  mode?: 'near' | 'in'
  partner_name?: string | null
  number?: string
  window?: string | null
  checked_by?: string | null
  received_at?: string
  couriers?: Courier[]
  waiting?: number
}
export interface Offer {
  partner: string
  partner_name: string
  code: string
  name: string
  department_name?: string
  promised_days?: number | null
  conditions?: string
  materials?: Material[]
  form?: { schema: unknown; ui: unknown } | null
}
export interface Partner extends Row {
  code: string
  name: string
  address: string
  fingerprint: string
  valid_until?: string | null
  state: 'proposed' | 'trusted' | 'refused' | 'replaced' | 'ended'
  purpose?: string | null
  reason?: string | null
  proposed_by?: string
  proposed_by_name?: string
  reviewed_by_name?: string | null
  ended_on?: string | null
  offer_at?: string | null
}
export interface Message extends Row {
  direction: 'out' | 'in'
  partner: string
  partner_name?: string
  message: string
  sequence: number
  kind: string
  about?: string | null
  state: 'waiting' | 'delivered' | 'applied' | 'refused'
  tries?: number | null
  tried_at?: string | null
  answered_at?: string | null
  trouble?: string | null
  created_at: string
}
export interface Refusal extends Row {
  code: string
  says?: string
  claimed_from?: string | null
  kind?: string | null
  address?: string
  size?: number
  created_at: string
}

type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'
/** Colour of a state; the word decides. */
export function toneOf(state: string): Tone {
  if (['granted', 'granted_missing', 'delivered', 'trusted', 'applied'].includes(state)) return 'good'
  if (['denied', 'refused', 'not_needed', 'not_taken', 'revoked', 'ended'].includes(state)) return 'bad'
  if (['sending', 'correction', 'paused', 'waiting', 'proposed'].includes(state)) return 'warn'
  return ['withdrawn', 'replaced'].includes(state) ? 'neutral' : 'info'
}
/** The state in the words that the deciding office gave. */
export function stateOf(row: { state: string; state_zh?: string | null; state_en?: string | null }): string {
  return pick({ zh: row.state_zh ?? row.state, en: row.state_en ?? row.state })
}
/** The form of an item of this city; empty when it has none. */
export async function formOf(guide: Guide): Promise<Form> {
  let body = guide.form_body
  if (!body && typeof guide.form === 'string' && guide.form) {
    const asked = await api.form(guide.form)
    if (asked.ok) body = asked.value
  }
  return body ? ({ schema: body.schema, ui: body.ui } as Form) : { schema: true, ui: [] }
}
