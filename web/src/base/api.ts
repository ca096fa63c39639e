// SPDX-License-Identifier: Apache-2.0
// The shapes that the server answers with, and one function for each thing a page asks.
import type { CaseDecision } from './decisions'
import * as client from './client'
import type { Answer, Call, Fault } from './http'
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
  /** Working days in which it may follow. */
  accept_missing_days?: number
  /** May be promised instead. */
  promise?: boolean
  source?: string
  copies?: number
  note?: string
  /** "1": a document that a body issued. */
  type?: string
  /** May be taken from the applicant's own certificates. */
  certificate?: boolean
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
  /** Came from this certificate of the applicant's. */
  certificate?: string | null
}
/** A paper as it was worded; `id` is absent before there is a case. */
export interface CasePaper {
  id?: string
  kind: string
  title: Both
  paragraphs: string[]
  written_at?: string
  signed_by?: string | null
  material?: string | null
  due?: string | null
}
export interface CaseDuty {
  kind: 'material' | 'promise'
  name: string
  due: string
  state: 'open' | 'kept' | 'broken' | 'settled'
  reason?: string | null
}
export interface CaseHearing {
  state: string
  reason?: string | null
  ask_due?: string | null
  held_at?: string | null
  place?: string | null
  chair_name?: string | null
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
  duties?: CaseDuty[]
  papers?: CasePaper[]
  hearing?: CaseHearing | null
  review?: { grade: number; tags?: string[]; text?: string; at?: string } | null
  may_review?: boolean
}
/** A certificate that stands for a material, as far as a draft keeps it: nothing personal. */
export interface ChosenCertificate {
  id: string
  type: string
  type_name: string
  issuer_name: string
}
export interface Draft {
  id: string
  item: string
  item_name?: string
  data: Record<string, unknown>
  materials?: { material: string; attachments: Attachment[]; from?: ChosenCertificate }[]
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

export const api = {
  site: () => client.site<Site>(),
  types: () => client.listTypes<RecordType[] | List<RecordType>>(),
  codes: (name: string) => client.codeList<Code[] | List<Code>>(name),
  list: <T = Row>(type: string, query: Call['query'], signal?: AbortSignal) =>
    client.listRecords<List<T>>(type, { query, signal }),
  record: <T = Row>(type: string, id: string, query?: Call['query']) =>
    client.readRecord<T>(type, id, { query }),
  history: (type: string, id: string) => client.recordHistory<List<Row>>(type, id),
  create: <T = Row>(type: string, body: object, key?: string) =>
    client.createRecord<T>(type, { ...body }, { key }),
  change: <T = Row>(type: string, id: string, version: string | number, body: object) =>
    client.updateRecord<T>(type, id, { ...body }, { if_match: version }),
  end: (type: string, id: string, version: string | number, key?: string) =>
    client.endRecord(type, id, { if_match: version, key }),
  guide: (id: string) => client.itemGuide<Guide>(id),
  form: (name: string) => client.readForm<FormText>(name),
  drafts: () => client.listDrafts<List<Draft>>(),
  draft: (id: string) => client.readDraft<Draft>(id),
  newDraft: (body: Partial<Draft>) => client.createDraft<Draft>(body),
  saveDraft: (id: string, body: Partial<Draft>) => client.updateDraft<Draft>(id, body),
  dropDraft: (id: string) => client.endDraft(id),
  attach: (file: File, query: Call['query']) =>
    client.uploadAttachment<Attachment>(file, { query: { name: file.name, ...query } }),
  submit: (body: client.Application, key: string) => client.submitCase<Case>(body, { key }),
  cases: (query: Call['query'], signal?: AbortSignal) =>
    client.listCases<List<CaseRow> & { condition?: string }>({ query, signal }),
  case: (id: string) => client.readCase<Case>(id),
  act: (id: string, act: string, body: client.Act, key?: string) =>
    client.actOnCase<Case>(id, act, body, { key }),
  review: (id: string, body: client.Review) => client.reviewCase<Case>(id, body),
  todo: (query: Call['query'], signal?: AbortSignal) => client.listTodo<List<Todo>>({ query, signal }),
  todoCount: () => client.countTodo<{ count?: number; total?: number; red?: number; yellow?: number }>(),
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
