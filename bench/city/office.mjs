// SPDX-License-Identifier: Apache-2.0
// What officials do in office hours: they carry each application from receipt to delivery, over the
// pages that the workbench shows, and their pages follow the city's events.
import { randomUUID } from 'node:crypto'
import { sleep } from './town.mjs'

/** Steps of the flows by who takes them. */
export const flows = {
  ordinary: [
    ['handler', 'forward'],
    ['reviewer', 'forward'],
    ['approver', 'approve'],
  ],
  'on-the-spot': [['handler', 'approve']],
}
// The page's own rule: however many events come, it counts again once in this time.
const recount_ms = 3000
const spread_ms = 2000

export class Office {
  constructor({ client, chance, profile, portal, made, crew }) {
    Object.assign(this, { client, chance, profile, portal, made, crew })
    this.waiting = []
    this.busy = 0
    this.open = false
    this.acts = 0
    this.delivered = 0
    this.heard = 0
  }
  async signIn() {
    const { client, chance, made } = this
    const names = [...made.clerks, ...Object.values(made.offices).flatMap((office) => Object.values(office))]
    this.cookies = new Map()
    for (const name of names) this.cookies.set(name, await client.signIn(name, made.password))
    for (const cookie of this.cookies.values()) {
      let due
      client.listen(cookie, (bytes) => {
        this.heard += bytes
        if (!this.open || due) return
        due = setTimeout(() => {
          due = undefined
          if (this.open) this.count(cookie).catch(() => {})
        }, recount_ms + chance.unit() * spread_ms)
      })
    }
    this.officials = names.length
  }
  count = (cookie) => this.client.get('/api/todo/count', { route: 'to-do count', cookie })
  /** A new application, or one that goes on. */
  take(work) {
    this.waiting.push(work)
  }
  next(work) {
    if (!work.accepted) return { role: 'clerk', act: 'accept', body: {} }
    const steps = flows[work.item.flow]
    if (work.at < steps.length) {
      const [role, act] = steps[work.at]
      if (act === 'approve' && work.refused) return { role, act: 'reject', body: { reason: '不符合法定条件' } }
      return { role, act, body: act === 'approve' ? { reason: '准予' } : { note: '材料齐全，拟同意' } }
    }
    return { role: 'clerk', act: 'deliver', body: {} }
  }
  async step(work) {
    const { client, chance, profile, made } = this
    let { role, act, body } = this.next(work)
    if (act === 'accept' && work.corrected === undefined && chance.unit() < profile.corrections) {
      work.corrected = false
      ;[act, body] = ['request-correction', { reason: '材料不清晰，请重新提交' }]
    }
    const name = role === 'clerk' ? chance.pick(made.clerks) : made.offices[work.item.department][role]
    const cookie = this.cookies.get(name)
    if (this.acts % profile.todo_list_every === 0) await client.get('/api/todo?view=open&limit=25', { route: `to-do list, ${role}`, cookie })
    await client.get(`/api/cases/${work.id}`, { route: `case page, ${role}`, cookie })
    if (act === 'reject' && work.item.heard) await this.offerHearing(work)
    await client.post(`/api/cases/${work.id}/acts/${act}`, body, { route: `act: ${act}`, cookie, key: randomUUID() })
    this.acts += 1
    await this.count(cookie)
    if (act === 'request-correction') return this.portal.answer(work, 'correct', { note: '已补正' }).then(() => this.take(work))
    if (act === 'accept') {
      work.accepted = true
      work.at = 0
      work.refused = chance.unit() < profile.refusals
    } else if (act === 'deliver') {
      this.delivered += 1
      this.portal.reviewable.push(work)
      return
    } else work.at += 1
    this.take(work)
  }
  /** Some refusals want the applicant told first that they may be heard; here they do without. */
  async offerHearing(work) {
    const cookie = this.cookies.get(this.made.offices[work.item.department].handler)
    await this.client.post(`/api/cases/${work.id}/acts/offer-hearing`, { reason: '拟不予许可' }, { route: 'act: offer-hearing', cookie, key: randomUUID() })
    await this.portal.answer(work, 'decline-hearing', {})
    this.acts += 1
  }
  /** Works until told to close; `crew` officials at once. */
  start() {
    this.open = true
    this.working = Promise.all(
      Array.from({ length: this.crew }, async () => {
        while (this.open) {
          // The oldest first; the newest would leave the morning's applications lying.
          const work = this.waiting.shift()
          if (work === undefined) {
            await sleep(2)
            continue
          }
          this.busy += 1
          try {
            await this.step(work)
          } catch {
            // Noted by the client; the case is left where it is.
          } finally {
            this.busy -= 1
          }
        }
      }),
    )
  }
  async clear() {
    while (this.waiting.length > 0 || this.busy > 0) await sleep(2)
  }
  async close() {
    this.open = false
    await this.working
  }
}
