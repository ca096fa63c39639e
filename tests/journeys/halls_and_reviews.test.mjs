// SPDX-License-Identifier: Apache-2.0
// A number at a hall: taken on a phone, called at the desk, seen on the big screen, reviewed at the device.
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

test('the pages of halls, messages and reviews', async () => {
  const who = await person(browser, city.url, phone)
  await who.go('/halls')
  await who.page.locator('.tile').first().waitFor()
  await look(who, 'halls')
  const hall = await who.page.request.get(`${city.url}/api/records/hall?limit=1&filter=${encodeURIComponent('level = "3"')}`).then((answer) => answer.json())
  await signIn(who, account('citizen2'))
  await who.go(`/halls/${hall.rows[0].id}`)
  await who.page.locator('.lines li').first().waitFor()
  await look(who, 'hall')
  await who.go('/reviews')
  await who.page.locator('.published').waitFor()
  await look(who, 'reviews')
  await who.go('/rate?n=1&c=2')
  await look(who, 'rate')
  await who.go('/messages')
  await look(who, 'messages')
  const screen = await person(browser, city.url, desk)
  await screen.go(`/halls/${hall.rows[0].id}/screen`)
  await screen.page.locator('.queues li').first().waitFor()
  await look(screen, 'hall-screen')
  const clerk = await person(browser, city.url, desk)
  await signIn(clerk, account('clerk'), '/workbench/sign-in')
  await clerk.go('/workbench/desk')
  await clerk.page.getByRole('button', { name: '上岗' }).or(clerk.page.getByRole('button', { name: '叫下一位' })).first().waitFor()
  await look(clerk, 'desk')
  const handler = await person(browser, city.url, desk)
  await signIn(handler, account('handler'), '/workbench/sign-in')
  await handler.go('/workbench/reviews')
  await look(handler, 'workbench-reviews')
  assert.ok(true)
  for (const one of [who, screen, clerk, handler]) await one.close()
})
