// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import { nextTick } from 'vue'
import { toast } from './toasts'
import ToastStack from './toast-stack.vue'

describe('toast-stack', () => {
  holdExamples('toast-stack', ToastStack)
  it('shows a word and takes it away', async () => {
    vi.useFakeTimers()
    const stack = draw(ToastStack)
    toast('已保存')
    await nextTick()
    expect(stack.text()).toContain('已保存')
    vi.advanceTimersByTime(6000)
    await nextTick()
    expect(stack.text()).toBe('')
    vi.useRealTimers()
  })
})
