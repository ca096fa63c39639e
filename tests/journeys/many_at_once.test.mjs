// SPDX-License-Identifier: Apache-2.0
// Lists as officials use them all day: many rows acted on at once, and lists taken along as files.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, person, phone, signIn, startBrowser, startCity } from './support.mjs'

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
const named = (username) => accounts.find((one) => one.username === username)

test('an official takes several tasks at once and is told which were refused', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('handler'), '/workbench/sign-in')
  await who.go('/workbench/')
  await page.locator('.data-table tbody tr').nth(3).waitFor()
  const boxes = page.locator('.data-table tbody .pick input')
  for (const at of [0, 1, 2]) await boxes.nth(at).check()
  await page.locator('.bulk-bar', { hasText: '已选 3 条' }).waitFor()
  await accessible(who, 'to-do with chosen rows')
  await who.shot('22-todo-chosen')
  await page.locator('.bulk-bar button', { hasText: '签收' }).click()
  await page.locator('.toast-stack', { hasText: '已完成 3 条' }).waitFor()
  who.clean('to-do, many at once')
  await who.go('/workbench/?view=mine')
  await page.locator('.data-table tbody tr').nth(2).waitFor()
  await page.locator('.data-table thead .pick input').check()
  const count = await page.locator('.data-table tbody .pick input:checked').count()
  assert.ok(count >= 3, 'the three are there, and the box of the head chooses the page')
  await who.close()
})

test('what is refused among many is told with its case and its reason', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('clerk'), '/workbench/sign-in')
  await who.go('/workbench/')
  await page.locator('.data-table tbody tr').nth(3).waitFor()
  // What is still to be accepted is everybody's at the window: it cannot be taken by one.
  await page.locator('.data-table tbody .pick input').first().check()
  const number = await page.locator('.data-table tbody tr').first().locator('p').first().innerText()
  await page.locator('.bulk-bar button', { hasText: '签收' }).click()
  await page.locator('.bulk-bar .refused li', { hasText: number }).waitFor()
  assert.match(await page.locator('.bulk-bar .refused li').innerText(), /不能进行此操作/)
  await who.shot('22-todo-refused')
  await page.locator('.bulk-bar .refused button').click()
  await page.locator('.bulk-bar').waitFor({ state: 'detached' })
  await who.close()
})

test('a list is taken along as a file with just what it shows', async () => {
  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('clerk'), '/workbench/sign-in')
  await who.go('/workbench/cases?view=done')
  await page.locator('.data-table tbody tr').first().waitFor()
  await page.locator('.head button', { hasText: '导出' }).click()
  await page.locator('dialog .choice', { hasText: 'csv' }).locator('input').check()
  await accessible(who, 'export')
  await who.shot('23-export')
  const saving = page.waitForEvent('download')
  await page.locator('dialog footer button', { hasText: '导出' }).click()
  const file = await saving
  assert.match(file.suggestedFilename(), /\.csv$/)
  const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/)
  assert.match(lines[0], /办件编号,事项名称,申请人,状态/)
  const shown = await page.locator('.data-table tbody tr').count()
  assert.ok(lines.length > shown, `all pages: ${lines.length - 1} rows of a page of ${shown}`)
  const first = await page.locator('.data-table tbody tr').first().locator('a').first().innerText()
  assert.ok(lines[1].startsWith(first), 'in the order of the list')
  who.clean('export')
  await who.close()
})

test('a citizen leaves with a code that leads back to the case', async () => {
  const who = await person(browser, city.url, phone)
  const page = who.page
  await signIn(who, named('citizen'), '/sign-in')
  const rows = await page.evaluate(async () => (await fetch('/api/cases?view=mine')).json())
  await who.go(`/cases/${rows.rows[0].id}/done`)
  await page.locator('.done-page .code img').waitFor()
  const told = await page.evaluate(async (id) => (await fetch(`/api/cases/${id}/code`)).json(), rows.rows[0].id)
  assert.ok(told.address.endsWith(`/cases/${rows.rows[0].id}`))
  await accessible(who, 'submitted')
  await who.shot('24-submitted')
  who.clean('submitted')
  await who.close()
})
