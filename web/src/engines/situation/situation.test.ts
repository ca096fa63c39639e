// SPDX-License-Identifier: Apache-2.0
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { fromQuery, toQuery, type Question } from './situation'
import SituationQuestions from './situation-questions.vue'

const both = (text: string) => ({ zh: text, en: text })
const question = (name: string, answer?: string): Question => ({
  name,
  text: both(name),
  answer,
  choices: [
    { value: 'x', label: both('x') },
    { value: 'y', label: both('y') },
  ],
})

describe('situation', () => {
  it('travels in an address and survives nonsense', () => {
    expect(fromQuery(toQuery({ a: 'x', b: true }))).toEqual({ a: 'x', b: true })
    expect(fromQuery('[1]')).toBeUndefined()
    expect(fromQuery('{')).toBeUndefined()
    expect(fromQuery(undefined)).toBeUndefined()
  })
  it('adds the answer to the next question', async () => {
    const wrapper = mount(SituationQuestions, { props: { asked: [question('a', 'x')], next: question('b') } })
    await wrapper.get('#situation-b-1').setValue(true)
    expect(wrapper.emitted('answer')).toEqual([[{ a: 'x', b: 'y' }]])
  })
  it('drops what came after a changed answer', async () => {
    const wrapper = mount(SituationQuestions, { props: { asked: [question('a', 'x'), question('b', 'x')] } })
    await wrapper.get('#situation-a-1').setValue(true)
    expect(wrapper.emitted('answer')).toEqual([[{ a: 'y' }]])
  })
})
