// SPDX-License-Identifier: Apache-2.0
// Certificates in the hands of others: OpenSSL's command line, an OFD reader and an SM2 library written
// elsewhere, both in Chromium, and the common PDF tools.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { verify, unzip } from '../standards/verify_ofd.mjs'
import { demoAccounts, root, shots, startBrowser, startCity } from './support.mjs'

const require = createRequire(join(root, 'web/package.json'))
let city, browser, folder, ofd, pdf, credential, card
const fetched = async (path) => Buffer.from(await (await fetch(city.url + path)).arrayBuffer())
before(async () => {
  city = await startCity()
  browser = await startBrowser()
  folder = mkdtempSync(join(tmpdir(), 'readers-'))
  const citizen = (await demoAccounts(city.url)).find((one) => one.username === 'citizen')
  const answer = await fetch(city.url + '/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Yiwang': '1' },
    body: JSON.stringify({ username: citizen.username, password: citizen.password }),
  })
  const cookie = answer.headers.get('set-cookie').split(';')[0]
  const get = async (path) => Buffer.from(await (await fetch(city.url + path, { headers: { cookie } })).arrayBuffer())
  const rows = JSON.parse(await get('/api/my/certificates')).rows
  card = JSON.parse(await get('/api/certificates/' + rows.find((one) => one.type === 'resident-card').id))
  ofd = await get(`/api/certificates/${card.id}/file?format=ofd`)
  pdf = await get(`/api/certificates/${card.id}/file?format=pdf`)
  credential = (await get(`/api/certificates/${card.id}/file?format=json`)).toString()
  writeFileSync(join(folder, 'card.ofd'), ofd)
  writeFileSync(join(folder, 'card.pdf'), pdf)
})
after(async () => {
  await browser?.close()
  await city?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('OpenSSL alone verifies every hash, signature and chain of an issued OFD', async () => {
  const [root_pem, issuing_pem] = [await fetched('/api/authority/root.pem'), await fetched('/api/authority/issuing.pem')]
  const checks = verify(ofd, root_pem, issuing_pem)
  assert.deepEqual(checks.filter((one) => !one.passed), [])
  assert.ok(checks.length > 12, `${checks.length} checks`)
})

test('one flipped byte anywhere in the package fails, and names the part where it has one', async () => {
  const parts = unzip(ofd)
  let named = 0
  const step = Math.max(1, Math.floor(ofd.length / 60))
  for (let at = 3; at < ofd.length; at += step) {
    const bad = Buffer.from(ofd)
    bad[at] ^= 0x10
    const report = await (await fetch(city.url + '/api/verify/file', { method: 'POST', headers: { 'X-Yiwang': '1' }, body: bad })).json()
    if (report.code) {
      assert.equal(report.code, 'certificates.not_a_document', `byte ${at}`)
      continue
    }
    assert.equal(report.good, false, `byte ${at} must be found`)
    const said = report.checks.filter((one) => !one.passed).map((one) => one.says.en).join('; ')
    if ([...parts.keys()].some((name) => said.includes(name))) ++named
  }
  assert.ok(named >= 45, `${named} of 60 named their part`)
})

test('an OFD reader of others shows the text exactly and the picture as ours', async () => {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } })
  await page.setContent('<!doctype html><title>reader</title><body style="margin:0;background:#fff"></body>')
  await page.addScriptTag({ path: require.resolve('ofd.js/lib/ofd.umd.min.js') })
  const drawn = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
    const reader = window.ofd.default ?? window.ofd
    return new Promise((resolve) =>
      reader.parseOfdDocument({
        ofd: new File([bytes], 'card.ofd'),
        success(document_) {
          try {
            const divs = reader.renderOfd(900, Array.isArray(document_) ? document_[0] : document_)
            for (const div of divs) document.body.append(div)
            setTimeout(() => resolve({ pages: divs.length, text: [...document.querySelectorAll('svg text')].map((one) => one.textContent) }), 1500)
          } catch (error) {
            resolve({ failed: String(error.stack ?? error) })
          }
        },
        fail: (error) => resolve({ failed: String(error) }),
      }),
    )
  }, ofd.toString('base64'))
  assert.equal(drawn.failed, undefined)
  assert.equal(drawn.pages, 1)
  const text = drawn.text.join('').replace(/\s/g, '')
  for (const wanted of [card.type_name, ...Object.values(card.faces).filter((one) => !/^\d{4}-/.test(one)), card.number, card.issuer_name, card.identifier])
    assert.ok(text.includes(wanted.replace(/\s/g, '')), `the reader shows ${wanted}`)
  writeFileSync(join(shots, 'readers-01-ofd.png'), await page.screenshot())
  await page.close()
})

test('PDF tools read the PDF, its text is exact', () => {
  assert.equal(spawnSync('qpdf', ['--check', join(folder, 'card.pdf')]).status, 0)
  const text = execFileSync('pdftotext', [join(folder, 'card.pdf'), '-']).toString().replace(/\s/g, '')
  for (const wanted of [card.type_name, card.faces.name, card.faces.id_number, card.faces.address, card.issuer_name, card.identifier])
    assert.ok(text.includes(wanted.replace(/\s/g, '')), `pdftotext shows ${wanted}`)
  execFileSync('pdftoppm', ['-r', '110', '-png', join(folder, 'card.pdf'), join(shots, 'readers-02-pdf')])
})

test('an SM2 library of others, in a browser, verifies ours and we verify theirs', async () => {
  const page = await browser.newPage()
  await page.setContent('<!doctype html><title>sm</title>')
  await page.addScriptTag({ path: require.resolve('sm-crypto-v2/dist/index.umd.js') })
  const pem = (await fetched('/api/authority/credential-key.pem')).toString()
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const point = der.subarray(der.length - 65).toString('hex')
  const [head, payload, signature] = credential.split('~')[0].split('.')
  const raw = Buffer.from(signature, 'base64url').toString('hex')
  const name = 'SmCryptoV2'
  const judge = (message, sign) =>
    page.evaluate(([lib, m, s, key]) => window[lib].sm2.doVerifySignature(m, s, key, { hash: true, userId: '1234567812345678' }), [name, message, sign, point])
  assert.equal(await judge(`${head}.${payload}`, raw), true)
  assert.equal(await judge(`${head}.${payload}x`, raw), false)
  // The other way, and encryption both ways, with OpenSSL as the judge.
  const made = await page.evaluate((lib) => {
    const { sm2, sm3 } = window[lib]
    const pair = sm2.generateKeyPairHex()
    const sign = sm2.doSignature('来自浏览器的消息', pair.privateKey, { hash: true, der: true, userId: '1234567812345678' })
    return { ...pair, sign, hash: sm3('abc') }
  }, name)
  assert.equal(made.hash, '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  const spki = Buffer.concat([Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex'), Buffer.from(made.publicKey, 'hex')])
  const put = (file, bytes) => (writeFileSync(join(folder, file), bytes), join(folder, file))
  put('their.der', spki)
  execFileSync('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', 'their.der', '-out', 'their.pem'], { cwd: folder })
  put('their.msg', '来自浏览器的消息')
  put('their.sig', Buffer.from(made.sign, 'hex'))
  const verified = spawnSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', 'their.pem', '-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678', '-in', 'their.msg', '-sigfile', 'their.sig'], { cwd: folder })
  assert.equal(verified.status, 0, verified.stderr.toString())
  // OpenSSL encrypts, the browser decrypts (DER to C1 C3 C2).
  put('plain', '只有持钥人能读')
  execFileSync('openssl', ['pkeyutl', '-encrypt', '-pubin', '-inkey', 'their.pem', '-in', 'plain', '-out', 'cipher'], { cwd: folder })
  const read = (bytes, at) => {
    let size = bytes[at + 1], from = at + 2
    if (size & 0x80) {
      from += size & 0x7f
      size = parseInt(bytes.subarray(at + 2, from).toString('hex'), 16)
    }
    return { bytes: bytes.subarray(from, from + size), next: from + size, from }
  }
  const cipher = readFileSync(join(folder, 'cipher'))
  let at = read(cipher, 0).from
  const fields = []
  for (let i = 0; i < 4; ++i) {
    const one = read(cipher, at)
    fields.push(one.bytes)
    at = one.next
  }
  const fixed = (bytes) => bytes.toString('hex').replace(/^00(?=.{64}$)/, '').padStart(64, '0')
  const flat = fixed(fields[0]) + fixed(fields[1]) + fields[2].toString('hex') + fields[3].toString('hex')
  const opened = await page.evaluate(([lib, text, key]) => window[lib].sm2.doDecrypt(text, key, 1), [name, flat, made.privateKey])
  assert.equal(opened, '只有持钥人能读')
  await page.close()
})
