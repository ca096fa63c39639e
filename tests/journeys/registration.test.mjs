// SPDX-License-Identifier: Apache-2.0
// An enterprise from its name to its licence: on a phone without a person, at a desk with a rule that
// fails, the registrar who decides.
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
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}
const next = (who) => who.page.locator('.registration-wizard button[type=submit]').click()
const title = (who, text) => who.page.locator('#wizard-step', { hasText: text }).waitFor()

/** Fills the wizard up to the papers. `brand` and `scope` decide how it ends. */
async function fill(who, brand, scopes, name) {
  await who.go('/register')
  await title(who, '起名字')
  await who.page.locator('#name-brand').fill(brand)
  await who.page.locator('#name-trade').selectOption({ label: '餐饮' })
  await next(who) // not checked yet: the page says so
  await who.page.locator('.error-summary').waitFor()
  await who.page.locator('#name-check').click()
  await who.page.locator('.name-step .found').waitFor()
  await look(who, `${name}-name`)
  await next(who)
  await title(who, '住所')
  await who.page.locator('#address-county option:nth-child(2)').waitFor({ state: 'attached' })
  await who.page.locator('#address-county').selectOption({ index: 1 })
  await who.page.locator('#address-detail').fill('百旺路88号一层')
  await who.page.locator('#capital').fill('100000')
  await look(who, `${name}-place`)
  await next(who)
  await title(who, '经营范围')
  for (const scope of scopes) {
    await who.page.locator('#scope-search').fill(scope)
    await who.page.locator('.scope-picker .entries label', { hasText: scope }).first().click()
  }
  await look(who, `${name}-scope`)
  await next(who)
  await title(who, '人员')
  await look(who, `${name}-people`)
  await next(who)
  await title(who, '签署')
  await who.page.locator('.papers-reader details').first().waitFor()
  await look(who, `${name}-papers`)
  await who.page.locator('#agree').check()
  await next(who)
  await who.page.waitForURL(/\/registrations\/[0-9a-f-]+$/)
  await who.page.locator('.registration-detail h1').waitFor()
}

test('on a phone a clean application is licensed at once and its sealed licence opens', async () => {
  const who = await person(browser, city.url, phone)
  await signIn(who, account('citizen'))
  await fill(who, '云外青山', ['餐饮服务'], 'register-phone')
  await who.page.locator('.good-news').waitFor()
  await look(who, 'register-phone-licensed')
  await who.page.locator('.good-news a').click()
  await who.page.waitForURL(/\/certificates\//)
  await who.page.locator('.certificate-page dl').waitFor()
  assert.match(await who.page.locator('main').innerText(), /云外青山/)
  await look(who, 'register-phone-licence')
  await who.go('/registrations')
  await who.page.locator('.registration-list li').first().waitFor()
  await look(who, 'registrations-phone')
  await who.go('/notices')
  await look(who, 'notices-phone')
  await who.close()
})

test('at a desk a failed rule is named, and the registrar sees it, decides and explains', async () => {
  const who = await person(browser, city.url, desk)
  await signIn(who, account('citizen2'))
  await fill(who, '药香满园', ['药品零售'], 'register-desk')
  await who.page.locator('.faults li').waitFor()
  assert.match(await who.page.locator('.faults').innerText(), /前置许可/)
  await look(who, 'register-desk-human')
  await who.go('/registrations?lang=en')
  await who.page.locator('.registration-list li').first().waitFor()
  await look(who, 'registrations-english')
  const registrar = await person(browser, city.url, desk)
  await signIn(registrar, account('approver'), '/workbench/sign-in')
  await registrar.go('/workbench/registrations')
  await registrar.page.locator('a', { hasText: '药香满园' }).first().waitFor()
  await look(registrar, 'registrar-queue')
  await registrar.page.locator('a', { hasText: '药香满园' }).first().click()
  await registrar.page.locator('#reason').waitFor()
  await registrar.page.getByRole('button', { name: '退回' }).click()
  await registrar.page.locator('.error-summary').waitFor()
  await registrar.page.locator('#reason').fill('药品零售须先取得许可')
  await look(registrar, 'registrar-decides')
  await registrar.page.getByRole('button', { name: '退回' }).click()
  await registrar.page.locator('.status-tag', { hasText: '已退回' }).waitFor()
  registrar.clean('registrar')
  await who.close()
  await registrar.close()
})
