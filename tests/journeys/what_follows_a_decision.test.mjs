// SPDX-License-Identifier: Apache-2.0
// What may follow, the right to be heard, supervision and the archive, on the screens of those concerned.
// Officials' decisions are played through the interface.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, fits, person, phone, photo, root, signIn, startBrowser, startCity } from './support.mjs'

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
/** Calls the interface as somebody who is signed in on a page. */
const ask = (who, path, body, method = 'POST') =>
  who.page.evaluate(
    async ([where, what, how]) => {
      const answer = await fetch(where, { method: how, headers: { 'X-Yiwang': '1', 'Content-Type': 'application/json' }, body: what === undefined ? undefined : JSON.stringify(what) })
      return { status: answer.status, body: await answer.json() }
    },
    [path, body, method],
  )

test('a citizen hands in what was to follow and asks to be heard; officials see duties, papers and cards', async (t) => {
  const citizen = await person(browser, city.url, phone)
  await signIn(citizen, called('citizen'))
  const desk = await person(browser, city.url, office)
  await signIn(desk, called('handler'), '/workbench/sign-in')
  const clerk = await person(browser, city.url, office)
  await signIn(clerk, called('clerk'), '/workbench/sign-in')
  const found = await ask(citizen, '/api/records/item?q=' + encodeURIComponent('食品经营许可'), undefined, 'GET')
  const file = await citizen.page.evaluate(async () => {
    const answer = await fetch('/api/attachments?name=' + encodeURIComponent('平面图.pdf'), { method: 'POST', headers: { 'X-Yiwang': '1' }, body: '%PDF-1.4 plan' })
    return (await answer.json()).id
  })
  const applied = await ask(citizen, '/api/cases', {
    item: found.body.rows[0].id,
    data: { enterprise_name: '百旺路小炒店', applicant_name: '李明', mobile: '13800000000', address: '百旺路18号一楼', registered: false, business_kind: 'catering', items: ['hot'], area: 80 },
    materials: [{ material: '经营场所平面图', attachments: [file] }],
  })
  assert.equal(applied.status, 201, JSON.stringify(applied.body))
  const id = applied.body.id
  assert.equal((await ask(clerk, `/api/cases/${id}/acts/accept`, {})).status, 200)
  await t.test('the citizen hands in one of them', async () => {
    await citizen.go(`/cases/${id}`)
    await citizen.page.getByText('请补交材料').waitFor()
    await look(citizen, 'owed-1-citizen')
    await citizen.page.locator('.needed input[type=file]').first().setInputFiles(photo('制度.png'))
    await citizen.page.getByText('制度.png').first().waitFor()
    await citizen.page.getByRole('button', { name: '提交补交材料' }).click()
    await citizen.page.locator('.case-duties').getByText('已履行').first().waitFor()
    await citizen.page.locator('.case-papers summary').last().click()
    await look(citizen, 'owed-2-papers')
  })
  await t.test('the handler tells of the right to be heard and the citizen asks', async () => {
    await desk.go(`/workbench/cases/${id}`)
    await desk.page.getByRole('button', { name: '告知听证权利' }).click()
    await desk.page.locator('#act-text').fill('经营场所位于禁设区域，拟不予许可')
    await desk.page.locator('#act-confirm').click()
    await desk.page.locator('.case-duties').getByText('已告知权利').waitFor()
    await look(desk, 'hearing-1-handler')
    await citizen.go(`/cases/${id}`)
    await citizen.page.getByText('您有权申请听证').first().waitFor()
    await look(citizen, 'hearing-2-citizen')
    await citizen.page.locator('#hearing-reason').fill('该区域不是禁设区域')
    await citizen.page.getByRole('button', { name: '申请听证', exact: true }).click()
    await citizen.page.locator('.case-duties').getByText('已申请').waitFor()
    await desk.go(`/workbench/cases/${id}`)
    await desk.page.getByRole('button', { name: '安排听证' }).click()
    await desk.page.locator('#record-place').waitFor()
    await look(desk, 'hearing-3-set')
  })
  await t.test('supervision is looked at and filtered', async () => {
    const supervisor = await person(browser, city.url, office)
    await signIn(supervisor, called('supervisor'), '/workbench/sign-in')
    await supervisor.go('/workbench/supervision')
    await supervisor.page.getByRole('button', { name: '立即巡查' }).click()
    await supervisor.page.locator('.supervision-card').first().waitFor({ timeout: 60_000 })
    await supervisor.page.locator('#by-light').selectOption('red')
    await supervisor.page.waitForFunction(() => document.querySelectorAll('.supervision-card:not(.red)').length === 0)
    await look(supervisor, 'supervision-1')
    await supervisor.close()
  })
  await t.test('a closed case is taken along as a package that proves itself', async () => {
    const closed = await ask(desk, '/api/cases?view=done&state=delivered&limit=1', undefined, 'GET')
    const package_id = closed.body.rows[0].id
    await desk.go(`/workbench/cases/${package_id}`)
    await desk.page.locator('.archive').waitFor()
    const [saved] = await Promise.all([desk.page.waitForEvent('download'), desk.page.locator('.archive').click()])
    const path = join(mkdtempSync(join(tmpdir(), 'archive-')), 'case.zip')
    await saved.saveAs(path)
    const program = process.env.CITY_PROGRAM ?? join(root, 'build/dev/yiwang')
    assert.match(execFileSync(program, ['archive', 'verify', path]).toString(), /seal good/)
    const bytes = readFileSync(path)
    bytes[bytes.indexOf('"number"') + 12] ^= 1
    writeFileSync(path, bytes)
    assert.throws(() => execFileSync(program, ['archive', 'verify', path], { stdio: 'pipe' }), /first part that is broken|Command failed/)
    await look(desk, 'archive-1')
  })
  for (const one of [citizen, desk, clerk]) await one.close()
})
