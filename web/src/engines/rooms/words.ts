// SPDX-License-Identifier: Apache-2.0
// The words of video rooms, fetched with the first page that has one.
import { addLateWords } from '@/base/words'
import chinese from '@/base/words/zh-CN/rooms.json'

addLateWords(chinese, () => import('@/base/words/en/rooms.json'))
