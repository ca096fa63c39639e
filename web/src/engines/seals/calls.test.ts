// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { base64Of, documentAddress, useTone } from './calls'

describe('documents to be signed', () => {
  it('travel in Base64, byte for byte, whatever their size', async () => {
    const bytes = new Uint8Array(70_000).map((_, at) => (at * 7) % 256)
    const blob = { arrayBuffer: async () => bytes.buffer } as Blob
    expect(await base64Of(blob)).toBe(Buffer.from(bytes).toString('base64'))
  })
  it('are fetched as handed in or as signed', () => {
    expect(documentAddress('u', 2, false)).toBe('/api/seal-uses/u/originals/2')
    expect(documentAddress('u', 2, true)).toBe('/api/seal-uses/u/files/2')
  })
  it('never look good before they are signed', () => {
    expect(['asked', 'partly', 'failed', 'refused', 'waiting'].map(useTone)).not.toContain('good')
    expect(useTone('signed')).toBe('good')
  })
})
