// SPDX-License-Identifier: Apache-2.0
// Starts the enterprises' channel.
import { createApp } from 'vue'
import '@/base/tokens/tokens.css'
import '@/base/tokens/base.css'
import { knowAccount } from '@/base/session'
import { knowSite } from '@/base/site'
import { restoreView } from '@/base/view'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'
import citizen from '@/base/words/zh-CN/citizen.json'
import enterprise from '@/base/words/zh-CN/enterprise.json'
import forms from '@/base/words/zh-CN/forms.json'
import EnterpriseShell from './enterprise-shell.vue'
import { router } from './routes'

addWords({ ...common, ...citizen, ...enterprise, ...forms }, async () => {
  const books = await Promise.all([
    import('@/base/words/en/common.json'),
    import('@/base/words/en/citizen.json'),
    import('@/base/words/en/enterprise.json'),
    import('@/base/words/en/forms.json'),
  ])
  return { default: Object.assign({}, ...books.map((book) => book.default)) }
})
document.documentElement.dataset.channel = 'enterprise'
void knowSite()
void knowAccount()
void restoreView().then(() => createApp(EnterpriseShell).use(router).mount('#app'))
