// SPDX-License-Identifier: Apache-2.0
// The words of sealing and signing, fetched with the first of its pages.
import { addWords, language, useLanguage } from '@/base/words'
import chinese from '@/base/words/zh-CN/seals.json'

addWords(chinese, () => import('@/base/words/en/seals.json'))
// Whoever reads English already will not choose it again.
if (language.value === 'en') void useLanguage('en')
