// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import { flushPromises } from '@vue/test-utils'
import SignInForm from './sign-in-form.vue'

describe('sign-in-form', () => {
  holdExamples('sign-in-form', SignInForm)
  it('asks for what is missing before it asks the server', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('[]', { status: 200 }))
    const form = draw(SignInForm, { demo: () => false })
    await flushPromises()
    fetched.mockClear()
    await form.find('form').trigger('submit')
    expect(form.text()).toContain('请填写用户名')
    expect(fetched).not.toHaveBeenCalled()
  })
  it('asks for the code when the server wants a second factor', async () => {
    const no = { status: 401, code: 'gate.totp_needed', title: 'x', says: { zh: '需要验证码。' } }
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (path) =>
      String(path).includes('demo') ? new Response('[]') : new Response(JSON.stringify(no), { status: 401 }),
    )
    const form = draw(SignInForm, { demo: () => false })
    await form.find('#username').setValue('a')
    await form.find('#password').setValue('b')
    await form.find('form').trigger('submit')
    await flushPromises()
    expect(form.find('#totp').exists()).toBe(true)
  })
})
