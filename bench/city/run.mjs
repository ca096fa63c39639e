#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A day of a prefecture, replayed as fast as it goes. See README.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from './client.mjs'
import { Chance, Figures } from './figures.mjs'
import { Office, flows } from './office.mjs'
import { Town, bytesUnder, here, megabytes, readOptions, sleep, within } from './town.mjs'
import { Portal } from './visits.mjs'

const options = readOptions({ share: 1, data: '', keep: false, build: 'build/release', yiwang: '', profile: join(here, 'profile.json'), visitors: 8, crew: 4, past: 0, cases: 4000 })
const profile = JSON.parse(readFileSync(options.profile))
const share = (number) => Math.round(number * options.share)

/** Visits of each hour: every kind keeps its total, spread by the weights. */
function plan(chance) {
  const sum = profile.hours.reduce((a, b) => a + b)
  const hours = profile.hours.map(() => [])
  for (const kind of profile.visits) {
    let weight = 0
    let given = 0
    profile.hours.forEach((each, hour) => {
      weight += each
      const until = Math.round((share(kind.times) * weight) / sum)
      for (; given < until; ++given) hours[hour].push(kind)
    })
  }
  return hours.map((list) => chance.shuffle(list))
}

async function day(town) {
  const { people } = town
  const figures = new Figures()
  const client = new Client(await town.start(), figures)
  await sleep(1000)
  const before = { ...town.state(), disk: bytesUnder(town.folder) }
  const chance = new Chance(20261123)
  const portal = new Portal({ client, chance, profile, people: people.citizens.map((one) => ({ ...one })), password: people.password })
  const office = new Office({ client, chance, profile, portal, made: people, crew: options.crew })
  portal.office = office
  await portal.learn(people.offices, flows)
  await office.signIn()
  console.log(`${portal.people.length} people, ${office.officials} officials with open pages, ${portal.items.length} items (${portal.left_out} ask questions first or go other ways and are left out)`)
  figures.routes.clear()
  figures.requests = 0

  const hours = plan(chance)
  const began = { at: performance.now(), driver: process.cpuUsage(), city: town.state().cpu }
  let slowest = { times: Infinity }
  for (let hour = 0; hour < 24; ++hour) {
    const from = { at: performance.now(), requests: figures.requests }
    const list = hours[hour]
    const count = list.length
    let at = 0
    const is_office = profile.office_hours.includes(hour)
    if (is_office) office.start()
    await Promise.all(
      Array.from({ length: options.visitors }, async () => {
        while (at < list.length) {
          const kind = list[at++]
          try {
            // Nothing to review yet: the visit comes an hour later.
            if (!(await portal.visit(kind)) && hour < 23) hours[hour + 1].push(kind)
          } catch {
            if (figures.failures > 200) throw new Error('too many errors')
          }
        }
      }),
    )
    if (is_office) {
      await office.clear()
      await office.close()
    }
    const seconds = (performance.now() - from.at) / 1000
    if (3600 / seconds < slowest.times) slowest = { hour, times: 3600 / seconds }
    const requests = figures.requests - from.requests
    console.log(`${String(hour).padStart(2, '0')}:00  ${String(count).padStart(6)} visits  ${String(requests).padStart(7)} requests  ${seconds.toFixed(1).padStart(7)} s  ${(requests / seconds).toFixed(0).padStart(6)}/s  ${((3600 * options.share) / seconds).toFixed(0).padStart(6)} times real time  ${office.waiting.length} waiting, ${figures.failures} errors, ${town.state().rss.toFixed(0)} MB`)
  }
  const seconds = (performance.now() - began.at) / 1000
  const used = process.cpuUsage(began.driver)
  const driver = (used.user + used.system) / 1e6
  const city = town.state().cpu - began.city
  await sleep(500)
  const after = { ...town.state(), disk: bytesUnder(town.folder) }
  client.close()
  await town.stop()

  console.log(`\n${options.share === 1 ? 'The day' : `A share of ${options.share} of the day`}: ${portal.submitted} applications, ${portal.views} page views, ${portal.reviewed} reviews, ${portal.uploads} attachments, ${office.acts} acts of officials, ${office.delivered} cases delivered, ${office.waiting.length} left for tomorrow`)
  console.log(`${seconds.toFixed(0)} s: ${((86400 * options.share) / seconds).toFixed(1)} times real time; the busiest hour ${(slowest.times * options.share).toFixed(1)} times (${slowest.hour}:00)`)
  console.log(`${figures.requests} requests, ${(figures.requests / seconds).toFixed(0)}/s; processors: city ${(city / seconds).toFixed(2)}, driver ${(driver / seconds).toFixed(2)} (${((100 * driver) / (driver + city)).toFixed(0)} % of both)`)
  console.log(`memory of the city: ${before.rss.toFixed(0)} MB before, ${after.rss.toFixed(0)} MB after, ${after.most.toFixed(0)} MB at most; disk ${megabytes(before.disk)} MB before, ${megabytes(after.disk)} MB after; events heard ${megabytes(office.heard)} MB\n`)
  figures.print()
  const wanted = { applications: [portal.submitted, share(30000)], reviews: [portal.reviewed, share(12000)] }
  for (const kind of profile.visits) {
    if (kind.kind === 'apply') wanted.applications[1] = share(kind.times)
    if (kind.kind === 'review') wanted.reviews[1] = share(kind.times)
  }
  let good = figures.failures === 0
  for (const [what, [got, due]] of Object.entries(wanted))
    if (got !== due) {
      console.log(`${what}: ${got} of ${due}`)
      good = false
    }
  console.log(good ? 'errors: none' : `NOT GOOD: ${figures.failures} errors; the figures do not count`)
  return good
}

const town = new Town({ folder: options.data, build: options.build, program: options.yiwang, cases: options.cases })
await within(town, options.keep, async () => {
  await town.prepare({ people: Math.max(200, share(profile.people_who_sign_in)), clerks: profile.clerks, past: options.past })
  return day(town)
})
