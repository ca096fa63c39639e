// SPDX-License-Identifier: Apache-2.0
// What officials do beside the queue: take in a case at the window, suspend an item, keep a record.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fillStep, madeUpId, person, signIn, startBrowser, startCity } from './support.mjs'

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
const named = (username) => accounts.find((one) => one.username === username) ?? accounts.find((one) => one.kind === 'official')
const words = process.env.JOURNEY_ITEM ?? '食品经营许可'

test('a clerk takes in a case for a person at the window', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('clerk'), '/workbench/sign-in')
  await who.go('/workbench/window')
  await page.locator('#window-search').fill(words)
  await page.locator('#window-search').press('Enter')
  const row = page.locator('.item-picks li', { hasText: words }).first()
  await row.locator('button').click()
  await page.locator('#applicant-name').waitFor()
  await page.locator('form button[type=submit]').last().click()
  await page.locator('.error-summary').waitFor()
  await accessible(who, 'window with faults')
  await page.locator('#applicant-name').fill('测试申请人')
  await page.locator('#applicant-id').fill(madeUpId())
  await page.locator('#applicant-mobile').fill('13800138000')
  const items = await (await fetch(`${city.url}/api/records/item?limit=5&q=${encodeURIComponent(words)}`)).json()
  const guide = await (await fetch(`${city.url}/api/items/${items.rows[0].id}/guide`)).json()
  await fillStep(page, guide.form_body)
  await fillStep(page, guide.form_body)
  for (const box of await page.locator('input[id^=paper-seen-]').all()) await box.check()
  await page.locator('form button[type=submit]').last().click()
  await page.waitForURL(/\/workbench\/cases\//)
  await page.locator('.case-top').waitFor()
  await who.shot('20-window-case')
  who.clean('window')
  await who.close()
})

test('a suspended item takes no applications until it is resumed', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('item-reviewer'), '/workbench/sign-in')
  await who.go('/workbench/items?q=' + encodeURIComponent(words))
  await page.locator('.data-table a', { hasText: words }).first().click()
  await page.locator('#item-tabs-basic').waitFor()
  const id = new URL(page.url()).pathname.split('/').pop()
  const seen = async () => (await fetch(`${city.url}/api/items/${id}/guide`)).status
  const move = async (word) => {
    await page.locator('.head button', { hasText: word }).click()
    const sent = page.waitForResponse((answer) => answer.request().method() === 'PATCH')
    await page.locator('dialog footer button', { hasText: word }).click()
    assert.equal((await sent).status(), 200, word)
  }
  assert.equal(await seen(), 200)
  await move('暂停')
  await page.locator('.head button', { hasText: '恢复' }).waitFor()
  assert.equal(await seen(), 404, 'visitors no longer see it')
  await move('恢复')
  await page.locator('.head button', { hasText: '暂停' }).waitFor()
  assert.equal(await seen(), 200)
  await page.locator('#item-tabs-versions').click()
  await page.locator('.data-table tbody tr').nth(2).waitFor()
  await who.shot('21-item-versions')
  who.clean('item')
  await who.close()
})

test('an administrator keeps a record of any type: new, changed, ended, with its history', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  const code = 'JOURNEY-' + Date.now()
  await signIn(who, named('admin'), '/workbench/sign-in')
  await who.go('/workbench/records/organisation/new')
  await page.locator('#record-code').fill(code)
  await page.locator('#record-name').fill('测试机构')
  await page.locator('#record-kind').selectOption({ index: 1 })
  await page.locator('#record-level').selectOption({ index: 1 })
  await page.locator('form button[type=submit]').last().click()
  await page.waitForURL(/\/records\/organisation\/(?!new)/)
  await page.locator('.answer-list').waitFor()
  await page.locator('.head button', { hasText: '编辑' }).click()
  await page.locator('#record-phone').fill('not a number')
  await page.locator('form button[type=submit]').last().click()
  await page.locator('.error-summary').waitFor()
  // The refusal itself is what the browser logs; nothing else may be.
  who.troubles.splice(0)
  await page.locator('#record-phone').fill('0751-8888888')
  await page.locator('#record-name').fill('测试机构（改名）')
  await page.locator('form button[type=submit]').last().click()
  await page.locator('.answer-list').waitFor()
  await page.locator('.data-table', { hasText: '测试机构 → 测试机构（改名）' }).waitFor()
  await who.shot('22-record')
  await page.locator('.head button', { hasText: '终止' }).click()
  await page.locator('dialog footer button', { hasText: '终止' }).click()
  await page.waitForURL(/\/records\/organisation$/)
  who.clean('record')
  await who.close()
})
