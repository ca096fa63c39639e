// SPDX-License-Identifier: Apache-2.0
// Every page of citizens and machines by keyboard alone and at 200 % zoom: all that can be pressed is reached
// with Tab and seen when it is, nothing traps, nothing is cut off or pushed out sideways; axe finds nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, fits, person, signIn, startBrowser, startCity } from './support.mjs'

// 200 % zoom halves what fits: 1280 x 900 of a desk, 1080 x 1920 of a machine.
const screens = {
  citizen: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
  kiosk: { viewport: { width: 540, height: 960 }, deviceScaleFactor: 2, hasTouch: true },
}
let city, browser, accounts, ids
before(async () => {
  city = await startCity()
  browser = await startBrowser()
  accounts = await demoAccounts(city.url)
  const get = (path) => fetch(city.url + path).then((answer) => answer.json())
  ids = {
    item: (await get('/api/items/search?q=社保')).rows[0].id,
    bundle: (await get('/api/records/bundle?limit=1')).rows[0].id,
    hall: (await get('/api/records/hall?limit=1&filter=' + encodeURIComponent('level = "3"'))).rows[0].id,
  }
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

/** Walks the page with Tab from its beginning; answers what could be pressed and was never reached or not seen. */
async function walk(who) {
  const wanted = await who.page.evaluate(() => {
    const groups = new Set()
    let count = 0
    for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
      const box = one.getBoundingClientRect()
      const shown = one.checkVisibility({ visibilityProperty: true }) && (box.width > 0 || box.height > 0)
      if (!shown || one.disabled || one.tabIndex < 0) continue
      // One of a group of radios is reached with Tab, the others with arrows.
      if (one.type === 'radio') {
        if (groups.has(one.name)) continue
        groups.add(one.name)
      }
      one.dataset.walk = String((count += 1))
    }
    document.activeElement?.blur()
    return count
  })
  const reached = new Set()
  const unseen = []
  for (let step = 0; step < wanted + 12; step += 1) {
    await who.page.keyboard.press('Tab')
    const found = await who.page.evaluate(() => {
      const one = document.activeElement
      if (!one || one === document.body) return { at: '', seen: true, text: '' }
      const style = getComputedStyle(one)
      const group = one.type === 'radio' ? document.querySelector(`input[name="${CSS.escape(one.name)}"][data-walk]`) : one
      const box = one.getBoundingClientRect()
      return {
        at: group?.dataset.walk ?? '',
        seen: (style.outlineStyle !== 'none' || style.boxShadow !== 'none') && box.bottom > 0 && box.top < innerHeight,
        text: `${one.tagName} ${(one.textContent || one.id).trim().slice(0, 24)}`,
      }
    })
    if (found.at) reached.add(found.at)
    if (!found.seen) unseen.push(found.text)
  }
  const missed = await who.page.evaluate(
    (known) => [...document.querySelectorAll('[data-walk]')].filter((one) => !known.includes(one.dataset.walk)).map((one) => `${one.tagName} ${(one.textContent || one.id).trim().slice(0, 24)}`),
    [...reached],
  )
  return { missed, unseen: [...new Set(unseen)] }
}
/** Texts that do not fit into a box that hides what is too much. */
const cut = (who) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((one) => !one.closest('.unseen, svg, select') && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX))
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && one.textContent.trim())
      .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`),
  )
async function look(who, channel, path) {
  const name = `${channel}-zoom${path.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, 'id').replaceAll(/[/?=]/g, '-')}`
  await who.go(path)
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await fits(who, name)
  assert.deepEqual(await cut(who), [], `${name}: cut off`)
  await accessible(who, name)
  const { missed, unseen } = await walk(who)
  assert.deepEqual(missed, [], `${name}: never reached with Tab`)
  assert.deepEqual(unseen, [], `${name}: focused but not seen`)
  await who.shot(name)
  who.clean(name)
}
const first = (who, path) => who.page.evaluate(async (address) => (await (await fetch(address)).json()).rows[0]?.id, path)

test("citizens' pages: keyboard alone, 200 % zoom, axe", async () => {
  const who = await person(browser, city.url, screens.citizen)
  const open = ['/', '/search', '/search?q=shebao', `/items/${ids.item}`, '/sign-in', `/bundles/${ids.bundle}`, '/halls', `/halls/${ids.hall}`, '/reviews', '/rate?n=1&c=2', '/notices', '/check', '/accessibility', '/no/such/page']
  for (const path of open) await look(who, 'citizen', path)
  await signIn(who, accounts.find((one) => one.username === 'citizen'))
  const own = ['/', `/apply/${ids.item}`, `/bundles/${ids.bundle}/apply`, '/messages', '/cases', '/account', '/certificates', '/authorisations', '/my-data', '/register', '/registrations', '/card', '/code', '/family']
  for (const path of own) await look(who, 'citizen', path)
  const deep = [
    ['/cases/', await first(who, '/api/cases?view=mine&limit=1')],
    ['/certificates/', await first(who, '/api/my/certificates')],
    ['/registrations/', await first(who, '/api/my/registrations')],
  ]
  for (const [path, id] of deep) if (id) await look(who, 'citizen', path + id)
  await who.close()
})

test("a machine's pages: keyboard alone, 200 % zoom, axe", async () => {
  const who = await person(browser, city.url, screens.kiosk)
  for (const path of ['/kiosk/', '/kiosk/search?q=shebao', `/kiosk/items/${ids.item}`, '/kiosk/sign-in', '/kiosk/notices', '/kiosk/devices']) await look(who, 'kiosk', path)
  await signIn(who, accounts.find((one) => one.username === 'citizen'), '/kiosk/sign-in')
  for (const path of ['/kiosk/', '/kiosk/cases', '/kiosk/certificates', '/kiosk/register', '/kiosk/registrations', `/kiosk/apply/${ids.item}`]) await look(who, 'kiosk', path)
  await who.close()
})

test('signing in and searching need no mouse', async () => {
  const who = await person(browser, city.url, screens.citizen)
  const account = accounts.find((one) => one.username === 'citizen')
  await who.go('/sign-in')
  await who.page.locator('#username').waitFor()
  const until = async (what) => {
    for (let step = 0; step < 60; step += 1) {
      await who.page.keyboard.press('Tab')
      if (await who.page.evaluate((selector) => document.activeElement?.matches(selector), what)) return
    }
    assert.fail(`Tab never reached ${what}`)
  }
  await until('#username')
  await who.page.keyboard.type(account.username)
  await until('#password')
  await who.page.keyboard.type(account.password)
  await who.page.keyboard.press('Enter')
  await who.page.waitForURL((address) => !address.pathname.endsWith('/sign-in'))
  await until('#home-search')
  await who.page.keyboard.type('gongjijin')
  await who.page.keyboard.press('Enter')
  await who.page.waitForURL(/\/search/)
  await until('.search-page a[href*="/items/"]')
  await who.page.keyboard.press('Enter')
  await who.page.waitForURL(/\/items\//)
  await who.close()
})
