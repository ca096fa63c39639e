// SPDX-License-Identifier: Apache-2.0
// Two people at two browsers talk by video about one case: pictures and sound arrive on both sides, a
// screen is shared, a document signed, a third person refused, the line cut and restored.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Janus } from './janus.mjs'
import { accessible, demoAccounts, desk, fits, person, phone, settled, signIn, startBrowser, startCity } from './support.mjs'

let janus, city, browser, refused, accounts
before(async () => {
  janus = await Janus.make()
  city = await startCity({ YIWANG_JANUS: janus.address, YIWANG_JANUS_SECRET: janus.secret })
  browser = await startBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--auto-select-desktop-capture-source=Entire screen', '--autoplay-policy=no-user-gesture-required'])
  accounts = await demoAccounts(city.url)
})
after(async () => {
  await browser?.close()
  await refused?.close()
  await city?.stop()
  await janus?.stop()
})

// What the pages know of their connections is asked of the browser itself.
const watchConnections = `(() => {
  const made = (window.connections = [])
  const Own = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Own { constructor(...words) { super(...words); made.push(this) } }
})()`
async function at(name, screen, door = '/workbench/sign-in') {
  const who = await person(browser, city.url, { permissions: ['camera', 'microphone'], ...screen })
  await who.page.addInitScript(watchConnections)
  await signIn(who, accounts.find((one) => one.username === name), door)
  return who
}
/** Frames and sound that have arrived on connections that live: { frames: [by line], packets, width }. */
const arrived = (who) =>
  who.page.evaluate(async () => {
    const out = { frames: {}, packets: 0 }
    for (const one of window.connections.filter((each) => each.connectionState === 'connected'))
      for (const stat of (await one.getStats()).values())
        if (stat.type === 'inbound-rtp' && stat.kind === 'video') out.frames[stat.mid] = (out.frames[stat.mid] ?? 0) + (stat.framesDecoded ?? 0)
        else if (stat.type === 'inbound-rtp' && stat.kind === 'audio') out.packets += stat.packetsReceived ?? 0
    return out
  })
async function until(what, ask, seconds = 30) {
  let seen
  for (let round = 0; round < seconds * 4; ++round) {
    seen = await ask()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`${what}: not within ${seconds} s`)
}
/** Pictures really move on the page of `who`, and sound comes. */
async function seesAndHears(who, where) {
  await who.page.locator('.talk .status-tag.good').waitFor({ timeout: 30_000 })
  await who.page.waitForFunction(() => document.querySelector('.their video')?.videoWidth > 0, undefined, { timeout: 30_000 })
  const first = await arrived(who)
  const more = (now) => Object.keys(now.frames).some((mid) => now.frames[mid] > (first.frames[mid] ?? 0) + 5)
  const now = await until(`${where}: pictures and sound`, async () => {
    const seen = await arrived(who)
    return more(seen) && seen.packets > first.packets + 10 && seen
  })
  assert.ok(await who.page.evaluate(() => document.querySelector('.their video').currentTime > 0), where)
  return now
}
/** Sends to the server in the name of whoever sits at the page. */
async function said(who, path, data, headers = {}) {
  const answer = await who.page.request.post(city.url + path, { headers: { 'X-Yiwang': '1', ...headers }, data })
  assert.ok(answer.ok(), `${path}: ${answer.status()} ${(await answer.text()).slice(0, 400)}`)
  return answer.json()
}
async function newCase(who) {
  const items = await (await who.page.request.get(`${city.url}/api/records/item?q=${encodeURIComponent('食品经营许可')}`)).json()
  const file = await said(who, `/api/attachments?name=${encodeURIComponent('平面图.pdf')}`, Buffer.from('%PDF-1.4 plan'))
  const data = { enterprise_name: '韶关市视频餐饮有限公司', applicant_name: '李明', mobile: '13800000000', address: '百旺路18号一楼', registered: false, business_kind: 'catering', items: ['hot', 'cold'], area: 80 }
  const materials = ['经营场所平面图', '食品安全管理制度', '从业人员健康证明'].map((material) => ({ material, attachments: [file.id] }))
  return said(who, '/api/cases', { item: items.rows[0].id, data, materials })
}
async function enter(who) {
  await who.page.locator('.door input[type=checkbox]').check()
  await who.page.locator('.door .enter').click()
}

test('an official and a citizen see and hear each other, share, sign, and come back after a cut', async () => {
  const citizen = await at('citizen', phone, '/sign-in')
  const handler = await at('handler', desk)
  const found = await newCase(citizen)
  const clerk = await at('clerk', desk)
  await said(clerk, `/api/cases/${found.id}/acts/accept`, {})
  await clerk.close()

  // Opened from the page of the case; the citizen finds it on theirs.
  await handler.go(`/workbench/cases/${found.id}`)
  await handler.page.locator('.open-room').waitFor()
  await settled(handler, 'room-case-page')
  await handler.page.locator('.open-room').click()
  await handler.page.waitForURL(/\/rooms\/[0-9a-f-]{36}$/)
  await handler.page.locator('.door').waitFor()
  await settled(handler, 'room-door')
  const room = handler.page.url().split('/').at(-1)
  // Nobody enters without having agreed.
  await handler.page.locator('.door .enter').click()
  await handler.page.locator('.door [role=alert]').waitFor()
  assert.equal(await handler.page.locator('.talk').count(), 0)
  await enter(handler)
  await handler.page.locator('.talk .status-tag.warn').waitFor()
  await settled(handler, 'room-alone')

  await citizen.go(`/cases/${found.id}`)
  await citizen.page.locator('.enter-room').click()
  await citizen.page.locator('.door').waitFor()
  await settled(citizen, 'room-door-phone')
  await enter(citizen)
  await seesAndHears(citizen, 'citizen')
  await seesAndHears(handler, 'handler')
  await settled(handler, 'room-talk')
  await settled(citizen, 'room-talk-phone')

  // A third person is refused, whoever it is.
  for (const name of ['citizen2', 'approver']) {
    const third = await at(name, desk, name === 'citizen2' ? '/sign-in' : '/workbench/sign-in')
    await third.go(`${name === 'citizen2' ? '' : '/workbench'}/rooms/${room}`)
    await third.page.locator('.state-view.trouble').waitFor()
    assert.equal(await third.page.locator('.door').count(), 0)
    const join = await third.page.request.post(`${city.url}/api/rooms/${room}/join`, { headers: { 'X-Yiwang': '1' }, data: { consent: true } })
    assert.equal(join.status(), 404)
    third.troubles.splice(0)
    await third.close()
  }

  // The official shares the screen; it arrives as a second moving picture.
  const before = await arrived(citizen)
  await handler.page.locator('.controls .share').click()
  await handler.page.locator('.own-screen').waitFor()
  await citizen.page.locator('.room-picture.screen').waitFor()
  await until('the screen arrives', async () => {
    const now = await arrived(citizen)
    return Object.keys(now.frames).length > 1 && Object.entries(now.frames).every(([mid, count]) => count > (before.frames[mid] ?? 0)) && now
  })
  await citizen.page.waitForFunction(() => document.querySelector('.screen video')?.videoWidth > 0)
  await settled(citizen, 'room-screen-phone')
  await settled(handler, 'room-sharing')
  await handler.page.locator('.stop-share').click()
  await citizen.page.locator('.room-picture.screen').waitFor({ state: 'detached' })

  // Shown, read, signed; the signed file is a material of the case.
  await handler.page.locator('#document-title').fill('经营场所确认书')
  await handler.page.locator('#document-text').fill('本人确认经营场所与平面图一致。\n如有不实，愿承担相应责任。')
  await handler.page.locator('.show-document button[type=submit]').click()
  await citizen.page.locator('dialog[open] .paper').waitFor()
  await citizen.page.locator('dialog[open] .agree input').check()
  await settled(citizen, 'room-document-phone')
  await citizen.page.locator('dialog[open] .sign').click()
  // Without a signature of one's own one is written first.
  const signed = citizen.page.locator('.room-documents .status-tag.good')
  const pad = citizen.page.locator('dialog[open] .signature-pad')
  await signed.or(pad).first().waitFor()
  if (await pad.count()) {
    citizen.troubles.splice(0) // the refusal before
    await pad.getByText('不方便手写').or(pad.locator('label').nth(1)).first().click()
    await settled(citizen, 'room-signature-phone')
    await citizen.page.locator('dialog[open] .sign').click()
  }
  await signed.waitFor()
  await handler.page.locator('.room-documents .status-tag.good').waitFor()
  await settled(handler, 'room-signed')
  const view = await (await handler.page.request.get(`${city.url}/api/cases/${found.id}`)).json()
  const material = view.materials.find((one) => one.material === '经营场所确认书')
  assert.match(material.note, /SM3 [0-9a-f]{64}/)
  const file = await handler.page.request.get(`${city.url}/api/attachments/${material.attachments[0].id}`)
  assert.ok((await file.body()).subarray(0, 5).toString() === '%PDF-')
  assert.ok(view.timeline.some((one) => one.label.zh === '视频签署文书'))

  // Loaded again in the middle of it: back in the same room without asking again.
  await citizen.page.reload()
  await seesAndHears(citizen, 'citizen after loading again')
  await seesAndHears(handler, 'handler after the other loaded again')

  // The media server falls and is started again: both come back by themselves.
  await janus.kill()
  await handler.page.locator('.talk .status-tag.bad').waitFor({ timeout: 30_000 })
  await citizen.page.locator('.talk .status-tag.bad').waitFor({ timeout: 30_000 })
  await citizen.shot('room-lost-phone')
  await janus.start()
  await seesAndHears(citizen, 'citizen after the cut')
  await seesAndHears(handler, 'handler after the cut')
  handler.troubles.splice(0) // refused requests while the server was away
  citizen.troubles.splice(0)

  // In English, with the camera off.
  await handler.page.locator('.controls .camera').click()
  await citizen.page.locator('.their .instead').waitFor()
  await citizen.page.locator('button', { hasText: 'English' }).first().evaluate((button) => button.click())
  await citizen.page.locator('html[lang=en]').waitFor()
  await settled(citizen, 'room-sound-phone-en')

  await citizen.page.locator('.controls .end').click()
  await citizen.page.locator('dialog[open] .confirm-end').click()
  await citizen.page.locator('.ended').waitFor()
  await handler.page.locator('.ended').waitFor()
  await settled(handler, 'room-ended')
  await citizen.shot('room-ended-phone-en')
  const late = await handler.page.request.post(`${city.url}/api/rooms/${room}/join`, { headers: { 'X-Yiwang': '1' }, data: { consent: true } })
  assert.equal((await late.json()).code, 'rooms.ended')
  await citizen.close()
  await handler.close()
})

test('without permission for a camera the words say so, and sound alone is offered', async () => {
  refused = await startBrowser(['--deny-permission-prompts'])
  const who = await person(refused, city.url, phone)
  await signIn(who, accounts.find((one) => one.username === 'citizen'))
  const found = await newCase(who)
  await who.go(`/cases/${found.id}`)
  await who.page.locator('.open-room').click()
  await who.page.locator('.door').waitFor()
  await enter(who)
  await who.page.locator('.troubles p').nth(1).waitFor()
  const words = await who.page.locator('.troubles').innerText()
  assert.match(words, /摄像头/)
  assert.match(words, /麦克风/)
  await accessible(who, 'room-refused')
  await fits(who, 'room-refused')
  await who.shot('room-refused-phone')
  await who.close()
})
