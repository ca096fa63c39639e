// SPDX-License-Identifier: Apache-2.0
// What every journey needs: a running city, a browser that watches, a form filler, axe.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
export const root = dirname(dirname(here))
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const axe_source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
export const shots = process.env.JOURNEY_SHOTS ?? join(root, 'build/journeys')
mkdirSync(shots, { recursive: true })

/**
 * The address of a running demo city: CITY_URL, or one started here on a free port. With CITY_FILLED, a folder
 * that `prepareCity` filled once, it starts on a copy of that, which takes a moment instead of a minute. `settings`:
 * environment variables of its own.
 */
export async function startCity(settings = {}) {
  if (process.env.CITY_URL) return { url: process.env.CITY_URL.replace(/\/$/, ''), stop: async () => {} }
  const data = mkdtempSync(join(tmpdir(), 'journey-'))
  if (process.env.CITY_FILLED) cpSync(process.env.CITY_FILLED, data, { recursive: true, preserveTimestamps: true })
  const city = await serve(data, settings)
  return {
    url: city.url,
    stop: async () => {
      await city.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Fills the demo city into the folder and stops again, so that many journeys can start on copies of it. */
export async function prepareCity(data) {
  const city = await serve(data)
  await city.stop()
}

async function serve(data, settings = {}) {
  const port = await freePort()
  const program = process.env.CITY_PROGRAM ?? join(root, 'build/dev/yiwang')
  const child = spawn(program, ['serve', '--demo', '--data', data, '--port', String(port), '--no-limits'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...settings } })
  const url = `http://127.0.0.1:${port}`
  let ended
  const exit = new Promise((resolve) => child.once('exit', (code) => resolve((ended = code ?? -1))))
  const deadline = Date.now() + 300_000
  for (;;) {
    if (ended !== undefined) throw new Error(`the city ended with ${ended} before it was ready`)
    const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)
    if (ready) break
    if (Date.now() > deadline) throw new Error('the city was not ready within five minutes')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await exit
    },
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

export function startBrowser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
  })
}

export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
export const desk = { viewport: { width: 1440, height: 900 } }

/** A person at a screen; gathers every console error and every request to somebody else. */
export async function person(browser, url, screen) {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...screen })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const troubles = []
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) troubles.push(`outside: ${request.url()}`)
  })
  return {
    page,
    url,
    troubles,
    go: (path) => page.goto(url + path),
    /** Fails when the page said anything wrong since the last look. */
    clean: (where) => assert.deepEqual(troubles.splice(0), [], `${where}: the page should be silent and stay at home`),
    shot: (name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }),
    close: () => context.close(),
  }
}

/**
 * What the tests of one file share: a city and a browser before the first of them, put away after the last.
 * `url` is the city's address; `account(name)` a demo account. `prepare` runs once when all of it stands.
 */
export function journey(prepare) {
  let city, browser, accounts
  before(async () => {
    city = await startCity()
    browser = await startBrowser()
    accounts = await demoAccounts(city.url)
    await prepare?.(at)
  })
  after(async () => {
    await browser?.close()
    await city?.stop()
  })
  const account = (name) => accounts.find((one) => one.username === name)
  const at = {
    get url() {
      return city.url
    },
    get accounts() {
      return accounts
    },
    account,
    /** Somebody at a screen; `url` when not at the city itself. */
    person: (screen, url = city.url) => person(browser, url, screen),
    /** A demo account at a screen, signed in at a door. */
    signed: async (name, screen, door) => {
      const who = await person(browser, city.url, screen)
      await signIn(who, account(name), door)
      return who
    },
    /** A program's session as an account: (method, path, body) answers { status, value }. */
    program: (name) => program(city.url, account(name)),
    /** The same for what must succeed: answers the value. RAW sends bytes. `acting`: for whom. */
    caller: async (name, acting) => {
      const ask = await program(city.url, account(name), acting)
      return async (method, path, body) => {
        const { status, value } = await ask(method, path, body)
        assert.ok(status < 400, `${name} ${method} ${path}: ${status} ${JSON.stringify(value)?.slice(0, 300)}`)
        return value
      }
    },
  }
  return at
}

/** A signed-in program at the interface. */
async function program(url, account, acting) {
  const headers = { 'X-Yiwang': '1', 'content-type': 'application/json' }
  const signed = await fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ username: account.username, password: account.password }) })
  assert.ok(signed.ok, `${account.username} signs in`)
  headers.cookie = signed.headers.get('set-cookie').split(';')[0]
  if (acting) headers['X-Acting-For'] = acting
  return async (method, path, body) => {
    const raw = method === 'RAW'
    const answer = await fetch(url + path, { method: raw ? 'POST' : method, headers: raw ? { ...headers, 'content-type': 'application/octet-stream' } : headers, body: raw || body === undefined ? body : JSON.stringify(body) })
    const text = await answer.text()
    return { status: answer.status, value: text && answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined }
  }
}

/** WCAG 2.2 AA and best practice, no exceptions. */
export async function accessible(who, where) {
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  // A colour that is still on its way from one to another is not what people read.
  await who.page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
        .map((one) => one.finished.catch(() => undefined)),
    ),
  )
  await who.page.evaluate(axe_source)
  const result = await who.page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  )
  const found = result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(' | ')}`)
  assert.deepEqual(found, [], `${where}: axe`)
}

/** Nothing wider than the screen, or people must scroll sideways to read. */
export async function fits(who, where) {
  const wide = await who.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 1, `${where}: the page is ${wide} px too wide`)
}

/** A page once it has settled: axe, its width, a picture, and nothing said to the console. */
export async function settled(who, name) {
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}

export async function signIn(who, account, door = '/sign-in') {
  await who.go(door)
  await who.page.locator('#username').fill(account.username)
  await who.page.locator('#password').fill(account.password)
  await who.page.locator('form button[type=submit]').first().click()
  await who.page.waitForURL((address) => !address.pathname.endsWith('/sign-in'))
  await who.page.locator('h1').first().waitFor({ state: 'attached' })
}

export async function demoAccounts(url) {
  const answer = await fetch(`${url}/api/demo-accounts`)
  const body = await answer.json()
  return Array.isArray(body) ? body : body.rows
}

const fieldId = (pointer) => 'field' + pointer.replace(/[^A-Za-z0-9]/g, '-')
/** A made-up identity number with a right check character; it belongs to nobody. */
export function madeUpId() {
  const body = '11010519491231' + '002'
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return body + '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11]
}

/** Fills what is on screen by the form's own description, as any person could. */
export async function fillStep(page, form, answers = {}) {
  const controls = flatten(form.ui)
  for (const control of controls) {
    const id = fieldId(control.scope)
    const field = page.locator(`#${id}`)
    if (!(await field.count())) continue
    const widget = control.widget ?? 'text'
    const schema = schemaAt(form.schema, control.scope)
    const given = answers[control.scope]
    if (widget === 'radio') {
      await page.locator(`#${id} input`).nth(given ?? ((await page.locator(`#${id} input`).count()) - 1)).check()
    } else if (widget === 'checkboxes') {
      await page.locator(`#${id} input`).first().check()
    } else if (widget === 'select') {
      await field.selectOption({ index: 1 })
    } else if (widget === 'date') {
      const [year, month, day] = (given ?? '1950-01-31').split('-')
      await page.locator(`#${id}-year`).fill(year)
      await page.locator(`#${id}-month`).fill(month)
      await page.locator(`#${id}-date`).fill(day)
    } else if (widget === 'address') {
      await page.locator(`#${id}-county option:nth-child(2)`).waitFor({ state: 'attached' })
      await page.locator(`#${id}-county`).selectOption({ index: 1 })
      await page.locator(`#${id}-town option:nth-child(2)`).waitFor({ state: 'attached' })
      await page.locator(`#${id}-town`).selectOption({ index: 1 })
      await page.locator(`#${id}-detail`).fill('示例路 1 号 2 栋 301')
    } else if (widget === 'money') {
      await field.fill('1200.50')
    } else if (widget === 'number') {
      await field.fill(String(given ?? schema.minimum ?? 80))
    } else if (widget === 'attachment') {
      await field.setInputFiles(photo('附件.png'))
    } else if (widget === 'text' || widget === 'textarea') {
      const text = { 'cn-id': madeUpId(), mobile: '13800138000', 'cn-uscc': '91350100M000100Y43', date: '1950-01-31' }[schema.format]
      await field.fill(String(given ?? text ?? '测试内容填写'))
    }
  }
}
function flatten(elements) {
  return elements.flatMap((one) => (one.type === 'Control' ? [one] : one.elements ? flatten(one.elements) : []))
}
function schemaAt(schema, pointer) {
  let found = schema
  for (const part of pointer.split('/').slice(1)) {
    found = found?.properties?.[part] ?? {}
    if (found.$ref) found = schema.$defs?.[found.$ref.split('/').pop()] ?? {}
  }
  return found
}

/** A small picture to hand in. */
export function photo(name) {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  return { name, mimeType: 'image/png', buffer: Buffer.from(png, 'base64') }
}
