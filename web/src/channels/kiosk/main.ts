// SPDX-License-Identifier: Apache-2.0
// Starts the channel of self-service machines.
import { createApp } from 'vue'
import '@/base/tokens/tokens.css'
import '@/base/tokens/base.css'
import './kiosk.css'
import { knowAccount } from '@/base/session'
import { knowSite } from '@/base/site'
import { restoreView } from '@/base/view'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'
import citizen from '@/base/words/zh-CN/citizen.json'
import forms from '@/base/words/zh-CN/forms.json'
import kiosk from '@/base/words/zh-CN/kiosk.json'
import KioskShell from './kiosk-shell.vue'
import { router } from './routes'

addWords({ ...common, ...citizen, ...forms, ...kiosk }, async () => {
  const books = await Promise.all([
    import('@/base/words/en/common.json'),
    import('@/base/words/en/citizen.json'),
    import('@/base/words/en/forms.json'),
    import('@/base/words/en/kiosk.json'),
  ])
  return { default: Object.assign({}, ...books.map((book) => book.default)) }
})
document.documentElement.dataset.channel = 'kiosk'
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/kiosk/sw.js', { scope: '/kiosk/' })
void knowSite()
void knowAccount()
void restoreView().then(() => createApp(KioskShell).use(router).mount('#app'))
