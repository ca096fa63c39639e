// SPDX-License-Identifier: Apache-2.0
// Receipt for elsewhere at the screens: two cities come to trust each other, a window receives for the
// other one, its officials decide, and the sealed result lies at the window.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { City, freePort } from '../exchange/city.mjs'
import { demoAccounts, desk, fillStep, person, phone, photo, root, settled, signIn, startBrowser, startCity } from './support.mjs'

let city, neighbour, browser, accounts
const data = mkdtempSync(join(tmpdir(), 'neighbour-'))
before(async () => {
  city = await startCity()
  neighbour = new City({ program: process.env.CITY_PROGRAM ?? join(root, 'build/dev/yiwang'), place: 'example-neighbour', data, port: await freePort() })
  await neighbour.start()
  browser = await startBrowser()
  accounts = await demoAccounts(city.url)
})
after(async () => {
  await browser?.close()
  await neighbour?.stop()
  await city?.stop()
  rmSync(data, { recursive: true, force: true })
})
const account = (name) => accounts.find((one) => one.username === name)
async function at(name, screen = desk) {
  const who = await person(browser, city.url, screen)
  await signIn(who, account(name), '/workbench/sign-in')
  return who
}
async function english(who) {
  await who.page.locator('button', { hasText: 'English' }).first().click()
  await who.page.locator('html[lang=en]').waitFor()
}

test('a window receives for another county and sees how it stands', async () => {
  const clerk = await at('county-clerk')
  await clerk.go('/workbench/elsewhere')
  await clerk.page.locator('.data-table tbody tr').nth(4).waitFor()
  await settled(clerk, 'elsewhere')
  await clerk.page.getByRole('button', { name: '其他城市代收' }).click()
  await clerk.page.locator('.state-view').waitFor()
  await settled(clerk, 'elsewhere-inbox-empty')
  await clerk.page.getByRole('button', { name: '本窗口代收' }).click()
  // One that its owner asks to be corrected.
  await clerk.page.locator('.data-table tbody tr', { hasText: '待补正' }).getByRole('link').click()
  await clerk.page.locator('.acts .correct').waitFor()
  await settled(clerk, 'elsewhere-correction')
  await clerk.page.locator('.acts input[type=file]').setInputFiles(photo('补充.png'))
  await clerk.page.locator('.acts .correct:not([disabled])').click()
  await clerk.page.locator('.case-top .status-tag', { hasText: '待受理' }).waitFor()
  // Papers leave, and the owner's window notes their coming on the page of the case.
  await clerk.page.locator('.send-papers').click()
  await clerk.page.locator('#papers-what').fill('经营场所使用证明原件')
  await clerk.page.locator('#papers-number').fill('EM20260009')
  await clerk.page.locator('dialog[open] .confirm').click()
  await clerk.page.locator('.paper-couriers li', { hasText: 'EM20260009' }).waitFor()
  await settled(clerk, 'elsewhere-papers')
  const narrow = await at('county-clerk', phone)
  await narrow.go(new URL(clerk.page.url()).pathname)
  await narrow.page.locator('.paper-couriers li').waitFor()
  await settled(narrow, 'elsewhere-case-phone')
  await narrow.go('/workbench/elsewhere')
  await narrow.page.locator('.data-table').waitFor()
  await settled(narrow, 'elsewhere-phone')
  await english(narrow)
  await narrow.go('/workbench/elsewhere')
  await narrow.page.locator('.data-table').waitFor()
  await narrow.shot('elsewhere-phone-en')
  await clerk.close()
  await narrow.close()
})

test('two cities trust each other, one receives, the other decides', async () => {
  const officer = await at('data-officer')
  await officer.go('/workbench/exchange')
  await officer.page.locator('.own').waitFor()
  const identity = await neighbour.good('', 'GET', '/api/exchange/identity')
  await officer.page.locator('.propose').click()
  await officer.page.locator('#partner-file').setInputFiles({ name: 'identity.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(identity)) })
  await officer.page.locator('#partner-address').fill(neighbour.url)
  await officer.page.locator('#partner-reason').fill('省内跨市通办协议')
  assert.equal(await officer.page.locator('#partner-code').inputValue(), identity.code)
  await settled(officer, 'exchange-propose')
  await officer.page.locator('dialog[open] .confirm').click()
  await officer.page.locator('.partners li', { hasText: '待审核' }).waitFor()
  const admin = await at('admin')
  await admin.go('/workbench/exchange')
  await admin.page.locator('.partners .approve').click()
  await admin.page.locator('dialog[open] .fingerprint', { hasText: identity.fingerprint }).waitFor()
  await admin.page.locator('#partner-act-reason').fill('已电话核对指纹')
  await settled(admin, 'exchange-approve')
  await admin.page.locator('dialog[open] .confirm').click()
  await admin.page.locator('.partners li', { hasText: '可信' }).waitFor()
  await settled(admin, 'exchange-partners')
  // The log says what waits and why; the other side does not know this city yet.
  await officer.page.reload()
  await officer.page.getByRole('tab', { name: '交换日志' }).click()
  await officer.page.locator('.data-table tbody tr', { hasText: '待发送' }).waitFor()
  await settled(officer, 'exchange-log-waiting')
  const ours = await (await fetch(`${city.url}/api/exchange/identity`)).json()
  const back = await neighbour.good('data-officer', 'POST', '/api/exchange/partners', { ...ours, address: city.url, reason: '省内跨市通办协议' })
  await neighbour.good('admin', 'POST', `/api/exchange/partners/${back.id}/acts/approve`, { reason: '已电话核对指纹' })
  await officer.page.locator('.hurry').click()

  const clerk = await at('clerk')
  const offer = await until(async () => {
    const found = await clerk.page.request.get(`${city.url}/api/exchange/offers?q=${encodeURIComponent('个体工商户设立登记')}`)
    return (await found.json()).rows[0]
  })
  await clerk.go('/workbench/elsewhere/new')
  await clerk.page.locator('#elsewhere-where option', { hasText: identity.name }).waitFor({ state: 'attached' })
  await clerk.page.locator('#elsewhere-where').selectOption({ label: identity.name })
  await clerk.page.locator('#elsewhere-items input').fill('个体工商户')
  await clerk.page.keyboard.press('Enter')
  await clerk.page.locator('.item-picks li', { hasText: '个体工商户设立登记' }).waitFor()
  await settled(clerk, 'elsewhere-pick')
  await clerk.page.getByRole('button', { name: '选择个体工商户设立登记' }).click()
  await clerk.page.locator('#applicant-name').fill('林晚')
  await clerk.page.locator('#applicant-id').fill('440204198805060005')
  const form = await clerk.page.request.get(`${city.url}/api/exchange/offers/${offer.partner}/${offer.code}`).then((answer) => answer.json())
  await fillStep(clerk.page, form.form)
  const need = form.materials.findIndex((one) => one.required)
  await clerk.page.locator(`#paper-${need}`).setInputFiles(photo('租赁合同.png'))
  await settled(clerk, 'elsewhere-new')
  await clerk.page.locator('form button[type=submit]').last().click()
  await clerk.page.waitForURL(/elsewhere\/[0-9a-f-]{36}$/)
  const todo = await until(async () => (await neighbour.good('clerk', 'GET', '/api/todo')).rows[0])
  await neighbour.good('clerk', 'POST', `/api/cases/${todo.case_id}/acts/accept`, {})
  await neighbour.good('handler', 'POST', `/api/cases/${todo.case_id}/acts/approve`, { reason: '准予登记' })
  const id = clerk.page.url().split('/').at(-1)
  await until(async () => (await (await clerk.page.request.get(`${city.url}/api/remote-cases/${id}`)).json()).results?.length === 1)
  await clerk.page.reload()
  await clerk.page.locator('.results a').waitFor()
  await settled(clerk, 'elsewhere-granted')
  const [file] = await Promise.all([clerk.page.waitForEvent('download'), clerk.page.locator('.results a').click()])
  assert.ok(file.suggestedFilename().endsWith('.ofd'))
  await english(clerk)
  await clerk.page.reload()
  await clerk.page.locator('.results a').waitFor()
  await clerk.shot('elsewhere-granted-en')

  // A forged message is refused, and found by those who watch.
  const forged = await fetch(`${city.url}/api/exchange/messages`, { method: 'POST', headers: { 'X-Yiwang': '1' }, body: JSON.stringify({ form: 'yiwang-exchange-1', from: identity.code }) })
  assert.equal(forged.status, 422)
  await officer.page.reload()
  await officer.page.getByRole('tab', { name: '拒收记录' }).click()
  await officer.page.locator('.data-table tbody tr', { hasText: 'exchange.unreadable' }).waitFor()
  await settled(officer, 'exchange-refusals')
  await officer.page.getByRole('tab', { name: '交换日志' }).click()
  await officer.page.locator('.data-table tbody tr', { hasText: '已送达' }).first().waitFor()
  await settled(officer, 'exchange-log')
  const narrow = await at('data-officer', phone)
  await narrow.go('/workbench/exchange')
  await narrow.page.locator('.partners li').first().waitFor()
  await settled(narrow, 'exchange-phone')
  for (const one of [officer, admin, clerk, narrow]) await one.close()
})

async function until(ask) {
  for (let round = 0; round < 120; ++round) {
    const found = await ask()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('not within 30 s')
}
