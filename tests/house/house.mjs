// SPDX-License-Identifier: Apache-2.0
// Holds the architecture: floors, tests beside code, file length, error rows, places, words of the product.
import { readdirSync, readFileSync, existsSync, statSync } from 'node:fs'
import { join, dirname, basename } from 'node:path'

const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', 'build', '.git', 'var'].includes(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}
const files = [...walk('.')].map((path) => path.replace(/^\.\//, ''))
const text = (path) => readFileSync(path, 'utf8')

// 1. Floors of the server: only lower floors and the own library.
const floors = ['base', 'parts', 'ledger', 'engines', 'model', 'gate', 'server']
const library = (path) => {
  const part = path.split('/')
  return part[0] === 'parts' || part[0] === 'engines' ? part.slice(0, 2).join('/') : part[0]
}
for (const path of files.filter((p) => /^src\/.*\.(cc|h)$/.test(p))) {
  const own = library(path.slice(4))
  text(path)
    .split('\n')
    .forEach((line, at) => {
      const found = /^#include "([^"]+)"/.exec(line)
      if (!found || !found[1].includes('/')) return
      const theirs = library(found[1])
      const up = floors.indexOf(theirs.split('/')[0])
      const here = floors.indexOf(own.split('/')[0])
      if (up < 0) fault(`${path}:${at + 1}`, `"${found[1]}" is on no floor; write includes from src/`)
      else if (theirs !== own && up >= here && !/\/testing\//.test(found[1]))
        fault(`${path}:${at + 1}`, `${own} must not include ${theirs}; use lower floors, or declare an interface that model supplies`)
    })
}

// 2. Floors of the web app.
const web_floors = ['base', 'parts', 'engines', 'channels']
for (const path of files.filter((p) => /^web\/src\/.*\.(ts|vue)$/.test(p))) {
  const part = path.split('/')
  const here = web_floors.indexOf(part[2])
  for (const found of text(path).matchAll(/from ['"]@\/([a-z]+)\/([a-z-]+)/g)) {
    const there = web_floors.indexOf(found[1])
    if (there > here) fault(path, `must not import from ${found[1]}; it lies above ${part[2]}`)
    if (found[1] === 'channels' && (part[2] !== 'channels' || part[3] !== found[2])) fault(path, `must not import channel ${found[2]}`)
  }
}

// 3. A test beside each .cc, and file length.
const has_test = new Set(files)
const lengths = []
for (const path of files.filter((p) => /^(src|web\/src|tools|tests|bench)\/.*\.(cc|h|ts|vue|mjs)$/.test(p))) {
  const lines = text(path).split('\n').length
  lengths.push([lines, path])
  // What a program has made is read by none and split by none.
  if (lines > 800 && !text(path).includes('// Made by `yiwang ')) fault(path, `${lines} lines; split it, 800 is the limit`)
}
const excuses = text('tests/house/without_test.txt').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/\s+/))
for (const [path, where] of excuses) if (!where || !existsSync(where)) fault('tests/house/without_test.txt', `${path} names no test that exists`)
const excused = excuses.map(([path]) => path)
for (const path of files.filter((p) => /^src\/.*\.cc$/.test(p) && !/_(test|bench|fuzz|main)\.cc$/.test(p) && !/\/(internal|testing|commands)\//.test(p))) {
  if (!has_test.has(path.replace(/\.cc$/, '_test.cc')) && !excused.includes(path)) fault(path, 'has no test beside it; add ' + basename(path).replace('.cc', '_test.cc'))
}
for (const path of excused) if (!has_test.has(path) || has_test.has(path.replace(/\.cc$/, '_test.cc'))) fault('tests/house/without_test.txt', `${path} need not be excused any more; remove the line`)

// 4. Error rows: unique over the whole house, used, worded in both languages (the build checks the form).
const codes = new Map()
for (const path of files.filter((p) => p.endsWith('errors.yaml'))) {
  for (const found of text(path).matchAll(/^- code: (\S+)/gm)) {
    if (codes.has(found[1])) fault(path, `code ${found[1]} stands also in ${codes.get(found[1])}`)
    codes.set(found[1], path)
  }
}
const constant = (code) => 'k' + code.slice(code.indexOf('.') + 1).split(/[._-]/).map((part) => part[0].toUpperCase() + part.slice(1)).join('')
const code_of = new Map()
for (const path of files.filter((p) => /^(src|tests)\/.*\.(cc|h)$/.test(p))) code_of.set(path, text(path))
for (const [code, path] of codes) {
  const name = 'error::' + constant(code)
  const used = [...code_of].some(([file, words]) => words.includes(name) && !/_test\.cc$/.test(file))
  if (!used) fault(path, `nobody says ${code}; remove the row`)
}

// 5. Places live under city/places alone.
const place_names = text('city/places/shaoguan/divisions.tsv').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t')).filter((cells) => Number(cells[3]) <= 4).flatMap((cells) => [cells[1], cells[1].replace(/(市|区|县|自治县|省)$/, '')]).filter((name) => name.length >= 2)
for (const path of files.filter((p) => /^(src|web\/src)\/.*\.(cc|h|ts|vue|json)$/.test(p) && !/(_test\.cc|\.test\.ts|examples\.(yaml|json)|\/testing\/|_bench\.cc)$/.test(p) && !/\/testing\//.test(p))) {
  const words = text(path).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  for (const name of place_names) if (words.includes(name)) fault(path, `names the place ${name}; a place is a value under city/places`)
}

// 6. The product speaks of the product alone. (Spelled apart, so that this file does not hold them itself.)
const foreign = [['registry.', 'npmjs'], ['deb.', 'debian.org'], ['npm', 'mirror'], ['/wo', 'rk/'], ['/fa', 'rm/']].map((parts) => parts.join(''))
for (const path of files.filter((p) => /\.(cc|h|ts|vue|mjs|md|yaml|yml|json|sh|cmake|txt|bpmn|dmn)$/.test(p))) {
  if (statSync(path).size > 4 << 20) continue
  const words = text(path)
  for (const word of foreign) if (words.includes(word)) fault(path, `holds "${word}"; remove it`)
}

// 7. Licence line first.
for (const path of files.filter((p) => /^(src|tools|tests|bench)\/.*\.(cc|h)$/.test(p))) if (!text(path).startsWith('// SPDX-License-Identifier: Apache-2.0')) fault(path, 'must begin with its SPDX line')

lengths.sort((a, b) => b[0] - a[0])
console.log('the ten longest files:')
for (const [lines, path] of lengths.slice(0, 10)) console.log(`  ${String(lines).padStart(5)}  ${path}`)
console.log(`${files.length} files, ${codes.size} error rows`)
for (const line of faults) console.log(line)
console.log(`${faults.length === 0 ? 1 : 0} passed, ${faults.length} failed`)
process.exit(faults.length === 0 ? 0 : 1)
