// SPDX-License-Identifier: Apache-2.0
// Builds both audiences into web/dist and lays compressed twins beside every text file.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const web = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(web, 'dist')
const reports = join(web, 'build')
rmSync(dist, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

for (const audience of ['public', 'staff']) {
  const run = spawnSync(
    process.execPath,
    [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: web, stdio: 'inherit', env: { ...process.env, AUDIENCE: audience } },
  )
  if (run.status !== 0) process.exit(run.status ?? 1)
  // The manifest serves the size check, not the public.
  renameSync(join(dist, `manifest-${audience}.json`), join(reports, `manifest-${audience}.json`))
}

let files = 0
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name)
  if (!entry.isFile() || !['.html', '.js', '.css', '.svg', '.json'].includes(extname(path))) continue
  const bytes = readFileSync(path)
  writeFileSync(path + '.gz', gzipSync(bytes, { level: 9 }))
  writeFileSync(path + '.br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  files += 1
}
console.log(`web/dist: ${files} files, each with .br and .gz`)
