// SPDX-License-Identifier: Apache-2.0
// Writes days, times, money and sizes the way people here read them.
import { language, say } from './words'

const zone = 'Asia/Shanghai'

function parse(text: string | null | undefined): Date | undefined {
  if (!text) return undefined
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text + 'T00:00:00+08:00' : text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** 2026年11月23日, or 23 November 2026. */
export function day(text: string | null | undefined): string {
  const date = parse(text)
  if (!date) return text ?? ''
  return new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: zone,
    dateStyle: 'long',
  }).format(date)
}

/** 2026-11-23, the same in both languages, for tables. */
export function shortDay(text: string | null | undefined): string {
  const date = parse(text)
  if (!date) return text ?? ''
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(date)
}

/** 2026-11-23 09:05, for tables and time lines. */
export function moment(text: string | null | undefined): string {
  const date = parse(text)
  if (!date) return text ?? ''
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(date)
}

/** Fen as yuan: 123456 → 1,234.56. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return ''
  return new Intl.NumberFormat('zh-CN', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(fen / 100)
}

/** A number of bytes as KB or MB. */
export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** "今天", "昨天" or the day. */
export function friendlyDay(text: string | null | undefined, now: Date): string {
  const date = parse(text)
  if (!date) return text ?? ''
  const that = shortDay(date.toISOString())
  if (that === shortDay(now.toISOString())) return say('time.today')
  if (that === shortDay(new Date(now.getTime() - 86400000).toISOString())) return say('time.yesterday')
  return that
}

/** What stands between the words of a list. */
export function comma(): string {
  return language.value === 'en' ? ', ' : '、'
}
