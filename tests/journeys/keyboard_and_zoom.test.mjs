// SPDX-License-Identifier: Apache-2.0
// Every page of citizens, enterprises and machines, as their routers name them, by keyboard alone and at 200 %
// zoom, on phone and desk, in large type, strong contrast and English: all that can be pressed is reached with Tab
// and seen when it is, nothing traps, nothing is cut off or pushed out sideways; axe finds nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addresses, dialogs, dialogsOf, fill, prefix, routesOf } from './pages.mjs'
import { fillStep, journey, signIn } from './support.mjs'
import { dialogue, examine, narrow, still, walk } from './walk.mjs'

// 200 % zoom halves what fits: 1280 x 900 of a desk, 1080 x 1920 of a machine.
const zoom = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }
const desk = { viewport: { width: 1366, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const machine = { viewport: { width: 1080, height: 1920 }, hasTouch: true }
const looks = {
  zoom: { screen: zoom, view: 'lang=zh-CN', narrow: true },
  elder: { screen: phone, view: 'elder=1&lang=zh-CN' },
  english: { screen: desk, view: 'lang=en', narrow: true },
  'english phone': { screen: phone, view: 'lang=en', tab: false },
  contrast: { screen: desk, view: 'contrast=1&lang=zh-CN', tab: false },
}
const machine_looks = {
  zoom: { screen: { viewport: { width: 540, height: 960 }, deviceScaleFactor: 2, hasTouch: true }, view: 'lang=zh-CN' },
  elder: { screen: machine, view: 'elder=1&lang=zh-CN' },
  english: { screen: machine, view: 'lang=en' },
}
let ids
const at = journey(async (here) => (ids = await fill(here)))

/** Somebody who sees pages as `view` says; everything a page gets wrong is gathered, so that one run tells all. */
async function somebody({ screen, view }) {
  const who = await at.person(screen)
  await who.page.context().addCookies([{ name: 'yiwang-view', value: encodeURIComponent(view), url: at.url }])
  return who
}
/** Fails with each fault on its own line. */
const none = (faults) => assert.equal(faults.join('\n'), '')
/** The name of a picture: the route, and the state when it has several. */
const pictureOf = (channel, look, path, signed) => `walk-${channel}-${look.replace(' ', '-')}${signed ? '-signed' : ''}${path.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, (id) => id.slice(-4)).replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 48)}`

for (const [channel, all] of [['citizen', looks], ['enterprise', looks], ['kiosk', machine_looks]]) {
  for (const [look, how] of Object.entries(all)) {
    test(`${channel}, ${look}: every route of the router`, async () => {
      const who = await somebody(how)
      const faults = []
      const walked = new Set()
      const examples = addresses(ids)[channel]
      const see = async (route, path, signed) => {
        const name = pictureOf(channel, look, path, signed)
        await who.go(prefix[channel] + path)
        await still(who)
        const here = new URL(who.page.url())
        if (here.pathname !== (prefix[channel] + path).split('?')[0]) return faults.push(`${name}: led to ${here.pathname}`)
        faults.push(...(await examine(who, name, how)))
        if (how.narrow && channel !== 'kiosk') faults.push(...(await narrow(who, name)))
        if (!path.includes('/no/such')) faults.push(...who.troubles.splice(0).map((one) => `${name}: ${one}`))
        walked.add(route)
      }
      const routes = routesOf(channel)
      for (const { path, signed } of routes) if (!signed) for (const one of examples[path] ?? []) await see(path, one, false)
      await signIn(who, at.account('citizen'), prefix[channel] + '/sign-in')
      for (const { path, signed } of routes) if (signed || path === '/') for (const one of examples[path] ?? []) await see(path, one, true)
      faults.push(...routes.filter(({ path }) => !walked.has(path)).map(({ path }) => `nobody walked the route ${path}`))
      none(faults)
      await who.close()
    })
  }
}

test('each dialog takes focus, keeps it, closes with Escape and gives it back', async () => {
  const known = dialogs(ids)
  assert.deepEqual(dialogsOf().filter((one) => !known.some((dialog) => dialog.title === one.title)), [], 'dialogs that nobody opens')
  const faults = []
  for (const how of [looks.zoom, looks.english]) {
    let who, name_of
    for (const [place, one] of known.entries()) {
      const name = `walk-dialog-${place}-${how.view.slice(-2)}`
      const [account, door] = one.as ?? ['citizen', '/sign-in']
      if (account !== name_of) {
        await who?.close()
        who = await somebody(how)
        await signIn(who, at.account((name_of = account)), door)
      }
      await who.go(one.at)
      await still(who)
      const told = await dialogue(who, name, one.opener).catch((error) => ({ faults: [`${name} ${one.title}: ${error.message.slice(0, 300)}`] }))
      faults.push(...told.faults, ...who.troubles.splice(0))
    }
    await who.close()
  }
  none(faults)
})

test('nothing there yet, nothing found and no answer are pages like others', async () => {
  const who = await somebody(looks.zoom)
  await signIn(who, at.account('social-handler'))
  const faults = []
  const see = async (path, name) => {
    await who.go(path)
    await still(who).catch((error) => faults.push(`${name}: ${error.message.slice(0, 200)}`))
    faults.push(...(await examine(who, `walk-empty-${name}`)))
    who.troubles.length = 0 // that something is not there is what is looked for
  }
  for (const path of ['cases', 'certificates', 'registrations', 'messages', 'authorisations', 'seals', 'card', 'family', 'my-data']) await see('/' + path, path)
  const nobody = '00000000-0000-7000-8000-000000000000'
  for (const path of ['items', 'cases', 'certificates', 'registrations', 'things', 'bundles', 'halls', 'apply']) await see(`/${path}/${nobody}`, `no-${path}`)
  await see(`/cases/${nobody}/done`, 'no-done')
  await who.page.route('**/api/**', (route) => (route.request().method() === 'GET' && !route.request().url().includes('/session') ? route.abort() : route.continue()))
  for (const path of ['', 'search', 'cases', 'certificates', 'messages', 'halls', 'notices', 'card', 'my-data', 'registrations']) await see('/' + path, `cut-${path || 'home'}`)
  none(faults)
  await who.close()
})

test('each step of an application and its faults are walked', async () => {
  const faults = []
  const who = await somebody(looks.zoom)
  await signIn(who, at.account('citizen2'))
  const guide = await (await fetch(`${at.url}/api/items/${ids.item}/guide`)).json()
  const form = guide.form_body ?? (await (await fetch(`${at.url}/api/forms/${guide.form}`)).json())
  await who.go(`/apply/${ids.item}`)
  await who.page.locator('#step-title').waitFor()
  for (let step = 0; step < 8; step += 1) {
    const title = await who.page.locator('#step-title').textContent()
    await who.page.locator('.acts button[type=submit]').click()
    await who.page.waitForFunction((old) => document.querySelector('.error-summary') || document.querySelector('#step-title')?.textContent !== old, title)
    faults.push(...(await examine(who, `walk-apply-${step}`)))
    if (await who.page.locator('#declare').count()) break
    if (!(await who.page.locator('.error-summary').count())) continue
    await fillStep(who.page, form)
    for (const field of await who.page.locator('.sheet input[type=file]').all()) await field.setInputFiles({ name: '材料.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') })
    await who.page.waitForTimeout(300)
    await who.page.locator('.acts button[type=submit]').click()
    await who.page.waitForFunction((old) => document.querySelector('#step-title')?.textContent !== old, title).catch(() => faults.push(`step ${step} does not go on`))
    faults.push(...(await examine(who, `walk-apply-${step}-filled`)))
  }
  assert.ok(await who.page.locator('#declare').count(), 'the last step was reached')
  none(faults)
  await who.close()
})

test('a machine asks whoever is silent by keyboard too, and says so when the network is gone', async () => {
  const who = await somebody(machine_looks.zoom)
  await who.page.clock.install()
  await who.go('/kiosk/notices')
  await still(who)
  await who.page.locator('.kiosk-foot button').first().focus()
  await who.page.clock.runFor(62_000)
  await who.page.locator('.kiosk-idle').waitFor()
  assert.ok(await who.page.evaluate(() => document.querySelector('.kiosk-idle').contains(document.activeElement)), 'the question takes focus')
  none(await examine(who, 'walk-kiosk-idle', { tab: false }))
  none(await walk(who, '.kiosk-idle'))
  // Escape stays, and focus is where it was.
  await who.page.keyboard.press('Escape')
  await who.page.locator('.kiosk-idle').waitFor({ state: 'hidden' })
  await who.page.waitForFunction(() => document.activeElement === document.querySelector('.kiosk-foot button'), undefined, { timeout: 3000 }).catch(async () => assert.fail(`focus went to ${await who.page.evaluate(() => document.activeElement.outerHTML.slice(0, 120))}`))
  // The other answer ends it, by key as by finger.
  await who.page.clock.runFor(62_000)
  await who.page.locator('.kiosk-idle').getByRole('button', { name: '结束并清除' }).focus()
  await who.page.keyboard.press('Enter')
  await who.page.waitForURL(/\/kiosk\/$/)
  await who.close()
  for (const screen of [machine_looks.zoom.screen, machine]) {
    const cut = await at.person(screen)
    await cut.go('/kiosk/offline.html')
    none(await examine(cut, `walk-kiosk-offline-${screen.viewport.width}`))
    await cut.close()
  }
})

test('signing in and searching need no mouse', async () => {
  const who = await at.person(zoom)
  const account = at.account('citizen')
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

test('the walk finds what it looks for', async () => {
  const who = await at.person(zoom)
  await who.go('/accessibility')
  await still(who)
  await who.page.evaluate(() => {
    const main = document.querySelector('main')
    const style = new CSSStyleSheet()
    style.replaceSync('.no-ring:focus { outline: none !important; box-shadow: none !important } .wide-one { width: 900px; height: 4px }')
    document.adoptedStyleSheets = [style]
    for (const kind of ['no-ring', 'trap', 'last']) {
      const button = document.createElement('button')
      button.className = kind
      button.textContent = kind
      if (kind === 'trap') button.addEventListener('keydown', (event) => event.key === 'Tab' && event.preventDefault())
      main.append(button)
    }
    const box = document.createElement('div')
    box.className = 'wide-one'
    main.append(box)
  })
  const told = (await walk(who)).join('\n')
  assert.match(told, /not seen: BUTTON no-ring/)
  assert.match(told, /does not leave: BUTTON trap/)
  assert.match(told, /never reached with Tab: BUTTON last/)
  assert.match((await narrow(who, 'wide')).join(), /too wide/)
  await who.close()
})
