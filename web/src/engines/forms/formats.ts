// SPDX-License-Identifier: Apache-2.0
// Formats that a form may ask of a text; the twin of formats.cc in src/engines/forms.

/** Days that exist in the Gregorian calendar, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return !!parts && dayExists(Number(parts[1]), Number(parts[2]), Number(parts[3]))
}

function dayExists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]!
}

/** Citizen identity number, 18 signs: shape, birthday and check character (GB 11643-1999). */
export function isCitizenId(text: string): boolean {
  if (!/^[1-9]\d{16}[\dXx]$/.test(text)) return false
  const number = (from: number, to: number) => Number(text.slice(from, to))
  if (number(6, 10) < 1800 || !dayExists(number(6, 10), number(10, 12), number(12, 14))) return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0)
  return '10X98765432'[sum % 11] === text[17]!.toUpperCase()
}

const credit_signs = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Unified social credit code: the shape alone (GB 32100-2015). */
export function hasCreditCodeShape(text: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)
}

/** Whether the last sign fits the rest (modulus 31). Some old, valid codes fail: a warning, never a refusal. */
export function creditCodeChecks(text: string): boolean {
  let sum = 0
  let weight = 1
  for (let at = 0; at < 17; at += 1) {
    sum += credit_signs.indexOf(text[at]!) * weight
    weight = (weight * 3) % 31
  }
  return credit_signs[(31 - (sum % 31)) % 31] === text[17]
}

/** Mobile number of the mainland, 11 digits. */
export function isMobile(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(text)
}

/** Whether `text` has the format; undefined when the format is none of ours. */
export function hasFormat(format: string, text: string): boolean | undefined {
  switch (format) {
    case 'date':
      return isDate(text)
    case 'cn-id':
      return isCitizenId(text)
    case 'cn-uscc':
      return hasCreditCodeShape(text)
    case 'mobile':
      return isMobile(text)
    default:
      return undefined
  }
}
