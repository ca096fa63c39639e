// SPDX-License-Identifier: Apache-2.0
// Every page that citizens, enterprises and machines can be shown, with a real address for each, taken from the
// routers themselves, and the dialogs that their pages can open.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { root } from './support.mjs'

export const prefix = { citizen: '', enterprise: '/enterprise', kiosk: '/kiosk' }
const source = (path) => readFileSync(join(root, 'web/src', path), 'utf8')

/** Pages that need a machine beside the city, a media server, and the journey that looks at them. */
const elsewhere = { '/rooms/:id': 'room_with_video.test.mjs' }
/** The paths of a channel's router, and which of them need somebody signed in. */
export function routesOf(channel) {
  const text = source(`channels/${channel}/routes.ts`)
  const found = [...text.matchAll(/\{\s*path: '([^']+)',\s*component:([\s\S]*?)\},?\n/g)]
  if (found.length !== text.match(/\bcomponent:/g).length) throw new Error(`${channel}/routes.ts is written in a way that is not understood here`)
  return found.filter(([, path]) => !elsewhere[path]).map(([, path, rest]) => ({ path, signed: /signed: true|meta: own/.test(rest) }))
}

/** The headings (keys of words) of all dialogs in the pages of these channels. */
export function dialogsOf() {
  const folders = ['engines/portal', 'engines/seals', 'engines/registration', 'channels/citizen', 'channels/enterprise', 'channels/kiosk']
  const files = folders.flatMap((folder) => readdirSync(join(root, 'web/src', folder), { recursive: true }).map((name) => `${folder}/${name}`))
  return files
    .filter((path) => path.endsWith('.vue'))
    .flatMap((path) => [...source(path).matchAll(/<modal-dialog[\s\S]*?:title="([^"]+)"/g)].map(([, title]) => ({ path, title })))
}

/** A PNG with one dark line across it. */
function stroke(width, height) {
  const rows = Buffer.alloc(height * (width + 1), 255)
  for (let row = 0; row < height; row += 1) rows.fill(row === height / 2 ? 20 : 255, row * (width + 1) + 1, (row + 1) * (width + 1)).writeUInt8(0, row * (width + 1))
  const chunk = (name, data) => {
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length, 0)
    out.write(name, 4, 'latin1')
    data.copy(out, 8)
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
    return out
  }
  const head = Buffer.from([0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255, 8, 0, 0, 0, 0])
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

/**
 * What people need to have before their pages show anything: an enterprise, cases in several states, a thing, a
 * card, a request to read, a relative, seals. `at` is a journey.
 */
export async function fill(at) {
  const signature = `data:image/png;base64,${stroke(240, 80).toString('base64')}`
  const [me, clerk, bank, elder] = await Promise.all(['citizen', 'clerk', 'bank', 'elder'].map((name) => at.caller(name)))
  const account = (await me('GET', '/api/session')).account
  const registered = await me('POST', '/api/registrations', {
    name: { place: (await me('GET', '/api/names/words')).places[0], brand: '岚霁走查', trade: '餐饮', form: '有限公司' },
    kind: 'company',
    address_region: '440203',
    address: '百旺路 66 号一层',
    capital: 1_000_000,
    scope: ['H6210'],
    persons: [{ name: account.name, citizen_id: account.id_number, roles: ['legal', 'shareholder'], share: 100 }],
  })
  const item = (await me('GET', '/api/records/item?q=' + encodeURIComponent('企业设立登记'))).rows[0]
  const apply = (name) =>
    me('POST', '/api/cases', {
      item: item.id,
      data: { enterprise_name: name, applicant_name: account.name, mobile: '13800000000', address: '百旺路 18 号一楼', registered: false, matter: '茶叶种植、加工与销售' },
      materials: (item.materials ?? []).map((one) => ({ material: one.name, paper: true })),
    })
  const submitted = await apply('明月山茶业有限公司')
  const correction = await apply('清风岭茶业有限公司')
  await clerk('POST', `/api/cases/${correction.id}/acts/request-correction`, { reason: '身份证照片不清晰，请重新上传。' })
  // A draft that goes on where materials are asked for.
  const food = (await me('GET', '/api/records/item?q=' + encodeURIComponent('食品经营许可'))).rows[0]
  const guide = await me('GET', `/api/items/${food.id}/guide`)
  const form = guide.form_body ?? (await me('GET', `/api/forms/${guide.form}`))
  const screens = form.ui.filter((one) => one.type === 'Step').length || 1
  await me('POST', '/api/drafts', { item: food.id, data: { enterprise_name: '还没有想好的名字' }, step: screens })
  const bundle = (await me('GET', '/api/records/bundle?q=' + encodeURIComponent('开饭店'))).rows[0]
  const file = await me('RAW', '/api/attachments?name=' + encodeURIComponent('材料.pdf'), '%PDF-1.4 paper')
  const situation = { entity: 'company', large: true, sign: true, staff: true }
  const thing = await me('POST', '/api/bundle-cases', {
    bundle: bundle.id,
    answers: situation,
    data: { enterprise_name: '李明小炒店', applicant_name: '李明', mobile: '13800000000', address: '百旺路18号一楼', employees: 6, items: ['hot', 'cold'], area: 360, capital: 50, finance_name: '王会计', finance_mobile: '13800000001' },
    materials: ['经营场所平面图', '招牌效果图', '消防安全制度'].map((material) => ({ material, attachments: [file.id] })),
  })
  const asked = await bank('POST', '/api/authorisations', {
    owner_code: account.id_number, owner_name: account.name, purpose: '开立个人账户', basis: 'consent', days: 1, most_uses: 2,
    things: [{ kind: 'certificate', type: 'resident-card', fields: ['name', 'birth_date'] }],
  })
  await me('POST', `/api/my/authorisations/${asked.id}/agree`, {})
  await me('POST', '/api/my/card', { number: 'D00000001' })
  await elder('POST', '/api/my/family', { username: 'citizen', relation: 'child', may: ['apply', 'show'] })
  const hall = (await me('GET', '/api/records/hall?limit=1&filter=' + encodeURIComponent('level = "3"'))).rows[0]
  // A number is given in office hours only; an appointment at any time.
  const business = hall.businesses[0].code
  await (await at.program('citizen'))('POST', `/api/halls/${hall.id}/tickets`, { business })
  for (let days = 1; days < 10; days += 1) {
    const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const free = (await me('GET', `/api/halls/${hall.id}/slots?business=${business}&day=${day}`)).slots.find((one) => one.left > 0)
    if (!free) continue
    await me('POST', `/api/halls/${hall.id}/appointments`, { business, day, slot: free.slot })
    break
  }
  await me('POST', '/api/my/seals', { picture: signature })
  const [officer, keeper] = await Promise.all(['certificate-officer', 'seal-keeper2'].map((name) => at.caller(name)))
  const seal = (await officer('GET', '/api/usable-seals')).rows[0]
  const use = await officer('POST', '/api/seal-uses', { seal: seal.id, reason: '印发检查通知', copies: 1, place: { page: 'last' }, documents: [{ name: '通知.pdf', bytes: Buffer.from('%PDF-1.4 paper').toString('base64') }] })
  if (!(await keeper('GET', `/api/seal-uses/${use.id}`)).may_decide) throw new Error('the keeper may not decide on the seal asked for')
  const cases = (await me('GET', '/api/cases?view=mine&limit=50')).rows
  const certificates = (await me('GET', '/api/my/certificates')).rows
  const own = await at.caller('citizen', (await me('GET', '/api/my/enterprises')).rows[0].enterprise)
  const company = {
    case: (await own('POST', '/api/cases', { item: item.id, data: { enterprise_name: '岚霁二店', applicant_name: account.name, mobile: '13800000000', address: '百旺路 18 号一楼', registered: false, matter: '茶叶销售' }, materials: (item.materials ?? []).map((one) => ({ material: one.name, paper: true })) })).id,
    certificate: (await own('GET', '/api/my/certificates')).rows[0].id,
  }
  return {
    item: item.id, food: food.id, bundle: bundle.id, situation: encodeURIComponent(JSON.stringify(situation)), thing: thing.id, hall: hall.id, seal_use: use.id, registration: registered.id, submitted: submitted.id, correction: correction.id,
    closed: cases.find((one) => ['delivered', 'refused'].includes(one.state)).id,
    certificate: certificates.find((one) => one.type === 'resident-card').id, company,
  }
}

/** Addresses for each route; a route that stands for several states has one for each of them. */
export function addresses(ids) {
  const shared = {
    '/sign-in': ['/sign-in'],
    '/search': ['/search', '/search?q=shebao', '/search?q=zzzzzz'],
    '/items/:id': [`/items/${ids.item}`],
    '/apply/:item': [`/apply/${ids.item}`],
    '/register': ['/register'],
    '/registrations': ['/registrations'],
    '/registrations/:id': [`/registrations/${ids.registration}`],
    '/notices': ['/notices'],
    '/certificates': ['/certificates'],
    '/:rest(.*)*': ['/no/such/page'],
    '/': ['/'],
  }
  const portal = {
    ...shared,
    '/seals': ['/seals'],
    '/reviews': ['/reviews'],
    '/messages': ['/messages'],
    '/cases': ['/cases'],
    '/account': ['/account'],
    '/accessibility': ['/accessibility'],
    '/authorisations': ['/authorisations'],
  }
  const mine = {
    '/cases/:id': [ids.submitted, ids.correction, ids.closed].map((id) => `/cases/${id}`),
    '/cases/:id/done': [`/cases/${ids.submitted}/done`],
    '/certificates/:id': [`/certificates/${ids.certificate}`],
  }
  return {
    citizen: {
      ...portal,
      ...mine,
      '/bundles/:id': [`/bundles/${ids.bundle}`],
      '/bundles/:bundle/apply': [`/bundles/${ids.bundle}/apply?s=${ids.situation}`],
      '/things/:id': [`/things/${ids.thing}`],
      '/halls': ['/halls'],
      '/halls/:id': [`/halls/${ids.hall}`],
      '/halls/:id/screen': [`/halls/${ids.hall}/screen`],
      '/rate': ['/rate?n=1&c=2'],
      '/my-data': ['/my-data'],
      '/card': ['/card'],
      '/code': ['/code'],
      '/family': ['/family'],
      '/check': ['/check'],
    },
    enterprise: {
      ...portal,
      '/cases/:id': [`/cases/${ids.company.case}`],
      '/cases/:id/done': [`/cases/${ids.company.case}/done`],
      '/certificates/:id': [`/certificates/${ids.company.certificate}`],
      '/staff': ['/staff'],
      '/company': ['/company'],
      '/policies': ['/policies'],
    },
    kiosk: { ...shared, ...mine, '/cases': ['/cases'], '/devices': ['/devices'] },
  }
}

/** Each dialog: where it is opened, with what, and its heading as the source has it. */
export const dialogs = (ids) => [
  { at: `/cases/${ids.submitted}`, opener: '.citizen-case button.danger', title: "say('case.withdraw')" },
  { at: '/cases', opener: '.cases-page .drafts button', title: "say('cases.drop')" },
  { at: `/certificates/${ids.certificate}`, opener: '.certificate-page > .action-button', title: "say('cert.show_title', { name: one.type_name })" },
  { at: `/certificates/${ids.certificate}`, opener: '.certificate-copies .make', title: "say('copy.make')" },
  { at: '/authorisations', opener: 'li.active .danger', title: "say('space.withdraw')" },
  { at: '/seals', opener: '.own-seals .apply', title: "say('seal.apply_enterprise')" },
  { at: '/seals', opener: '.own-seals .cards .danger', title: "ending ? say('seal.act_' + ending.act) : ''" },
  { at: `/apply/${ids.food}`, opener: '.certificate-choice .choose', title: "say('apply.use_title', { name: material })" },
  { as: ['citizen2', '/sign-in'], at: '/seals', opener: '.own-seals .make', title: "say('seal.make_signature')" },
  { as: ['seal-keeper2', '/workbench/sign-in'], at: `/workbench/seal-uses/${ids.seal_use}`, opener: '.seal-use .allow', title: "deciding ? say('seal.' + deciding) : ''" },
]
