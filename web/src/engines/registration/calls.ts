// SPDX-License-Identifier: Apache-2.0
// Registration as the server shows it, and one function for each thing a page asks.
import type { ApiPath } from '@/base/client'
import { call } from '@/base/http'
import type { List } from '@/base/api'
import type { Trace } from '@/base/decisions'
import type { Both } from '@/base/words'

export interface NameParts {
  place: string
  brand: string
  trade: string
  form: string
}
export interface NameFinding {
  name: string
  verdict: string
  others: string[]
  offers: string[]
}
export interface Person {
  name: string
  citizen_id: string
  roles: string[]
  /** Per cent of the capital. */
  share?: number
  signed?: boolean
  self?: boolean
}
export interface Paper {
  name: string
  title: Both
  paragraphs: string[]
}
export interface Papers {
  papers: Paper[]
  digest: string
  scope_text?: string
}
export interface Application {
  name: NameParts
  kind: string
  address_region?: string
  address?: string
  /** Fen. */
  capital?: number
  scope: string[]
  persons: Person[]
  papers?: string
}
export interface Notice {
  id: string
  name: string
  credit_code?: string
  from_day: string
  until_day: string
  apply_until: string
  state: string
}
export interface RegistrationRow {
  id: string
  matter: string
  name: string
  kind: string
  state: string
  submitted_at: string
  decided_at?: string | null
  credit_code?: string | null
  enterprise?: string | null
  mine: boolean
  to_sign: boolean
}
export interface Registration extends Omit<RegistrationRow, 'mine' | 'to_sign'> {
  address_region?: string
  address?: string
  capital?: number
  scope_text?: string
  faults?: { code: string; basis: string }[] | null
  rules?: { model: string; version: string } | null
  decided_by?: string | null
  reason?: string | null
  changes?: Record<string, { before?: unknown; after?: unknown }> | null
  persons: Person[]
  signatures: { name: string; signed_at: string; digest: string; signature?: string }[]
  trace?: Trace | null
  facts?: Record<string, unknown> | null
  notice?: Notice
  certificate?: string
  papers?: string
}
export interface ScopeEntry {
  id: string
  code: string
  text: string
  kind: string
}
export interface NameWords {
  places: string[]
  trades: string[]
  forms: string[]
}

const post = <T>(path: ApiPath, body: unknown, key?: string) => call<T>(path, { method: 'POST', body, key })

export const registrations = {
  words: () => call<NameWords>('/api/names/words'),
  check: (name: NameParts) => post<NameFinding>('/api/names/check', name),
  papers: (draft: Application) => post<Papers>('/api/registrations/papers', draft),
  apply: (draft: Application, key: string) =>
    post<{ id: string; state: string }>('/api/registrations', draft, key),
  mine: () => call<List<RegistrationRow>>('/api/my/registrations'),
  read: (id: string) => call<Registration>(`/api/registrations/${id}`),
  papersOf: (id: string) => call<Papers>(`/api/registrations/${id}/papers`),
  sign: (id: string) => post(`/api/registrations/${id}/sign`, {}),
  close: (id: string) => post<Registration>(`/api/registrations/${id}/close`, {}),
  decide: (id: string, act: 'approve' | 'return', reason: string) =>
    post<Registration>(`/api/registrations/${id}/acts/${act}`, { reason }),
  change: (enterprise: string, changes: unknown) =>
    post<{ id: string }>(`/api/enterprises/${enterprise}/changes`, changes),
  file: (enterprise: string, filing: unknown) =>
    post<{ id: string }>(`/api/enterprises/${enterprise}/filings`, filing),
  cancel: (enterprise: string) =>
    post<{ id: string }>(`/api/enterprises/${enterprise}/cancellation`, { promise: true }),
  object: (notice: string, reason: string) =>
    post(`/api/cancellation-notices/${notice}/objections`, { reason }),
}

/** How a state reads at a glance. */
export function toneOf(state: string): 'good' | 'bad' | 'warn' | 'info' {
  if (['licensed', 'changed', 'recorded'].includes(state)) return 'good'
  if (['returned', 'objected', 'closed'].includes(state)) return 'bad'
  return state === 'human' ? 'warn' : 'info'
}
