// SPDX-License-Identifier: Apache-2.0
// An application for one thing as the server shows it.
import { call, type Answer } from '@/base/http'
import type { Act, Attachment, Clock, FormText, Material } from '@/base/api'
import type { Both } from '@/base/words'

export interface ThingPart {
  name: string
  item_name: string
  department_name?: string
  state: 'waiting' | 'open' | 'granted' | 'denied' | 'dropped'
  state_label: Both
  needs: string[]
  planned_from: string
  planned_until: string
  case_id: string | null
  case: { number: string; state_label?: Both; step?: string | null; clock: Clock } | null
}
export interface Thing {
  id: string
  number: string
  bundle_name: string
  applicant_name: string
  phone?: string | null
  state: string
  state_label: Both
  submitted_at: string
  promised_due?: string | null
  correction_note?: string | null
  parts: ThingPart[]
  asked?: Material[]
  materials: { material: string; attachments: Attachment[]; paper?: boolean }[]
  form?: FormText & { data: unknown }
  timeline: { at: string; by?: string; part: string; label: Both; note?: string }[]
  acts: Act[]
  may_review: boolean
  review_grade?: string | null
}
export const readThing = (id: string): Promise<Answer<Thing>> => call<Thing>(`/api/bundle-cases/${id}`)
