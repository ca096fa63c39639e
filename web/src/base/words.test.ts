// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'vue/compiler-sfc'
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

// The mark between words of a list belongs to the language too.
const han = /\p{Script=Han}|join\('、'\)/u
/** Where a tool of others is given its Chinese words: a table from its own English. */
const dictionaries = ['engines/decisions/dmn-words.ts', 'engines/processes/translate.ts']
/** Texts that a person edits again are joined as they are parsed. */
const edited = ['engines/decisions/answers.ts']
/** Chinese signs in code, line by line, without comments and without texts that stand in both languages. */
function chinese(path: string, text: string): string[] {
  if ([...dictionaries, ...edited].includes(path)) return []
  return text
    .replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*/g, '')
    .replace(/\bzh:\s*'[^']*',\s*en:\s*'[^']+'/g, '')
    .replace(/\? '中文' : 'English'/g, '') // a language is called by its own name
    .split('\n')
    .filter((line) => han.test(line))
    .map((line) => `${path}: ${line.trim()}`)
}
interface Node {
  type: number
  content?: unknown
  name?: string
  value?: { content: string }
  props?: Node[]
  children?: Node[]
  branches?: Node[]
}
const spoken = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label', 'hint']
/** Texts and spoken attributes that a template says by itself. */
function literal(path: string, text: string): string[] {
  const found: string[] = []
  // OFD, SM3 and API are called so in every language.
  const word = /[a-z]{2}|\p{Script=Han}/iu
  const speaks = (said: string) => word.test(said) && !/^\s*[A-Z0-9]+\s*$/.test(said)
  const visit = (node: Node): void => {
    if (node.type === 2 && typeof node.content === 'string' && speaks(node.content))
      found.push(`${path}: ${node.content.trim()}`)
    for (const one of node.props ?? [])
      if (one.type === 6 && spoken.includes(one.name!) && one.value && speaks(one.value.content))
        found.push(`${path}: ${one.name}="${one.value.content}"`)
    for (const child of node.children ?? []) visit(child)
  }
  const tree = parse(text).descriptor.template?.ast
  if (tree) visit(tree as unknown as Node)
  return found
}

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
  it('are in the books alone: no Chinese in code without its English', () => {
    expect(sources.flatMap(({ path, text }) => chinese(path, text))).toEqual([])
    // What it looks for, it finds.
    expect(chinese('a.vue', '<p>你好</p>\n<!-- 注释 -->')).toEqual(['a.vue: <p>你好</p>'])
    expect(chinese('a.ts', "const a = '你好' // 注释\nconst b = { zh: '你', en: 'you' }")).toHaveLength(1)
  })
  it('are in the books alone: no template speaks by itself', () => {
    expect(
      sources.filter(({ path }) => path.endsWith('.vue')).flatMap(({ path, text }) => literal(path, text)),
    ).toEqual([])
    expect(literal('a.vue', '<template><b title="Close">{{ x }}<i v-if="y">Save</i></b></template>')).toEqual(
      ['a.vue: title="Close"', 'a.vue: Save'],
    )
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
