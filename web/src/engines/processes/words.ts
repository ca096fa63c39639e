// SPDX-License-Identifier: Apache-2.0
// The words of the process pages, fetched with the first of them.
import { addLateWords } from '@/base/words'
import chinese from '@/base/words/zh-CN/processes.json'

addLateWords(chinese, () => import('@/base/words/en/processes.json'))
