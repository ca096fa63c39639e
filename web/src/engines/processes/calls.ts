// SPDX-License-Identifier: Apache-2.0
// What the process pages ask of the server, and the shapes of its answers.
import type { List } from '@/base/api'
import { call } from '@/base/http'
import type { Both } from '@/base/words'

export interface Group {
  id: string
  name: Both
}
export interface Person {
  id: string
  name: string
  organisation: string
  post: string
}
export interface Process {
  process: string
  name: string
  definition: string
  version: number
  deployed_at: string
  running: number
  retired: boolean
  keep_class: string
  keep_days: number
}
export interface Version {
  definition: string
  process: string
  name: string
  version: number
  deployed_at: string
  deployed_by: string
  deployed_by_name?: string
  running: number
}
export interface Model {
  id: string
  name: string
  process: string
  version: number
  changed_at: string
  changed_by_name?: string
  published: string
  file?: string
}
export interface Finding {
  element: string
  kind: string
  rule: string
  severity: 'error' | 'warning'
  line: number
  detail: string
  says: Both
  then: Both
}
export interface Findings {
  deployable: boolean
  rows: Finding[]
}
export interface Token {
  element: string
  name?: string
  key?: number
  state: string
  count: number
}
export interface Incident {
  element: string
  key: number
  code: string
  message: string
}
export interface OpenTask {
  element: string
  name: string
  key: number
  seat: number
  person: string
  person_name?: string
  groups: Group[]
  due?: string
}
export interface Seat {
  element: string
  key: number
  seat: number
  state: 'pending' | 'open' | 'approved' | 'rejected' | 'removed' | 'answered'
  origin: 'model' | 'before' | 'after' | 'beside' | 'consult'
  person: string
  person_name: string
  owner_name: string
  groups: Group[]
  remark: string
}
export interface InstanceRow {
  id: string
  definition: string
  process: string
  name?: string
  process_version: number
  state: string
  business_key: string
  starter: string
  starter_name?: string
  started: string
  ended: string | null
  incidents: number
  hold: string
}
export interface Instance {
  id: string
  definition: string
  process: string
  process_version: number
  name: string
  state: string
  businessKey: string
  starter_name: string
  started: string
  ended: string | null
  hold: string
  tokens: Token[]
  waits: { element: string; kind: string; name: string; key: string; due?: string }[]
  incidents: Incident[]
  tasks: OpenTask[]
  seats: Seat[]
  variables?: Record<string, unknown>
  elements: Record<string, string>
  file: string
  may: Record<string, boolean>
}
export type May = true | { code: string; says: Both }
export interface TaskView extends Instance {
  task: {
    key: number
    seat: number
    element: string
    name: string
    person: string
    consulted: boolean
    question: string
    due: string | null
    form: string
    form_body?: unknown
    signing: boolean
    veto: boolean
    draft?: Record<string, unknown>
    may: Record<string, May>
    returns: { target: string; name: string }[]
  }
}
export interface TaskRow {
  id: string
  instance: string
  element: string
  name: string
  process_name?: string
  key: number
  seat: number
  person: string
  person_name?: string
  due: string | null
  created: string
}
export interface HistoryLine {
  what: string
  element?: string
  key?: number
  name?: string
  value?: unknown
  person?: string
  person_name?: string
  remark?: string
  message?: string
  words?: string
}
export interface HistoryEntry {
  version: number
  definition: string
  at: string
  actor: string
  actor_name?: string
  verb: string
  reason: string | null
  tokens: Record<string, number>
  lines: HistoryLine[]
}
export interface Statistic {
  element: string
  passed: number
  waiting: number
  cancelled: number
  mean_s: number
  p90_s: number
}
export interface IncidentRow {
  id: string
  instance: string
  definition: string
  process_name?: string
  element: string
  element_name?: string
  key: number
  code: string
  message: string
  at: string
}
export interface Notice {
  id: string
  kind: string
  instance: string
  words: string
  at: string
  seen: boolean
}
export interface BatchReport {
  done?: number
  moved?: number
  removed?: number
  refused: number
  dry_run?: boolean
  rows: {
    instance: string
    ok: boolean
    says?: Both
    details?: { element: string; zh: string; en: string }[]
  }[]
}
export interface TrialStep {
  ok: boolean
  now: string
  tokens: Record<string, number>
  state: string
  problem?: Both
}
export interface Trial {
  steps: TrialStep[]
  instance: Pick<Instance, 'state' | 'tokens' | 'tasks' | 'waits' | 'incidents' | 'variables'>
  log: HistoryLine[]
  now: string
}

const enc = encodeURIComponent
type Body = Record<string, unknown>

export const listProcesses = (signal?: AbortSignal) => call<List<Process>>('/api/processes', { signal })
export const listVersions = (process: string, signal?: AbortSignal) =>
  call<List<Version>>(`/api/processes/${enc(process)}/versions`, { signal })
export const readVersion = (id: string, signal?: AbortSignal) =>
  call<{ definition: string; process: string; name: string; elements: Record<string, string>; file: string }>(
    `/api/process-versions/${enc(id)}`,
    { signal },
  )
export const readStatistics = (id: string, signal?: AbortSignal) =>
  call<{ rows: Statistic[] }>(`/api/process-versions/${enc(id)}/statistics`, { signal })
export const keepRule = (process: string, body: Body) =>
  call<Body>(`/api/processes/${enc(process)}/rule`, { method: 'PUT', body })
export const removeExpired = (process: string, reason: string) =>
  call<BatchReport>(`/api/processes/${enc(process)}/removals`, { method: 'POST', body: { reason } })
export const holdInstances = (instances: string[], lift: boolean, reason: string) =>
  call<BatchReport>('/api/process-holds', { method: 'POST', body: { instances, lift, reason } })
export const migrate = (body: Body) => call<BatchReport>('/api/process-migrations', { method: 'POST', body })

export const listModels = (signal?: AbortSignal) => call<List<Model>>('/api/process-models', { signal })
export const readModel = (id: string) => call<Model & { file: string }>(`/api/process-models/${enc(id)}`)
export const saveModel = (id: string, body: Body) =>
  call<Model>(id ? `/api/process-models/${enc(id)}` : '/api/process-models', {
    method: id ? 'PUT' : 'POST',
    body,
  })
export const findFaults = (file: string) =>
  call<Findings>('/api/process-findings', { method: 'POST', body: { file } })
export const tryOut = (body: Body) => call<Trial>('/api/process-trials', { method: 'POST', body })
export const publishModel = (id: string, reason: string) =>
  call<{ definition: string; process: string; version: number; unchanged: boolean }>(
    `/api/process-models/${enc(id)}/publish`,
    { method: 'POST', body: { reason } },
  )

export const startProcess = (body: Body) =>
  call<{ id: string }>('/api/process-instances', { method: 'POST', body })
export const listInstances = (query: Record<string, string | number | undefined>, signal?: AbortSignal) =>
  call<List<InstanceRow>>('/api/process-instances', { query, signal })
export const readInstance = (id: string, signal?: AbortSignal) =>
  call<Instance>(`/api/process-instances/${enc(id)}`, { signal })
/** One page of the history, behind step `after`. */
export const readHistory = (id: string, after: number, signal?: AbortSignal) =>
  call<{ rows: HistoryEntry[]; next: number | null; total: number }>(
    `/api/process-instances/${enc(id)}/history`,
    { query: { after, limit: 200 }, signal },
  )
export const actOnInstance = (id: string, act: string, body: Body) =>
  call<Body>(`/api/process-instances/${enc(id)}/acts/${act}`, { method: 'POST', body })

export const listIncidents = (signal?: AbortSignal) =>
  call<List<IncidentRow>>('/api/process-incidents', { query: { limit: 200 }, signal })
export const actOnIncidents = (body: Body) =>
  call<BatchReport>('/api/process-incidents/acts', { method: 'POST', body })

export const listTasks = (view: string, after?: string, signal?: AbortSignal) =>
  call<List<TaskRow>>('/api/process-tasks', { query: { view, after, limit: 50 }, signal })
/** Instance, task and seat of somebody's part in a task, as an address writes them. */
export type TaskPlace = `${string}/${string}/${string}`
export const readTask = (at: TaskPlace, signal?: AbortSignal) =>
  call<TaskView>(`/api/process-tasks/${at}`, { signal })
export const actOnTask = (at: string, act: string, body: Body) =>
  call<{ ended: boolean }>(`/api/process-tasks/${at}/acts/${act}`, { method: 'POST', body })
export const listNotices = (signal?: AbortSignal) => call<List<Notice>>('/api/process-notices', { signal })
export const seeNotices = () => call('/api/process-notices/seen', { method: 'POST', body: {} })
export const listPeople = (q = '') =>
  call<{ people: Person[]; groups: (Group & { kind: string })[] }>('/api/process-people', { query: { q } })
