// SPDX-License-Identifier: Apache-2.0
// The server's question trees: what is asked next, and what follows from the answers.
import { call, type Answer } from '@/base/http'
import type { CasePaper, FormText, Material, Row } from '@/base/api'
import type { Both } from '@/base/words'

export interface Question {
  name: string
  text: Both
  choices: { value: string | boolean; label: Both }[]
  answer?: string | boolean
}
export type SituationAnswers = Record<string, string | boolean>
export interface Situation {
  questions: Question[]
  next: Question | null
  answers: SituationAnswers
  materials?: Material[]
  steps?: { name: string; office?: string; days?: number }[]
}
export interface BundlePart {
  name: string
  item: string
  item_name: string
  department_name?: string
  promised_days: number
  from_day: number
  until_day: number
  needs: string[]
  yields?: string
}
export interface BundlePlan extends Omit<Situation, 'steps'> {
  parts?: BundlePart[]
  form?: FormText
  left_out?: {
    material: string
    part: string
    why: 'shared' | 'yielded' | 'held' | 'written'
    by?: string
    certificate?: { id: string; type_name: string; issuer_name: string }
  }[]
  days?: number
  due?: string
  compared?: { fields: number; files: number; fields_apart: number; files_apart: number }
}
export interface Bundle extends Row {
  name: string
  name_en?: string
  about?: string
}

export const askSituation = (item: string, answers: SituationAnswers): Promise<Answer<Situation>> =>
  call<Situation>(`/api/items/${item}/situation`, { method: 'POST', body: { answers } })
/** The papers that the city would write from these answers. */
export const bundlePapers = (
  bundle: string,
  answers: SituationAnswers,
  data: unknown,
): Promise<Answer<{ rows: CasePaper[] }>> =>
  call<{ rows: CasePaper[] }>(`/api/bundles/${bundle}/papers`, { method: 'POST', body: { answers, data } })
export const planBundle = (bundle: string, answers: SituationAnswers): Promise<Answer<BundlePlan>> =>
  call<BundlePlan>(`/api/bundles/${bundle}/plan`, { method: 'POST', body: { answers } })

/** Answers as they travel in an address, and back. */
export const toQuery = (answers: SituationAnswers) => JSON.stringify(answers)
export function fromQuery(text: unknown): SituationAnswers | undefined {
  if (typeof text !== 'string' || !text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' && !Array.isArray(value)
      ? (value as SituationAnswers)
      : undefined
  } catch {
    return undefined
  }
}
