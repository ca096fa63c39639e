// SPDX-License-Identifier: Apache-2.0
// What a person typed for a decision's inputs, as the values that the server wants, and back.
import type { Question } from '@/base/decisions'

/** Value of a typed answer; `undefined` when the text is no value of its type. */
export function valueOf(question: Question, text: string): unknown {
  const trimmed = text.trim()
  if (!trimmed) return null
  switch (question.type) {
    case 'number': {
      const number = Number(trimmed)
      return Number.isFinite(number) ? number : undefined
    }
    case 'boolean':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined
    case 'texts':
      return trimmed
        .split(/[,，、\n]/)
        .map((one) => one.trim())
        .filter(Boolean)
    case 'list':
    case 'context':
      try {
        return JSON.parse(trimmed) as unknown
      } catch {
        return undefined
      }
    case 'any':
      try {
        return JSON.parse(trimmed) as unknown
      } catch {
        return trimmed
      }
    default:
      return trimmed
  }
}

/** The text that `valueOf` reads as the value. */
export function textOf(question: Question, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (question.type === 'texts' && Array.isArray(value)) return value.join('、')
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

/** All answers, and the names of those that are no values. */
export function valuesOf(
  questions: Question[],
  texts: Record<string, string>,
): { values: Record<string, unknown>; wrong: string[] } {
  const values: Record<string, unknown> = {}
  const wrong: string[] = []
  for (const question of questions) {
    const value = valueOf(question, texts[question.name] ?? '')
    if (value === undefined) wrong.push(question.name)
    else values[question.name] = value
  }
  return { values, wrong }
}

/** What was expected, as typed: JSON, or plain words for a text. */
export function expectedOf(text: string): unknown {
  const trimmed = text.trim()
  if (!trimmed) return null
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return trimmed
  }
}
