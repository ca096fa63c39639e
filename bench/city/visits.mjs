// SPDX-License-Identifier: Apache-2.0
// What people do on the portal. The requests of each page are those that the page itself makes, written
// down from a browser; a browser asks for what does not change once a visit.
import { randomBytes, randomUUID } from 'node:crypto'
import { answersFor } from './answers.mjs'

const query = (values) => new URLSearchParams(values).toString()
const popular = `/api/records/item?${query({ filter: 'state = "published" and level != "4" and list contains(objects, "1")', sort: '-popularity', limit: '8' })}`
const departments = `/api/records/organisation?${query({ filter: 'level = "3" and kind = "department"', limit: '100', sort: 'code' })}`
const unread = `/api/records/message?${query({ filter: 'read_at = null', limit: '20' })}`

export class Portal {
  constructor({ client, chance, profile, people, password }) {
    Object.assign(this, { client, chance, profile, people, password })
    this.views = 0
    this.uploads = 0
    this.submitted = 0
    this.reviewed = 0
    this.reviewable = []
    this.with_cases = []
  }
  /** Items that a person can apply for here without questions of a guide, with their forms. */
  async learn(offices, flows) {
    const { client } = this
    const html = (await client.get('/', { quiet: true })).text()
    this.assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1])
    this.items = []
    this.left_out = 0
    let after = ''
    do {
      const page = (await client.get(`/api/records/item?${query({ filter: 'state = "published" and level != "4"', limit: '200', ...(after && { after }) })}`, { quiet: true })).json()
      for (const row of page.rows) {
        const guide = (await client.get(`/api/items/${row.id}/guide`, { quiet: true })).json()
        const fits = flows[guide.flow] && offices[row.department] && guide.form_body && !guide.guide && !guide.eligibility_decision && !guide.routing_decision && !guide.eligibility
        if (fits) this.items.push({ id: row.id, name: row.name, flow: guide.flow, department: row.department, schema: guide.form_body.schema, materials: guide.materials ?? [], heard: row.hearing_before_refusal === true })
        else this.left_out += 1
      }
      after = page.next
    } while (after)
    if (this.items.length === 0) throw new Error('no item can be applied for')
  }

  /** The visit's own memory: who it is, and what the browser has already. */
  async arrive(person) {
    const visit = { person, lists: new Set(), cookie: undefined }
    if (person) visit.cookie = await (person.session ??= this.client.signIn(person.username, this.password))
    await this.get(visit, '/', 'page of the portal')
    const first = [this.get(visit, '/api/site', 'site')]
    if (this.chance.unit() < this.profile.new_browsers) first.push(...this.assets.map((path) => this.get(visit, path, 'file of a page')))
    if (visit.cookie) first.push(this.get(visit, '/api/session', 'session'))
    await Promise.all(first)
    return visit
  }
  get(visit, path, route) {
    return this.client.get(path, { route, cookie: visit.cookie })
  }
  once(visit, path, route) {
    if (visit.lists.has(path)) return undefined
    visit.lists.add(path)
    return this.get(visit, path, route)
  }
  codes(visit, ...names) {
    return names.map((name) => this.once(visit, `/api/code-lists/${name}`, 'code list'))
  }
  names(visit, rows) {
    return Promise.all([...new Set(rows.map((row) => row.department))].filter(Boolean).map((id) => this.once(visit, `/api/records/organisation/${id}`, 'name of a body')))
  }

  async home(visit) {
    const all = [this.get(visit, popular, 'popular items'), this.get(visit, '/api/records/bundle?sort=-popularity&limit=6', 'one-thing list'), ...this.codes(visit, 'life-event')]
    if (visit.cookie) all.push(this.get(visit, '/api/cases?view=mine&limit=3', 'my cases'), this.get(visit, unread, 'messages'))
    const [items] = await Promise.all(all)
    await this.names(visit, items.json().rows)
  }
  async search(visit) {
    const name = this.chance.pick(this.items).name
    const from = this.chance.below(Math.max(1, name.length - 4))
    const words = this.chance.unit() < 0.3 ? name : name.slice(from, from + 2 + this.chance.below(4))
    const [found] = await Promise.all([this.get(visit, `/api/items/search?${query({ q: words, limit: '20' })}`, 'item search'), this.once(visit, departments, 'bodies'), ...this.codes(visit, 'item-type', 'service-object', 'life-event')])
    await this.names(visit, found.json().rows)
  }
  async guide(visit) {
    const item = (visit.item = this.chance.pick(this.items))
    await Promise.all([this.get(visit, `/api/items/${item.id}/guide`, 'guide of an item'), ...this.codes(visit, 'item-type', 'service-object', 'case-type')])
  }
  async apply(visit) {
    const { client, chance, profile } = this
    const { item, cookie, person } = visit
    await Promise.all([this.get(visit, `/api/items/${item.id}/guide`, 'guide of an item'), this.get(visit, '/api/drafts', 'drafts')])
    const data = answersFor(item.schema, person)
    let draft
    for (let i = 0; i < profile.drafts_kept; ++i) {
      const body = { item: item.id, data, materials: [], step: i }
      if (i === 0) draft = (await client.post('/api/drafts', body, { route: 'new draft', cookie, key: randomUUID() })).json()
      else await client.ask('PUT', `/api/drafts/${draft.id}`, { json: body, route: 'draft saved', cookie, key: randomUUID() })
    }
    const materials = []
    for (const material of item.materials.filter((one) => one.required)) {
      if (chance.unit() >= profile.uploaded_materials) {
        materials.push({ material: material.name, paper: true, attachments: [] })
        continue
      }
      const [least, most] = profile.attachment_bytes
      const bytes = randomBytes(least + chance.below(most - least))
      bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1')
      const made = await client.ask('POST', `/api/attachments?${query({ name: '附件.png', ...(draft && { draft: draft.id }) })}`, { bytes, type: 'image/png', route: 'attachment', cookie, key: randomUUID() })
      this.uploads += 1
      materials.push({ material: material.name, attachments: [made.json().id] })
    }
    const body = { item: item.id, data, materials, ...(draft && { draft: draft.id }) }
    const made = (await client.post('/api/cases', body, { route: 'application', cookie, key: randomUUID() })).json()
    this.submitted += 1
    visit.case = made.id
    if (!person.cases) {
      person.cases = []
      this.with_cases.push(person)
    }
    person.cases.push(made.id)
    this.office.take({ id: made.id, item, person })
  }
  done = (visit) => this.get(visit, `/api/cases/${visit.case}`, 'case page, applicant')
  cases = (visit) =>
    Promise.all([
      this.get(visit, '/api/cases?view=mine&limit=50', 'my cases'),
      this.get(visit, '/api/drafts', 'drafts'),
      this.get(visit, '/api/records/bundle_case?sort=-submitted_at&limit=20', 'my one-things'),
      ...this.codes(visit, 'bundle-state'),
    ])
  case(visit) {
    const id = visit.case ?? (visit.person.cases && this.chance.pick(visit.person.cases))
    return id ? this.get(visit, `/api/cases/${id}`, 'case page, applicant') : this.guide(visit)
  }
  messages = (visit) => this.get(visit, '/api/records/message?sort=-created_at&limit=50', 'messages')

  /** One visit from arriving to leaving; false when there is nothing to review yet. */
  async visit({ kind, pages }) {
    let person
    let review
    if (kind === 'review') {
      if (this.reviewable.length === 0) return false
      const at = this.chance.below(this.reviewable.length)
      review = this.reviewable[at]
      this.reviewable[at] = this.reviewable.at(-1)
      this.reviewable.pop()
      person = review.person
    } else if (kind === 'apply') person = this.chance.pick(this.people)
    else if (kind === 'follow') person = this.chance.pick(this.with_cases.length > 100 ? this.with_cases : this.people)
    const visit = await this.arrive(person)
    if (review) visit.case = review.id
    for (const page of pages) {
      await this[page](visit)
      this.views += 1
    }
    if (review) {
      const bad = this.chance.unit() < this.profile.bad_reviews
      const body = bad ? { grade: 4, tags: ['办理时间长'], text: '等的时间比说的长' } : { grade: 1 + this.chance.below(2), tags: ['服务热情'], text: '' }
      await this.client.post(`/api/cases/${review.id}/review`, body, { route: 'review', cookie: visit.cookie, key: randomUUID() })
      this.reviewed += 1
    }
    return true
  }
  /** The applicant answers what officials asked or told of a case. */
  async answer(work, act, body) {
    const cookie = await work.person.session
    await this.client.get(`/api/cases/${work.id}`, { route: 'case page, applicant', cookie })
    await this.client.post(`/api/cases/${work.id}/acts/${act}`, body, { route: `act: ${act}`, cookie, key: randomUUID() })
  }
}
