// SPDX-License-Identifier: Apache-2.0
// Every parameter of every route of a running demo city, asked by sqlmap. Ends with 1 when one can be injected into.
//
//   node tests/injection/run.mjs [--url http://127.0.0.1:8080] [--only REGEX] [--level 1] [--store postgres://…]
//
// Without --url a city is started on a free port and thrown away afterwards. Path values, query values, the headers
// that routes name, and every value of a JSON body count as parameters.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCity } from '../journeys/support.mjs'

const options = Object.fromEntries(
  process.argv.slice(2).flatMap((arg, at, all) => (arg.startsWith('--') ? [[arg.slice(2), all[at + 1] ?? '']] : [])),
)
const city = options.url ? { url: options.url, stop: async () => {} } : await startCity()
const folder = mkdtempSync(join(tmpdir(), 'injection-'))

const json = async (path, init = {}) => {
  const answer = await fetch(city.url + path, init)
  return answer.ok ? answer.json() : undefined
}

/** A token of the account's own, which no route of the run can end. */
async function tokenOf(account) {
  const answer = await fetch(`${city.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-yiwang': '1' },
    body: JSON.stringify({ username: account.username, password: account.password }),
  })
  if (!answer.ok) throw new Error(`${account.username} cannot sign in: ${answer.status}`)
  return answer.headers.get('set-cookie').match(/yiwang_session=([^;]+)/)[1]
}

const accounts = await json('/api/demo-accounts').then((found) => found.rows ?? found)
const named = (name) => accounts.find((each) => each.username === name)
const admin = await tokenOf(named('admin'))
const citizen = await tokenOf(named('citizen'))
const api = await json('/api/openapi.json')
const item = (await json('/api/records/item?limit=1')).rows[0].id
const known = { type: 'item', name: 'item_type', id: item, key: item }

function valueOf(schema, depth = 0) {
  if (schema?.$ref) return valueOf(api.components.schemas[schema.$ref.split('/').pop()], depth)
  if (schema?.enum) return schema.enum[0]
  const type = Array.isArray(schema?.type) ? schema.type[0] : schema?.type
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  if (type === 'array') return [valueOf(schema.items, depth + 1)]
  if (type === 'object' && depth < 4)
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valueOf(inner, depth + 1)]))
  return 'a'
}

const requests = []
for (const [pattern, methods] of Object.entries(api.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (operation.operationId === 'signOut' || operation.operationId === 'events') continue
    if (options.only && !new RegExp(options.only).test(`${method} ${pattern} ${operation.operationId}`)) continue
    const query = operation.parameters.filter((each) => each.in === 'query')
    const path = pattern.replace(/\{(\w+)\}/g, (_, name) => `${encodeURIComponent(known[name] ?? item)}*`)
    const search = query.map((each) => `${each.name}=${each.schema.type === 'integer' ? 1 : 'a'}*`).join('&')
    const body = operation.requestBody?.content?.['application/json']?.schema
    const text = body ? JSON.stringify(valueOf(body)) : ''
    // In a body each value is marked, so that sqlmap tries them all.
    const marked = text.replace(/:("[^"]*"|\d+|true)/g, (_, value) => (value.startsWith('"') ? `:${value.slice(0, -1)}*"` : `:${value}*`))
    if (!path.includes('*') && !search && !marked) continue
    const headers = operation.parameters.filter((each) => each.in === 'header').map((each) => `${each.name}: a*`)
    requests.push({ name: `${method.toUpperCase()} ${pattern}`, method: method.toUpperCase(), target: path + (search ? `?${search}` : ''), body: marked, headers })
  }
}
// A moved clock ends sessions, so that later requests would be refused before they reach a statement.
requests.sort((a, b) => Number(a.name.includes('clock')) - Number(b.name.includes('clock')))
console.log(`${requests.length} routes with parameters`)

const program = existsSync('/usr/bin/sqlmap') ? '/usr/bin/sqlmap' : 'sqlmap'
execFileSync(program, ['--version'])
let weak = 0
let failed = 0
let parameters = 0
/** Whether both people are still signed in; else later routes refuse them before a statement is reached. */
const signedIn = async () => {
  for (const token of [admin, citizen]) {
    const answer = await fetch(`${city.url}/api/cases?limit=1`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) return false
  }
  return true
}
let ended = ''
for (const [at, each] of requests.entries()) {
  if (!ended && !(await signedIn())) ended = requests[at - 1]?.name ?? 'the start'
  const file = join(folder, `${at}.txt`)
  const token = each.target.startsWith('/api/my') || each.target.startsWith('/api/drafts') ? citizen : admin
  const host = new URL(city.url).host
  writeFileSync(
    file,
    [
      `${each.method} ${each.target} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      ...each.headers,
      ...(each.body ? ['Content-Type: application/json', `Content-Length: ${each.body.length}`] : []),
      '',
      each.body,
    ].join('\r\n'),
  )
  const out = join(folder, `out-${at}`)
  const log = await new Promise((resolve) => {
    const child = spawn(program, ['-r', file, '--batch', '--ignore-stdin', '--level', options.level ?? '1', '--risk', '1', '--technique', 'BEUSQ', '--flush-session', '--output-dir', out, '--ignore-code', '400,401,403,404,405,409,412,413,415,422', '--disable-coloring', '--threads', '2', '--answers', 'redirect=N'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (part) => (text += part))
    child.stderr.on('data', (part) => (text += part))
    child.on('exit', () => resolve(text))
  })
  const tried = (log.match(/testing if .* parameter|does not seem to be injectable|does not appear to be dynamic|might not be injectable/g) ?? []).length
  parameters += (log.match(/does not seem to be injectable/g) ?? []).length
  if (/identified the following injection point|is vulnerable/.test(log)) {
    weak += 1
    console.log(`INJECTABLE ${each.name}\n${log.split('\n').slice(-40).join('\n')}`)
  } else if (!tried) {
    failed += 1
    console.log(`not tried: ${each.name}\n${log.split('\n').filter(Boolean).slice(-4).join('\n')}`)
  }
  if (at % 10 === 9) console.log(`${at + 1} of ${requests.length} routes, ${parameters} parameters`)
}
if (ended) console.log(`a session ended at ${ended}: what came later was refused early and proves nothing`)
const ready = await fetch(`${city.url}/readyz`).then((answer) => answer.ok, () => false)
if (!ready) console.log('the city no longer answers')
await city.stop()
rmSync(folder, { recursive: true, force: true })
console.log(`${parameters} parameters of ${requests.length} routes: ${weak} routes injectable, ${failed} not tried`)
process.exit(weak || failed || ended || !ready || !parameters ? 1 : 0)
