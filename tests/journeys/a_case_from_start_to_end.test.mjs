// SPDX-License-Identifier: Apache-2.0
// A citizen's matter from the search box to the review, as people at four screens live it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fillStep, fits, person, phone, photo, signIn, startBrowser, startCity } from './support.mjs'

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
const words = process.env.JOURNEY_ITEM ?? '食品经营许可'
// The demo city names an account after its post; a list with roles is searched by role.
const official = (role) =>
  accounts.find((one) => one.username === role) ??
  accounts.find((one) => one.roles?.includes(role)) ??
  accounts.find((one) => one.kind === 'official')
const person_account = () => accounts.find((one) => one.username === 'citizen') ?? accounts.find((one) => one.kind === 'citizen')

/** Takes the next act of a case that the account may do. */
async function act(who, case_path, label, reason) {
  await who.go('/workbench' + case_path)
  const button = who.page.locator('.decide .choices button', { hasText: label })
  await button.first().click()
  if (reason) await who.page.locator('#act-text').fill(reason)
  const sent = who.page.waitForResponse((answer) => answer.url().includes('/acts/') && answer.request().method() === 'POST')
  await who.page.locator('#act-confirm').click()
  assert.equal((await sent).status(), 200, `${label} should be taken`)
  await who.page.locator('.decide form').waitFor({ state: 'detached' })
}
async function look(who, name) {
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}

test('a citizen applies, corrects, is granted and reviews; officials work on it; the log proves it', async (t) => {
  const citizen = await person(browser, city.url, phone)
  const clerk = await person(browser, city.url, desk)
  const approver = await person(browser, city.url, desk)
  const auditor = await person(browser, city.url, desk)
  const page = citizen.page
  let case_path, number, form

  await t.test('finds the item on a phone', async () => {
    await citizen.go('/')
    await page.locator('.tile').first().waitFor()
    await look(citizen, '01-home')
    await page.locator('#home-search').fill(words)
    await page.locator('#home-search').press('Enter')
    await page.locator('.results a').first().waitFor()
    await look(citizen, '02-search')
    await page.locator('.results a').first().click()
    await page.locator('.guide-head h1').waitFor()
    await look(citizen, '03-guide')
    const id = new URL(page.url()).pathname.split('/').pop()
    const guide = await (await fetch(`${city.url}/api/items/${id}/guide`)).json()
    form = guide.form_body ?? (await (await fetch(`${city.url}/api/forms/${guide.form}`)).json())
  })

  await t.test('is asked to sign in and comes back to where it was', async () => {
    await page.locator('.begin a').first().click()
    await page.locator('#username').waitFor()
    await look(citizen, '04-sign-in')
    const account = person_account()
    await page.locator('#username').fill(account.username)
    await page.locator('#password').fill(account.password)
    await page.locator('form button[type=submit]').first().click()
    await page.waitForURL(/\/apply\//)
    await page.locator('#step-title').waitFor()
  })

  await t.test('is told what is missing, and the first fault takes focus', async () => {
    for (const box of await page.locator('.form-fields input[type=text], .form-fields input:not([type])').all()) await box.fill('')
    await page.locator('.acts button[type=submit]').click()
    await page.locator('.error-summary').waitFor()
    assert.ok(await page.evaluate(() => document.activeElement?.classList.contains('error-summary')), 'the summary takes focus')
    await look(citizen, '05-faults')
    await page.locator('.error-summary a').first().click()
    assert.ok(await page.evaluate(() => document.activeElement?.matches('input,select,textarea,button')), 'a fault leads to its field')
  })

  await t.test('saves a draft, leaves, and comes back', async () => {
    await fillStep(page, form)
    await page.locator('.acts button', { hasText: '保存并离开' }).click()
    await page.waitForURL(/\/cases$/)
    await page.locator('.drafts').waitFor()
    await look(citizen, '06-drafts')
    await page.locator('.drafts a', { hasText: '继续填写' }).first().click()
    await page.locator('#step-title').waitFor()
    await page.locator('.saved', { hasText: '从草稿继续' }).waitFor()
  })

  await t.test('goes on, uploads, checks and submits', async () => {
    for (let step = 0; step < 12; step += 1) {
      if (await page.locator('#declare').count()) break
      await fillStep(page, form)
      for (const box of await page.locator('.materials input[type=file]').all()) {
        const sent = page.waitForResponse((answer) => answer.url().includes('/api/attachments'))
        await box.setInputFiles(photo('材料.png'))
        assert.ok((await sent).ok(), 'the upload is taken')
      }
      if (await page.locator('.materials').count()) {
        await page.locator('.file-upload .files li').first().waitFor()
        await look(citizen, '07-materials')
      } else if (step === 0) {
        await look(citizen, '07-form')
      }
      const before = await page.locator('#step-title').textContent()
      await page.locator('.acts button[type=submit]').click()
      await page.waitForFunction((old) => document.querySelector('#step-title')?.textContent !== old || document.querySelector('.error-summary'), before)
      assert.equal(await page.locator('.error-summary').count(), 0, await page.locator('.error-summary').allTextContents().then(String))
    }
    await look(citizen, '08-check')
    await page.locator('#declare').check()
    await page.locator('.acts button[type=submit]').click()
    await page.locator('.done-page .number').waitFor()
    number = (await page.locator('.done-page .number').textContent()).trim()
    await look(citizen, '09-done')
    await page.locator('.done-page a', { hasText: '查看办件进度' }).click()
    await page.locator('.status-tracker').waitFor()
    case_path = new URL(page.url()).pathname
    await look(citizen, '10-case')
  })

  await t.test('a clerk sees it in the queue and asks for a correction', async () => {
    await signIn(clerk, official('clerk'), '/workbench/sign-in')
    await clerk.page.locator('.data-table').waitFor()
    await look(clerk, '11-todo')
    await clerk.page.locator('#todo-search').fill(number)
    await clerk.page.locator('#todo-search').press('Enter')
    await clerk.page.locator('.data-table a', { hasText: number }).first().waitFor()
    await act(clerk, case_path, '补正', '身份证照片不清晰，请重新上传。')
    await look(clerk, '12-clerk-asks')
  })

  await t.test('the citizen sees what is asked and corrects it', async () => {
    await citizen.go(case_path)
    await page.locator('.needed').waitFor()
    assert.match(await page.locator('.needed').textContent(), /身份证照片不清晰/)
    await look(citizen, '13-correction')
    for (const box of await page.locator('.needed input[type=file]').all()) {
      const sent = page.waitForResponse((answer) => answer.url().includes('/api/attachments'))
      await box.setInputFiles(photo('补正.png'))
      await sent
    }
    await page.locator('.needed .files li').first().waitFor()
    await page.locator('.needed button[type=submit]').click()
    await page.locator('.needed').waitFor({ state: 'detached' })
    citizen.clean('correction')
  })

  await t.test('the clerk accepts and sends it on, the approver approves', async () => {
    await act(clerk, case_path, /^受理/)
    await look(clerk, '14-accepted')
    const approving = official('approver')
    await signIn(approver, approving, '/workbench/sign-in')
    // Between acceptance and approval there may be steps of case officers; who may act, acts.
    for (let step = 0; step < 6; step += 1) {
      await approver.go('/workbench' + case_path)
      await approver.page.locator('.case-top').waitFor()
      if (await approver.page.locator('.decide .choices button', { hasText: /^(批准|准予)/ }).count()) break
      const going = [clerk, approver]
      for (const role of ['handler', 'reviewer']) {
        const account = official(role)
        if (!account) continue
        const other = await person(browser, city.url, desk)
        await signIn(other, account, '/workbench/sign-in')
        going.push(other)
      }
      let moved = false
      for (const who of going) {
        await who.go('/workbench' + case_path)
        await who.page.locator('.decide').waitFor()
        const next = who.page.locator('.decide .choices button', { hasText: /^(送审|提交|同意|转)/ })
        if (!(await next.count())) continue
        await act(who, case_path, (await next.first().textContent()).trim(), '材料齐全，符合条件')
        moved = true
        break
      }
      for (const who of going.slice(2)) await who.close()
      assert.ok(moved, 'somebody can move the case on')
    }
    await act(approver, case_path, /^(批准|准予)/, '符合条件，准予办理')
    await look(approver, '15-approved')
  })

  await t.test('the citizen sees the result and reviews it', async () => {
    await citizen.go(case_path)
    await page.locator('.review').waitFor()
    await look(citizen, '16-result')
    await page.locator('.grade-rating label').first().click()
    await page.locator('.chip').first().click()
    await page.locator('#review-text').fill('很快，指引清楚。')
    await look(citizen, '17-review')
    await page.locator('.review button[type=submit]').click()
    await page.locator('.review').waitFor({ state: 'detached' })
    await page.getByText('非常满意').first().waitFor()
    await look(citizen, '18-reviewed')
  })

  await t.test('the audit log shows the steps and verifies', async () => {
    await signIn(auditor, official('auditor'), '/workbench/sign-in')
    await auditor.go('/workbench/audit')
    await auditor.page.locator('.data-table').waitFor()
    await auditor.page.locator('#audit-object').fill(case_path.split('/').pop())
    const asked = auditor.page.waitForResponse((answer) => answer.url().includes('/api/audit?') && answer.url().includes('object='))
    await auditor.page.locator('.filters button[type=submit]').click()
    assert.ok((await asked).ok())
    await auditor.page.locator('.data-table tbody tr').nth(4).waitFor()
    await auditor.page.locator('button', { hasText: '验证链条' }).click()
    await auditor.page.locator('.verdict:not(.broken)').waitFor({ timeout: 120_000 })
    await look(auditor, '19-audit')
  })
  for (const who of [citizen, clerk, approver, auditor]) await who.close()
})
