#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Lists, search and the page of a case with millions of past cases in the store. See README.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from './client.mjs'
import { Chance, Figures } from './figures.mjs'
import { Town, bytesUnder, here, readOptions, sleep, within } from './town.mjs'

const options = readOptions({ rows: 1_000_000, whole: 0.01, times: 200, pages: 500, goal: 50, data: '', keep: false, build: 'build/release', yiwang: '', cases: 4000, share: 1 })
const profile = JSON.parse(readFileSync(join(here, 'profile.json')))

async function measure(town) {
  const sample = JSON.parse(readFileSync(join(town.folder, 'bench-past.json')))
  const figures = new Figures()
  const begun = Date.now()
  const client = new Client(await town.start(), figures)
  console.log(`the city started in ${((Date.now() - begun) / 1000).toFixed(1)} s; ${(bytesUnder(town.folder) / 1e9).toFixed(1)} GB on disk`)
  await sleep(1000)
  const before = town.state()
  const chance = new Chance(7)
  const { password, citizens } = town.people
  const owner = new Map(citizens.map((one) => [one.account, one.username]))
  const owned = sample.filter((one) => owner.has(one.applicant))
  // Three people with some twenty cases each, and one in whose name thousands were handed in.
  const roles = [
    ...chance.shuffle([...new Set(owned.map((one) => owner.get(one.applicant)))]).slice(0, 3).map((name) => ['citizen', name]),
    ['citizen with thousands', 'citizen'],
    ['clerk (region)', 'clerk'],
    ['handler (tree)', 'handler'],
    ['approver (tree)', 'approver'],
    ['health handler (tree)', 'health-handler'],
    ['supervisor (region)', 'supervisor'],
  ]
  const searched = ['许可', '备案', '登记']
  for (const [role, name] of roles) {
    const cookie = await client.signIn(name, password)
    const mine = role.startsWith('citizen')
    const view = mine ? 'mine' : 'all'
    const get = (path, what) => client.get(path, { route: `${what}, ${role}`, cookie })
    const cases = (more) => `/api/cases?view=${view}&limit=${mine ? 50 : 30}${more}`
    const many = (times, ask) => Array.from({ length: times }).reduce((before, _, i) => before.then(() => ask(i)), Promise.resolve())
    const rows = (await client.get(cases(''), { cookie, quiet: true })).json().rows
    await many(options.times, () => get(cases(''), 'list'))
    for (const state of ['open', 'submitted', 'closed']) await many(options.times, () => get(cases(`&state=${state}`), `list ${state}`))
    let after = ''
    for (let i = 0; i < 10; ++i) {
      const page = (await client.get(cases(after), { cookie, quiet: true })).json()
      if (!page.next) break
      after = `&after=${encodeURIComponent(page.next)}`
      await many(20, () => get(cases(after), 'next page'))
    }
    const search = (word, what) => get(cases(`&q=${encodeURIComponent(word)}`), what)
    const items = [...new Set(rows.map((row) => row.item_name))]
    await many(options.times, (i) => search(searched[i % searched.length], 'search common word'))
    await many(options.times, (i) => get(cases(`&state=open&q=${encodeURIComponent(searched[i % searched.length])}`), 'search among open'))
    if (items.length > 0) await many(options.times, (i) => search(items[i % items.length], 'search item'))
    await many(options.times, () => search(chance.pick(sample).number, 'search number'))
    const names = [...new Set(rows.map((row) => row.applicant_name))].filter((each) => each && !each.includes('*'))
    if (names.length > 0 && !mine) await many(options.times, (i) => search(names[i % names.length], 'search applicant'))
    if (!mine) {
      await many(options.times, () => get('/api/todo?view=open&limit=25', 'to-do list'))
      await many(options.times, () => get('/api/todo/count', 'to-do count'))
    }
    // Cases of the sample are asked for once each, in no order; what this role may not see is a row of its own.
    let seen = 0
    let refused = 0
    for (const one of chance.shuffle([...sample])) {
      if (seen >= options.pages) break
      if (mine && owner.get(one.applicant) !== name) continue
      const from = performance.now()
      const answer = await client.ask('GET', `/api/cases/${one.id}`, { route: `case page, ${role}`, cookie, good: [200, 404], quiet: true })
      if (answer.status === 404) {
        figures.took(`case not to be seen, ${role}`, performance.now() - from)
        if (++refused >= 20 * options.pages) break
        continue
      }
      figures.took(`case page, ${role}`, performance.now() - from)
      seen += 1
      const page = answer.json()
      if (page.timeline.length === 0 || page.steps.length === 0) figures.failed(`case page, ${role}`, `${one.id} has no history`)
    }
    console.log(`  ${role} done`)
  }
  const after = town.state()
  client.close()
  await town.stop()
  console.log(`\n${options.rows} cases, one request at a time, ${options.times} of each; memory ${before.rss.toFixed(0)} MB before, ${after.rss.toFixed(0)} MB after, ${after.most.toFixed(0)} MB at most (pages of the file that are mapped count)`)
  figures.routes = new Map([...figures.routes].filter(([route]) => route !== 'sign in'))
  figures.print()
  const slow = figures.rows().filter((row) => row.p95 >= options.goal)
  for (const row of slow) console.log(`p95 over ${options.goal} ms: ${row.route} ${row.p95.toFixed(1)} ms`)
  console.log(figures.failures > 0 ? `NOT GOOD: ${figures.failures} errors; the figures do not count` : `errors: none; ${slow.length === 0 ? `every p95 is below ${options.goal} ms` : `${slow.length} of ${figures.routes.size} rows miss the goal`}`)
  return figures.failures === 0 && slow.length === 0
}

const town = new Town({ folder: options.data, build: options.build, program: options.yiwang, cases: options.cases })
await within(town, options.keep, async () => {
  const people = Math.round(profile.people_who_sign_in * options.share)
  await town.prepare({ people, clerks: profile.clerks, past: options.rows, whole: options.whole })
  return measure(town)
})
