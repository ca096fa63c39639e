// SPDX-License-Identifier: Apache-2.0
// A demo city that is filled, given people, started and ended for a measurement; nothing stays behind.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = dirname(fileURLToPath(import.meta.url))
export const root = resolve(here, '../..')

/** `--name value` and `--flag`; unknown names end the program. */
export function readOptions(known) {
  const given = { ...known }
  for (let i = 2; i < process.argv.length; ++i) {
    const name = process.argv[i].replace(/^--/, '')
    if (!process.argv[i].startsWith('--') || !(name in known)) {
      console.error(`unknown: ${process.argv[i]}; there are ${Object.keys(known).map((each) => `--${each}`).join(' ')}`)
      process.exit(2)
    }
    if (typeof known[name] === 'boolean') given[name] = true
    else given[name] = typeof known[name] === 'number' ? Number(process.argv[++i]) : process.argv[++i]
  }
  return given
}
const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
export function bytesUnder(folder) {
  let sum = 0
  for (const each of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (each.isFile()) sum += statSync(join(each.parentPath ?? each.path, each.name)).size
  return sum
}
export const megabytes = (bytes) => (bytes / 1e6).toFixed(0)

export class Town {
  /** `folder` empty: a temporary one, which `remove` takes away again. */
  constructor({ folder, build, program, cases }) {
    this.own = folder === ''
    this.folder = this.own ? mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'city-bench-')) : resolve(folder)
    mkdirSync(this.folder, { recursive: true })
    this.build = resolve(root, build)
    this.program = program === '' ? join(this.build, 'yiwang') : resolve(program)
    this.cases = cases
    this.children = new Set()
  }
  run(program, args) {
    return new Promise((done, refused) => {
      const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
      this.children.add(child)
      child.once('error', refused)
      child.once('exit', (code) => {
        this.children.delete(child)
        if (code === 0) done()
        else refused(new Error(`${program} ${args[0]} ended with ${code}`))
      })
    })
  }
  /** The demo city with its cases, people and, when asked for, a past. */
  async prepare({ people, clerks, past = 0, whole = 0.01 }) {
    const tool = join(this.build, 'bench/city/bench_city')
    for (const each of [this.program, tool]) if (!existsSync(each)) throw new Error(`${each} is missing; build the release preset first: tools/build release yiwang bench_city`)
    if (!existsSync(join(this.folder, 'city.db'))) {
      console.log(`filling a demo city with ${this.cases} cases`)
      const port = await this.start()
      await this.stop()
      if (!port) throw new Error('the city did not start')
    }
    await this.run(tool, ['people', this.folder, String(people), String(clerks)])
    this.people = JSON.parse(readFileSync(join(this.folder, 'bench-people.json')))
    if (past > 0) {
      const begun = Date.now()
      await this.run(tool, ['past', this.folder, String(past), String(whole)])
      console.log(`past of ${past} cases made in ${((Date.now() - begun) / 1000).toFixed(0)} s`)
    }
  }
  /** Starts the city and answers its port. */
  async start() {
    const port = await freePort()
    const child = spawn(this.program, ['serve', '--no-limits', '--demo', '--demo-cases', String(this.cases), '--port', String(port), '--data', this.folder],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    this.children.add(child)
    this.server = child
    this.port = port
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the city ended with ${child.exitCode}`)
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false)
      if (ready) return port
      await sleep(100)
    }
  }
  async stop() {
    const child = this.server
    this.server = undefined
    if (!child || child.exitCode !== null) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await gone
    this.children.delete(child)
  }
  /** Memory now and at most, in MB, and processor seconds so far. */
  state() {
    const status = readFileSync(`/proc/${this.server.pid}/status`, 'utf8')
    const stat = readFileSync(`/proc/${this.server.pid}/stat`, 'utf8').split(') ')[1].split(' ')
    const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024
    return { rss: mb('VmRSS'), most: mb('VmHWM'), cpu: (Number(stat[11]) + Number(stat[12])) / 100 }
  }
  async remove(keep) {
    for (const child of this.children) child.kill('SIGTERM')
    await this.stop()
    if (this.own && !keep) rmSync(this.folder, { recursive: true, force: true })
    else console.log(`kept: ${this.folder}`)
  }
}
/** Runs `main(town)`; whatever happens, the city is ended and its folder removed. */
export async function within(town, keep, main) {
  let code = 0
  const leave = () => void town.remove(keep).then(() => process.exit(1))
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  try {
    code = (await main(town)) ? 0 : 1
  } catch (error) {
    console.error(error.stack ?? error)
    code = 1
  }
  await town.remove(keep)
  process.exit(code)
}
