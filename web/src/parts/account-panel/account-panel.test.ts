// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import { flushPromises } from '@vue/test-utils'
import AccountPanel from './account-panel.vue'

describe('account-panel', () => {
  holdExamples('account-panel', AccountPanel)
  it('refuses two passwords that differ before it asks the server', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('[]'))
    const panel = draw(AccountPanel)
    await flushPromises()
    await panel.find('#old').setValue('old-password')
    await panel.find('#new').setValue('new-password-1')
    await panel.find('#again').setValue('new-password-2')
    await panel.find('form').trigger('submit')
    expect(panel.text()).toContain('两次输入的新密码不一致')
  })
})
