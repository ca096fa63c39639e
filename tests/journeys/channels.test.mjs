// SPDX-License-Identifier: Apache-2.0
// The enterprises' door with its staff; one card, one code, family and the forgiving search on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fits, person, phone, signIn, startBrowser, startCity } from './support.mjs'

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
async function look(who, name) {
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}
/** A brand that nobody has: signs by the clock, so that a city may serve the journey again. */
const brand = (() => {
  const signs = '岚霁澜曦翎墨璟屿栀蔚珩笙'
  let now = Math.floor(Date.now() / 1000)
  let out = ''
  for (let at = 0; at < 5; at += 1, now = Math.floor(now / 12)) out += signs[now % 12]
  return out
})()

/** An enterprise of the signed-in person, registered through the interface. */
async function found(who, brand) {
  return who.page.evaluate(async (brand) => {
    const session = await (await fetch('/api/session')).json()
    const answer = await fetch('/api/registrations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Yiwang': '1' },
      body: JSON.stringify({
        name: { place: (await (await fetch('/api/names/words')).json()).places[0], brand, trade: '餐饮', form: '有限公司' },
        kind: 'company',
        address_region: '440203',
        address: `百旺路${(Date.now() % 9000) + 100}号一层`,
        capital: 1_000_000,
        scope: ['H6210'],
        persons: [{ name: session.account.name, citizen_id: session.account.id_number, roles: ['legal', 'shareholder'], share: 100 }],
      }),
    })
    return (await answer.json()).state
  }, brand)
}

test('an enterprise invites staff, who accept and act for it; its registration changes', async () => {
  const boss = await person(browser, city.url, desk)
  await signIn(boss, account('citizen'), '/enterprise/sign-in')
  await look(boss, 'enterprise-first')
  assert.equal(await found(boss, brand), 'licensed')
  await boss.go('/enterprise/')
  await boss.page.locator('.doors li').first().waitFor()
  if (await boss.page.locator('#acting-for').count()) await boss.page.locator('#acting-for').selectOption({ label: await boss.page.locator('#acting-for option', { hasText: brand }).innerText() })
  await boss.page.locator('h1', { hasText: brand }).waitFor()
  await look(boss, 'enterprise-home')
  await boss.page.locator('.doors a[href="/enterprise/staff"]').click()
  await boss.page.locator('#staff-username').fill('citizen2')
  await look(boss, 'enterprise-staff')
  await boss.page.locator('form.card button[type=submit]').click()
  await boss.page.getByText('邀请已发出').waitFor()
  const staff = await person(browser, city.url, phone)
  await signIn(staff, account('citizen2'), '/enterprise/sign-in')
  await staff.page.getByText(brand).first().waitFor()
  await look(staff, 'enterprise-invited-phone')
  await staff.page.getByRole('button', { name: /接受/ }).first().click()
  await staff.page.locator('.doors li').first().waitFor()
  await look(staff, 'enterprise-staff-home-phone')
  // What may not be done is not offered.
  assert.equal(await staff.page.locator('.doors a[href="/enterprise/company"]').count(), 0)
  await staff.page.locator('.doors a[href="/enterprise/search"]').click()
  await staff.page.locator('#search').fill('食品经营许可')
  await staff.page.keyboard.press('Enter')
  await staff.page.locator('.search-page a[href*="/items/"]').first().waitFor()
  await look(staff, 'enterprise-search-phone')
  for (const path of ['certificates', 'cases', 'policies']) {
    await staff.go('/enterprise/' + path)
    await look(staff, `enterprise-${path}-phone`)
  }
  await boss.go('/enterprise/company')
  await boss.page.getByText('经营范围', { exact: true }).first().click()
  await boss.page.locator('#scope-search').fill('预包装')
  await boss.page.locator('.scope-picker .entries label', { hasText: '食品销售' }).first().click()
  await boss.page.locator('.scope-picker .entries').waitFor()
  await look(boss, 'enterprise-change')
  await boss.page.getByRole('button', { name: '提交变更' }).click()
  await boss.page.waitForURL(/\/registrations\//)
  await boss.page.getByText('准予变更登记').waitFor()
  await look(boss, 'enterprise-changed')
  await boss.go('/enterprise/company')
  await boss.page.getByRole('tab', { name: '简易注销' }).click()
  await look(boss, 'enterprise-cancel')
  await boss.go('/enterprise/?lang=en')
  await boss.page.locator('.doors li').first().waitFor()
  await look(boss, 'enterprise-english')
  await boss.close()
  await staff.close()
})

test('one card, one code, family and a search that forgives, on a phone', async () => {
  const who = await person(browser, city.url, phone)
  await signIn(who, account('citizen'))
  // A city that served this journey before starts afresh.
  await who.page.evaluate(async () => {
    const headers = { 'content-type': 'application/json', 'X-Yiwang': '1' }
    const post = (path) => fetch(path, { method: 'POST', headers, body: '{}' })
    if ((await (await fetch('/api/my/card')).json()).card) await post('/api/my/card/acts/unbind')
    for (const link of (await (await fetch('/api/my/family')).json()).rows) await post(`/api/my/family/${link.id}/end`)
  })
  await who.go('/card')
  await who.page.locator('#card-number').waitFor()
  await look(who, 'card-bind')
  await who.page.locator('#card-number').fill('D00000001')
  await who.page.getByRole('button', { name: '绑定' }).click()
  await who.page.locator('[role=switch]').first().click()
  await who.page.locator('[role=switch][aria-checked=true]').first().waitFor()
  await who.page.getByRole('button', { name: '暂停使用' }).click()
  await who.page.getByRole('button', { name: '恢复使用' }).click()
  await who.page.getByRole('button', { name: '暂停使用' }).waitFor()
  await look(who, 'card-bound')
  await who.go('/code')
  await who.page.getByRole('button', { name: '出示服务码' }).click()
  await who.page.locator('.code-page img').waitFor()
  await look(who, 'code')
  await who.go('/search?q=shebaoka')
  await who.page.locator('.search-page a[href*="/items/"]').first().waitFor()
  assert.match(await who.page.locator('.search-page').innerText(), /社会保障卡|社保卡/)
  await look(who, 'search-pinyin')
  await who.go('/family')
  await look(who, 'family')
  const elder = await person(browser, city.url, phone)
  await signIn(elder, account('elder'))
  await elder.go('/family')
  await elder.page.locator('#relative').fill('citizen')
  await elder.page.locator('form.card button[type=submit]').click()
  await elder.page.getByText('已发出').waitFor()
  await who.go('/family')
  await who.page.getByRole('button', { name: '接受' }).click()
  await who.page.getByRole('button', { name: /为其办理/ }).click()
  await who.page.locator('.for-relative').waitFor()
  await look(who, 'family-acting')
  await who.page.getByRole('button', { name: '回到本人' }).click()
  await who.page.getByRole('button', { name: /结束/ }).first().click()
  await who.page.getByRole('button', { name: /为其办理/ }).waitFor({ state: 'detached' })
  who.clean('family ended')
  await elder.close()
  await who.close()
})
