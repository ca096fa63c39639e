// SPDX-License-Identifier: Apache-2.0
// Every page of both channels: no axe violation, no console error, no request to others, no sideways
// scrolling; on a phone and at a desk, in large type, strong contrast and English.
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

async function first(who, path) {
  return who.page.evaluate(async (address) => {
    const answer = await fetch(address)
    const body = await answer.json()
    return (Array.isArray(body) ? body : body.rows)[0]?.id
  }, path)
}
async function look(who, path, name) {
  await who.go(path)
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot('page-' + name)
  who.clean(name)
}
const looks = [
  { name: 'phone', screen: phone, query: '' },
  { name: 'desk', screen: desk, query: '' },
  { name: 'elder', screen: phone, query: 'elder=1' },
  { name: 'contrast', screen: desk, query: 'contrast=1' },
  { name: 'english', screen: desk, query: 'lang=en' },
]
const withQuery = (path, query) => (query ? path + (path.includes('?') ? '&' : '?') + query : path)

for (const one of looks) {
  test(`citizens' pages: ${one.name}`, async () => {
    const who = await person(browser, city.url, one.screen)
    const see = (path, name) => look(who, withQuery(path, one.query), `citizen-${one.name}-${name}`)
    await see('/', 'home')
    const item = await first(who, '/api/records/item?limit=1&filter=' + encodeURIComponent('state = "published"'))
    await see('/search', 'search')
    await see('/search?q=zzzzzz', 'search-nothing')
    await see(`/items/${item}`, 'guide')
    await see('/sign-in', 'sign-in')
    await see('/accessibility', 'accessibility')
    await see('/no/such/page', 'missing')
    await signIn(who, accounts.find((account) => account.username === 'citizen') ?? accounts.find((account) => account.kind === 'citizen'))
    who.clean('sign-in')
    await see('/', 'home-signed')
    await see(`/apply/${item}`, 'apply')
    await see('/cases', 'cases')
    const mine = await first(who, '/api/cases?view=mine&limit=1')
    if (mine) {
      await see(`/cases/${mine}`, 'case')
      await see(`/cases/${mine}/done`, 'done')
    }
    await see('/account', 'account')
    if (one.name === 'english') assert.equal(await who.page.locator('html').getAttribute('lang'), 'en')
    if (one.name === 'elder') assert.equal(await who.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '24px')
    await who.close()
  })
}

for (const one of looks) {
  test(`officials' pages: ${one.name}`, async () => {
    const who = await person(browser, city.url, one.screen)
    const see = (path, name) => look(who, withQuery('/workbench' + path, one.query), `workbench-${one.name}-${name}`)
    await see('/sign-in', 'sign-in')
    const enter = async (username) => {
      const account = accounts.find((each) => each.username === username) ?? accounts.find((each) => each.kind === 'official')
      await who.page.context().clearCookies({ name: 'yiwang_session' })
      await signIn(who, account, withQuery('/workbench/sign-in', one.query))
      who.clean('sign-in')
    }
    await enter('clerk')
    await see('/', 'todo')
    await see('/cases', 'cases')
    const known = await first(who, '/api/cases?view=all&limit=1')
    if (known) await see(`/cases/${known}`, 'case')
    await see('/window', 'window')
    await enter('process-manager')
    for (const tab of ['tasks', 'start', 'instances', 'notices', 'models', 'incidents'])
      await see(`/processes?tab=${tab}`, `processes-${tab}`)
    const version = await who.page.evaluate(async () => (await (await fetch('/api/processes')).json()).rows[0]?.definition)
    if (version) await see(`/processes/versions/${version}`, 'process-version')
    await see('/processes/models/new', 'process-model')
    await enter('plan-manager')
    await see('/plan', 'plan')
    const task = await first(who, '/api/records/plan_task?limit=1')
    if (task) await see(`/plan/tasks/${task}`, 'task')
    await see('/plan/bulletin', 'bulletin')
    await enter('admin')
    const item = await first(who, '/api/records/item?limit=1')
    const organisation = await first(who, '/api/records/organisation?limit=1')
    await see('/items', 'items')
    await see(`/items/${item}`, 'item')
    await see(`/organisations?organisation=${organisation}`, 'organisations')
    await see('/records', 'records')
    await see('/records/organisation', 'record-list')
    await see(`/records/organisation/${organisation}`, 'record')
    await see('/records/organisation/new', 'record-new')
    await see('/model', 'model')
    await see('/audit', 'audit')
    await see('/systems', 'systems')
    await see('/account', 'account')
    await see('/no/such/page', 'missing')
    await who.close()
  })
}

for (const one of looks) {
  test(`pages of certificates and the digital space: ${one.name}`, async () => {
    const who = await person(browser, city.url, one.screen)
    const see = (path, name) => look(who, withQuery(path, one.query), `space-${one.name}-${name}`)
    await see('/check', 'check')
    await signIn(who, accounts.find((account) => account.username === 'citizen'))
    who.clean('sign-in')
    await see('/certificates', 'certificates')
    const mine = await first(who, '/api/my/certificates')
    await see(`/certificates/${mine}`, 'certificate')
    await see('/authorisations', 'authorisations')
    await see('/my-data', 'my-data')
    await see('/seals', 'own-seals')
    const enter = async (username) => {
      await who.page.context().clearCookies({ name: 'yiwang_session' })
      await signIn(who, accounts.find((each) => each.username === username), withQuery('/workbench/sign-in', one.query))
      who.clean('sign-in')
    }
    await enter('certificate-officer')
    await see('/workbench/certificates', 'register')
    const known = await first(who, '/api/records/certificate?limit=1')
    if (known) await see(`/workbench/certificates/${known}`, 'registered')
    await enter('seal-keeper')
    await see('/workbench/seals', 'seals')
    const seal = await first(who, '/api/records/seal?limit=1')
    if (seal) await see(`/workbench/seals/${seal}`, 'seal')
    for (const tab of ['waiting', 'ask', 'mine', 'log', 'own']) await see(`/workbench/seal-uses?tab=${tab}`, `seal-uses-${tab}`)
    await see('/workbench/trusted-roots', 'trusted-roots')
    await see('/workbench/compliance', 'compliance')
    await who.close()
  })
}

test('the first load of a citizen stays within 120 KB of script and style', async () => {
  const who = await person(browser, city.url, phone)
  let bytes = 0
  const session = await who.page.context().newCDPSession(who.page)
  await session.send('Network.enable')
  const kinds = new Map()
  session.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type))
  session.on('Network.loadingFinished', (event) => {
    if (['Script', 'Stylesheet'].includes(kinds.get(event.requestId))) bytes += event.encodedDataLength
  })
  await who.go('/')
  await who.page.locator('.tile').first().waitFor()
  await who.page.waitForLoadState('networkidle')
  assert.ok(bytes > 20_000, 'something was loaded')
  assert.ok(bytes <= 120 * 1024, `${(bytes / 1024).toFixed(1)} KB`)
  await who.close()
})

test('the page works by keyboard alone: skip link, search, result', async () => {
  const who = await person(browser, city.url, desk)
  await who.go('/')
  await who.page.locator('.tile').first().waitFor()
  await who.page.keyboard.press('Tab')
  assert.equal(await who.page.evaluate(() => document.activeElement?.className), 'skip')
  await who.page.keyboard.press('Enter')
  await who.page.keyboard.press('Tab')
  assert.equal(await who.page.evaluate(() => document.activeElement?.id), 'home-search')
  await who.page.keyboard.press('Enter')
  await who.page.waitForURL(/\/search/)
  await who.close()
})

test('at 320 px with text twice as large nothing is cut off', async () => {
  const who = await person(browser, city.url, { viewport: { width: 320, height: 640 } })
  for (const path of ['/', '/search', '/sign-in']) {
    await who.go(path)
    await who.page.locator('h1').first().waitFor({ state: 'attached' })
    await who.page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    await fits(who, `320 px ${path}`)
  }
  await who.close()
})
