// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addWords, pick, say, useLanguage } from './words'

const folder = 'src/base/words'
const book = (language: string, name: string) =>
  JSON.parse(readFileSync(`${folder}/${language}/${name}`, 'utf8')) as Record<string, string>
const names = readdirSync(`${folder}/zh-CN`)
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }))

/** Which pages come with which book besides the common ones; an engine's own comes with whoever uses it. */
const books_of: [RegExp, string][] = [
  [/citizen|portal|enterprise|kiosk/, 'citizen'],
  [/enterprise/, 'enterprise'],
  [/kiosk/, 'kiosk'],
  [/registration|portal\/pages\/(register|notices)/, 'registration'],
  [/workbench|records|processes/, 'workbench'],
  [/workbench|records|processes/, 'processes'],
  [/elsewhere|exchange-page|paper-couriers/, 'elsewhere'],
  [/engines\/rooms\//, 'rooms'],
  [/engines\/rooms\//, 'citizen'],
  // What a case tells of its decisions is read by citizens too.
  [/decisions\/(?!case-decisions|decision-story)/, 'workbench'],
]

describe('words', () => {
  it('exist in both languages, with the same blanks to fill', () => {
    expect(readdirSync(`${folder}/en`)).toEqual(names)
    for (const name of names) {
      const zh = book('zh-CN', name)
      const en = book('en', name)
      expect(Object.keys(en)).toEqual(Object.keys(zh))
      const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
      for (const key of Object.keys(zh)) expect(blanks(en[key]!), key).toEqual(blanks(zh[key]!))
    }
  })
  it('are there for every key that a page asks for', () => {
    const shared = {
      ...book('zh-CN', 'common.json'),
      ...book('zh-CN', 'forms.json'),
      ...book('zh-CN', 'seals.json'),
    }
    const missing: string[] = []
    for (const { path, text } of sources) {
      const own = Object.assign(
        {},
        ...books_of
          .filter(([where, name]) => where.test(path) || text.includes(`@/engines/${name}/`))
          .map(([, name]) => book('zh-CN', `${name}.json`)),
      ) as Record<string, string>
      for (const [, key] of text.matchAll(/\bsay\(\s*'([a-z_]+\.[\w.-]+)'\s*[,)]/g)) {
        if (!(key! in shared) && !(key! in own)) missing.push(`${path}: ${key}`)
      }
    }
    expect(missing).toEqual([])
  })
  it('are filled, picked and changed with the language', async () => {
    addWords({ 'test.hello': '你好，{name}' }, async () => ({ default: { 'test.hello': 'Hello {name}' } }))
    expect(say('test.hello', { name: '李雷' })).toBe('你好，李雷')
    expect(say('test.unknown')).toBe('test.unknown')
    await useLanguage('en')
    expect(say('test.hello', { name: 'Li' })).toBe('Hello Li')
    expect(document.documentElement.lang).toBe('en')
    expect(pick({ zh: '中', en: 'en' })).toBe('en')
    expect(pick({ zh: '中' })).toBe('中')
    await useLanguage('zh-CN')
    expect(pick({ zh: '中', en: 'en' })).toBe('中')
  })
})
