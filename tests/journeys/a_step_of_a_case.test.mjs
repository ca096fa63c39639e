// SPDX-License-Identifier: Apache-2.0
// A step of a case in an office: handed over, asked about in another department, signed by more, and
// taken back; at a desk and on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fits, madeUpId, person, phone, signIn, startBrowser, startCity } from './support.mjs'

let city, browser, accounts, one
const people = {}
before(async () => {
  city = await startCity()
  browser = await startBrowser()
  accounts = await demoAccounts(city.url)
})
after(async () => {
  await browser?.close()
  await city?.stop()
})
async function as(username, screen = desk) {
  const key = username + screen.viewport.width
  if (people[key]) return people[key]
  const who = await person(browser, city.url, screen)
  await signIn(who, accounts.find((account) => account.username === username), '/workbench/sign-in')
  return (people[key] = who)
}
/** Chooses a way, a colleague and words, and confirms. */
async function way(who, act, { choice, reason } = {}) {
  const page = who.page
  await page.locator(`.case-ways button[data-way="${act}"]`).first().click()
  const dialog = page.locator('dialog[open]')
  if (choice) {
    const option = dialog.locator('#reason-choice option', { hasText: choice }).first()
    await option.waitFor({ state: 'attached' })
    await dialog.locator('#reason-choice').selectOption(await option.getAttribute('value'))
  }
  if (reason) await dialog.locator('#reason-text').fill(reason)
  await accessible(who, act)
  await dialog.locator('footer button').last().click()
  await dialog.waitFor({ state: 'detached' })
}
async function open(who) {
  await who.go('/workbench/cases/' + one)
  await who.page.locator('.case-top').waitFor()
}

/** A case that a clerk has taken in for somebody at the window, and accepted. */
async function acceptedCase() {
  const clerk = await as('clerk')
  await clerk.go('/workbench/')
  return clerk.page.evaluate(async (id_number) => {
    const send = async (method, path, body) => {
      const answer = await fetch(path, {
        method,
        headers: { 'X-Yiwang': '1', ...(body ? { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() } : {}) },
        body: body && JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
      return answer.json()
    }
    const items = await send('GET', '/api/records/item?q=' + encodeURIComponent('食品经营许可'))
    const made = await send('POST', '/api/cases', {
      item: items.rows[0].id,
      applicant: { name: '测试申请人', id_number, phone: '13800138000' },
      data: {
        enterprise_name: '测试餐饮有限公司',
        applicant_name: '测试申请人',
        mobile: '13800138000',
        address: '百旺路18号一楼',
        registered: false,
        business_kind: 'catering',
        items: ['hot', 'cold'],
        area: 80,
      },
      materials: [{ material: '经营场所平面图', paper: true }],
    })
    await send('POST', `/api/cases/${made.id}/acts/accept`, {})
    return made.id
  }, madeUpId())
}

test('an officer takes a step, asks another department and adds signers', async () => {
  const who = await as('handler')
  const page = who.page
  one = await acceptedCase()
  await open(who)
  await page.locator('.case-ways').waitFor()
  await accessible(who, 'case with ways')
  await fits(who, 'case with ways')
  await who.shot('45-case-ways')
  await way(who, 'claim')
  await page.locator('.case-ways .seats li', { hasText: '周承办' }).waitFor()
  await way(who, 'consult', { choice: '冯承办', reason: '卫生防护距离是否符合要求？' })
  await page.locator('.case-ways .seats li', { hasText: '冯承办' }).waitFor()
  await way(who, 'add-before', { choice: '尤住建', reason: '请先核实房屋用途' })
  await page.locator('.case-ways .seats li', { hasText: '未轮到' }).waitFor()
  await who.shot('46-case-signers')
  who.clean('handler')
})

test('the other department answers on a phone, and sees what it may do', async () => {
  const who = await as('health-handler', phone)
  const page = who.page
  await who.go('/workbench/?view=mine')
  await page.locator('.data-table', { hasText: '征求意见' }).first().waitFor()
  await fits(who, 'to-do on a phone')
  await who.shot('47-todo-phone')
  await open(who)
  await page.locator('.case-ways .asked').waitFor()
  await fits(who, 'asked on a phone')
  await accessible(who, 'asked on a phone')
  await who.shot('48-case-asked-phone')
  await way(who, 'answer', { reason: '符合要求' })
  await page.locator('.case-ways button[data-way="answer"]').waitFor({ state: 'detached' })
  who.clean('answering')
})

test('the added signer agrees; the step comes back, is passed on and taken back', async () => {
  const signer = await as('house-officer')
  await open(signer)
  await signer.page.locator('.decide button', { hasText: '同意并转下一环节' }).click()
  await signer.page.locator('#act-confirm').click()
  await signer.page.locator('.case-ways .seats li', { hasText: '同意' }).first().waitFor()
  const who = await as('handler')
  await open(who)
  await who.page.locator('.decide button', { hasText: '同意并转下一环节' }).click()
  await who.page.locator('#act-confirm').click()
  await who.page.locator('.case-ways button[data-way="take-back"]').waitFor()
  await who.shot('49-case-passed-on')
  await way(who, 'take-back')
  await who.page.locator('.decide button', { hasText: '同意并转下一环节' }).waitFor()
  await way(who, 'transfer', { choice: '施承办', reason: '属餐饮科' })
  await who.page.locator('.decide button', { hasText: '同意并转下一环节' }).waitFor({ state: 'detached' })
  for (const each of [signer, who]) each.clean('signing')
})

test('all of it reads in English', async () => {
  const who = await as('approver')
  await open(who)
  await who.page.locator('button', { hasText: 'English' }).first().click()
  await who.shot('50-case-manager')
  who.clean('manager')
})
