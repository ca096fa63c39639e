// SPDX-License-Identifier: Apache-2.0
import { describe } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import AnswerList from './answer-list.vue'

describe('answer-list', () => {
  holdExamples('answer-list', AnswerList)
})
