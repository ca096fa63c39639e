// SPDX-License-Identifier: Apache-2.0
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { addWords } from '@/base/words'
import common from '@/base/words/zh-CN/common.json'
import forms from '@/base/words/zh-CN/forms.json'
import { check, withValue, type Form } from './form'
import FormAnswers from './form-answers.vue'
import FormFields from './form-fields.vue'
import type { Json } from './schema'
import { wordFaults } from './words'

addWords({ ...common, ...forms }, async () => ({ default: {} }))
const form: Form = {
  schema: {
    type: 'object',
    required: ['name', 'agent', 'fee'],
    properties: {
      name: { type: 'string', minLength: 2 },
      agent: { type: 'boolean' },
      agent_name: { type: 'string' },
      fee: { type: 'integer', minimum: 0 },
      kids: {
        type: 'array',
        maxItems: 2,
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
  },
  ui: [
    {
      type: 'Control',
      scope: '/name',
      label: { zh: '姓名' },
      messages: { required: { zh: '请写上您的姓名' } },
    },
    { type: 'Control', scope: '/agent', label: { zh: '代办' }, widget: 'radio' },
    {
      type: 'Control',
      scope: '/agent_name',
      label: { zh: '代办人' },
      rule: { effect: 'SHOW', condition: { scope: '/agent', schema: { const: true } } },
    },
    { type: 'Control', scope: '/fee', label: { zh: '费用' }, widget: 'money' },
    {
      type: 'Control',
      scope: '/kids',
      label: { zh: '子女' },
      widget: 'rows',
      elements: [{ type: 'Control', scope: '/name', label: { zh: '子女姓名' } }],
    },
  ],
}
function draw(data: Json, faults = new Map<string, string>()) {
  return mount(FormFields, { props: { form, elements: form.ui, data, faults } })
}

describe('the fields of a form', () => {
  it('ask only what is shown', () => {
    expect(draw({}).text()).not.toContain('代办人')
    expect(draw({ agent: true }).text()).toContain('代办人')
  })
  it('tell pointer and value', async () => {
    const fields = draw({})
    await fields.find('#field-name').setValue('李雷')
    await fields.find('#field-agent-0').setValue(true)
    await fields.find('#field-fee').setValue('12.5')
    expect(fields.emitted('change')).toEqual([
      ['/name', '李雷'],
      ['/agent', true],
      ['/fee', 1250],
    ])
  })
  it('add and remove rows up to what the schema allows', async () => {
    const fields = draw({ kids: [{ name: '甲' }] })
    const add = () => fields.findAll('button').find((button) => button.text().includes('添加'))
    await add()!.trigger('click')
    expect(fields.emitted('change')).toEqual([['/kids', [{ name: '甲' }, {}]]])
    await fields.setProps({ data: { kids: [{ name: '甲' }, {}] } })
    expect(add()).toBeUndefined()
    expect(fields.find('#field-kids-1-name').exists()).toBe(true)
  })
  it('stand beside their fault', () => {
    const fields = draw({}, new Map([['/name', '请写上您的姓名']]))
    expect(fields.find('#field-name').attributes('aria-invalid')).toBe('true')
    expect(fields.find('#field-name-error').text()).toContain('请写上您的姓名')
  })
})

describe('the words of faults', () => {
  const worded = (data: Json) => {
    const outcome = check(form, data)
    return wordFaults(form, outcome.data, outcome.errors).map((fault) => [fault.target, fault.text])
  }
  it('come in the order of the fields, their own words first', () => {
    expect(worded({})).toEqual([
      ['field-name', '请写上您的姓名'],
      ['field-agent', '请选择代办'],
      ['field-fee', '请填写费用'],
    ])
  })
  it('name limits, money and rows', () => {
    expect(worded({ name: '李', agent: false, fee: 'x', kids: [{}] })).toEqual([
      ['field-name', '姓名至少 2 个字，现在是 1 个'],
      ['field-fee', '费用应为金额，最多两位小数'],
      ['field-kids-0-name', '请填写子女姓名'],
    ])
  })
})

describe('the answers of a form', () => {
  it('are read as people say them', () => {
    let data: Json = { name: '李雷', agent: true, fee: 1250 }
    data = withValue(data, '/agent_name', '韩梅梅')
    const text = mount(FormAnswers, { props: { form, data } }).text()
    for (const part of ['李雷', '是', '韩梅梅', '12.50 元']) expect(text).toContain(part)
  })
})
