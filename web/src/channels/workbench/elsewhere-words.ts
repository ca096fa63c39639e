// SPDX-License-Identifier: Apache-2.0
// The words of receipt for elsewhere and of the exchange, fetched with the first of their pages.
import { addLateWords } from '@/base/words'
import chinese from '@/base/words/zh-CN/elsewhere.json'

addLateWords(chinese, () => import('@/base/words/en/elsewhere.json'))
