// SPDX-License-Identifier: Apache-2.0
// Seals and what is signed with them: the shapes that the server answers with and what pages ask.
import type { List, Row } from '@/base/api'
import { call, type Answer } from '@/base/http'
import type { Both } from '@/base/words'

export interface Seal {
  id: string
  name: string
  purpose?: string | null
  kind: string
  state: string
  reason?: string | null
  holder?: string | null
  holder_kind?: string | null
  holder_name?: string | null
  organisation?: string | null
  valid_from?: string | null
  valid_until?: string | null
  use_limit?: number | null
  uses?: number | null
  custodian_name?: string | null
  picture?: string | null
}
/** One's own: `decides` says that one's word is enough, `asks` that one may ask for its use. */
export interface OwnSeal extends Seal {
  decides: boolean
  asks: boolean
}
export interface SealView extends Seal {
  organisation_name?: string
  keeps: boolean
  keepers: { account: string; name: string; organisation: string }[]
  events: {
    id: string
    act: string
    from_state: string | null
    to_state: string
    reason: string | null
    at: string
    by_name: string | null
  }[]
}
export interface SealedDocument {
  name: string
  format?: 'ofd' | 'pdf'
  size?: number
  sm3?: string
  outcome: 'waiting' | 'signed' | 'refused'
  says?: Both
  taken?: number
}
export interface SealUse {
  id: string
  seal: string
  seal_name: string
  reason: string
  copies: number
  state: 'asked' | 'signed' | 'partly' | 'failed' | 'refused'
  asked_by_name: string | null
  asked_at: string
  decided_by_name?: string | null
  decided_at?: string | null
  decision_reason?: string | null
  documents: SealedDocument[] | null
  may_decide?: boolean
}
export interface TrustedRoot extends Row {
  name: string
  subject: string
  fingerprint: string
  state: 'proposed' | 'trusted' | 'refused' | 'withdrawn'
  valid_from: string
  valid_until: string
  purpose: string
  reason?: string | null
  proposed_by?: string
  proposed_by_name?: string
  reviewed_by_name?: string | null
  withdrawn_at?: string | null
}
export interface Order {
  seal: string
  reason: string
  copies: number
  place: { page: string }
  documents: { name: string; bytes: string }[]
}

const post = (body: unknown = {}) => ({ method: 'POST' as const, body })
export const seals = {
  usable: () => call<List<Seal>>('/api/usable-seals'),
  one: (id: string) => call<SealView>(`/api/seals/${id}`),
  act: (id: string, act: string, body: unknown) => call<SealView>(`/api/seals/${id}/acts/${act}`, post(body)),
  mine: () => call<List<OwnSeal> & { enterprises: { id: string; name: string }[] }>('/api/my/seals'),
  applyOwn: (body: unknown) => call<{ id: string }>('/api/my/seals', post(body)),
  actOwn: (id: string, act: string, body: unknown) => call(`/api/my/seals/${id}/acts/${act}`, post(body)),
  ask: (order: Order, own: boolean): Promise<Answer<SealUse>> =>
    call<SealUse>(own ? '/api/my/seal-uses' : '/api/seal-uses', post(order)),
  uses: () => call<List<SealUse>>('/api/my/seal-uses'),
  use: (id: string) => call<SealUse>(`/api/seal-uses/${id}`),
  decide: (id: string, allow: boolean, reason: string, own: boolean) =>
    call<SealUse>(`/api/${own ? 'my/' : ''}seal-uses/${id}/${allow ? 'allow' : 'refuse'}`, post({ reason })),
  proposeRoot: (body: unknown) => call<{ id: string }>('/api/trusted-roots', post(body)),
  actOnRoot: (id: string, act: string, reason: string) =>
    call(`/api/trusted-roots/${id}/acts/${act}`, post({ reason })),
}

/** Where a document of a use is: as handed in, or signed. */
export function documentAddress(use: string, at: number, signed: boolean): string {
  return `/api/seal-uses/${use}/${signed ? 'files' : 'originals'}/${at}`
}

/** The bytes of a file in Base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

/** Colour of a use's state and of a document's outcome; the word decides. */
export function useTone(state: string): 'good' | 'warn' | 'bad' | 'neutral' | 'info' {
  if (state === 'signed' || state === 'trusted') return 'good'
  if (state === 'asked' || state === 'partly' || state === 'proposed') return 'warn'
  if (state === 'refused' || state === 'failed' || state === 'withdrawn') return 'bad'
  return 'neutral'
}
