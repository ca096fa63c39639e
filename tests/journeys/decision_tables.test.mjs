// SPDX-License-Identifier: Apache-2.0
// A rule of the city is changed: edited as a table, its clash shown with an example, tested, published;
// a case decided before still explains itself with the version that decided it.
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
const named = (username) => accounts.find((one) => one.username === username)
const model = '/workbench/decisions/senior-allowance'

function identity(birth) {
  const body = '440203' + birth + '002'
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return body + '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0) % 11]
}
/** Applies at the window for somebody of an age, as the signed-in clerk. */
async function apply(page, age) {
  const birth = `${new Date().getFullYear() - age - 1}0102`
  return page.evaluate(
    async ({ id_number }) => {
      const items = await (await fetch('/api/records/item?limit=5&q=' + encodeURIComponent('高龄津贴'))).json()
      const item = items.rows.find((one) => one.name.includes('高龄津贴'))
      const answer = await fetch('/api/cases', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Yiwang': '1' },
        body: JSON.stringify({
          item: item.id,
          data: { applicant_name: '张秀兰', id_number, mobile: '13800000000', address: '百旺路18号', matter: '申请高龄津贴', has_agent: false },
          materials: item.materials.filter((one) => one.required).map((one) => ({ material: one.name, paper: true, attachments: [] })),
          applicant: { name: '张秀兰', kind: 'citizen', id_number, phone: '13800000000' },
        }),
      })
      return { status: answer.status, body: await answer.json() }
    },
    { id_number: identity(birth) },
  )
}
/** Puts text into a cell of the table that is being edited. */
async function writeCell(page, rule, column, text) {
  const cell = page.locator('.table-editor tbody tr').nth(rule).locator('td').nth(column)
  const field = cell.locator('.cm-content')
  // A cell opens when it is entered: away from it first, then into it.
  for (let tries = 0; tries < 5 && !(await field.isVisible()); ++tries) {
    await page.locator('.table-editor tbody tr').nth(rule === 3 ? 2 : 3).locator('td').nth(column + 1).click()
    await cell.click()
    await page.waitForTimeout(300)
  }
  await field.waitFor()
  await field.click()
  await page.keyboard.press('Control+A')
  // The editor takes the old text away itself; replaced by the browser, its colours would come back as
  // inline styles, which the page refuses.
  await page.keyboard.press('Backspace')
  // Pasted as a whole: typed signs would have their brackets closed by the editor.
  await page.keyboard.insertText(text)
}
const open = async (who, path) => {
  await who.go(path)
  await who.page.locator('#decision-tabs-rules').waitFor()
  await who.page.locator('.rule-table tbody tr').first().waitFor()
}

test('a table is edited, a clash is shown with an example, tests run, and an older case keeps its version', async () => {
  const clerk = await person(browser, city.url, desk)
  await signIn(clerk, named('clerk'), '/workbench/sign-in')
  const old = await apply(clerk.page, 85)
  assert.equal(old.status, 201, JSON.stringify(old.body))
  const young = await apply(clerk.page, 76)
  assert.equal(young.body.code, 'cases.not_eligible')
  clerk.troubles.splice(0) // the refusal is asked for

  const who = await person(browser, city.url, desk)
  const page = who.page
  await signIn(who, named('rule-editor'), '/workbench/sign-in')
  await who.go('/workbench/decisions')
  await page.locator('.data-table a', { hasText: '高龄津贴资格' }).waitFor()
  await accessible(who, 'list of models')
  await who.shot('40-decision-models')
  await page.locator('.data-table a', { hasText: '高龄津贴资格' }).click()
  await page.locator('.rule-table tbody tr').nth(4).waitFor()
  await accessible(who, 'a model')
  await who.shot('41-decision-rules')

  await page.locator('#decision-tabs-try').click()
  await page.locator('#try-0').fill('92')
  await page.locator('.decision-trial button[type=submit]').click()
  await page.locator('.decision-story .matched', { hasText: '规则 3 命中' }).waitFor()
  assert.match(await page.locator('.decision-story').innerText(), /老年人权益保障法/)
  assert.match(await page.locator('.decision-story').innerText(), /规则 1 未命中：申请人年龄为 92，要求 < 80/)
  await accessible(who, 'trial')
  await who.shot('42-decision-trial')

  // Editing: the first rule reaches into the second one.
  await page.locator('#decision-tabs-rules').click()
  await page.locator('.decision-acts button', { hasText: '编辑' }).click()
  await page.locator('.table-editor tbody tr').nth(4).waitFor()
  assert.equal(await page.locator('.table-editor .bjs-powered-by').isVisible(), true, 'the mark of the drawing library stays')
  await writeCell(page, 0, 1, '<= 80')
  const clash = page.locator('.live-findings .finding-list li.error')
  await clash.waitFor()
  assert.match(await clash.innerText(), /规则 1、2 相互矛盾/)
  assert.match(await clash.locator('.example').innerText(), /申请人年龄\s*80/)
  assert.equal(await page.locator('.table-editor .rule-bad').count(), 2)
  await accessible(who, 'editor with a clash')
  await who.shot('43-decision-clash')

  // The age is lowered throughout; the test cases no longer fit and say so.
  await writeCell(page, 0, 1, '< 75')
  await writeCell(page, 1, 1, '[75..90)')
  await page.locator('.live-findings .finding-none').waitFor()
  await page.locator('#save-reason').fill('市政府常务会议决定将起领年龄降至75周岁')
  await page.locator('.save-draft button[type=submit]').click()
  await page.locator('.test-cases .report', { hasText: '未通过 1 个' }).waitFor()
  await accessible(who, 'a failing test case')
  await who.shot('44-decision-test-failed')
  assert.equal(await page.locator('.decision-acts button', { hasText: '发布' }).count(), 0, 'who writes does not publish')
  // The trial shows what version 2 says; the failing case is corrected.
  await page.locator('.decision-acts button', { hasText: '编辑' }).click()
  await page.locator('#decision-tabs-tests').click()
  await page.locator('.test-cases li', { hasText: '七十九岁尚不能领' }).locator('button', { hasText: '编辑' }).click()
  await page.locator('#test-name').fill('七十四岁尚不能领')
  await page.locator('#test-0').fill('74')
  await accessible(who, 'a test case being written')
  await page.locator('dialog footer button').last().click()
  await page.locator('.save-draft button[type=submit]').click()
  await page.locator('.test-cases .report', { hasText: '通过 4 个，未通过 0 个' }).waitFor()
  await page.locator('.head .status-tag', { hasText: '测试通过' }).waitFor()
  await page.locator('#decision-tabs-compare').click()
  await page.locator('.version-compare .changes li.changed').first().waitFor()
  assert.match(await page.locator('.version-compare').innerText(), /< 80[\s\S]*< 75/)
  await accessible(who, 'comparison')
  await who.shot('45-decision-compare')
  who.clean('editing')
  await who.close()

  const reviewer = await person(browser, city.url, desk)
  await signIn(reviewer, named('rule-reviewer'), '/workbench/sign-in')
  await open(reviewer, model)
  await reviewer.page.locator('.decision-acts button', { hasText: '发布' }).click()
  await reviewer.page.locator('#decide-reason').fill('自即日起施行')
  await reviewer.page.locator('dialog footer button').last().click()
  await reviewer.page.locator('.head .status-tag', { hasText: '已发布' }).waitFor()
  await reviewer.page.locator('#decision-tabs-versions').click()
  await reviewer.page.locator('.data-table', { hasText: '由第 2 版取代' }).waitFor()
  await accessible(reviewer, 'versions')
  await reviewer.shot('46-decision-versions')
  reviewer.clean('publishing')
  await reviewer.close()

  // New cases at once by version 2; the old one by version 1.
  const fresh = await apply(clerk.page, 76)
  assert.equal(fresh.status, 201, JSON.stringify(fresh.body))
  assert.equal(fresh.body.decisions[0].number, 2)
  await clerk.go('/workbench/cases/' + old.body.id)
  await clerk.page.locator('#case-tabs-decisions').click()
  const basis = clerk.page.locator('.case-decisions')
  await basis.locator('summary').click()
  const told = await basis.innerText()
  assert.match(told, /年满80周岁/)
  assert.match(told, /第 1 版/)
  assert.match(told, /现已被取代/)
  assert.match(told, /要求 < 80/)
  await accessible(clerk, 'an older case')
  await clerk.shot('47-decision-of-an-old-case')
  clerk.clean('cases')
  await clerk.close()
})

test('models are read on a phone, in English too', async () => {
  for (const [name, query] of [['phone', ''], ['english', '?lang=en']]) {
    const who = await person(browser, city.url, phone)
    await signIn(who, named('handler'), '/workbench/sign-in')
    await who.go('/workbench/decisions' + query)
    await who.page.locator('.data-table a').first().waitFor()
    await accessible(who, name + ' list')
    await fits(who, name + ' list')
    await open(who, '/workbench/decisions/food-business-eligibility' + query)
    await accessible(who, name + ' model')
    await fits(who, name + ' model')
    await who.shot('48-decision-' + name)
    who.clean(name)
    await who.close()
  }
})

test('a table is edited on a phone', async () => {
  const who = await person(browser, city.url, phone)
  await signIn(who, named('rule-editor'), '/workbench/sign-in')
  await open(who, '/workbench/decisions/food-business-routing')
  await who.page.locator('.decision-acts button', { hasText: '编辑' }).click()
  await who.page.locator('.table-editor tbody tr').nth(2).waitFor()
  await accessible(who, 'editor on a phone')
  await fits(who, 'editor on a phone')
  await who.shot('49-decision-editor-phone')
  who.clean('editor on a phone')
  await who.close()
})
