// SPDX-License-Identifier: Apache-2.0
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Field } from '@/base/api'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'
import workbench from '@/base/words/zh-CN/workbench.json'
import JsonRows from './json-rows.vue'
import RecordFields from './record-fields.vue'
import ReferencePicker from './reference-picker.vue'
import { columnsOf, valueText } from './values'

addWords({ ...common, ...workbench }, async () => ({ default: {} }))
afterEach(() => vi.restoreAllMocks())
const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({
  name,
  type,
  label: { zh: name },
  ...more,
})
const answers = (body: unknown) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify(body)))

describe('a value', () => {
  it('is shown as its type is read', () => {
    expect(valueText(field('a', 'boolean'), true)).toBe('是')
    expect(valueText(field('a', 'money'), 1234)).toBe('12.34')
    expect(valueText(field('a', 'time'), '2026-11-23T01:05:00Z')).toBe('2026-11-23 09:05')
    expect(valueText(field('a', 'json'), [{ name: '身份证' }, { name: '照片' }])).toBe('身份证、照片')
    expect(valueText(field('a', 'text'), null)).toBe('')
  })
})

describe('the columns of a list', () => {
  it('begin with the title and leave out what is long', () => {
    const fields = [
      field('note', 'text'),
      field('body', 'json'),
      field('state', 'code', { filterable: true }),
      field('name', 'text'),
    ]
    expect(columnsOf(fields, 'name').map((one) => one.name)).toEqual(['name', 'state', 'note'])
  })
})

describe('the fields of a record', () => {
  it('follow the declaration and tell what was changed', async () => {
    answers([{ code: 'open', label: { zh: '开放' } }])
    const fields = [
      field('title', 'text', { required: true }),
      field('days', 'integer'),
      field('free', 'boolean'),
      field('state', 'code', { list: 'some-state' }),
    ]
    const drawn = mount(RecordFields, {
      props: { fields, data: {}, faults: new Map([['/title', '请填写标题']]) },
    })
    await flushPromises()
    expect(drawn.find('#record-title-error').text()).toContain('请填写标题')
    await drawn.find('#record-title').setValue('甲')
    await drawn.find('#record-days').setValue('12')
    await drawn.find('#record-days').setValue('twelve')
    await drawn.find('#record-free').trigger('click')
    await drawn.find('#record-state').setValue('open')
    expect(drawn.emitted('change')).toEqual([
      ['title', '甲'],
      ['days', 12],
      ['days', 'twelve'],
      ['free', true],
      ['state', 'open'],
    ])
  })
})

describe('rows of structured content', () => {
  it('are changed in place and grow by one', async () => {
    const rows = mount(JsonRows, {
      props: {
        id: 'r',
        label: '材料',
        columns: [
          { name: 'name', kind: 'text' },
          { name: 'required', kind: 'boolean' },
        ],
        modelValue: [{ name: '甲', other: 1 }],
      },
    })
    await rows.find('#r-0-required').setValue(true)
    await rows.findAll('button').at(-1)!.trigger('click')
    expect(rows.emitted('update:modelValue')).toEqual([
      [[{ name: '甲', other: 1, required: true }]],
      [[{ name: '甲', other: 1, required: true }, {}]],
    ])
  })
  it('say when free text is no JSON, and keep what was typed', async () => {
    const raw = mount(JsonRows, { props: { id: 'r', label: 'x', modelValue: null } })
    await raw.find('textarea').setValue('{"a":')
    expect(raw.text()).toContain('不是有效的 JSON')
    expect(raw.emitted('update:modelValue')).toBeUndefined()
    await raw.find('textarea').setValue('{"a":1}')
    expect(raw.emitted('update:modelValue')).toEqual([[{ a: 1 }]])
  })
})

describe('a pointer to another record', () => {
  it('is chosen by keys from what the server finds', async () => {
    vi.useFakeTimers()
    answers({
      rows: [
        { id: '1', name: '民政局' },
        { id: '2', name: '卫健局' },
      ],
      next: null,
    })
    const picker = mount(ReferencePicker, { props: { id: 'p', type: 'organisation' } })
    await picker.find('input').trigger('focus')
    vi.runAllTimers()
    vi.useRealTimers()
    await flushPromises()
    expect(picker.findAll('[role=option]').map((one) => one.text())).toEqual(['民政局', '卫健局'])
    await picker.find('input').trigger('keydown', { key: 'ArrowDown' })
    await picker.find('input').trigger('keydown', { key: 'Enter' })
    expect(picker.emitted('update:modelValue')).toEqual([['2']])
  })
})
