// SPDX-License-Identifier: Apache-2.0
// What the plan's pages ask for and how its records are shaped.
import type { Row } from '@/base/api'
import { call } from '@/base/http'

export interface Task extends Row {
  number?: number
  title?: string
  name?: string
  text?: string
  chapter?: string
  /** Lead departments that were matched (ids), and as the notice wrote them. */
  leads?: string[]
  lead_text?: string
  state?: string
  progress?: number
  score?: number | null
  due?: string
}
export interface Summary {
  tasks: number
  chapters: number
  departments: number
  to_settle: number
  done?: number
  on_track?: number
  late?: number
  by_chapter?: { chapter: string; tasks: number; done: number; late: number }[]
}
export interface Bulletin {
  title: string
  number?: string
  at: string
  summary: { tasks: number; done: number; on_track: number; late: number; progress?: number }
  departments: { name: string; tasks: number; done: number; late: number; score?: number | null }[]
  late: { number?: number; name: string; lead?: string; progress?: number; note?: string }[]
}
export const planSummary = (signal?: AbortSignal) => call<Summary>('/api/plan/summary', { signal })
export const planBulletin = () => call<Bulletin>('/api/plan/bulletin')

export const titleOf = (task: Task) => task.title || task.name || ''
export function toneOf(state: string | undefined): 'good' | 'bad' | 'info' | 'neutral' {
  if (state === 'done') return 'good'
  if (state === 'late') return 'bad'
  return state === 'on_track' ? 'info' : 'neutral'
}
