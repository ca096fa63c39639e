// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { minutes, other } from './rooms'
import { whyNot } from './talk'

test('time left reads as minutes and seconds and ends at nothing', () => {
  expect(minutes(1799.6)).toBe('29:59')
  expect(minutes(5)).toBe('0:05')
  expect(minutes(-3)).toBe('0:00')
})
test('each side looks at the other', () => {
  expect(other('host')).toBe('guest')
  expect(other('guest')).toBe('host')
})
test('a refused permission and a missing camera are told apart', () => {
  expect(whyNot(new DOMException('', 'NotAllowedError'))).toBe('refused')
  expect(whyNot(new DOMException('', 'NotFoundError'))).toBe('missing')
  expect(whyNot(new DOMException('', 'NotReadableError'))).toBe('busy')
  expect(whyNot(new Error('x'))).toBe('missing')
})
