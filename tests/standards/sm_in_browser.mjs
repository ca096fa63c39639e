// SPDX-License-Identifier: Apache-2.0
// The other side of sm_in_browser_test: npm sm-crypto-v2 in Chromium, which knows nothing of our code.
//   node tests/standards/sm_in_browser.mjs < questions.json > answers.json
// Certificates and lists are taken apart by the few lines of ASN.1 below, inside the browser.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const questions = JSON.parse(readFileSync(0, 'utf8'))
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const page = await browser.newPage()
  await page.setContent('<!doctype html><title>sm</title>')
  await page.addScriptTag({ path: require.resolve('sm-crypto-v2/dist/index.umd.js') })
  const answers = await page.evaluate((q) => {
    const { sm2, sm3, sm4 } = window.SmCryptoV2
    const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16))
    const hexOf = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('')
    const read = (bytes, at = 0) => {
      let size = bytes[at + 1], head = 2
      if (size & 0x80) {
        head += size & 0x7f
        size = 0
        for (let i = at + 2; i < at + head; ++i) size = size * 256 + bytes[i]
      }
      const out = { tag: bytes[at], content: bytes.subarray(at + head, at + head + size), whole: bytes.subarray(at, at + head + size), kids: [] }
      if (out.tag & 0x20) for (let i = 0; i < size; i += out.kids.at(-1).whole.length) out.kids.push(read(out.content, i))
      return out
    }
    const bits = (element) => element.content.subarray(1)
    const moment = (element) => new TextDecoder().decode(element.content)
    const verify = (message, signature, key, id) => {
      try {
        return sm2.doVerifySignature(message, signature, key, { hash: true, der: true, userId: id })
      } catch {
        return false
      }
    }
    // Certificate: tbs { [0] version, serial, algorithm, issuer, validity, subject, key { algorithm, bits }, … }
    const certificate = (hex) => {
      const [tbs, algorithm, signature] = read(bytesOf(hex)).kids
      const [, serial, , issuer, validity, subject, key] = tbs.kids
      return {
        tbs: tbs.whole, signature: hexOf(bits(signature)), algorithm: hexOf(algorithm.kids[0].content),
        serial: hexOf(serial.content).replace(/^00/, ''), issuer: hexOf(issuer.whole), subject: hexOf(subject.whole),
        name: new TextDecoder().decode(subject.kids.at(-1).kids[0].kids[1].content),
        from: moment(validity.kids[0]), to: moment(validity.kids[1]), key: hexOf(bits(key.kids[1])),
      }
    }
    // List: tbs { version, algorithm, issuer, this, next, revoked { serial, when, … }, … }
    const list = (hex) => {
      const [tbs, , signature] = read(bytesOf(hex)).kids
      return {
        tbs: tbs.whole, signature: hexOf(bits(signature)), issuer: hexOf(tbs.kids[2].whole),
        revoked: tbs.kids[5].kids.map((one) => hexOf(one.kids[0].content).replace(/^00/, '')),
      }
    }
    const out = {}
    out.verified = q.signed.map((one) => verify(one.message, one.signature, q.our_public, one.id))
    out.altered = q.signed.map((one) => verify(one.message + '。', one.signature, q.our_public, one.id))
    out.other_id = q.signed.map((one) => verify(one.message, one.signature, q.our_public, 'somebody@else'))
    out.other_key = q.signed.map((one) => verify(one.message, one.signature, q.their_public, one.id))
    out.signed = q.signed.map((one) => sm2.doSignature(one.message, q.their_private, { hash: true, der: true, userId: one.id }))
    out.raw = q.signed.map((one) => sm2.doSignature(one.message, q.their_private, { hash: true, userId: one.id }))
    // GM/T 0009 writes ciphertexts as ASN.1.
    out.opened = q.encrypted.map((one) => sm2.doDecrypt(one, q.their_private, 1, { asn1: true }))
    out.encrypted = q.plain.map((one) => sm2.doEncrypt(one, q.our_public, 1, { asn1: true }))
    const authority = certificate(q.authority), user = certificate(q.user), crl = list(q.list)
    out.certificates = [
      verify(authority.tbs, authority.signature, authority.key, q.id), verify(user.tbs, user.signature, authority.key, q.id),
      user.issuer === authority.subject, user.key === q.our_public,
    ]
    const bent = user.tbs.slice()
    bent[bent.length - 1] ^= 1
    out.bad_certificates = [verify(bent, user.signature, authority.key, q.id), verify(user.tbs, user.signature, user.key, q.id), verify(user.tbs, user.signature, authority.key, '')]
    out.user = { serial: user.serial, name: user.name, from: user.from, to: user.to, algorithm: user.algorithm }
    out.list = [verify(crl.tbs, crl.signature, authority.key, q.id), crl.issuer === authority.subject]
    const shorter = crl.tbs.slice()
    shorter[shorter.length - 40] ^= 1
    out.bad_list = verify(shorter, crl.signature, authority.key, q.id)
    out.revoked = crl.revoked
    // Their authority signs what we laid out.
    out.tbs_signatures = q.tbs.map((one) => sm2.doSignature(bytesOf(one), q.their_private, { hash: true, der: true, userId: q.id }))
    const pair = (d, p) => ({ privateKey: d, publicKey: p })
    out.shared = [
      hexOf(sm2.calculateSharedKey(pair(q.their_private, q.their_public), pair(q.their_ephemeral, q.their_ephemeral_public), q.our_public, q.our_ephemeral_public, 32, false, q.id, q.id)),
      hexOf(sm2.calculateSharedKey(pair(q.their_private, q.their_public), pair(q.their_ephemeral, q.their_ephemeral_public), q.our_public, q.our_ephemeral_public, 32, true, q.id, q.id)),
    ]
    out.sm3 = q.plain.map((one) => sm3(one))
    out.hmac = q.plain.map((one) => sm3(one, { key: q.secret }))
    out.sm4 = sm4.decrypt(q.sm4, q.secret, { mode: 'cbc', iv: q.iv })
    return out
  }, questions)
  process.stdout.write(JSON.stringify(answers))
} finally {
  await browser.close()
}
