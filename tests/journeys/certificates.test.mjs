// SPDX-License-Identifier: Apache-2.0
// A business licence issued by a case, shown on a phone, verified in a second browser, suspended; and
// a citizen who lets a bank read two fields for a day, sees the line, and withdraws.
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
const called = (name) => accounts.find((one) => one.username === name)

async function look(who, name) {
  await accessible(who, name)
  await fits(who, name)
  await who.shot(name)
  who.clean(name)
}

/** A program's session on the interface. */
async function program(account) {
  const answer = await fetch(city.url + '/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Yiwang': '1' },
    body: JSON.stringify({ username: account.username, password: account.password }),
  })
  assert.ok(answer.ok, `${account.username} signs in`)
  const cookie = answer.headers.get('set-cookie').split(';')[0]
  return async (method, path, body) => {
    const got = await fetch(city.url + path, {
      method,
      headers: { cookie, 'X-Yiwang': '1', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: got.status, value: await got.json().catch(() => undefined) }
  }
}

test('a licence is issued by a case, shown by a code, verified, suspended', async (t) => {
  const citizen = await person(browser, city.url, phone)
  const verifier = await person(browser, city.url, desk)
  const officer = await person(browser, city.url, desk)
  let licence, address

  await t.test('a case ends in a licence', async () => {
    const [applicant, clerk, handler] = await Promise.all(['citizen', 'clerk', 'handler'].map((name) => program(called(name))))
    const items = await applicant('GET', '/api/records/item?q=' + encodeURIComponent('企业设立登记'))
    const item = items.value.rows[0]
    const materials = (item.materials ?? []).map((one) => ({ material: one.name, paper: true }))
    const made = await applicant('POST', '/api/cases', {
      item: item.id,
      data: { enterprise_name: '明月山茶业有限公司', applicant_name: '李明', mobile: '13800000000', address: '百旺路18号一楼', registered: false, matter: '茶叶种植、加工与销售' },
      materials,
    })
    assert.equal(made.status, 201, JSON.stringify(made.value))
    assert.equal((await clerk('POST', `/api/cases/${made.value.id}/acts/accept`, {})).status, 200)
    const granted = await handler('POST', `/api/cases/${made.value.id}/acts/approve`, { reason: '准予登记' })
    assert.equal(granted.value.state, 'granted', JSON.stringify(granted.value))
  })

  await t.test('the holder finds it on the phone', async () => {
    await signIn(citizen, called('citizen'))
    await citizen.go('/certificates')
    await citizen.page.locator('.certificate').first().waitFor()
    await look(citizen, 'certificates-01-list')
    await citizen.page.locator('.certificate a', { hasText: '营业执照' }).first().click()
    await citizen.page.locator('.certificate-page dl').waitFor()
    licence = new URL(citizen.page.url()).pathname.split('/').pop()
    await look(citizen, 'certificates-02-licence')
  })

  await t.test('a code asks for the holder\'s word before it shows more', async () => {
    await citizen.page.locator('.certificate-page > .action-button').first().click()
    await citizen.page.locator('.scene').nth(1).click()
    await citizen.page.locator('.show-code .make').click()
    await citizen.page.locator('.show-code img').waitFor()
    address = await citizen.page.locator('.show-code .address').textContent()
    await look(citizen, 'certificates-03-code')
    await verifier.go('/check?s=' + address.trim().split('s=')[1])
    await verifier.page.locator('#verifier').fill('某商业银行')
    await verifier.page.locator('.check-page .go').click()
    await verifier.page.locator('.centre').waitFor()
    await citizen.page.locator('.show-code .asked').waitFor()
    assert.match(await citizen.page.locator('.show-code .code').textContent(), /某商业银行/)
    await look(citizen, 'certificates-04-asked')
    await citizen.page.locator('.show-code .row .action-button').first().click()
    await verifier.page.locator('.result.good').waitFor()
    assert.match(await verifier.page.locator('.result').textContent(), /明月山茶业有限公司/)
    await look(verifier, 'certificates-05-verified')
    await citizen.page.locator('.show-code .good').waitFor()
  })

  await t.test('the code works once', async () => {
    await verifier.page.locator('.check-page .go').click()
    await verifier.page.locator('.state-view.trouble').waitFor()
    verifier.troubles.length = 0 // the refusal is what is looked for
  })

  await t.test('an officer suspends it and verification says so', async () => {
    await signIn(officer, called('certificate-officer'), '/workbench/sign-in')
    await officer.go('/workbench/certificates')
    await officer.page.locator('.data-table').waitFor()
    await look(officer, 'certificates-06-register')
    await officer.go('/workbench/certificates/' + licence)
    await officer.page.locator('.register-one .acts button').first().click()
    await officer.page.locator('#act-reason').fill('登记的住所无法联系')
    await look(officer, 'certificates-07-suspend')
    await officer.page.locator('#act-confirm').click()
    await officer.page.locator('.status-tag.warn').first().waitFor()
    await look(officer, 'certificates-08-suspended')
    const holder = await program(called('citizen'))
    const one = (await holder('GET', `/api/certificates/${licence}`)).value
    await verifier.go(`/check?n=${one.identifier}&k=${one.check_code}`)
    await verifier.page.locator('.result.bad').waitFor()
    assert.match(await verifier.page.locator('.result').textContent(), /暂停使用/)
    await look(verifier, 'certificates-09-not-good')
  })

  await t.test('its file verifies, and one changed byte is named', async () => {
    const holder = await program(called('citizen'))
    const cards = (await holder('GET', '/api/my/certificates')).value.rows
    const card = cards.find((one) => one.type === 'resident-card')
    const bytes = await citizen.page.evaluate(async (path) => Array.from(new Uint8Array(await (await fetch(path)).arrayBuffer())), `/api/certificates/${card.id}/file?format=ofd`)
    await verifier.go('/check')
    await verifier.page.locator('#check-file').click()
    const file = verifier.page.locator('input[type=file]')
    await file.setInputFiles({ name: 'card.ofd', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
    await verifier.page.locator('.file-checks.good').waitFor()
    await look(verifier, 'certificates-10-file')
    const bad = Buffer.from(bytes)
    bad[Math.floor(bad.length / 2)] ^= 1
    await file.setInputFiles({ name: 'card.ofd', mimeType: 'application/octet-stream', buffer: bad })
    await verifier.page.locator('.file-checks.bad .failed').waitFor()
    await look(verifier, 'certificates-11-file-changed')
  })
  await Promise.all([citizen.close(), verifier.close(), officer.close()])
})

test('a bank reads two fields once; the citizen sees the line and withdraws', async (t) => {
  const citizen = await person(browser, city.url, phone)
  const page = citizen.page
  const bank = await program(called('bank'))
  const holder = await program(called('citizen'))
  const me = (await holder('GET', '/api/session')).value.account
  const asked = await bank('POST', '/api/authorisations', {
    owner_code: me.id_number, owner_name: me.name, purpose: '开立个人账户', basis: 'consent', days: 1, most_uses: 2,
    things: [{ kind: 'certificate', type: 'resident-card', fields: ['name', 'birth_date'] }],
  })
  assert.equal(asked.status, 201)
  assert.equal((await bank('POST', `/api/authorisations/${asked.value.id}/read`, {})).status, 403)

  await t.test('the citizen looks at the request and agrees', async () => {
    await signIn(citizen, called('citizen'))
    await citizen.go('/authorisations')
    await page.locator('.asked .fields').first().waitFor()
    await look(citizen, 'space-01-asked')
    await page.locator('.asked .action-button').first().click()
    await page.locator('li.active').first().waitFor()
    await look(citizen, 'space-02-agreed')
  })
  await t.test('the bank reads the two fields and nothing else', async () => {
    const read = await bank('POST', `/api/authorisations/${asked.value.id}/read`, {})
    assert.equal(read.status, 200)
    assert.deepEqual(read.value.fields.map((one) => one.name), ['name', 'birth_date'])
    for (const path of ['/api/records/person', '/api/records/certificate', '/api/records/service_case'])
      assert.equal((await bank('GET', path)).status, 403, path)
  })
  await t.test('the citizen sees the line and withdraws', async () => {
    await page.locator('#space-uses').click()
    await page.locator('.use').first().waitFor()
    assert.match(await page.locator('.use').first().textContent(), /演示银行/)
    await look(citizen, 'space-03-line')
    await page.locator('#space-auth').click()
    await page.locator('li.active .danger').first().click()
    await look(citizen, 'space-04-withdraw')
    await page.locator('.modal-dialog .danger').click()
    await page.locator('li.withdrawn').first().waitFor()
    await look(citizen, 'space-05-withdrawn')
    assert.equal((await bank('POST', `/api/authorisations/${asked.value.id}/read`, {})).status, 403)
    await citizen.go('/my-data')
    await page.locator('.my-data-page details').first().waitFor()
    await look(citizen, 'space-06-data')
  })
  await citizen.close()
})
