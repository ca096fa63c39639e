// SPDX-License-Identifier: Apache-2.0
// The words of the registration pages, fetched with the first of them.
import { addLateWords } from '@/base/words'
import chinese from '@/base/words/zh-CN/registration.json'

addLateWords(chinese, () => import('@/base/words/en/registration.json'))
