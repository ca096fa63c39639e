// SPDX-License-Identifier: Apache-2.0
// A joint review of three departments: drawn, tried out, published, run by three officials with a
// return, an added signer and a veto, watched on the diagram, and its history replayed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, demoAccounts, desk, fits, person, phone, signIn, startBrowser, startCity } from './support.mjs'

let city, browser, accounts
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
  await signIn(who, accounts.find((one) => one.username === username), '/workbench/sign-in')
  return (people[key] = who)
}
const canvas_id = (page, id) => page.locator(`.djs-element[data-element-id="${id}"]`)
/** The element that the panel has open. */
const chosen = (page) => page.locator('#panel-element').inputValue()

async function nameIt(page, name) {
  await page.locator('#panel-name').fill(name)
  await page.locator('#panel-name').press('Tab')
}
/** Goes to a step in one's own list. */
async function openTask(who, name) {
  await who.go('/workbench/processes')
  await who.page.locator('.data-table a', { hasText: name }).first().click()
  await who.page.locator('.task-columns').waitFor()
  await who.page.locator('.djs-container').waitFor()
}
async function verb(who, name, { choice, reason }) {
  const page = who.page
  await page.locator('.verbs button', { hasText: name }).first().click()
  const dialog = page.locator('dialog[open]')
  if (choice) {
    const option = dialog.locator('#reason-choice option', { hasText: choice }).first()
    await option.waitFor({ state: 'attached' })
    await dialog.locator('#reason-choice').selectOption(await option.getAttribute('value'))
  }
  await dialog.locator('#reason-text').fill(reason)
  await dialog.locator('footer button').last().click()
  await dialog.waitFor({ state: 'detached' }).catch(() => {})
}
async function decide(who, name, opinion, word) {
  await openTask(who, name)
  await who.page.locator('#task-opinion').fill(opinion)
  const moved = who.page.waitForURL(/\/workbench\/processes$/)
  await who.page.locator('button', { hasText: word }).first().click()
  await moved
}

const board = { instance: '', tasks: {}, review: '' }

/** Chooses what the panel shows and waits until it does. */
async function choose(page, id) {
  await page.locator('#panel-element').selectOption(id)
  await page.waitForFunction((wanted) => document.querySelector('#panel-element').value === wanted, id)
}
/** Adds an element behind the chosen one, names it, and gives its id. */
async function append(page, kind, name) {
  const before = await chosen(page)
  await page.locator('.step-panel button', { hasText: kind }).first().click()
  await page.waitForFunction((old) => document.querySelector('#panel-element').value !== old, before)
  const made = await chosen(page)
  await nameIt(page, name)
  return made
}
/** Connects the chosen element to one that is there. */
async function connect(page, name) {
  const option = page.locator('#panel-connect option', { hasText: name }).first()
  await page.locator('#panel-connect').selectOption(await option.getAttribute('value'))
  await page.locator('.pair', { has: page.locator('#panel-connect') }).locator('button').click()
}
const flows = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#panel-element option')].map((one) => one.value).filter((id) => /^(Sequence)?flow/i.test(id)),
  )
/** The flow that an act of drawing brought. */
async function flowMade(page, act) {
  const before = await flows(page)
  await act()
  await page.waitForFunction(
    (count) => [...document.querySelectorAll('#panel-element option')].filter((one) => /^(Sequence)?flow/i.test(one.value)).length > count,
    before.length,
  )
  return (await flows(page)).find((id) => !before.includes(id))
}
async function condition(page, flow, text) {
  await choose(page, flow)
  await page.locator('#panel-condition').fill(text)
  await page.locator('#panel-condition').press('Tab')
}

const branches = [
  { name: '市场监管审查', signer: '周承办', verdict: '市场监管意见', outcome: 'market' },
  { name: '卫生健康审查', signer: '冯承办', verdict: '卫生健康意见', outcome: 'health' },
  { name: '人力社保审查', signer: '褚承办', verdict: '人力社保意见', outcome: 'social' },
]

test('a manager draws a joint review of three departments in parallel branches, sees a fault and mends it', async () => {
  const who = await as('process-manager')
  const page = who.page
  await who.go('/workbench/processes/models/new')
  await canvas_id(page, 'Start').waitFor()
  await accessible(who, 'drawing board')
  await page.locator('#model-name').fill('重大项目联合审查')
  await page.locator('#model-name').press('Tab')
  // Start → the applicant's own step → fork → a step and a verdict for each department → join → end;
  // each refusal leads to an end that ends all.
  await canvas_id(page, 'Start').click()
  await append(page, '人工任务', '提交项目')
  await page.locator('.step-panel label', { hasText: '申请人自己的步骤' }).locator('input').check()
  const fork = await append(page, '并行网关', '分送')
  let veto
  for (const [at, branch] of branches.entries()) {
    await choose(page, fork)
    branch.task = await append(page, '人工任务', branch.name)
    board.tasks[branch.outcome] = branch.task
    await page.locator('#panel-signing').check()
    const option = page.locator('#panel-signer option', { hasText: branch.signer }).first()
    await option.waitFor({ state: 'attached' })
    await page.locator('#panel-signer').selectOption(await option.getAttribute('value'))
    await page.locator('.pair', { has: page.locator('#panel-signer') }).locator('button').click()
    await page.locator('.signers li', { hasText: branch.signer }).waitFor()
    await page.locator('#panel-outcome').fill(branch.outcome)
    await page.locator('#panel-outcome').press('Tab')
    await page.locator('#panel-veto').check()
    await page.locator('#panel-days').fill('5')
    await page.locator('#panel-days').press('Tab')
    const gateway = await append(page, '排他网关', branch.verdict)
    let good, bad
    if (at === 0) {
      good = await flowMade(page, () => append(page, '并行网关', '汇合'))
      await append(page, '结束事件', '通过')
      await choose(page, gateway)
      bad = await flowMade(page, () => append(page, '结束事件', '一票否决'))
      await page.locator('#panel-ending').selectOption('bpmn:TerminateEventDefinition')
      veto = await chosen(page)
    } else {
      good = await flowMade(page, () => connect(page, '汇合'))
      await choose(page, gateway)
      bad = await flowMade(page, () => connect(page, '一票否决'))
    }
    await choose(page, good)
    await page.locator('#panel-default').check()
    branch.refused = bad
    await condition(page, bad, at === 0 ? '=market =' : `=${branch.outcome} = "rejected"`)
  }
  assert.ok(veto)
  board.review = board.tasks.health
  // Checked while it is drawn: half a condition is a fault.
  await page.locator('#model-tabs-findings').click()
  await page.locator('.findings li').first().waitFor()
  await page.locator('.flow-badge.stuck').first().waitFor()
  await who.shot('30-process-findings')
  await page.locator('#model-tabs-element').click()
  await condition(page, branches[0].refused, '=market = "rejected"')
  await page.locator('#model-tabs-findings').click()
  await page.locator('[role=tabpanel] [role=status]', { hasText: '没有发现问题' }).waitFor()
  await page.locator('#model-tabs-element').click()
  await choose(page, board.review)
  await accessible(who, 'drawing board with properties')
  await fits(who, 'drawing board')
  await who.shot('31-process-drawn')
  who.clean('drawing board')
})

test('it is tried out with chosen inputs and a moved clock, and published', async () => {
  const who = await as('process-manager')
  const page = who.page
  await page.locator('#model-tabs-trial').click()
  await page.locator('#trial-inputs').fill('{"project":"南岸厂房","area":12000}')
  await page.locator('#trial-start').fill('2026-12-01T09:00')
  await page.locator('.trial-inputs button').click()
  await page.locator('.trial-next button', { hasText: '提交项目' }).click()
  await page.locator('.flow-badge.token', { hasText: '1' }).nth(2).waitFor()
  await page.locator('#trial-hours').fill('48')
  await page.locator('button', { hasText: '时间前进' }).last().click()
  await page.locator('.trial-steps li', { hasText: '时间前进 48 小时' }).waitFor()
  await page.locator('.trial-next button', { hasText: '周承办' }).click()
  await page.locator('#trial-outcome').selectOption('reject')
  await page.locator('.trial-next button', { hasText: '冯承办' }).click()
  await page.locator('.trial-panel [role=status]', { hasText: '已办结' }).waitFor()
  await accessible(who, 'trial')
  await who.shot('32-process-trial')
  await page.locator('.head button', { hasText: '发布' }).click()
  await page.locator('dialog[open] #reason-text').fill('按联审联办办法')
  await page.locator('dialog[open] footer button').last().click()
  await page.locator('.head .status-tag', { hasText: '已发布' }).waitFor()
  who.clean('publishing')
})

test('three officials run it: a return, an added signer, a veto; tokens are seen on the diagram', async () => {
  const clerk = await as('clerk')
  await clerk.go('/workbench/processes?tab=start')
  const row = clerk.page.locator('.data-table tr', { hasText: '重大项目联合审查' })
  await row.locator('button', { hasText: '发起' }).click()
  await clerk.page.locator('dialog[open] #reason-text').fill('南岸厂房项目')
  await clerk.page.locator('dialog[open] footer button').last().click()
  await clerk.page.waitForURL(/processes\/instances\//)
  board.instance = new URL(clerk.page.url()).pathname.split('/').pop()
  await clerk.page.locator('.flow-badge.token').waitFor()
  await clerk.shot('33-process-started')
  await decide(clerk, '提交项目', '材料齐全', '同意')
  // A manager watches while the others work: three tokens, one in each branch.
  const manager = await as('process-manager')
  await manager.go('/workbench/processes/instances/' + board.instance)
  const here = (task) => manager.page.locator(`.djs-element.flow-here[data-element-id="${task}"]`)
  for (const branch of branches) await here(branch.task).waitFor()
  await manager.shot('34-process-branches')
  // One department returns it to the applicant: all three branches are taken back.
  const first = await as('handler')
  await openTask(first, '市场监管审查')
  await accessible(first, 'task')
  await first.shot('34-process-task')
  await verb(first, '退回', { choice: '退回申请人', reason: '请补充用地红线图' })
  await first.page.waitForURL(/\/workbench\/processes$/)
  for (const branch of branches) await here(branch.task).waitFor({ state: 'detached' })
  await decide(clerk, '提交项目', '已补充红线图', '同意')
  for (const branch of branches) await here(branch.task).waitFor()
  // It adds a colleague in its own branch and signs; the others wait for nobody.
  await openTask(first, '市场监管审查')
  await verb(first, '并行加签', { choice: '郑审批', reason: '涉及食品生产许可' })
  await first.page.locator('.data-table tr', { hasText: '郑审批' }).waitFor()
  await first.shot('35-process-signers')
  await decide(first, '市场监管审查', '符合条件', '同意')
  const added = await as('approver')
  await decide(added, '市场监管审查', '同意', '同意')
  await here(board.tasks.market).waitFor({ state: 'detached' })
  const third = await as('social-handler')
  await openTask(third, '人力社保审查')
  // The second department refuses; its veto ends all, and the third has nothing left to sign.
  const second = await as('health-handler')
  await openTask(second, '卫生健康审查')
  await second.page.locator('button', { hasText: '不同意' }).first().click()
  await second.page.locator('.form-field .error').waitFor()
  await second.page.locator('#task-opinion').fill('卫生防护距离不足')
  const moved = second.page.waitForURL(/\/workbench\/processes$/)
  await second.page.locator('button', { hasText: '不同意' }).first().click()
  await moved
  await manager.page.locator('.status-tag', { hasText: '已办结' }).waitFor()
  await third.go('/workbench/processes')
  await third.page.locator('h1').first().waitFor()
  assert.equal(await third.page.locator('.data-table a', { hasText: '人力社保审查' }).count(), 0)
  for (const who of [clerk, manager, first, added, second, third]) who.clean('running')
})

test('its history is replayed step by step, and figures show where work lay', async () => {
  const who = await as('process-manager')
  const page = who.page
  await who.go('/workbench/processes/instances/' + board.instance)
  await page.locator('.djs-container').waitFor()
  await page.locator('#instance-tabs-replay').click()
  await page.locator('.history li').nth(5).waitFor()
  const steps = await page.locator('.history li').count()
  await page.locator('.replay button', { hasText: '下一步' }).click()
  await page.locator(`.djs-element.flow-here[data-element-id="${board.review}"]`).waitFor()
  await page.locator('.replay input[type=range]').focus()
  await page.keyboard.press('End')
  await page.locator('.replay .numbers', { hasText: `${steps} / ${steps}` }).waitFor()
  await page.locator('.replay button', { hasText: '播放' }).click()
  await page.locator('.replay .numbers', { hasText: `3 / ${steps}` }).waitFor()
  await page.locator('.history li', { hasText: '请补充用地红线图' }).waitFor()
  await page.locator('.history li', { hasText: '卫生防护距离不足' }).waitFor()
  await accessible(who, 'replay')
  await who.shot('36-process-replay')
  await page.locator('#instance-tabs-variables').click()
  await page.locator('code', { hasText: 'health' }).first().waitFor()
  await who.go('/workbench/processes/models/' + 'new')
  await canvas_id(page, 'Start').waitFor()
  await who.go('/workbench/processes?tab=start')
  await page.locator('.data-table a', { hasText: '重大项目联合审查' }).click()
  await page.locator('.flow-heat-5').first().waitFor()
  await accessible(who, 'version')
  await who.shot('37-process-statistics')
  who.clean('replay')
})

test('a manager puts an instance under legal hold from the list, and sees what became of it', async () => {
  const who = await as('process-manager')
  const page = who.page
  await who.go('/workbench/processes?tab=instances')
  const row = page.locator('.data-table tr', { hasText: '南岸厂房项目' }).first()
  await row.locator('input[type=checkbox]').check()
  await page.locator('p.row button', { hasText: '依法保全' }).click()
  await page.locator('dialog[open] #reason-text').fill('行政诉讼')
  await page.locator('dialog[open] footer button').last().click()
  await page.locator('.batch-report', { hasText: '成功 1 项' }).waitFor()
  await accessible(who, 'result for each')
  await page.locator('.sides button', { hasText: '依法保全' }).click()
  await page.locator('.data-table tr', { hasText: '南岸厂房项目' }).waitFor()
  await who.shot('42-process-held')
  who.clean('legal hold')
})

test('all of it fits a phone, in both languages', async () => {
  const who = await as('process-manager', phone)
  const page = who.page
  for (const [path, name] of [
    ['/workbench/processes', '38-process-list-phone'],
    ['/workbench/processes?tab=instances', '39-process-instances-phone'],
    ['/workbench/processes/instances/' + board.instance, '40-process-instance-phone'],
    ['/workbench/processes/models/new', '41-process-board-phone'],
  ]) {
    await who.go(path)
    await page.locator('h1').first().waitFor()
    if (/instances\/|models/.test(path)) await page.locator('.djs-container').waitFor()
    await fits(who, path)
    await accessible(who, path)
    await who.shot(name)
  }
  who.clean('phone')
})
