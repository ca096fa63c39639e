// SPDX-License-Identifier: Apache-2.0
// Builds one audience at a time, so that what officials load never grows what citizens load.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const entries: Record<string, Record<string, string>> = {
  public: { citizen: 'index.html' },
  staff: { workbench: 'workbench.html' },
}
const audience = process.env.AUDIENCE ?? 'public'

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } })],
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
