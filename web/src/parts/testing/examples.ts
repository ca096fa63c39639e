// SPDX-License-Identifier: Apache-2.0
// Runs the examples of a part: each must draw what it promises, without a warning.
import { existsSync, readFileSync } from 'node:fs'
import { mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { parse } from 'yaml'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'

addWords(common, async () => await import('@/base/words/en/common.json'))

interface Example {
  example: string
  props?: Record<string, unknown>
  slot?: string
  /** Texts a person must find. */
  says?: string[]
  /** Selectors that must match. */
  has?: string[]
  /** Selectors that must not match. */
  lacks?: string[]
}

export function draw(component: Component, props: Record<string, unknown> = {}, slot?: string): VueWrapper {
  // YAML has no functions; the word stands for one that does nothing.
  const real = Object.fromEntries(
    Object.entries(props).map(([name, value]) => [name, value === '$function' ? () => undefined : value]),
  )
  return mount(component, {
    props: real,
    slots: slot ? { default: slot } : {},
    global: { stubs: { RouterLink: RouterLinkStub } },
    attachTo: document.body,
  })
}

/** One test for each example in the part's folder. */
export function holdExamples(part: string, component: Component): void {
  const path = `src/parts/${part}/${part}.examples.yaml`
  if (!existsSync(path)) throw new Error(`${path} is missing`)
  for (const one of parse(readFileSync(path, 'utf8')) as Example[]) {
    it(`example: ${one.example}`, () => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
      const drawn = draw(component, one.props, one.slot)
      for (const text of one.says ?? []) expect(drawn.text()).toContain(text)
      for (const selector of one.has ?? []) expect(drawn.find(selector).exists(), selector).toBe(true)
      for (const selector of one.lacks ?? []) expect(drawn.find(selector).exists(), selector).toBe(false)
      expect(warn.mock.calls).toEqual([])
      warn.mockRestore()
      drawn.unmount()
    })
  }
}
