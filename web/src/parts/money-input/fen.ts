// SPDX-License-Identifier: Apache-2.0
// Turns typed yuan into whole fen and back without floating point.

/** Fen for a text such as `1,234.5`; the text itself when it is not money; undefined when empty. */
export function fenOf(text: string): number | string | undefined {
  const plain = text.replace(/[,，\s￥¥]/g, '')
  if (!plain) return undefined
  const parts = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!parts) return text
  const fen = Number(parts[2]!) * 100 + Number((parts[3] ?? '').padEnd(2, '0') || '0')
  return parts[1] ? -fen : fen
}

/** What to show in the box for so many fen: `1234.5` is written `1234.50`. */
export function yuanText(value: number | string | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  const fen = Math.abs(value)
  const text = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
  return (value < 0 ? '-' : '') + text.replace(/\.00$/, '')
}
