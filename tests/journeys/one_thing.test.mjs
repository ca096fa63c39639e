// SPDX-License-Identifier: Apache-2.0
// Opening a restaurant as one thing against applying item by item: what a citizen types and hands in, and the
// way through every department to the result. Officials are played by the test.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fits, person, phone, photo, signIn, startBrowser, startCity } from './support.mjs'

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

/** A signed-in caller of the interface. */
async function caller(name) {
  const signed = await fetch(`${city.url}/api/session`, {
    method: 'POST',
    headers: { 'X-Yiwang': '1', 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: account(name).username, password: account(name).password }),
  })
  const cookie = signed.headers.get('set-cookie').split(';')[0]
  return async (method, path, body) => {
    const answer = await fetch(city.url + path, {
      method,
      headers: { 'X-Yiwang': '1', 'Content-Type': 'application/json', cookie },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${name} ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
    return text ? JSON.parse(text) : undefined
  }
}

const answers = { '/mobile': '13800138000', '/credit_code': '91350100M000100Y43', '/employees': '6', '/area': '360', '/capital': '50' }
/** Goes through an application's screens as any person would; counts what had to be typed, chosen and uploaded. */
async function fillIn(page, count) {
  for (let screen = 0; screen < 12; screen += 1) {
    await page.locator('#step-title').waitFor()
    if (await page.locator('#declare').count()) break
    for (const input of await page.locator('.sheet form .form-field').all()) {
      if (await input.locator('.optional').count()) continue
      const upload = input.locator('input[type=file]')
      if (await upload.count()) {
        if (await input.locator('.certificate-choice .choose').count()) count.certificates += 1
        await upload.setInputFiles(photo('材料.png'))
        await input.getByText('材料.png').first().waitFor()
        count.files += 1
        continue
      }
      const radios = input.locator('input[type=radio]')
      const boxes = input.locator('input[type=checkbox]')
      const texts = input.locator('input:not([type=radio]):not([type=checkbox]), textarea')
      if (await radios.count()) {
        if (!(await input.locator('input[type=radio]:checked').count())) {
          await radios.last().check()
          count.fields += 1
        }
      } else if (await boxes.count()) {
        if (!(await input.locator('input[type=checkbox]:checked').count())) {
          await boxes.first().check()
          count.fields += 1
        }
      } else if (await texts.count()) {
        const text = texts.first()
        if (await text.inputValue()) continue
        const id = await text.getAttribute('id')
        const key = '/' + (id ?? '').replace(/^field-/, '')
        await text.fill(answers[key] || ((await text.getAttribute('inputmode')) === 'numeric' ? '80' : '百旺路 18 号一楼小炒店'))
        count.fields += 1
      }
    }
    await page.locator('.sheet form button[type=submit]').click()
    await page.waitForTimeout(150)
    assert.equal(await page.locator('.error-summary li').count(), 0, await page.locator('.sheet').innerText())
  }
}

test('opening a restaurant as one thing needs at most half of what item by item needs', async () => {
  const who = await person(browser, city.url, phone)
  await signIn(who, account('citizen'))
  // Item by item: the same six matters.
  const apart = { fields: 0, files: 0, certificates: 0 }
  const plan_of = await caller('citizen')
  const found = await plan_of('GET', '/api/records/bundle?q=' + encodeURIComponent('开饭店'))
  const chosen = { entity: 'company', large: true, sign: true, staff: true }
  const plan = await plan_of('POST', `/api/bundles/${found.rows[0].id}/plan`, { answers: chosen })
  for (const part of plan.parts) {
    await who.go(`/apply/${part.item}`)
    await fillIn(who.page, apart)
  }
  // As one thing, from search to application, timed.
  const begun = Date.now()
  const whole = { fields: 0, files: 0, certificates: 0 }
  await who.go('/')
  await who.page.getByRole('link', { name: '开办餐饮店' }).click()
  for (const [name, at] of [['entity', 0], ['large', 0], ['sign', 0], ['staff', 0]]) {
    await who.page.locator(`#situation-${name}-${at}`).check()
    whole.fields += 1
    await who.page.waitForTimeout(200)
  }
  await who.page.getByRole('link', { name: '一次申请' }).waitFor()
  await accessible(who, 'bundle')
  await fits(who, 'bundle')
  await who.shot('one-thing-1-plan')
  await who.page.getByRole('link', { name: '一次申请' }).click()
  await who.page.locator('#step-title').waitFor()
  await accessible(who, 'bundle-apply')
  await who.shot('one-thing-2-form')
  await fillIn(who.page, whole)
  // What the city wrote from the answers can be read before it is sent.
  await who.page.locator('.case-papers summary').first().click()
  await who.page.getByText('由股东 ').first().waitFor()
  await who.page.getByText(/我授权办理部门为本次申请使用我的不动产权证书/).waitFor()
  await accessible(who, 'bundle-check')
  await fits(who, 'bundle-check')
  await who.shot('one-thing-3-check')
  await who.page.locator('#declare').check()
  await who.page.locator('.sheet form button[type=submit]').click()
  await who.page.waitForURL(/\/things\//)
  const thing = who.page.url().split('/').pop()
  const seconds = (Date.now() - begun) / 1000
  console.log(`restaurant: one thing ${whole.fields} answers, ${whole.files} files; item by item ${apart.fields} answers, ${apart.files} files (${apart.certificates} of them could be a certificate); ${seconds.toFixed(1)} s to apply`)
  assert.ok(whole.fields * 2 <= apart.fields, 'answers at most half')
  // Also when those who apply item by item use their certificates wherever the page offers it.
  assert.ok(whole.files * 2 <= apart.files - apart.certificates, 'files at most half')

  const clerk = await caller('clerk')
  const at_desk = await person(browser, city.url, desk)
  await signIn(at_desk, account('clerk'), '/workbench/sign-in')
  await at_desk.go(`/workbench/things/${thing}`)
  await at_desk.page.getByRole('button', { name: '统一受理' }).waitFor()
  await accessible(at_desk, 'workbench-thing')
  await fits(at_desk, 'workbench-thing')
  await at_desk.shot('one-thing-4-window')
  await at_desk.page.getByRole('button', { name: '统一受理' }).click()
  await at_desk.page.locator('#act-confirm').click()
  await at_desk.page.getByRole('link', { name: '企业设立登记' }).waitFor()
  at_desk.clean('workbench thing')
  const view = () => clerk('GET', `/api/bundle-cases/${thing}`)
  const officials = { 企业设立登记: ['handler'], 店招牌匾设置备案: ['house-officer'], 新办纳税人税务登记: ['tax-officer'], 单位社会保险登记: ['social-handler'], '公众聚集场所投入使用、营业前消防安全检查': ['fire-officer', 'fire-officer', 'fire-officer'], '食品经营许可（新办）': ['handler', 'reviewer', 'approver'] }
  for (let round = 0; round < 3; round += 1) {
    for (const part of (await view()).parts) {
      if (part.state !== 'open') continue
      const hands = officials[part.item_name]
      for (const [at, name] of hands.entries()) {
        const act = await caller(name)
        await act('POST', `/api/cases/${part.case_id}/acts/${at === hands.length - 1 ? 'approve' : 'forward'}`, { note: '同意' })
      }
    }
  }
  assert.equal((await view()).state, 'decided')
  await clerk('POST', `/api/bundle-cases/${thing}/acts/deliver`, {})
  // Every part's certificate stands in the digital space.
  const results = ['营业执照', '食品经营许可证', '店招设置备案证明', '公众聚集场所投入使用、营业前消防安全检查意见书', '税务登记信息确认表', '社会保险登记凭证']
  const cases = new Set((await view()).parts.map((part) => part.case_id))
  let held = []
  for (let round = 0; round < 100 && held.length < results.length; round += 1) {
    held = (await plan_of('GET', '/api/my/certificates')).rows.filter((one) => cases.has(one.case_id) && one.state === 'active')
    if (held.length < results.length) await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.deepEqual(held.map((one) => one.type_name).sort(), [...results].sort(), 'all certificates in the space')
  await who.go('/certificates')
  await who.page.getByText('社会保险登记凭证').first().waitFor()
  console.log(`restaurant: from search to all ${held.length} certificates in the digital space ${((Date.now() - begun) / 1000).toFixed(1)} s, officials played by the test`)
  await accessible(who, 'certificates-of-the-thing')
  await fits(who, 'certificates-of-the-thing')
  await who.shot('one-thing-6-certificates')
  await who.go(`/things/${thing}`)
  await who.page.getByText('已送达').first().waitFor()
  await who.page.locator('input[name=grades][value="1"]').check()
  await who.page.getByRole('button', { name: /提交评价|评价/ }).last().click()
  await who.page.waitForFunction(() => !document.querySelector('input[name=grades]'))
  await accessible(who, 'thing')
  await fits(who, 'thing')
  await who.shot('one-thing-5-done')
  who.clean('one thing')
  await at_desk.close()
  await who.close()
})

test('the situational guide lists only what applies', async () => {
  const who = await person(browser, city.url, desk)
  const item = await who.page.request.get(`${city.url}/api/records/item?q=${encodeURIComponent('食品经营许可')}`).then((answer) => answer.json())
  await who.go(`/items/${item.rows[0].id}`)
  await who.page.locator('#situation-business-0').check()
  await who.page.locator('#situation-premises-0').check()
  await who.page.locator('#situation-staff-1').check()
  await who.page.getByText('已按您的情况列出').waitFor()
  assert.equal(await who.page.locator('#materials li').count(), 2)
  await accessible(who, 'situation')
  await who.shot('situation')
  who.clean('situation')
  await who.close()
})

test('an official compares counties', async () => {
  const who = await person(browser, city.url, desk)
  await signIn(who, account('item-reviewer'), '/workbench/sign-in')
  await who.go('/workbench/items/gaps')
  await who.page.getByText('时限更长').first().waitFor()
  await accessible(who, 'gaps')
  await fits(who, 'gaps')
  await who.shot('item-gaps')
  who.clean('gaps')
  await who.close()
})
