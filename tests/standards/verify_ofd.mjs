// SPDX-License-Identifier: Apache-2.0
// Verifies a sealed OFD without any code of this system: zip and DER are read here, hashes, signatures
// and chains are judged by the command line of OpenSSL.
//   node tests/standards/verify_ofd.mjs FILE.ofd root.pem issuing.pem
// Prints one line for each check; ends with 1 when one fails, naming the part.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

/** Parts of a zip by its central directory. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end < 0) throw new Error('no zip')
  const parts = new Map()
  let at = bytes.readUInt32LE(end + 16)
  for (let i = bytes.readUInt16LE(end + 10); i > 0; --i) {
    const method = bytes.readUInt16LE(at + 10)
    const packed = bytes.readUInt32LE(at + 20)
    const name_size = bytes.readUInt16LE(at + 28)
    const local = bytes.readUInt32LE(at + 42)
    const name = bytes.toString('utf8', at + 46, at + 46 + name_size)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const raw = bytes.subarray(start, start + packed)
    parts.set(name, method === 0 ? raw : inflateRawSync(raw))
    at += 46 + name_size + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return parts
}

/** One DER element: its tag, content, whole bytes, children. */
function der(bytes, at = 0) {
  const tag = bytes[at]
  let size = bytes[at + 1], head = 2
  if (size & 0x80) {
    head = 2 + (size & 0x7f)
    size = 0
    for (let i = at + 2; i < at + head; ++i) size = size * 256 + bytes[i]
  }
  const content = bytes.subarray(at + head, at + head + size)
  const out = { tag, content, whole: bytes.subarray(at, at + head + size), size: head + size, kids: [] }
  if (tag & 0x20) for (let i = 0; i < content.length; ) {
    const kid = der(content, i)
    out.kids.push(kid)
    i += kid.size
  }
  return out
}

export function verify(ofd, root_pem, issuing_pem) {
  const folder = mkdtempSync(join(tmpdir(), 'verify-ofd-'))
  const file = (name, bytes) => (writeFileSync(join(folder, name), bytes), join(folder, name))
  const openssl = (...words) => spawnSync('openssl', words, { cwd: folder }).status === 0
  const sm3 = (bytes) => execFileSync('openssl', ['dgst', '-sm3', '-binary', file('bytes', bytes)])
  const checks = []
  const check = (name, passed, detail = '') => checks.push({ name, passed, detail })
  try {
    const parts = unzip(ofd)
    const xml_path = [...parts.keys()].find((name) => name.endsWith('/Signature.xml'))
    const xml = parts.get(xml_path)
    const text = xml.toString('utf8')
    for (const [, path, value] of text.matchAll(/<ofd:Reference FileRef="\/([^"]+)"><ofd:CheckValue>([^<]+)</g)) {
      const part = parts.get(path)
      check('reference', !!part && sm3(part).toString('base64') === value, path)
    }
    const listed = new Set([...text.matchAll(/FileRef="\/([^"]+)"/g)].map((one) => one[1]))
    for (const name of parts.keys())
      if (!/\/Signs\/Sign_\d+\//.test(name)) check('covered', listed.has(name), name)
    const value = der(parts.get(text.match(/<ofd:SignedValue>\/([^<]+)</)[1]))
    const [tbs, cert, , signature] = value.kids
    const [, seal, , hash, info] = tbs.kids
    check('digest of Signature.xml', hash.content.subarray(1).equals(sm3(xml)))
    check('property info', info.content.toString() === '/' + xml_path)
    const public_key = (name, certificate) => {
      const pem = execFileSync('openssl', ['x509', '-inform', 'DER', '-in', file(name + '.der', certificate), '-pubkey', '-noout'])
      return file(name + '.pub', pem)
    }
    const signed = (name, key, message, bits) =>
      openssl('pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678', '-in', file(name + '.msg', message), '-sigfile', file(name + '.sig', bits.subarray(1)))
    check('signature of the document', signed('signer', public_key('signer', cert.content), tbs.whole, signature.content))
    const [seal_info, maker, , seal_signature] = seal.kids
    check('signature of the seal', signed('maker', public_key('maker', maker.content), seal_info.whole, seal_signature.content))
    const users = seal_info.kids[2].kids[3].kids.map((one) => one.content)
    check('the signer may use the seal', users.some((one) => one.equals(cert.content)))
    writeFileSync(join(folder, 'root.pem'), root_pem)
    writeFileSync(join(folder, 'issuing.pem'), issuing_pem)
    for (const name of ['signer', 'maker']) {
      execFileSync('openssl', ['x509', '-inform', 'DER', '-in', name + '.der', '-out', name + '.pem'], { cwd: folder })
      check(`certificate of the ${name}`, openssl('verify', '-partial_chain', '-vfyopt', 'distid:1234567812345678', '-CAfile', 'issuing.pem', name + '.pem'))
    }
    // The tool tells the identity to the first certificate of a chain alone, so one step at a time.
    check('certificate of the issuer', openssl('verify', '-vfyopt', 'distid:1234567812345678', '-CAfile', 'root.pem', 'issuing.pem'))
  } catch (error) {
    check('structure', false, String(error.message))
  }
  rmSync(folder, { recursive: true, force: true })
  return checks
}

if (process.argv[1]?.endsWith('verify_ofd.mjs')) {
  const checks = verify(readFileSync(process.argv[2]), readFileSync(process.argv[3]), readFileSync(process.argv[4]))
  for (const one of checks) console.log(`${one.passed ? 'good' : 'BAD '}  ${one.name} ${one.detail}`)
  process.exit(checks.every((one) => one.passed) ? 0 : 1)
}
