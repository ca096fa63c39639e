// SPDX-License-Identifier: Apache-2.0
// What the plan's pages ask for and how its records are shaped.
import type { Row } from '@/base/api'
import { call } from '@/base/http'

export interface Task extends Row {
  number?: number
  title?: string
  title_uncertain?: boolean
  content?: string
  chapter?: number
  chapter_title?: string
  /** Lead departments that were matched (ids), and as the notice wrote them. */
  leads?: string[]
  lead_text?: string
  /** open, supervised or done. */
  state?: string
  /** green, yellow or red. */
  light?: string
  progress?: number
  score?: number | null
  supervision?: string | null
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
/** How a task stands in one word: done, under supervision, or the colour of its light. */
export function standing(task: Task): 'done' | 'supervised' | 'red' | 'yellow' | 'green' {
  if (task.state === 'done' || task.state === 'supervised') return task.state
  return task.light === 'red' || task.light === 'yellow' ? task.light : 'green'
}
export function toneOf(task: Task): 'good' | 'bad' | 'warn' | 'info' {
  const now = standing(task)
  if (now === 'done') return 'good'
  if (now === 'red') return 'bad'
  return now === 'green' ? 'info' : 'warn'
}
