// SPDX-License-Identifier: Apache-2.0
// Fails when the first load of a channel (JS and CSS, gzip) grows past what a slow phone can bear.
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = dirname(dirname(fileURLToPath(import.meta.url)))
const budgets = [
  { manifest: 'public', entry: 'index.html', page: 'citizen/pages/home-page.vue', limit_kb: 120 },
  { manifest: 'public', entry: 'enterprise.html', page: 'enterprise/pages/home-page.vue', limit_kb: 120 },
  { manifest: 'public', entry: 'kiosk.html', page: 'kiosk/pages/home-page.vue', limit_kb: 120 },
  { manifest: 'staff', entry: 'workbench.html', page: 'todo-page.vue', limit_kb: 160 },
]
const largest_other_kb = 250
let failed = false

for (const budget of budgets) {
  const manifest = JSON.parse(readFileSync(join(web, `build/manifest-${budget.manifest}.json`), 'utf8'))
  const seen = new Set()
  const files = new Set()
  const follow = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) follow(next)
  }
  follow(budget.entry)
  const page = Object.keys(manifest).find((key) => key.endsWith(budget.page))
  if (page) follow(page)
  const size = (file) => statSync(join(web, 'dist', file + '.gz')).size / 1024
  const total = [...files].reduce((sum, file) => sum + size(file), 0)
  const ok = total <= budget.limit_kb
  failed ||= !ok
  console.log(
    `${ok ? 'ok  ' : 'OVER'} ${budget.entry} first load ${total.toFixed(1)} KB gzip of ${budget.limit_kb}`,
  )
  for (const chunk of Object.values(manifest)) {
    // Fonts and pictures lie as they are, without compressed twins.
    if (!/\.(js|css)$/.test(chunk.file)) continue
    if (size(chunk.file) > largest_other_kb) {
      failed = true
      console.log(`OVER ${chunk.file} ${size(chunk.file).toFixed(1)} KB gzip of ${largest_other_kb}`)
    }
  }
}
process.exit(failed ? 1 : 0)
