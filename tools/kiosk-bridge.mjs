// SPDX-License-Identifier: Apache-2.0
// The bridge of a self-service machine, with simulated devices: the browser talks to it alone; it answers
// /bridge/… itself, passes everything else on to the city, and sends the machine's beats.
// Protocol: docs/formats/kiosk-bridge.md.
//   node tools/kiosk-bridge.mjs --city http://127.0.0.1:8080 --port 8090 [--code T-1 --secret …]
//        [--spool FOLDER] [--beat SECONDS]
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at > 0 ? process.argv[at + 1] : fallback
}
const city = new URL(option('city', 'http://127.0.0.1:8080'))
const port = Number(option('port', '8090'))
const code = option('code', '')
const secret = option('secret', process.env.KIOSK_SECRET ?? '')
const spool = option('spool', join(tmpdir(), 'kiosk-spool'))
const beat_s = Number(option('beat', '60'))
mkdirSync(spool, { recursive: true })

/** What the devices are like; a real bridge asks drivers. Tests change it through /bridge/simulate. */
const devices = { reader: 'ok', printer: 'ok', scanner: 'ok' }
let card = null
const since = { sessions: 0, minutes: 0, prints: 0 }
let name = ''
let printed = 0

// One white page of 8 by 8 points, as a scanner would deliver it.
const page =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAD0lEQVR4nGP4DwUMlDIAKRM/wfVnBVUAAAAASUVORK5CYII='

const calls = {
  'GET devices': () => ({ code, name, devices }),
  'POST reader/read': () => (devices.reader === 'ok' && card ? card : undefined),
  'POST printer/print': (body) => {
    if (devices.printer !== 'ok') return { printed: false }
    const lines = [body.title, ...(Array.isArray(body.lines) ? body.lines : [])]
    printed += 1
    since.prints += 1
    writeFileSync(join(spool, `slip-${printed}.txt`), lines.map((line) => String(line).slice(0, 200)).join('\n') + '\n')
    return { printed: true }
  },
  'POST scanner/scan': () => (devices.scanner === 'ok' ? { type: 'image/png', base64: page } : undefined),
  'POST session': (body) => {
    since.sessions += 1
    since.minutes += Math.min(Math.max(Number(body.minutes) || 0, 0), 240)
    return { kept: true }
  },
  // Only a simulated machine has this door: lays a card on the reader, breaks and mends devices.
  'POST simulate': (body) => {
    if (body.card !== undefined) card = body.card
    for (const device of Object.keys(devices)) if (typeof body[device] === 'string') devices[device] = body[device]
    return { devices, card: !!card }
  },
}

/** Sends what happened since the last beat; what could not be sent is kept for the next. */
async function beat() {
  if (!code) return
  const sent = { ...since }
  try {
    const answer = await fetch(new URL(`/api/kiosks/${encodeURIComponent(code)}/beat`, city), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Yiwang': '1', 'x-kiosk-secret': secret },
      body: JSON.stringify({ version: '1.0', devices, ...sent }),
    })
    if (!answer.ok) throw new Error(`the city answers ${answer.status}`)
    name = (await answer.json()).name
    for (const key of Object.keys(since)) since[key] -= sent[key]
  } catch (cause) {
    console.error(`beat: ${cause.message}`)
  }
}

function body_of(incoming) {
  return new Promise((resolve) => {
    let text = ''
    incoming.on('data', (part) => {
      text += part
      if (text.length > 100_000) incoming.destroy()
    })
    incoming.on('end', () => {
      try {
        resolve(JSON.parse(text || '{}') ?? {})
      } catch {
        resolve({})
      }
    })
  })
}

createServer(async (incoming, outgoing) => {
  const path = incoming.url.split('?')[0]
  if (path.startsWith('/bridge/')) {
    const act = calls[`${incoming.method} ${path.slice(8)}`]
    // A page of another origin cannot set this header, so it cannot use the devices.
    const allowed = incoming.headers['x-yiwang'] === '1'
    const answer = act && allowed ? act(await body_of(incoming)) : undefined
    if (act && path === '/bridge/simulate') await beat()
    outgoing.writeHead(!act ? 404 : !allowed ? 403 : answer ? 200 : 503, { 'content-type': 'application/json' })
    outgoing.end(JSON.stringify(answer ?? { error: 'unavailable' }))
    return
  }
  const onward = request(
    { host: city.hostname, port: city.port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host: city.host } },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    },
  )
  // Nothing is answered for a city that is gone: the browser sees a broken line and shows its offline page.
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}).listen(port, '127.0.0.1', () => {
  console.log(`kiosk bridge on http://127.0.0.1:${port}/kiosk/`)
  void beat()
  setInterval(() => void beat(), beat_s * 1000).unref()
})
