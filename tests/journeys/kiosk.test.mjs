// SPDX-License-Identifier: Apache-2.0
// A self-service machine: large targets, devices through the bridge, slips, forgetting who walked away, and a
// page for when the network is gone; the manager sees its beats.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fits, person, root, signIn, startBrowser, startCity } from './support.mjs'

const touch = { viewport: { width: 1080, height: 1920 }, hasTouch: true }
let city, browser, accounts
before(async () => {
  city = await startCity()
  browser = await startBrowser()
  accounts = await demoAccounts(city.url)
})
after(async () => {
  await browser?.close()
  await city?.stop()
})
const account = (name) => accounts.find((one) => one.username === name)

/** The bridge of a machine; answers its address once it listens. */
async function startBridge(...options) {
  const spool = mkdtempSync(join(tmpdir(), 'kiosk-'))
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const child = spawn(process.execPath, [join(root, 'tools/kiosk-bridge.mjs'), '--city', city.url, '--port', String(port), '--spool', spool, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', (code) => reject(new Error(`the bridge ended with ${code}`)))
  })
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    spool,
    simulate: (what) => fetch(`${url}/bridge/simulate`, { method: 'POST', headers: { 'X-Yiwang': '1' }, body: JSON.stringify(what) }).then((answer) => answer.json()),
    stop: () => {
      child.kill('SIGTERM')
      rmSync(spool, { recursive: true, force: true })
    },
  }
}

/** Everything that can be pressed and is in sight is 80 px or more both ways. */
async function large(who, where) {
  const small = await who.page.evaluate(() =>
    [...document.querySelectorAll('a, button, input, select, textarea, summary')]
      .map((one) => {
        // A box to tick is pressed by its label as well.
        const box = one.getBoundingClientRect()
        return { box, text: `${one.tagName} ${one.className} "${(one.textContent || one.id).trim().slice(0, 20)}"` }
      })
      .filter(({ box }) => box.width > 1 && box.height > 1 && box.bottom > 0)
      .filter(({ box }) => box.width < 79.5 || box.height < 79.5)
      .map(({ box, text }) => `${text} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`),
  )
  assert.deepEqual(small, [], `${where}: targets below 80 px`)
}
async function look(who, name) {
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await large(who, name)
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}
const call = async (path, method, body, cookie, headers = {}) => {
  const answer = await fetch(city.url + path, { method, headers: { 'content-type': 'application/json', 'X-Yiwang': '1', cookie: cookie ?? '', ...headers }, body: body && JSON.stringify(body) })
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0], body: await answer.json() }
}

test('a machine serves with its devices, prints a slip, and its manager sees beats and faults', async () => {
  const officer = await call('/api/session', 'POST', { username: 'data-officer', password: account('data-officer').password })
  const code = `J-${Date.now() % 1_000_000}`
  const made = await call('/api/kiosks', 'POST', { code, name: '旅程终端', division: '440203' }, officer.cookie)
  assert.equal(made.status, 201)
  const bridge = await startBridge('--code', code, '--secret', made.body.secret)
  try {
    const who = await person(browser, bridge.url, touch)
    await who.go('/kiosk/')
    await who.page.getByText('设备正常').waitFor()
    await look(who, 'kiosk-home')
    await bridge.simulate({ card: { number: 'D00000001', name: '李明' } })
    await who.page.getByRole('link', { name: '设备自检' }).click()
    await who.page.getByRole('button', { name: /试一下\s*读卡器/ }).click()
    await who.page.getByText('已读到李明的卡片').waitFor()
    await who.page.getByRole('button', { name: /试一下\s*扫描仪/ }).click()
    await who.page.locator('img[src^="data:image/png"]').waitFor()
    await who.page.getByRole('button', { name: /试一下\s*打印机/ }).click()
    await who.page.getByText('已打印').waitFor()
    assert.match(readFileSync(join(bridge.spool, readdirSync(bridge.spool)[0]), 'utf8'), /测试页/)
    await look(who, 'kiosk-devices')
    await bridge.simulate({ printer: 'paper_out' })
    await who.page.getByRole('button', { name: /试一下\s*打印机/ }).click()
    await who.page.getByText('打印机不可用').waitFor()
    const fleet = await call('/api/fleet', 'GET', undefined, officer.cookie)
    const machine = fleet.body.machines.find((one) => one.code === code)
    assert.equal(machine.condition, 'fault')
    assert.ok(machine.prints >= 1)
    const stranger = await fetch(`${bridge.url}/bridge/reader/read`, { method: 'POST', body: '{}' })
    assert.equal(stranger.status, 403)
    await who.close()
  } finally {
    bridge.stop()
  }
  const manager = await person(browser, city.url, desk)
  await signIn(manager, account('data-officer'), '/workbench/sign-in')
  for (const tab of ['终端', '布点图', '布点建议']) {
    await manager.go('/workbench/fleet')
    await manager.page.getByRole('tab', { name: tab }).click()
    await manager.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
    await accessible(manager, `fleet ${tab}`)
    await fits(manager, `fleet ${tab}`)
    await manager.shot(`fleet-${['终端', '布点图', '布点建议'].indexOf(tab)}`)
    manager.clean(`fleet ${tab}`)
  }
  await manager.close()
})

test('every page of a machine has targets of 80 px and no axe finding', async () => {
  const who = await person(browser, city.url, touch)
  for (const path of ['/kiosk/search', '/kiosk/search?q=shebao', '/kiosk/sign-in', '/kiosk/notices', '/kiosk/no/such/page']) {
    await who.go(path)
    await look(who, 'kiosk' + path.replaceAll(/[/?=]/g, '-'))
  }
  const item = await who.page.request.get(`${city.url}/api/items/search?q=社保`).then((answer) => answer.json())
  await who.go(`/kiosk/items/${item.rows[0].id}`)
  await look(who, 'kiosk-guide')
  await signIn(who, account('citizen'), '/kiosk/sign-in')
  for (const path of ['/kiosk/', '/kiosk/cases', '/kiosk/certificates', '/kiosk/register', '/kiosk/registrations', `/kiosk/apply/${item.rows[0].id}`]) {
    await who.go(path)
    await look(who, 'kiosk-signed' + path.replaceAll('/', '-').slice(0, 30))
  }
  await who.go('/kiosk/?lang=en')
  await look(who, 'kiosk-english')
  await who.close()
})

test('whoever walks away leaves neither a session nor a typed word', async () => {
  const who = await person(browser, city.url, touch)
  await who.page.clock.install()
  await signIn(who, account('citizen'), '/kiosk/sign-in')
  await who.page.evaluate(() => document.querySelector('a[href="/kiosk/register"]').click())
  await who.page.locator('#name-brand').fill('不该留下的字')
  await who.page.clock.runFor(62_000)
  await who.page.locator('.kiosk-idle').waitFor()
  await accessible(who, 'kiosk idle')
  await who.shot('kiosk-idle')
  // A touch keeps everything.
  await who.page.getByRole('button', { name: '继续办理' }).click()
  assert.equal(await who.page.locator('#name-brand').inputValue(), '不该留下的字')
  await who.page.clock.runFor(82_000)
  await who.page.waitForURL(/\/kiosk\/$/)
  await who.page.getByText('您好，请选择要办的事').waitFor()
  const session = await who.page.request.get(`${city.url}/api/session`).then((answer) => answer.json())
  assert.equal(session.account, null)
  assert.equal(await who.page.evaluate(() => sessionStorage.length + localStorage.length), 0)
  await who.page.goBack().catch(() => undefined)
  assert.ok(!(await who.page.content()).includes('不该留下的字'))
  await who.close()
})

test('without the network a machine says so and comes back by itself', async () => {
  const who = await person(browser, city.url, touch)
  await who.go('/kiosk/')
  await who.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await who.page.reload()
  await who.page.waitForFunction(() => !!navigator.serviceWorker.controller)
  await who.page.context().setOffline(true)
  await who.page.goto(city.url + '/kiosk/search')
  await who.page.getByText('网络中断').waitFor()
  await who.shot('kiosk-offline')
  await who.page.context().setOffline(false)
  await who.page.waitForURL(/\/kiosk\/$/, { timeout: 20_000 })
  await who.page.locator('.kiosk-home').waitFor()
  await who.close()
})
