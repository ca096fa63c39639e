// SPDX-License-Identifier: Apache-2.0
// Builds one audience at a time, so that what officials load never grows what citizens load.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const entries: Record<string, Record<string, string>> = {
  public: { citizen: 'index.html', enterprise: 'enterprise.html', kiosk: 'kiosk.html' },
  staff: { workbench: 'workbench.html' },
}
const audience = process.env.AUDIENCE ?? 'public'

/** The text editor inside table cells brings its styles as sheets of the document instead of a style
 *  element, which a strict content security policy refuses. */
const sheets_not_elements: Plugin = {
  name: 'sheets-not-elements',
  transform(code, id) {
    if (!id.includes('/style-mod/')) return undefined
    const strict = code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets')
    if (strict === code) throw new Error('style-mod has changed: look how it adds its styles now')
    return { code: strict, map: null }
  },
}

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } }), sheets_not_elements],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': process.env.CITY_URL ?? 'http://127.0.0.1:8080' } },
  build: {
    target: ['chrome80', 'safari14'],
    outDir: 'dist',
    emptyOutDir: false,
    manifest: `manifest-${audience}.json`,
    modulePreload: { polyfill: false },
    // A data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: entries[audience] },
  },
})
