// SPDX-License-Identifier: Apache-2.0
// Starts the officials' channel.
import { createApp } from 'vue'
import '@/base/tokens/tokens.css'
import '@/base/tokens/base.css'
import { knowSite } from '@/base/site'
import { restoreView } from '@/base/view'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'
import forms from '@/base/words/zh-CN/forms.json'
import workbench from '@/base/words/zh-CN/workbench.json'
import { router } from './routes'
import WorkbenchShell from './workbench-shell.vue'

addWords({ ...common, ...workbench, ...forms }, async () => {
  const books = await Promise.all([
    import('@/base/words/en/common.json'),
    import('@/base/words/en/workbench.json'),
    import('@/base/words/en/forms.json'),
  ])
  return { default: Object.assign({}, ...books.map((book) => book.default)) }
})
document.documentElement.dataset.channel = 'workbench'
void knowSite()
void restoreView().then(() => createApp(WorkbenchShell).use(router).mount('#app'))
