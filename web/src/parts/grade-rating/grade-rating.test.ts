// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import GradeRating from './grade-rating.vue'

describe('grade-rating', () => {
  holdExamples('grade-rating', GradeRating)
  it('counts one as best', async () => {
    const faces = draw(GradeRating, { id: 'g' })
    await faces.findAll('input')[0]!.setValue(true)
    expect(faces.emitted('update:modelValue')).toEqual([[1]])
  })
})
