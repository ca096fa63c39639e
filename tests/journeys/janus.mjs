// SPDX-License-Identifier: Apache-2.0
// A real Janus for a journey: a process on free ports with a configuration of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, pause } from '../exchange/city.mjs'

const unused = ['audiobridge', 'echotest', 'nosip', 'recordplay', 'sip', 'streaming', 'textroom', 'videocall', 'voicemail', 'lua', 'duktape']
const other_ways = ['websockets', 'rabbitmq', 'pfunix', 'mqtt', 'nanomsg']
const disabled = (names) => names.map((name) => `libjanus_${name}.so`).join(',')

export class Janus {
  constructor(port) {
    this.port = port
    this.secret = 'journeysecret'
    this.address = `http://127.0.0.1:${port}/janus`
    this.folder = mkdtempSync(join(tmpdir(), 'janus-'))
    const write = (name, text) => writeFileSync(join(this.folder, name), text)
    write(
      'janus.jcfg',
      `general: { debug_level = 2
 api_secret = "${this.secret}"
 admin_secret = "${this.secret}admin" }
plugins: { disable = "${disabled(unused)}" }
transports: { disable = "${disabled(other_ways)}" }
`,
    )
    write('janus.transport.http.jcfg', `general: { json = "compact"\n base_path = "/janus"\n http = true\n port = ${port}\n ip = "127.0.0.1"\n https = false }\nadmin: { admin_http = false }\n`)
    write('janus.plugin.videoroom.jcfg', 'general: { }\n')
  }
  static async make() {
    const made = new Janus(await freePort())
    await made.start()
    return made
  }
  async start() {
    this.child = spawn('janus', [`--configs-folder=${this.folder}`, '--disable-stdout', `--log-file=${join(this.folder, 'log')}`], { stdio: 'ignore' })
    this.ended = new Promise((resolve) => this.child.once('exit', resolve))
    for (let round = 0; round < 200; ++round) {
      if (await fetch(`${this.address}/info`).then((answer) => answer.ok, () => false)) return
      await pause(50)
    }
    throw new Error('janus did not start')
  }
  /** As a power cut would end it. */
  async kill() {
    this.child.kill('SIGKILL')
    await this.ended
  }
  async stop() {
    this.child.kill('SIGTERM')
    await this.ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}
