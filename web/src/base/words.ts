// SPDX-License-Identifier: Apache-2.0
// Gives every screen its text in the language the person chose; Chinese is the source.
import { shallowReactive, ref } from 'vue'

export type Language = 'zh-CN' | 'en'
/** A text that the server or a declaration carries in both languages. */
export interface Both {
  zh: string
  en?: string
}
type Words = Record<string, string>
type Loader = () => Promise<{ default: Words }>

/** The language on screen; change it with `useLanguage`. */
export const language = ref<Language>('zh-CN')
const books: Record<Language, Words> = shallowReactive({ 'zh-CN': {}, en: {} })
const english: Loader[] = []

/** Adds one book of words. Chinese is there at once; English is fetched when somebody asks for it. */
export function addWords(chinese: Words, loadEnglish: Loader): void {
  books['zh-CN'] = { ...books['zh-CN'], ...chinese }
  english.push(loadEnglish)
}

/** The same for a book that comes with a page: whoever reads English already gets it at once. */
export function addLateWords(chinese: Words, loadEnglish: Loader): void {
  addWords(chinese, loadEnglish)
  if (language.value === 'en') void useLanguage('en')
}

/** Changes the language of every text on screen, and of the page for screen readers. */
export async function useLanguage(next: Language): Promise<void> {
  if (next === 'en') {
    const loaded = await Promise.all(english.splice(0).map((load) => load()))
    books.en = Object.assign({}, books.en, ...loaded.map((book) => book.default))
  }
  language.value = next
  document.documentElement.lang = next
}

/** The words for `key` with `{name}` filled from `params`; the key itself when nobody wrote them. */
export function say(key: string, params?: Record<string, unknown>): string {
  const text = books[language.value][key] ?? books['zh-CN'][key] ?? key
  if (!params) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined ? whole : String(params[name]),
  )
}

/** Whether anybody wrote words for `key`. */
export function hasWords(key: string): boolean {
  return key in books['zh-CN']
}

/** The side of a two-language text that fits the screen. A plain string is taken as it is. */
export function pick(text: Both | string | null | undefined): string {
  if (text === null || text === undefined) return ''
  if (typeof text === 'string') return text
  return language.value === 'en' ? text.en || text.zh : text.zh
}
