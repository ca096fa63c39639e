// SPDX-License-Identifier: Apache-2.0
// The one place that speaks to the server: answers are values or problems, never exceptions.
import type { ApiPath } from './client'
import type { Both } from './words'

/** One fault in what was sent; `pointer` is a JSON Pointer into the body. */
export interface Fault {
  pointer: string
  keyword: string
  params?: Record<string, unknown>
  says?: Both
}
/** RFC 9457 problem details as the server words them. */
export interface Problem {
  status: number
  code: string
  title: string
  says: Both
  then?: Both
  errors?: Fault[]
  [extra: string]: unknown
}
export type Answer<T> = { ok: true; value: T; version?: string } | { ok: false; error: Problem }

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  /** Version the change rests on; the server answers 412 when somebody was faster. */
  if_match?: string | number
  /** Same key, same effect: a second press of the same button is harmless. */
  key?: string
  signal?: AbortSignal
}

type Listener = (problem: Problem) => void
let on_signed_out: Listener = () => undefined

let acting_for: string | null = null

/** From now on every call is made for this enterprise or relative; null: for oneself. The server checks
 *  what one may do for them. */
export function actFor(whom: string | null): void {
  acting_for = whom
}
/** For whom calls are made now; null: for oneself. */
export function actingFor(): string | null {
  return acting_for
}

/** Says what happens when the server no longer knows the session. */
export function onSignedOut(listener: Listener): void {
  on_signed_out = listener
}

/** A fresh idempotency key. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `path` with the given query; empty values are left out. */
export function address(path: string, query: Call['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/** Asks for a file. */
export async function fetchFile(path: ApiPath, query?: Call['query']): Promise<Answer<Blob>> {
  return send(path, { query }, (response) => response.blob())
}

/** Calls the server. A File or Blob body goes as it is, anything else as JSON. */
export async function call<T>(path: ApiPath, options: Call = {}): Promise<Answer<T>> {
  return send(path, options, async (response) => (await read(response)) as T)
}

async function send<T>(
  path: ApiPath,
  options: Call,
  take: (response: Response) => Promise<T>,
): Promise<Answer<T>> {
  const method = options.method ?? 'GET'
  const headers: Record<string, string> = { accept: 'application/json', 'X-Yiwang': '1' }
  if (acting_for) headers['X-Acting-For'] = acting_for
  let body: BodyInit | undefined
  if (options.body instanceof Blob) {
    body = options.body
    headers['content-type'] = options.body.type || 'application/octet-stream'
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body)
    headers['content-type'] = 'application/json'
  }
  if (method !== 'GET') headers['idempotency-key'] = options.key ?? newKey()
  if (options.if_match !== undefined) headers['if-match'] = `"${options.if_match}"`
  try {
    const response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    })
    if (response.ok) {
      const version = response.headers.get('etag')?.replace(/^W\//, '').replaceAll('"', '')
      return { ok: true, value: await take(response), version }
    }
    const problem = toProblem(await read(response), response.status)
    if (response.status === 401) on_signed_out(problem)
    return { ok: false, error: problem }
  } catch (cause) {
    const stopped = (cause as Error).name === 'AbortError'
    return { ok: false, error: local(stopped ? 'web.stopped' : 'web.offline') }
  }
}

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const text = await response.text()
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toProblem(value: unknown, status: number): Problem {
  const given = (value ?? {}) as Partial<Problem>
  if (given.says) return { ...given, status, code: given.code ?? 'web.unknown' } as Problem
  return local(status >= 500 || status === 0 ? 'web.server' : 'web.unknown', status)
}

const own_words: Record<string, { says: Both; then: Both }> = {
  'web.offline': {
    says: { zh: '连不上服务器。', en: 'The server cannot be reached.' },
    then: {
      zh: '请检查网络后重试，已填写的内容不会丢失。',
      en: 'Check the network and try again; nothing you typed is lost.',
    },
  },
  'web.stopped': { says: { zh: '请求已取消。', en: 'The request was stopped.' }, then: { zh: '', en: '' } },
  'web.server': {
    says: { zh: '服务器暂时出错。', en: 'The server has a fault.' },
    then: {
      zh: '请稍后重试；如仍不行，请拨打服务热线。',
      en: 'Try again later; if it stays, call the service hotline.',
    },
  },
  'web.unknown': {
    says: { zh: '这次操作没有成功。', en: 'That did not work.' },
    then: { zh: '请刷新页面后重试。', en: 'Reload the page and try again.' },
  },
}

function local(code: string, status = 0): Problem {
  const words = own_words[code]!
  return { status, code, title: words.says.en!, ...words }
}
