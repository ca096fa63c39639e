// SPDX-License-Identifier: Apache-2.0
// Two servers as two cities. Applications received in one are decided in the other, while the line
// between them is cut in the middle and either server is killed and started again; nothing may get
// lost or come twice, on either side. Forged, altered, replayed and stale messages are refused and
// found again in the log.
//   node tests/exchange/run.mjs PROGRAM [CASES]
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { City, freePort, pause } from './city.mjs'
import { openLine } from './line.mjs'

const program = process.argv[2] ?? 'build/dev/yiwang'
const count = Number(process.argv[3] ?? 36)
const { sm3 } = createRequire(new URL('../../web/package.json', import.meta.url))('sm-crypto-v2')
const digest = (bytes) => sm3(new Uint8Array(bytes))
const begun = Date.now()
const say = (what) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`)

const data = mkdtempSync(join(tmpdir(), 'exchange-'))
const here = new City({ program, place: 'shaoguan', data: join(data, 'here'), port: await freePort() })
const there = new City({ program, place: 'example-neighbour', data: join(data, 'there'), port: await freePort() })
const line_there = await openLine(there.port) // what the first city sends
const line_here = await openLine(here.port) // what the second city sends
const code = { here: '440200', there: '449900' }

/** Until something is so; says what it waited for when it never is. */
async function until(what, ask, seconds = 240) {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const found = await ask().catch((error) => (error.cause?.code === 'ECONNREFUSED' || error.cause?.code === 'ECONNRESET' ? undefined : Promise.reject(error)))
    if (found) return found
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await pause(250)
  }
}

/** Each city registers the other; two people each. */
async function trust(city, other, address) {
  const identity = await other.good('', 'GET', '/api/exchange/identity')
  const proposal = { code: identity.code, name: identity.name, address, certificates: identity.certificates, reason: '省内跨市通办协议' }
  assert.equal((await city.ask('clerk', 'POST', '/api/exchange/partners', proposal)).status, 403)
  assert.equal((await city.ask('data-officer', 'POST', '/api/exchange/partners', { ...proposal, code: '449800' })).body.code, 'exchange.certificates_wrong')
  assert.equal((await city.ask('data-officer', 'POST', '/api/exchange/partners', { ...proposal, reason: ' ' })).body.code, 'exchange.reason_missing')
  const { id } = await city.good('data-officer', 'POST', '/api/exchange/partners', proposal)
  assert.equal((await city.ask('data-officer', 'POST', '/api/exchange/partners', proposal)).body.code, 'exchange.proposed_already')
  assert.equal((await city.ask('data-officer', 'POST', `/api/exchange/partners/${id}/acts/approve`, { reason: '同意' })).status, 403)
  const row = await city.good('admin', 'POST', `/api/exchange/partners/${id}/acts/approve`, { reason: '已电话核对指纹' })
  assert.equal(row.state, 'trusted')
  assert.equal(row.fingerprint, identity.fingerprint)
  return { id, proposal }
}

const plan = Buffer.from('%PDF-1.4 a lease of business premises, page ')
/** One application at the window of the first city for a body of the second. */
async function receive(item, n) {
  const bytes = Buffer.concat([plan, Buffer.from(String(n))])
  const file = await here.good('clerk', 'POST', `/api/attachments?name=${encodeURIComponent(`证明${n}.pdf`)}`, bytes)
  const row = await here.good('clerk', 'POST', '/api/remote-cases', {
    partner: code.there,
    item: item.code,
    applicant: { kind: 'citizen', name: `申请人${n}`, id_number: '440204198805060005', phone: '13800000000' },
    data: { enterprise_name: `云门市第${n}商行`, applicant_name: `申请人${n}`, mobile: '13800000000', address: '示范路18号一楼', registered: false, matter: '小商品零售' },
    materials: [{ material: '经营场所使用证明', attachments: [file.id] }],
  })
  return { id: row.id, number: row.number, key: row.key, sm3: digest(bytes), name: `证明${n}.pdf` }
}

/** An official of the second city works off what waits: accept, then approve (every seventh: ask for a correction once). */
async function work(done) {
  const cases = await there.good('clerk', 'GET', '/api/cases?view=all&limit=200&state=open')
  for (const row of cases.rows) {
    const n = Number(/\d+/.exec(row.applicant_name)?.[0])
    if (row.state === 'submitted') {
      if (n % 7 === 3 && !row.corrections) {
        await there.ask('clerk', 'POST', `/api/cases/${row.id}/acts/request-correction`, { reason: '请补充经营场所照片', materials: ['经营场所照片'] })
        continue
      }
      await there.ask('clerk', 'POST', `/api/cases/${row.id}/acts/accept`, {})
    } else if (row.state === 'handling') {
      const refuse = n % 9 === 5
      const answer = await there.ask('handler', 'POST', `/api/cases/${row.id}/acts/${refuse ? 'reject' : 'approve'}`, { reason: refuse ? '经营场所不符合要求' : '准予登记' })
      if (answer.status === 200) done.add(row.id)
    }
  }
}
/** The window of the first city hands in what was asked for. */
async function correct(corrected) {
  for (const row of await here.rows('clerk', 'remote_case', 'state = "correction"')) {
    if (corrected.has(row.id)) continue
    const file = await here.good('clerk', 'POST', `/api/attachments?name=${encodeURIComponent('场所照片.pdf')}`, Buffer.from(`%PDF-1.4 photo ${row.number}`))
    await here.good('clerk', 'POST', `/api/remote-cases/${row.id}/acts/correct`, { materials: [{ material: '经营场所照片', attachments: [file.id] }] })
    corrected.add(row.id)
  }
}

const post = (text) => there.ask('', 'POST', '/api/exchange/messages', text)
/** The body of a request that went over the line. */
const bodyOf = (request) => request.slice(request.indexOf('\r\n\r\n') + 4)

try {
  await Promise.all([here.start(), there.start()])
  say('both cities run')
  const first = await trust(here, there, line_there.url)
  // The other side does not know us yet: what is sent waits.
  await pause(1500)
  assert.equal((await here.rows('data-officer', 'exchange_message', 'state = "waiting"')).length, 1)
  const second = await trust(there, here, line_here.url)
  await here.good('data-officer', 'POST', `/api/exchange/partners/${code.there}/hurry`, {})
  const offers = await until('the offer of the other city', async () => {
    const found = await here.good('clerk', 'GET', `/api/exchange/offers?q=${encodeURIComponent('个体工商户设立登记')}`)
    return found.rows.length && found
  })
  const item = await here.good('clerk', 'GET', `/api/exchange/offers/${code.there}/${offers.rows[0].code}`)
  assert.ok(item.form?.ui && item.materials.length)
  say(`partners trust each other, ${item.name} is offered`)

  // What a window can see is wrong never travels.
  const wrong = { partner: code.there, item: item.code, applicant: { kind: 'citizen', name: '甲', id_number: '440204198805060005' }, data: {}, materials: [] }
  assert.equal((await here.ask('clerk', 'POST', '/api/remote-cases', { ...wrong, applicant: {} })).body.code, 'exchange.applicant_missing')
  assert.equal((await here.ask('clerk', 'POST', '/api/remote-cases', wrong)).body.code, 'cases.form_wrong')
  assert.equal((await here.ask('clerk', 'POST', '/api/remote-cases', { ...wrong, item: 'x' })).body.code, 'exchange.item_not_offered')
  assert.equal((await here.ask('citizen', 'POST', '/api/remote-cases', wrong)).status, 403)

  // Traffic, while the line is cut in the middle and both servers are killed.
  const cases = []
  const done = new Set()
  const corrected = new Set()
  let over = false
  line_here.bad = line_there.bad = true
  const storm = (async () => {
    for (let round = 0; !over; ++round) {
      await pause(700)
      const line = round % 2 ? line_here : line_there
      line.cut()
      await pause(500 + (round % 3) * 900)
      line.mend()
    }
    line_here.mend()
    line_there.mend()
  })()
  const officials = (async () => {
    while (!over) {
      await work(done).catch(() => {})
      await correct(corrected).catch(() => {})
      await pause(600)
    }
  })()
  for (let n = 1; n <= count; ++n) {
    // Cut by count as well as by the clock: a fast machine is through before the clock has struck.
    if (n % 4 === 2) {
      const line = n % 8 === 2 ? line_there : line_here
      line.cut()
      setTimeout(() => line.mend(), 250)
    }
    // A window that got no answer asks again only when nothing was kept; here the server is up.
    cases.push(await receive(item, n))
    if (n === Math.floor(count / 3)) {
      say('kill -9 of the deciding city')
      await there.kill()
      await pause(1500)
      await there.start()
    }
    if (n === Math.floor((2 * count) / 3)) {
      say('kill -9 of the receiving city')
      await here.kill()
      await pause(500)
      await here.start()
    }
  }
  say(`${count} applications received`)
  for (const [city, part, name] of [[there, 3, 'deciding'], [here, 2, 'receiving'], [there, 1.5, 'deciding']]) {
    await until('cases decided', async () => done.size >= count / part - 3, 200)
    say(`kill -9 of the ${name} city in the middle of its work`)
    await city.kill()
    await city.start()
  }
  await until('all cases decided', async () => done.size >= count || (await there.rows('clerk', 'service_case', 'decision != null')).length >= count, 300)
  over = true
  await Promise.all([storm, officials])
  line_here.bad = line_there.bad = false
  const { counts: on_the_way } = line_there
  const { counts: back } = line_here
  for (const one of [on_the_way, back]) assert.ok(one.cut >= 4 && one.torn > 3 && one.unanswered > 3, `the line was as bad as it should be: ${JSON.stringify(one)}`)
  say(`all decided; line there ${JSON.stringify(on_the_way)}, line back ${JSON.stringify(back)}`)
  await here.good('data-officer', 'POST', `/api/exchange/partners/${code.there}/hurry`, {})
  await there.good('data-officer', 'POST', `/api/exchange/partners/${code.here}/hurry`, {})
  const settled = async (city) => (await city.rows('data-officer', 'exchange_message', 'direction = "out" and state = "waiting"')).length === 0
  await until('nothing waits on either side', async () => (await settled(here)) && (await settled(there)))
  say('nothing waits any more')
  // A case is followed after its commit, so what was decided last may still be on its way to becoming a
  // message; what is lost never arrives.
  await until('both sides say the same', async () => {
    const known = new Map((await there.rows('clerk', 'remote_case')).map((row) => [row.key, row.case_id]))
    const decided = new Map((await there.rows('clerk', 'service_case')).map((row) => [row.id, row.decided_at]))
    return (await here.rows('clerk', 'remote_case')).every((row) => row.decided_at && row.decided_at === decided.get(known.get(row.key))) && (await settled(here)) && (await settled(there))
  }, 200)

  // Counted on both sides.
  const mine = await here.rows('clerk', 'remote_case')
  const inbox = await there.rows('clerk', 'remote_case')
  const theirs = await there.rows('clerk', 'service_case')
  assert.equal(mine.length, count, 'cases at the receiving window')
  assert.equal(inbox.length, count, 'cases received from elsewhere')
  assert.equal(theirs.length, count, 'cases at the deciding city')
  assert.equal(new Set(inbox.map((row) => row.key)).size, count, 'no case twice')
  const by_key = new Map(inbox.map((row) => [row.key, row]))
  const by_id = new Map(theirs.map((row) => [row.id, row]))
  let granted = 0
  let files = 0
  let results = 0
  for (const each of cases) {
    const view = await here.good('clerk', 'GET', `/api/remote-cases/${each.id}`)
    const case_there = by_id.get(by_key.get(each.key).case_id)
    assert.equal(view.their_number, case_there.number)
    assert.equal(view.state, case_there.state, `${each.number}: both sides say the same`)
    assert.equal(view.decided_at, case_there.decided_at)
    const page = await there.good('handler', 'GET', `/api/cases/${case_there.id}`)
    const origin = await there.good('handler', 'GET', `/api/cases/${case_there.id}/elsewhere`)
    assert.equal(origin.number, each.number, 'the page of the case names the receipt of the other city')
    assert.equal(view.timeline.length, page.timeline.filter((event) => event.act !== 'forward').length)
    const lease = page.materials.find((material) => material.material === '经营场所使用证明')
    assert.equal(lease.attachments.length, 1)
    const bytes = await there.good('handler', 'GET', `/api/attachments/${lease.attachments[0].id}`)
    assert.equal(digest(bytes), each.sm3, 'the file came over bit by bit')
    files += page.materials.reduce((sum, material) => sum + material.attachments.length, 0)
    if (view.state !== 'granted') continue
    granted += 1
    assert.equal(view.results.length, 1, 'one sealed result')
    const sealed = await here.good('clerk', 'GET', `/api/remote-cases/${each.id}/results/${view.results[0].ref}`)
    assert.equal(digest(sealed), view.results[0].sm3)
    assert.equal(sealed.subarray(0, 2).toString(), 'PK', 'an OFD document')
    results += 1
  }
  assert.ok(granted > count / 2)
  assert.equal(files, count + corrected.size, 'files at the deciding city')
  // Every message once, numbers without a gap, and each side has the other's receipt.
  for (const [city, other, from] of [[here, there, code.here], [there, here, code.there]]) {
    const out = (await city.rows('data-officer', 'exchange_message', 'direction = "out"')).sort((a, b) => a.sequence - b.sequence)
    const taken = (await other.rows('data-officer', 'exchange_message', 'direction = "in"')).sort((a, b) => a.sequence - b.sequence)
    assert.deepEqual(out.map((row) => row.message), taken.map((row) => row.message), `messages of ${from}`)
    assert.deepEqual(out.map((row) => row.sequence), out.map((_, at) => at + 1), `numbers of ${from}`)
    assert.ok(out.every((row) => row.state === 'delivered' && row.receipt), `receipts for ${from}`)
    assert.ok(taken.every((row) => row.state === 'applied'))
    say(`${out.length} messages from ${from}, ${out.filter((row) => row.tries > 1).length} of them sent more than once`)
  }
  say(`${count} cases, ${granted} granted with ${results} sealed results, ${corrected.size} corrected, nothing lost, nothing twice`)

  // Delivered at the first city's window, withdrawn while it is still open, papers by courier.
  const to_deliver = cases.find((each) => mine.find((row) => row.id === each.id).state === 'granted')
  await here.good('clerk', 'POST', `/api/remote-cases/${to_deliver.id}/acts/deliver`, { note: '本人领取' })
  await until('the delivery is known there', async () => (await there.good('clerk', 'GET', `/api/cases/${by_key.get(to_deliver.key).case_id}`)).state === 'delivered')
  await until('and here', async () => (await here.good('clerk', 'GET', `/api/remote-cases/${to_deliver.id}`)).state === 'delivered')
  assert.equal((await here.ask('clerk', 'POST', `/api/remote-cases/${to_deliver.id}/acts/deliver`, {})).body.code, 'exchange.act_not_possible')
  assert.equal((await here.ask('clerk', 'POST', `/api/remote-cases/${to_deliver.id}/couriers`, { what: '原件' })).body.code, 'exchange.courier_wrong')
  await here.good('clerk', 'POST', `/api/remote-cases/${to_deliver.id}/couriers`, { what: '租赁合同原件', carrier: '邮政', number: 'EM0001' })
  const papers = await until('the papers are announced', async () => (await there.good('clerk', 'GET', `/api/remote-cases/${by_key.get(to_deliver.key).id}`)).couriers[0])
  assert.equal(papers.number, 'EM0001')
  await there.good('clerk', 'POST', `/api/couriers/${papers.id}/came`, {})
  await until('their coming is known', async () => (await here.good('clerk', 'GET', `/api/remote-cases/${to_deliver.id}`)).couriers[0].received_at)
  say('delivered, papers sent and received')

  // Somebody on the line.
  const seen = line_there.recorded.map(bodyOf).filter((text) => text.startsWith('{') && text.endsWith('}'))
  const whole = seen.map((text) => JSON.parse(text)).filter((message) => message.form === 'yiwang-exchange-1')
  assert.ok(whole.length > 10)
  for (const text of line_there.recorded) for (const secret of ['申请人', '第1商行', '440204198805060005', '13800000000']) assert.ok(!text.includes(secret), 'nothing personal is readable on the line')
  const before = (await there.rows('data-officer', 'exchange_refusal')).length
  const latest = whole.at(-1)
  const attacks = [
    ['replayed', JSON.stringify(latest), 'exchange.replayed'],
    ['altered number', JSON.stringify({ ...latest, sequence: latest.sequence + 1 }), 'exchange.bad_signature'],
    ['altered time', JSON.stringify({ ...latest, issued_at: new Date().toISOString().replace('Z', '000Z'), nonce: createHash('md5').update('a').digest('hex') }), 'exchange.bad_signature'],
    ['altered body', JSON.stringify({ ...latest, data: latest.data.replace(/^..../, 'AAAA') }), 'exchange.bad_signature'],
    ['forged', JSON.stringify({ ...latest, id: randomUUID(), signature: whole[0].signature }), 'exchange.bad_signature'],
    ['unknown sender', JSON.stringify({ ...latest, from: '449700' }), 'exchange.unknown_sender'],
    ['for somebody else', JSON.stringify({ ...latest, to: '440300' }), 'exchange.not_for_us'],
    ['half', JSON.stringify(latest).slice(0, 200), 'exchange.unreadable'],
    ['more members', JSON.stringify({ ...latest, admin: 'true' }), 'exchange.unreadable'],
  ]
  for (const [what, text, expected] of attacks) assert.equal((await post(text)).body.code, expected, what)
  // The clock moves on: what was good is stale, and a replay can no longer pass as young.
  await there.good('admin', 'POST', '/api/clock', { seconds: 1200 })
  assert.equal((await post(JSON.stringify(whole[0]))).body.code, 'exchange.stale')
  const log = await there.rows('data-officer', 'exchange_refusal')
  assert.equal(log.length, before + attacks.length + 1, 'each is in the log of refusals')
  for (const row of log.slice(before)) {
    assert.ok(row.says && row.address && row.digest)
    const audit = await there.good('auditor', 'GET', `/api/audit?object=${row.id}`)
    assert.ok(audit.rows.some((entry) => entry.act === 'exchange:refuse'), 'and in the audit log')
  }
  assert.equal((await there.rows('clerk', 'service_case')).length, count, 'none of it became a case')
  say(`${attacks.length + 1} attacks refused, each in the exchange log and the audit log`)

  // New certificates replace the old; trust ends with a reason.
  assert.equal((await there.ask('admin', 'POST', `/api/exchange/partners/${second.id}/acts/end`, {})).body.code, 'exchange.reason_missing')
  const replaced = await here.good('data-officer', 'POST', '/api/exchange/partners', { ...first.proposal, reason: '更换网址' })
  await here.good('admin', 'POST', `/api/exchange/partners/${replaced.id}/acts/approve`, { reason: '已核对' })
  assert.deepEqual((await here.rows('data-officer', 'exchange_partner')).map((row) => row.state).sort(), ['replaced', 'trusted'])
  await there.good('admin', 'POST', `/api/exchange/partners/${second.id}/acts/end`, { reason: '协议到期' })
  const refused = await post(JSON.stringify({ ...latest }))
  assert.equal(refused.body.code, 'exchange.unknown_sender')
  for (const city of [here, there]) assert.equal((await city.good('auditor', 'POST', '/api/audit/verify', {})).ok, true)
  say('partner replaced and ended; both audit logs hold')
  console.log('good')
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await Promise.all([here.stop(), there.stop(), line_here.close(), line_there.close()])
  rmSync(data, { recursive: true, force: true })
}
