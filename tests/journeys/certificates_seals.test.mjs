// SPDX-License-Identifier: Apache-2.0
// Documents sealed by approval and signed by hand: asked for, decided, taken, looked up in the log,
// verified by anybody with each check explained; roots of other cities proposed, reviewed, withdrawn.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
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
const called = (name) => accounts.find((one) => one.username === name)
const office = { viewport: { width: 1366, height: 900 } }

async function look(who, name) {
  await who.page.waitForFunction(() => !document.querySelector('.state-view .bars'))
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}
/** Bytes of an address, with the session of the page. */
async function bytesOf(who, path) {
  return Buffer.from(
    await who.page.evaluate(async (address) => Array.from(new Uint8Array(await (await fetch(address)).arrayBuffer())), path),
  )
}
async function official(username, screen = office) {
  const who = await person(browser, city.url, screen)
  await signIn(who, called(username), '/workbench/sign-in')
  who.clean('sign-in')
  return who
}
const ofd = (name, buffer) => ({ name, mimeType: 'application/ofd', buffer })

test('documents are sealed by approval and what left is verified', async (t) => {
  const auditor = await official('auditor')
  const letter = await bytesOf(auditor, '/api/compliance/report?format=ofd')
  const annex = await bytesOf(auditor, '/api/compliance/report?format=pdf')
  const asker = await official('certificate-officer')
  const keeper = await official('seal-keeper2')
  let sealed

  await t.test('an official asks for a seal on several documents', async () => {
    await asker.go('/workbench/seal-uses?tab=ask')
    await asker.page.locator('.sign-documents').waitFor()
    await asker.page.locator('.sign-documents .go').click()
    await asker.page.locator('.error-summary').waitFor()
    await look(asker, 'seals-01-incomplete')
    await asker.page.locator('#sign-seal').selectOption({ index: 1 })
    await asker.page.locator('#sign-files').setInputFiles([
      ofd('检查通知.ofd', letter),
      { name: '附件.pdf', mimeType: 'application/pdf', buffer: annex },
      { name: '照片.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no document at all') },
    ])
    await asker.page.locator('#sign-reason').fill('印发餐饮检查通知')
    await asker.page.locator('#sign-copies').fill('2')
    await look(asker, 'seals-02-asking')
    await asker.page.locator('.sign-documents .go').click()
    await asker.page.waitForURL(/seal-uses\/[0-9a-f-]+$/)
    await asker.page.locator('.seal-use').waitFor()
    assert.equal(await asker.page.locator('.seal-use .allow').count(), 0)
    await look(asker, 'seals-03-asked')
  })

  await t.test('the keeper looks at the documents and allows it', async () => {
    await keeper.go('/workbench/seal-uses')
    await keeper.page.locator('.data-table a', { hasText: '印发餐饮检查通知' }).waitFor()
    await look(keeper, 'seals-04-waiting')
    await keeper.page.locator('.data-table a', { hasText: '印发餐饮检查通知' }).click()
    await keeper.page.locator('.seal-use .allow').click()
    await keeper.page.locator('.modal-dialog .confirm').waitFor()
    await look(keeper, 'seals-05-deciding')
    await keeper.page.locator('.modal-dialog .confirm').click()
    await keeper.page.locator('.seal-use .status-tag', { hasText: '部分签署' }).waitFor()
    await look(keeper, 'seals-06-sealed')
  })

  await t.test('each document has its outcome and only the approved copies leave', async () => {
    await asker.page.reload()
    await asker.page.locator('.seal-use .documents li').nth(2).waitFor()
    const outcomes = await asker.page.locator('.seal-use .documents .status-tag').allTextContents()
    assert.deepEqual(outcomes.map((one) => one.trim()), ['已签署', '已签署', '不能签署'])
    for (let copy = 0; copy < 2; copy += 1) {
      const left = asker.page.waitForEvent('download')
      await asker.page.locator('.seal-use .documents li').first().locator('.take').click()
      sealed = readFileSync(await (await left).path())
      await asker.page.locator('.seal-use .documents li').first().getByText(copy === 0 ? '还可取 1 份' : '份数已取完').waitFor()
    }
    await look(asker, 'seals-07-taken')
  })

  await t.test('anybody verifies it and reads what was checked', async () => {
    const anybody = await person(browser, city.url, phone)
    await anybody.go('/check')
    await anybody.page.locator('#check-file').click()
    const file = anybody.page.locator('input[type=file]')
    await file.setInputFiles(ofd('检查通知.ofd', sealed))
    await anybody.page.locator('.file-checks.good').waitFor()
    const told = await anybody.page.locator('.file-checks').textContent()
    assert.match(told, /签章后内容被改动过吗？/)
    assert.match(told, /依据证书/)
    assert.match(told, /可信时间戳/)
    await look(anybody, 'seals-08-verified-phone')
    const bad = Buffer.from(sealed)
    bad[Math.floor(bad.length / 3)] ^= 1
    await file.setInputFiles(ofd('检查通知.ofd', bad))
    await anybody.page.locator('.file-checks.bad .failed').waitFor()
    await look(anybody, 'seals-09-altered-phone')
    await anybody.close()
    const english = await person(browser, city.url, desk)
    await english.go('/check?lang=en')
    await english.page.locator('#check-file').click()
    await english.page.locator('input[type=file]').setInputFiles(ofd('notice.ofd', sealed))
    await english.page.locator('.file-checks.good').waitFor()
    await look(english, 'seals-10-verified-english')
    await english.close()
  })

  await t.test('the seal tells its keeper and its log', async () => {
    await keeper.go('/workbench/seal-uses?tab=log')
    await keeper.page.locator('.data-table a').first().waitFor()
    await look(keeper, 'seals-11-log')
    const seal = await keeper.page.evaluate(async () => (await (await fetch('/api/records/seal_use?limit=1')).json()).rows[0].seal)
    await keeper.go('/workbench/seals/' + seal)
    await keeper.page.locator('.about .acts button', { hasText: '移交保管' }).click()
    await keeper.page.locator('#seal-custodian').selectOption({ index: 1 })
    await keeper.page.locator('#seal-reason').fill('年度交接')
    await look(keeper, 'seals-12-hand-over')
    await keeper.page.locator('.modal-dialog .confirm').click()
    await keeper.page.locator('.seal-page dd', { hasText: '曹印章' }).waitFor()
    await look(keeper, 'seals-13-seal')
    await auditor.go('/workbench/seals/' + seal)
    await auditor.page.locator('.about').waitFor()
    assert.equal(await auditor.page.locator('.about .acts').count(), 0)
    await look(auditor, 'seals-14-auditor')
  })
  await Promise.all([auditor.close(), asker.close(), keeper.close()])
})

test('a citizen writes a signature and signs a contract on the phone', async (t) => {
  const citizen = await person(browser, city.url, phone)
  const auditor = await official('auditor')
  const contract = await bytesOf(auditor, '/api/compliance/report?format=ofd')
  await auditor.close()
  await signIn(citizen, called('citizen'))
  await citizen.go('/seals')
  await citizen.page.locator('.own-seals .make').waitFor()
  await look(citizen, 'seals-20-none')
  await t.test('the signature is written by hand', async () => {
    await citizen.page.locator('.own-seals .make').click()
    const pad = await citizen.page.locator('.signature-pad canvas').boundingBox()
    await citizen.page.mouse.move(pad.x + 30, pad.y + 40)
    await citizen.page.mouse.down()
    for (let step = 0; step < 24; step += 1)
      await citizen.page.mouse.move(pad.x + 30 + step * 10, pad.y + pad.height / 2 + Math.sin(step / 2) * 25)
    await citizen.page.mouse.up()
    await look(citizen, 'seals-21-written')
    await citizen.page.locator('.modal-dialog .confirm').click()
    await citizen.page.locator('.own-seals .cards img').waitFor()
    await look(citizen, 'seals-22-made')
  })
  await t.test('a contract is signed at once and verifies', async () => {
    await citizen.page.locator('#own-seals-sign').click()
    await citizen.page.locator('#sign-files').setInputFiles(ofd('租赁合同.ofd', contract))
    await citizen.page.locator('#sign-reason').fill('签订租赁合同')
    await look(citizen, 'seals-23-sign')
    await citizen.page.locator('.sign-documents .go').click()
    await citizen.page.locator('.uses .status-tag', { hasText: '已签署' }).first().waitFor()
    await look(citizen, 'seals-24-signed')
    const use = await citizen.page.evaluate(async () => (await (await fetch('/api/my/seal-uses')).json()).rows[0].id)
    const signed = await bytesOf(citizen, `/api/seal-uses/${use}/files/0`)
    await citizen.go('/check')
    await citizen.page.locator('#check-file').click()
    await citizen.page.locator('input[type=file]').setInputFiles(ofd('租赁合同.ofd', signed))
    await citizen.page.locator('.file-checks.good').waitFor()
    assert.match(await citizen.page.locator('.file-checks').textContent(), /李明/)
  })
  await t.test('the pages hold at a desk and in English', async () => {
    const english = await person(browser, city.url, desk)
    await signIn(english, called('citizen'))
    await english.go('/seals?lang=en')
    await english.page.locator('.own-seals .cards li').first().waitFor()
    await look(english, 'seals-25-own-english')
    await english.close()
  })
  await citizen.close()
})

test('a root of another city is proposed, reviewed by somebody else, withdrawn', async () => {
  const officer = await official('certificate-officer')
  const keeper = await official('seal-keeper', phone)
  // Any root that signed itself will do; the story takes in certificates under one.
  const pem = readFileSync(new URL('./foreign-root.pem', import.meta.url), 'utf8')
  await officer.go('/workbench/trusted-roots')
  await officer.page.locator('.propose').click()
  await officer.page.locator('#root-name').fill('邻市数字证书认证')
  await officer.page.locator('#root-file').setInputFiles({ name: 'root.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(pem) })
  await officer.page.locator('#root-reason').fill('省内互认第一批')
  await look(officer, 'seals-30-propose')
  await officer.page.locator('.modal-dialog .confirm').click()
  await officer.page.locator('.roots .status-tag', { hasText: '待审核' }).waitFor()
  assert.equal(await officer.page.locator('.roots .approve').count(), 0)
  await look(officer, 'seals-31-proposed')
  await keeper.go('/workbench/trusted-roots')
  await keeper.page.locator('.roots .approve').click()
  await keeper.page.locator('#reason-text').fill('已电话核对指纹')
  await look(keeper, 'seals-32-review-phone')
  await keeper.page.locator('.modal-dialog .confirm').click()
  await keeper.page.locator('.roots .status-tag', { hasText: '受信任' }).waitFor()
  await keeper.page.locator('.roots .withdraw').click()
  await keeper.page.locator('#reason-text').fill('对方密钥泄露')
  await keeper.page.locator('.modal-dialog .confirm').click()
  await keeper.page.locator('.roots .status-tag', { hasText: '已撤销' }).waitFor()
  await look(keeper, 'seals-33-withdrawn-phone')
  const english = await official('seal-keeper')
  for (const [path, name] of [['/workbench/trusted-roots?lang=en', 'roots'], ['/workbench/seal-uses?tab=log&lang=en', 'log'], ['/workbench/seal-uses?tab=own&lang=en', 'own'], ['/workbench/seals?lang=en', 'list'], ['/workbench/compliance?lang=en', 'compliance']]) {
    await english.go(path)
    await english.page.locator('h1').first().waitFor()
    await look(english, `seals-34-english-${name}`)
  }
  await Promise.all([officer.close(), keeper.close(), english.close()])
})
