// SPDX-License-Identifier: Apache-2.0
// Certificates and the digital space: the shapes that the server answers with, and one function for
// each thing a page asks.
import { call } from './http'
import type { List } from './api'
import type { Both } from './words'

export interface FaceField {
  name: string
  label: Both
  required?: boolean
  grade?: number
  day?: boolean
}
export interface CertificateType {
  name: string
  label: Both
  holder: 'person' | 'enterprise'
  defined_by: string
  fields: FaceField[]
  scenes: { name: string; label: Both; fields: string[]; confirm: boolean }[]
  answers: { name: string; label: Both }[]
}
export interface CertificateRow {
  id: string
  type: string
  type_name: string
  number: string
  identifier: string
  holder_name: string
  issuer_name: string
  issued_at: string
  valid_from: string | null
  valid_until: string | null
  state: string
  state_label: Both
  reason?: string | null
  level?: string
  source?: string
}
export interface Certificate extends CertificateRow {
  faces?: Record<string, string>
  declared?: CertificateType
  /** The authority of another city that it was taken in from. */
  trusted_root_name?: string | null
  case_id?: string | null
  previous?: string | null
  next?: string | null
  events: {
    id: string
    act: string
    from_state: string | null
    to_state: string
    reason: string | null
    at: string
    by_name: string
  }[]
}
export interface ShowCode {
  id: string
  code: string
  address: string
  qr: string
  confirm: boolean
  expires_at: string
}
export interface ShowState {
  id: string
  state: 'shown' | 'scanned' | 'agreed' | 'declined' | 'seen' | 'expired'
  verifier: string | null
  fields?: Both[]
}
export interface Verified {
  found?: boolean
  good: boolean
  type_name: string
  number: string
  identifier?: string
  holder_name: string
  issuer_name: string
  issued_on: string
  valid_from: string | null
  valid_until: string | null
  state: string
  state_label: Both
  checked_at: string
  scene?: Both
  copy?: { recipient: string; purpose: string; until: string; made_on: string; state: string }
  fields?: { name: string; label: Both; value: string | boolean | null }[]
}
export interface Seen {
  state: 'waiting' | 'seen' | 'declined'
  ticket?: string
  certificate?: Verified
}
/** One question about a file, its answer, and by which certificate and when it was found. */
export interface FileCheck {
  passed: boolean
  what: Both
  says: Both
  /** Of which signature; absent for the whole file. */
  signature?: number
  by?: { subject: string; issuer?: string; serial: string; from: string; to: string }
  at?: string
  where?: { zh: string; en: string; part: string }[]
}
export interface FileReport {
  good: boolean
  kind: string
  checks: FileCheck[]
  checked_at: string
  certificate?: Verified
  signatures?: {
    seal: string
    signed_at: string
    stamped?: boolean
    valid_until?: string
    /** The authority of another city behind it. */
    foreign?: string
  }[]
}
/** A material of a case that came from a certificate; `fields` for who handles the case. */
export interface CaseCertificate {
  material: string
  authorisation: string
  fields: { name: string; label: Both; value: string | boolean | null }[] | null
  certificate?: {
    id: string
    type_name: string
    number: string
    issuer_name: string
    state: string
    state_label: Both
  }
}
/** A copy on paper for one recipient and purpose. */
export interface CertificateCopy {
  id: string
  recipient: string
  purpose: string
  until_day: string
  state: 'active' | 'expired' | 'withdrawn'
  made_at: string
  checks: number
}
export interface Thing {
  kind: string
  type: string
  label?: Both
  fields: { name: string; label: Both; yes_or_no?: boolean }[]
}
export interface Authorisation {
  id: string
  grantee_name: string
  purpose: string
  basis: string
  basis_text?: string | null
  state: string
  things: Thing[]
  days: number | null
  most_uses: number | null
  uses: number | null
  asked_at: string
  until_time: string | null
  withdrawn_at: string | null
}
export interface Use {
  id: string
  grantee_name: string
  purpose: string
  at: string
  outcome: string
  reason: string | null
  given: { name: string; label?: Both }[] | null
}
export interface DataSet {
  type: string
  label: Both
  held_by: string
  total: number
  fields: { name: string; label: Both; grade: number }[]
  rows: Record<string, unknown>[]
}

export interface Compliance {
  at: string
  met: number
  operator: number
  seal_keys: number
  systems: { id: string; name: Both; sensitive_fields: number; sealed_fields: number; algorithm: string }[]
  keys: { name: string; algorithm: string; version: number; made_at: string }[]
  points: { area: Both; point: Both; state: 'met' | 'partly' | 'not_met' | 'operator'; evidence?: Both }[]
}

const post = (body: unknown = {}) => ({ method: 'POST' as const, body })

export const space = {
  types: () => call<List<CertificateType>>('/api/certificate-types'),
  mine: () => call<List<CertificateRow>>('/api/my/certificates'),
  certificate: (id: string) => call<Certificate>(`/api/certificates/${id}`),
  show: (id: string, scene: string) => call<ShowCode>(`/api/my/certificates/${id}/show`, post({ scene })),
  shown: (id: string) => call<ShowState>(`/api/my/show-codes/${id}`),
  agree: (id: string, yes: boolean) => call(`/api/my/show-codes/${id}/${yes ? 'agree' : 'decline'}`, post()),
  scan: (code: string, verifier: string) => call<Seen>('/api/show-codes/scan', post({ code, verifier })),
  collect: (ticket: string) => call<Seen>('/api/show-codes/collect', post({ ticket })),
  verify: (identifier: string, code: string) =>
    call<Verified>('/api/verify/certificate', { query: { identifier, code } }),
  verifyCopy: (copy: string, code: string) => call<Verified>('/api/verify/copy', { query: { copy, code } }),
  copies: (id: string) => call<List<CertificateCopy>>(`/api/my/certificates/${id}/copies`),
  makeCopy: (id: string, body: unknown) =>
    call<{ id: string }>(`/api/my/certificates/${id}/copies`, post(body)),
  withdrawCopy: (id: string) => call(`/api/my/certificate-copies/${id}/withdraw`, post()),
  importOwn: (file: File) =>
    call<{ id: string }>('/api/my/certificates/import', { method: 'POST', body: file }),
  verifyFile: (file: File) => call<FileReport>('/api/verify/file', { method: 'POST', body: file }),
  authorisations: () => call<List<Authorisation>>('/api/my/authorisations'),
  decide: (id: string, act: string, body: unknown = {}) =>
    call<Authorisation>(`/api/my/authorisations/${id}/${act}`, post(body)),
  uses: () => call<List<Use>>('/api/my/uses'),
  ofCase: (id: string) => call<List<CaseCertificate>>(`/api/cases/${id}/certificates`),
  data: () => call<List<DataSet>>('/api/my/data'),
  act: (id: string, act: string, body: unknown) =>
    call<Certificate>(`/api/certificates/${id}/acts/${act}`, post(body)),
  issue: (body: unknown) => call<{ id: string }>('/api/certificates', post(body)),
  applyForSeal: (body: unknown) => call<{ id: string }>('/api/seals', post(body)),
  compliance: () => call<Compliance>('/api/compliance'),
  asked: () => call<List<Authorisation>>('/api/authorisations'),
}

/** Colour of a state; the word decides. */
export function toneOf(state: string): 'good' | 'warn' | 'bad' | 'neutral' | 'info' {
  if (state === 'active' || state === 'signed') return 'good'
  if (state === 'suspended' || state === 'asked' || state === 'applied') return 'warn'
  if (state === 'revoked' || state === 'cancelled' || state === 'expired') return 'bad'
  return 'neutral'
}
/** Where the file of a certificate is. */
export function fileAddress(id: string, format: 'ofd' | 'pdf' | 'json'): string {
  return `/api/certificates/${id}/file?format=${format}`
}
