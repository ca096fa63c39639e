// SPDX-License-Identifier: Apache-2.0
// A certificate instead of an upload: chosen on the apply page with the holder's word, seen by who
// handles the case with its state today, read again in the holder's log. And a copy on paper for one
// recipient, whose code tells what it is for until it is made void.
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
const called = (name) => accounts.find((one) => one.username === name)
const office = { viewport: { width: 1366, height: 900 } }
async function look(who, name) {
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}

test('a material is taken from my certificates, with my word and on record', async (t) => {
  const citizen = await person(browser, city.url, phone)
  const { page } = citizen
  await signIn(citizen, called('citizen'))
  const guide = await page.evaluate(async () => {
    const found = await (await fetch('/api/records/item?q=' + encodeURIComponent('居住证申领'))).json()
    return (await fetch(`/api/items/${found.rows[0].id}/guide`)).json()
  })
  const form = guide.form_body ?? (await (await fetch(`${city.url}/api/forms/${guide.form}`)).json())
  let case_id
  await t.test('the holder sees what is told to whom before agreeing', async () => {
    await citizen.go(`/apply/${guide.id}`)
    await page.locator('#step-title').waitFor()
    for (let step = 0; step < 8 && !(await page.locator('.materials').count()); step += 1) {
      await fillStep(page, form, { '/bank_account': '6222020200112233444' })
      const before = await page.locator('#step-title').textContent()
      await page.locator('.acts button[type=submit]').click()
      await page.waitForFunction((old) => document.querySelector('#step-title')?.textContent !== old || document.querySelector('.error-summary'), before)
      assert.equal(await page.locator('.error-summary').count(), 0, await page.locator('.error-summary').allTextContents().then(String))
    }
    await look(citizen, 'reuse-01-materials')
    await page.locator('.certificate-choice .choose').first().click()
    await page.locator('.modal-dialog .choice input').first().check()
    assert.ok(await page.locator('.modal-dialog .confirm').isDisabled(), 'nothing goes without the holder\'s word')
    await page.locator('.modal-dialog .tells').waitFor()
    await page.locator('.modal-dialog input[type=checkbox]').check()
    await look(citizen, 'reuse-02-agreeing')
    await page.locator('.modal-dialog .confirm').click()
    await page.locator('.certificate-choice .chosen').waitFor()
    for (const box of await page.locator('.materials .file-upload input[type=file]').all()) {
      const sent = page.waitForResponse((answer) => answer.url().includes('/api/attachments'))
      await box.setInputFiles(photo('材料.png'))
      assert.ok((await sent).ok())
    }
    await look(citizen, 'reuse-03-chosen')
    await page.locator('.acts button[type=submit]').click()
    await page.locator('#declare').waitFor()
    await look(citizen, 'reuse-04-check')
    await page.locator('#declare').check()
    await page.locator('.acts button[type=submit]').click()
    await page.waitForURL(/\/done$/)
    case_id = new URL(page.url()).pathname.split('/').at(-2)
  })
  await t.test('the case tells where the material comes from and how it stands today', async () => {
    await citizen.go(`/cases/${case_id}`)
    await page.locator('.case-certificates').waitFor()
    assert.match(await page.locator('.case-certificates').textContent(), /今日状态：有效/)
    await look(citizen, 'reuse-05-case')
    const handler = await person(browser, city.url, office)
    await signIn(handler, called('police-officer'), '/workbench/sign-in')
    await handler.go(`/workbench/cases/${case_id}`)
    await handler.page.locator('[id$="-materials"][role=tab]').click()
    await handler.page.locator('.case-certificates dl').waitFor()
    assert.match(await handler.page.locator('.case-certificates').textContent(), /李明/)
    await look(handler, 'reuse-06-handler')
    await handler.close()
  })
  await t.test('the use stands in the holder\'s log', async () => {
    await citizen.go('/authorisations')
    await page.locator('#space-uses').click()
    await page.locator('.use', { hasText: '办理居住证申领' }).first().waitFor()
    await look(citizen, 'reuse-07-log')
  })
  await citizen.close()
})

test('a copy on paper is for one recipient and purpose, and can be made void', async () => {
  const citizen = await person(browser, city.url, phone)
  const verifier = await person(browser, city.url, desk)
  const { page } = citizen
  await signIn(citizen, called('citizen'))
  const card = await page.evaluate(async () => (await (await fetch('/api/my/certificates')).json()).rows.find((one) => one.type === 'resident-card').id)
  await citizen.go(`/certificates/${card}`)
  await page.locator('.certificate-copies .make').click()
  await page.locator('#copy-recipient').fill('某酒店')
  await page.locator('#copy-purpose').fill('办理入住')
  for (const box of (await page.locator('#copy-fields input[type=checkbox]').all()).slice(1)) await box.uncheck()
  await look(citizen, 'copy-01-making')
  await page.locator('.modal-dialog .confirm').click()
  await page.locator('.certificate-copies li').first().waitFor()
  await look(citizen, 'copy-02-made')
  const copy = await page.evaluate(async () => (await (await fetch('/api/records/certificate_copy?limit=1')).json()).rows[0])
  await verifier.go(`/check?c=${copy.id}&k=${copy.check_code}`)
  await verifier.page.locator('.result.good .copy').waitFor()
  assert.match(await verifier.page.locator('.result').textContent(), /某酒店/)
  await look(verifier, 'copy-03-checked')
  await page.locator('.certificate-copies li .action-button').first().click()
  await page.locator('.certificate-copies .status-tag', { hasText: '已作废' }).waitFor()
  await verifier.page.reload()
  await verifier.page.locator('.result.bad .copy').waitFor()
  await look(verifier, 'copy-04-void')
  const english = await person(browser, city.url, phone)
  await signIn(english, called('citizen'))
  await english.go(`/certificates/${card}?lang=en`)
  await english.page.locator('.certificate-copies li').first().waitFor()
  await look(english, 'copy-05-english')
  await Promise.all([citizen.close(), verifier.close(), english.close()])
})
