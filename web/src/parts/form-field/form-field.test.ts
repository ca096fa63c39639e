// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { holdExamples } from '@/parts/testing/examples'
import { mount } from '@vue/test-utils'
import { h } from 'vue'
import FormField from './form-field.vue'

describe('form-field', () => {
  holdExamples('form-field', FormField)
  it('hands its control the ids of hint and error', () => {
    const drawn = mount(FormField, {
      props: { label: '手机号', hint: '11 位', error: '不对', id: 'm' },
      slots: {
        default: (given: { describedby?: string }) => h('input', { 'aria-describedby': given.describedby }),
      },
    })
    expect(drawn.find('input').attributes('aria-describedby')).toBe('m-hint m-error')
  })
})
