// SPDX-License-Identifier: Apache-2.0
// Builds both audiences into web/dist and lays compressed twins beside every text file.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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

// The page where developers read and try the interface; its own style sheet needs inline styles, which the server allows there.
const swagger = join(web, 'node_modules/swagger-ui-dist')
const api = join(dist, 'api')
mkdirSync(api, { recursive: true })
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
  copyFileSync(join(swagger, name), join(api, name))
writeFileSync(
  join(api, 'start.js'),
  `window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({
    url: '/api/openapi.json',
    dom_id: '#interface',
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers['X-Yiwang'] = '1'
      return request
    },
  })
})
`,
)
writeFileSync(
  join(api, 'index.html'),
  `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>接口说明 · 一网</title>
<link rel="icon" href="/mark.svg">
<link rel="stylesheet" href="/api/swagger-ui.css">
</head>
<body>
<main id="interface"></main>
<script src="/api/swagger-ui-bundle.js"></script>
<script src="/api/start.js"></script>
</body>
</html>
`,
)

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
