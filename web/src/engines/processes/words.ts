// SPDX-License-Identifier: Apache-2.0
// The words of the process pages, fetched with the first of them.
import { addWords, language, useLanguage } from '@/base/words'
import chinese from '@/base/words/zh-CN/processes.json'

addWords(chinese, () => import('@/base/words/en/processes.json'))
// Whoever reads English already will not choose it again.
if (language.value === 'en') void useLanguage('en')
