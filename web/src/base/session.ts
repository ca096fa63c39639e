// SPDX-License-Identifier: Apache-2.0
// Who is signed in on this page; the proof itself is an HttpOnly cookie that scripts cannot read.
import { computed, shallowRef } from 'vue'
import { call, onSignedOut, type Answer } from './http'

export interface Account {
  id: string
  name: string
  kind: 'citizen' | 'official' | 'enterprise'
  organisation?: string
  organisation_name?: string
  roles: string[]
  region?: string
  mobile?: string
  /** Of the person behind the account, for that person alone. */
  id_number?: string
}

/** The signed-in account; null when nobody is, undefined before the server was asked. */
export const account = shallowRef<Account | null>()
export const isOfficial = computed(() => account.value?.kind === 'official')

let asked: Promise<void> | undefined
onSignedOut(() => {
  account.value = null
  remember(false)
})

// A visitor who never signed in here need not ask; the mark proves nothing, the cookie does.
const mark = 'yiwang-signed'
function remember(signed: boolean): void {
  try {
    if (signed) localStorage.setItem(mark, '1')
    else localStorage.removeItem(mark)
  } catch {
    // storage may be shut off; then the server is asked each time
  }
}
function maySigned(): boolean {
  try {
    return localStorage.getItem(mark) === '1'
  } catch {
    return true
  }
}

/** Asks the server once who is signed in. */
export function knowAccount(): Promise<void> {
  if (account.value === undefined && !maySigned()) account.value = null
  if (account.value === null) return Promise.resolve()
  asked ??= call<{ account: Account | null }>('/api/session').then((answer) => {
    account.value = answer.ok ? answer.value.account : null
  })
  return asked
}

export async function signIn(
  username: string,
  password: string,
  totp?: string,
): Promise<Answer<{ account: Account }>> {
  const answer = await call<{ account: Account }>('/api/session', {
    method: 'POST',
    body: { username, password, ...(totp ? { totp } : {}) },
  })
  if (answer.ok) {
    account.value = answer.value.account
    remember(true)
  }
  return answer
}

export async function signOut(): Promise<void> {
  await call('/api/session', { method: 'DELETE' })
  account.value = null
  remember(false)
}

/** Whether the account holds one of the roles; a screen hides what the server would refuse anyway. */
export function hasRole(...roles: string[]): boolean {
  return roles.some((role) => account.value?.roles.includes(role))
}
