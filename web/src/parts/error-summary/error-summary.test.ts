// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import { nextTick } from 'vue'
import ErrorSummary from './error-summary.vue'

describe('error-summary', () => {
  holdExamples('error-summary', ErrorSummary)
  it('takes focus when it appears', async () => {
    const box = draw(ErrorSummary, { faults: [] })
    await box.setProps({ faults: [{ text: '请填写姓名', target: 'who' }] })
    await nextTick()
    expect(document.activeElement).toBe(box.find('.error-summary').element)
  })
  it('leads to the control inside a group', async () => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<fieldset id="who" tabindex="-1"><input id="inner"></fieldset>',
    )
    const box = draw(ErrorSummary, { faults: [{ text: '请填写姓名', target: 'who' }] })
    await nextTick()
    await box.find('a').trigger('click')
    expect(document.activeElement?.id).toBe('inner')
  })
})
