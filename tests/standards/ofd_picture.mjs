// SPDX-License-Identifier: Apache-2.0
// How far the picture that an OFD reader of others draws (npm ofd.js in Chromium) is from the one that
// pdftoppm draws of our PDF of the same document.
//   node tests/standards/ofd_picture.mjs FOLDER PDF OFD…
// Prints JSON: for each OFD the mean difference of the whole page and of its worst tile (10 mm a side),
// 0 to 255, and that tile's place in mm. A tile is compared at the place within half a millimetre where it
// fits best, since the reader rounds every place to whole pixels; both are drawn at 10 pixels to the mm
// and compared at 5. The reader does not load embedded fonts by itself, so they are
// given to the page under their names in the file: what is drawn is drawn with what the file carries.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzip } from './verify_ofd.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const [folder, pdf, ...files] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

/** The page of an OFD as PNG, with its size. */
async function draw(bytes) {
  const page = await browser.newPage({ viewport: { width: 3100, height: 2200 } })
  try {
    await page.setContent('<!doctype html><title>reader</title><body style="margin:0;background:#fff"></body>')
    const parts = unzip(bytes)
    const fonts = [...parts.get('Doc_0/PublicRes.xml').toString().matchAll(/FamilyName="([^"]+)".*?<ofd:FontFile>([^<]+)</g)]
    await page.evaluate(async (given) => {
      for (const [name, base64] of given) {
        const face = new FontFace(name, Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)))
        document.fonts.add(await face.load())
      }
    }, fonts.map(([, name, file]) => [name, parts.get('Doc_0/Res/' + file).toString('base64')]))
    await page.addScriptTag({ path: require.resolve('ofd.js/lib/ofd.umd.min.js') })
    const failed = await page.evaluate(async (base64) => {
      const reader = window.ofd.default ?? window.ofd
      const file = new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], 'a.ofd')
      return new Promise((resolve) =>
        reader.parseOfdDocument({
          ofd: file,
          success(document_) {
            reader.setPageScale(10)
            const [div] = reader.renderOfdByScale(Array.isArray(document_) ? document_[0] : document_)
            div.id = 'page'
            div.style.margin = '0'
            document.body.append(div)
            setTimeout(() => resolve(''), 1200)
          },
          fail: (error) => resolve(String(error)),
        }),
      )
    }, bytes.toString('base64'))
    if (failed) throw new Error(failed)
    await page.evaluate(() => document.fonts.ready)
    const box = await page.locator('#page').boundingBox()
    const size = { width: Math.round(box.width), height: Math.round(box.height) }
    return { png: await page.screenshot({ clip: { x: box.x, y: box.y, ...size } }), ...size }
  } finally {
    await page.close()
  }
}

try {
  const out = {}
  const compare = await browser.newPage()
  for (const file of files) {
    const drawn = await draw(readFileSync(file))
    const ours = join(folder, 'ours')
    execFileSync('pdftoppm', ['-png', '-singlefile', '-scale-to-x', String(drawn.width), '-scale-to-y', String(drawn.height), pdf, ours])
    if (process.env.CITY_KEEP) {
      writeFileSync(join(process.env.CITY_KEEP, file.split('/').pop() + '.png'), drawn.png)
      writeFileSync(join(process.env.CITY_KEEP, 'ours.png'), readFileSync(ours + '.png'))
    }
    out[file.split('/').pop()] = await compare.evaluate(
      async ([a, b, width_mm]) => {
        const load = async (base64) => {
          const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + base64)).blob())
          const [width, height] = [Math.round(image.width / 2), Math.round(image.height / 2)]
          const canvas = new OffscreenCanvas(width, height)
          const context = canvas.getContext('2d')
          context.imageSmoothingQuality = 'high'
          context.fillStyle = '#fff'
          context.fillRect(0, 0, width, height)
          context.drawImage(image, 0, 0, width, height)
          // Smoothed over 3 x 3: how two programs grey the edge of a stroke is no difference.
          const { data } = context.getImageData(0, 0, width, height)
          const out = new Uint8Array(data.length)
          for (let y = 1; y < height - 1; ++y)
            for (let x = 1; x < width - 1; ++x)
              for (let c = 0; c < 3; ++c) {
                let sum = 0
                for (let dy = -1; dy <= 1; ++dy) for (let dx = -1; dx <= 1; ++dx) sum += data[4 * ((y + dy) * width + x + dx) + c]
                out[4 * (y * width + x) + c] = sum / 9
              }
          return { data: out, width, height }
        }
        const [one, other] = [await load(a), await load(b)]
        const { width, height } = one
        if (other.width !== width || other.height !== height) return { failed: `${other.width}x${other.height}` }
        const side = Math.round((10 * width) / width_mm)
        const reach = Math.round((0.5 * width) / width_mm)
        const tile = (left, top, dx, dy) => {
          let sum = 0, count = 0
          for (let y = Math.max(top, -dy); y < Math.min(top + side, height, height - dy); ++y)
            for (let x = Math.max(left, -dx); x < Math.min(left + side, width, width - dx); ++x) {
              const at = 4 * (y * width + x), there = 4 * ((y + dy) * width + x + dx)
              let most = 0
              for (let c = 0; c < 3; ++c) most = Math.max(most, Math.abs(one.data[at + c] - other.data[there + c]))
              sum += most
              ++count
            }
          return count ? sum / count : 0
        }
        let worst = -1, x_mm = 0, y_mm = 0, all = 0, tiles = 0
        for (let top = 0; top < height; top += side)
          for (let left = 0; left < width; left += side) {
            let least = Infinity
            for (let dy = -reach; dy <= reach; ++dy) for (let dx = -reach; dx <= reach; ++dx) least = Math.min(least, tile(left, top, dx, dy))
            all += least
            ++tiles
            if (least <= worst) continue
            worst = least
            x_mm = Math.round((left * width_mm) / width)
            y_mm = Math.round((top * width_mm) / width)
          }
        return { width, height, mean: all / tiles, worst, x_mm, y_mm }
      },
      [drawn.png.toString('base64'), readFileSync(ours + '.png').toString('base64'), 297],
    )
  }
  process.stdout.write(JSON.stringify(out))
} finally {
  await browser.close()
}
