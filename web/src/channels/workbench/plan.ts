// SPDX-License-Identifier: Apache-2.0
// What the plan's pages ask for and how its records are shaped.
import type { Row } from '@/base/api'
import { call } from '@/base/http'

export interface Task extends Row {
  number?: number
  title?: string
  title_uncertain?: boolean
  text?: string
  chapter?: number
  chapter_title?: string
  /** Lead departments that were matched (ids), and as the notice wrote them. */
  leads?: string[]
  lead_text?: string
  /** open, on_track, late or done. */
  state?: string
  progress?: number
  score?: number | null
  supervised?: boolean
  supervision_note?: string | null
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

export const titleOf = (task: Task) => task.title ?? ''
export const states = ['done', 'on_track', 'late', 'open'] as const
/** How a task stands; a task nobody reported on is open. */
export function standing(task: Task): (typeof states)[number] {
  return states.find((state) => state === task.state) ?? 'open'
}
export function toneOf(task: Task): 'good' | 'bad' | 'info' | 'neutral' {
  const now = standing(task)
  if (now === 'done') return 'good'
  if (now === 'late') return 'bad'
  return now === 'on_track' ? 'info' : 'neutral'
}
