// SPDX-License-Identifier: Apache-2.0
// The shapes that the server answers with, and one function for each thing a page asks.
import type { CaseDecision } from './decisions'
import { call, type Answer, type Call, type Fault } from './http'
import type { Both } from './words'

export interface List<T> {
  rows: T[]
  /** Titles of the records that the rows point to. */
  names?: Record<string, string>
  next: string | null
  total?: number
}
export interface Code {
  code: string
  label: Both
}
export interface Site {
  name: Both
  city: Both
  hotline: string
  region: string
  demo: boolean
  record_number?: string
}
export interface Field {
  name: string
  label: Both
  type: string
  list?: string
  ref?: string
  grade?: number
  searchable?: boolean
  filterable?: boolean
  sortable?: boolean
  required?: boolean
  unit?: string
}
export interface RecordType {
  name: string
  label: Both
  system: string
  fields: Field[]
  title_field: string
  may: { create: boolean; update: boolean; end: boolean }
}
export interface Row {
  id: string
  version: number
  region?: string
  ended_at?: string | null
  [field: string]: unknown
}
export interface Material {
  name: string
  required?: boolean
  accept_missing?: boolean
  source?: string
  copies?: number
  note?: string
}
export interface Item extends Row {
  code: string
  name: string
  short_name?: string
  item_type?: string
  department?: string
  department_name?: string
  legal_days?: number | null
  promised_days?: number | null
  case_type?: string
  objects?: string[]
  conditions?: string
  materials?: Material[]
  fees?: { name: string; amount_fen?: number; standard?: string; basis?: string }[]
  steps?: { name: string; days?: number; note?: string; office?: string }[]
  channels?: string[]
  faq?: { question: string; answer: string }[]
  keywords?: string[] | string
  form?: string
  flow?: string
  life_events?: string[]
  state?: string
  version_label?: string
  visits?: number
  guide?: unknown
}
export interface FormText {
  schema: unknown
  ui: unknown
  words?: unknown
}
export interface Guide extends Item {
  form_body?: FormText
  places?: { name: string; address: string; hours?: string; phone?: string; window?: string }[]
  department_phone?: string
}
export interface Attachment {
  id: string
  name: string
  size: number
  type: string
  sm3?: string
}
export interface CaseMaterial {
  material: string
  required?: boolean
  accept_missing?: boolean
  attachments: Attachment[]
  state?: string
  note?: string
}
export interface Clock {
  legal_due?: string | null
  promised_due?: string | null
  days_left?: number | null
  light: 'green' | 'yellow' | 'red' | 'none'
  paused?: boolean
  pauses?: { from: string; to?: string | null; reason?: string }[]
}
export interface Act {
  act: string
  label: Both
  needs_reason?: boolean
  fields?: Field[]
}
/** One way to go on with a step besides deciding it. */
export interface CaseWay {
  act: string
  label: Both
  needs_reason: boolean
  asks: 'nobody' | 'one' | 'many' | 'signer'
}
/** What somebody may do at one open step; `task` is null for those who only look on. */
export interface CaseWays {
  task: string | null
  step?: string
  node?: string
  person?: string | null
  origin?: string | null
  question?: string | null
  draft?: string
  acts: CaseWay[]
  returns: { target: string; name: string }[]
}
export interface CaseSeat {
  key: string
  node: string
  step: string
  person: string
  person_name: string
  owner_name: string
  role: string
  state: string
  origin: string
  remark: string
}
export interface CaseRow {
  id: string
  number: string
  item: string
  item_name: string
  state: string
  state_label: Both
  applicant_name?: string
  submitted_at?: string
  updated_at?: string
  light?: Clock['light']
  days_left?: number | null
  needs_action?: boolean
  clock?: Clock
}
export interface Case extends Omit<CaseRow, 'clock'> {
  version?: number
  applicant?: string | null
  id_number?: string | null
  phone?: string | null
  correction?: { note?: string | null; materials?: string[] | null } | null
  department_name?: string
  form?: FormText & { data: Record<string, unknown> }
  materials: CaseMaterial[]
  clock: Clock
  steps: {
    name: Both | string
    state: 'done' | 'current' | 'waiting' | 'skipped'
    at?: string
    by?: string
  }[]
  timeline: { at: string; by?: string; act: string; label: Both | string; note?: string }[]
  acts: Act[]
  ways?: CaseWays[]
  seats?: CaseSeat[]
  decisions?: CaseDecision[]
  review?: { grade: number; tags?: string[]; text?: string; at?: string } | null
  may_review?: boolean
}
export interface Draft {
  id: string
  item: string
  item_name?: string
  data: Record<string, unknown>
  materials?: { material: string; attachments: Attachment[] }[]
  step?: number
  updated_at?: string
}
export interface Todo {
  id: string
  case_id: string
  number: string
  item_name: string
  applicant_name: string
  step: Both | string
  bundle_case?: string | null
  light: Clock['light']
  days_left?: number | null
  since: string
  person?: string | null
  origin?: string | null
  question?: string | null
  urges?: number | null
}

const records = (type: string) => `/api/records/${encodeURIComponent(type)}`
const write = (method: Call['method'], body: unknown, rest: Partial<Call> = {}): Call => ({
  method,
  body,
  ...rest,
})

export const api = {
  site: () => call<Site>('/api/site'),
  types: () => call<RecordType[] | List<RecordType>>('/api/types'),
  codes: (name: string) => call<Code[] | List<Code>>(`/api/code-lists/${encodeURIComponent(name)}`),
  list: <T = Row>(type: string, query: Call['query'], signal?: AbortSignal) =>
    call<List<T>>(records(type), { query, signal }),
  record: <T = Row>(type: string, id: string, query?: Call['query']) =>
    call<T>(`${records(type)}/${id}`, { query }),
  history: (type: string, id: string) => call<List<Row>>(`${records(type)}/${id}/history`),
  create: <T = Row>(type: string, body: unknown, key?: string) =>
    call<T>(records(type), write('POST', body, { key })),
  change: <T = Row>(type: string, id: string, version: string | number, body: unknown) =>
    call<T>(`${records(type)}/${id}`, write('PATCH', body, { if_match: version })),
  end: (type: string, id: string, version: string | number) =>
    call(`${records(type)}/${id}`, { method: 'DELETE', if_match: version }),
  guide: (id: string) => call<Guide>(`/api/items/${id}/guide`),
  form: (name: string) => call<FormText>(`/api/forms/${encodeURIComponent(name)}`),
  drafts: () => call<List<Draft>>('/api/drafts'),
  draft: (id: string) => call<Draft>(`/api/drafts/${id}`),
  newDraft: (body: Partial<Draft>) => call<Draft>('/api/drafts', write('POST', body)),
  saveDraft: (id: string, body: Partial<Draft>) => call<Draft>(`/api/drafts/${id}`, write('PUT', body)),
  dropDraft: (id: string) => call(`/api/drafts/${id}`, { method: 'DELETE' }),
  attach: (file: File, query: Call['query']) =>
    call<Attachment>('/api/attachments', {
      method: 'POST',
      body: file,
      query: { name: file.name, ...query },
    }),
  submit: (body: unknown, key: string) => call<Case>('/api/cases', write('POST', body, { key })),
  cases: (query: Call['query'], signal?: AbortSignal) => call<List<CaseRow>>('/api/cases', { query, signal }),
  case: (id: string) => call<Case>(`/api/cases/${id}`),
  act: (id: string, act: string, body: unknown, key?: string) =>
    call<Case>(`/api/cases/${id}/acts/${act}`, write('POST', body, { key })),
  review: (id: string, body: { grade: number; tags: string[]; text: string }) =>
    call<Case>(`/api/cases/${id}/review`, write('POST', body)),
  todo: (query: Call['query'], signal?: AbortSignal) => call<List<Todo>>('/api/todo', { query, signal }),
  todoCount: () => call<{ count?: number; total?: number; red?: number; yellow?: number }>('/api/todo/count'),
}

/** Both shapes of a short list: bare, or in `rows`. */
export function rowsOf<T>(value: T[] | List<T> | undefined): T[] {
  if (!value) return []
  return Array.isArray(value) ? value : value.rows
}

const lists = new Map<string, Promise<Code[]>>()

/** A code list, fetched once a page load. */
export function codeList(name: string): Promise<Code[]> {
  let found = lists.get(name)
  if (!found) {
    found = api.codes(name).then((answer) => {
      if (!answer.ok) lists.delete(name)
      return answer.ok ? rowsOf(answer.value) : []
    })
    lists.set(name, found)
  }
  return found
}

/** `text` as a FEEL string literal. */
export function feelText(text: string): string {
  return `"${text.replace(/[\\"]/g, (sign) => '\\' + sign)}"`
}

/** The faults of an answer by pointer, first one wins. */
export function faultsByPointer(faults: Fault[] | undefined): Map<string, Fault> {
  const found = new Map<string, Fault>()
  for (const fault of faults ?? []) if (!found.has(fault.pointer)) found.set(fault.pointer, fault)
  return found
}
export type { Answer }

/** Newest first, whatever order the server keeps. */
export function newestFirst<T extends { at: string }>(events: T[]): T[] {
  return events
    .map((event, at) => ({ event, at }))
    .sort((a, b) => b.event.at.localeCompare(a.event.at) || b.at - a.at)
    .map((one) => one.event)
}

/** The clock of a row, wherever the list put it. */
export function clockOf(row: CaseRow): Clock {
  return row.clock ?? { light: row.light ?? 'none', days_left: row.days_left }
}
/** Whether the applicant must do something before the case goes on. */
export function needsAction(row: CaseRow): boolean {
  return row.needs_action ?? row.state === 'correction'
}
const open_states = ['submitted', 'correction', 'handling', 'paused']
/** Whether a case has come to its end, whatever the end was. */
export function isClosed(row: CaseRow): boolean {
  return !open_states.includes(row.state)
}
