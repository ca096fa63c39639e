// SPDX-License-Identifier: Apache-2.0
// Decision models: the shapes that the server answers with, and one function for each question.
import { comma } from './format'
import { call, type Call } from './http'
import type { List } from './api'
import type { Both } from './words'

export interface Finding {
  table: string
  kind: 'gap' | 'overlap' | 'contradiction' | 'unreachable' | 'unchecked' | 'too-large'
  severity: 'error' | 'warning'
  rules: number[]
  rule_ids: string[]
  example: { name: string; value: unknown; text: string }[]
  says: Both
}
export interface Flaw {
  element: string
  line: number
  code: string
  says: Both
  then: Both
}
export interface Question {
  name: string
  label: string
  type: string
  description?: string
  options: unknown[]
}
export interface RuleText {
  id: string
  tests: string[]
  outputs: string[]
  annotations: string[]
}
export interface TableText {
  name: string
  hit_policy: string
  inputs: { label: string; text: string; allowed: string }[]
  outputs: string[]
  rules: RuleText[]
}
export interface TestCase {
  name: string
  decision?: string
  inputs: Record<string, unknown>
  expected: unknown
}
export interface TestReport {
  passed: number
  failed: number
  at: string
  digest: string
  table_errors: number
  results: { name: string; passed: boolean; expected: unknown; actual: unknown; remarks: Both[] }[]
}
export interface VersionBrief {
  id: string
  number: number
  state: 'draft' | 'tested' | 'published' | 'retired'
  digest?: string
  reason?: string
  author_name?: string
  based_on?: number | null
  tested_at?: string | null
  published_at?: string | null
  published_by?: string | null
  publish_reason?: string | null
  retired_at?: string | null
  retired_by?: string | null
  retire_reason?: string | null
  updated_at?: string
  row_version: number
  test_count: number
}
export interface ModelBrief {
  id: string
  name: string
  label: Both
  purpose: string
  decision: string
  basis?: string | null
  system?: string | null
  in_force?: number | null
}
export interface ModelRow extends ModelBrief {
  published: VersionBrief | null
  draft: VersionBrief | null
}
export interface Looked {
  digest: string
  errors: number
  problems: Flaw[]
  findings: Finding[]
  decision: string
  decisions: string[]
  tables: TableText[]
  questions: Question[]
}
export interface Version extends VersionBrief, Looked {
  digest: string
  model: ModelBrief
  xml: string
  tests: TestCase[]
  test_report: TestReport | null
}
export interface TraceTable {
  name: string
  hit_policy: string
  inputs: { name: string; value: unknown }[]
  outputs: string[]
  defaulted: boolean
  rules: {
    rule: number
    matched: boolean
    outputs?: unknown[]
    annotations?: { heading: string; text: string }[]
    failed_input?: number
    failed_test?: string
  }[]
}
export interface Trace {
  model: string
  version: string
  decisions: {
    name: string
    inputs: { name: string; value: unknown }[]
    tables: TraceTable[]
    value: unknown
  }[]
}
export interface Trial {
  decision: string
  number: number | null
  value: unknown
  text: string
  remarks: Both[]
  says: Both | null
  trace: Trace | null
}
type Change = 'same' | 'added' | 'removed' | 'changed'
export interface RuleChange {
  change: Change
  before?: number
  after?: number
  moved?: boolean
  cells: { column: string; before: string | null; after: string | null }[]
}
export interface Difference {
  same: boolean
  before: VersionBrief
  after: VersionBrief
  elements: { name: string; kind: string; change: Change; before?: string; after?: string }[]
  tables: {
    name: string
    change: Change
    hit_policy?: { before: string; after: string }
    inputs?: { name: string; change: Change }[]
    outputs?: { name: string; change: Change }[]
    rules?: RuleChange[]
  }[]
  effects: { name: string; inputs: Record<string, unknown>; before: unknown; after: unknown; same: boolean }[]
}
/** What a case keeps of a decision that it rests on. */
export interface CaseDecision {
  purpose: string
  model: string
  label: Both
  number: number
  digest: string
  decision: string
  outcome: unknown
  at: string
  in_force: boolean
  brief: Both
  says?: Both
  trace?: Trace
}

const model = (name: string) => `/api/decisions/${encodeURIComponent(name)}` as const
const send = (method: Call['method'], body: unknown, rest: Partial<Call> = {}): Call => ({
  method,
  body,
  ...rest,
})

export const decisions = {
  list: () => call<List<ModelRow>>('/api/decisions'),
  make: (body: unknown, key: string) => call<Version>('/api/decisions', send('POST', body, { key })),
  read: (name: string) => call<ModelBrief & { versions: VersionBrief[] }>(model(name)),
  version: (name: string, number: number) => call<Version>(`${model(name)}/versions/${number}`),
  check: (name: string, xml: string, decision: string) =>
    call<Looked>(`${model(name)}/check`, send('POST', { xml, decision })),
  try: (name: string, body: { version?: number; xml?: string; inputs: Record<string, unknown> }) =>
    call<Trial>(`${model(name)}/try`, send('POST', body)),
  save: (name: string, body: unknown, row_version?: number) =>
    call<Version>(`${model(name)}/draft`, send('PUT', body, { if_match: row_version })),
  test: (name: string, number: number) =>
    call<Version>(`${model(name)}/versions/${number}/tests`, send('POST', {})),
  publish: (name: string, number: number, reason: string, key: string) =>
    call<Version>(`${model(name)}/versions/${number}/publish`, send('POST', { reason }, { key })),
  retire: (name: string, number: number, reason: string, key: string) =>
    call<Version>(`${model(name)}/versions/${number}/retire`, send('POST', { reason }, { key })),
  compare: (name: string, before: number, after: number) =>
    call<Difference>(`${model(name)}/compare`, { query: { before, after } }),
}

/** A value as one line that a person can read. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(shown).join(comma())
  if (typeof value === 'object')
    return Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([key, one]) => `${key} = ${shown(one)}`)
      .join('；')
  return String(value)
}
