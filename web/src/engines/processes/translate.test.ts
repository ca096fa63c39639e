// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { useLanguage } from '@/base/words'
import { city_moddle } from './city-moddle'
import { translate } from './translate'

describe('the drawing tool', () => {
  it('speaks Chinese, keeps what nobody translated, and fills blanks', async () => {
    expect(translate('Append end event')).toBe('后接结束事件')
    expect(translate('Append {type}', { type: '任务' })).toBe('后接任务')
    expect(translate('Nobody knows this')).toBe('Nobody knows this')
    await useLanguage('en')
    expect(translate('Append end event')).toBe('Append end event')
    await useLanguage('zh-CN')
  })
  it('has every entry of its palette and context pad in Chinese', () => {
    const folder = 'node_modules/bpmn-js/lib/features'
    const asked = ['palette/PaletteProvider.js', 'context-pad/ContextPadProvider.js']
      .flatMap((file) => [
        ...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/translate\(\s*'([^']+)'\s*[,)]/g),
      ])
      .map((found) => found[1]!)
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter((text) => translate(text) === text)).toEqual([])
  })
  it('has every type of element that can be chosen in Chinese', () => {
    const source = readFileSync('node_modules/bpmn-js/lib/features/popup-menu/PopupEntries.js', 'utf8')
    const labels = [...source.matchAll(/label: '([^']+)'/g)].map((found) => found[1]!)
    expect(labels.length).toBeGreaterThan(40)
    expect(labels.filter((text) => translate(text) === text)).toEqual([])
  })
  it('writes the vocabulary that the engine reads', () => {
    expect(city_moddle.uri).toBe('https://yiwang.dev/bpmn/1')
    const engine = readFileSync('../src/engines/flow/internal/deploy_parts.cc', 'utf8')
    for (const type of city_moddle.types.map((one) => one.name.toLowerCase()))
      expect(engine, type).toContain(`"${type}"`)
  })
})
