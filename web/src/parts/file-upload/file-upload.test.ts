// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, vi } from 'vitest'
import { draw, holdExamples } from '@/parts/testing/examples'
import { flushPromises } from '@vue/test-utils'
import FileUpload from './file-upload.vue'

describe('file-upload', () => {
  holdExamples('file-upload', FileUpload)
  const file = (name: string, bytes = 10) => new File([new Uint8Array(bytes)], name, { type: 'image/png' })
  async function give(wrapper: ReturnType<typeof draw>, ...files: File[]): Promise<void> {
    Object.defineProperty(wrapper.find('input').element, 'files', { value: files, configurable: true })
    await wrapper.find('input').trigger('change')
    await flushPromises()
  }
  it('sends a good file and lists it', async () => {
    const send = vi.fn(async (one: File) => ({
      ok: true as const,
      value: { id: '1', name: one.name, size: 10, type: 'image/png' },
    }))
    const box = draw(FileUpload, { id: 'f', label: '身份证', send, modelValue: [] })
    await give(box, file('a.png'))
    expect(send).toHaveBeenCalledTimes(1)
    expect(box.emitted('update:modelValue')?.[0]).toEqual([
      [{ id: '1', name: 'a.png', size: 10, type: 'image/png' }],
    ])
  })
  it('refuses a wrong type, an empty file and one too large before they travel', async () => {
    const send = vi.fn()
    const box = draw(FileUpload, { id: 'f', label: '身份证', send, maxMb: 0.00001, modelValue: [] })
    await give(box, file('a.exe'))
    expect(box.text()).toContain('类型不支持')
    await give(box, file('a.png', 0))
    expect(box.text()).toContain('空文件')
    await give(box, file('a.png', 100))
    expect(box.text()).toContain('请压缩')
    expect(send).not.toHaveBeenCalled()
  })
  it("says the server's own words when it refuses", async () => {
    const send = async () => ({
      ok: false as const,
      error: { status: 422, code: 'x', title: 'x', says: { zh: '发现病毒。' } },
    })
    const box = draw(FileUpload, { id: 'f', label: '身份证', send, modelValue: [] })
    await give(box, file('a.png'))
    expect(box.text()).toContain('发现病毒。')
  })
})
