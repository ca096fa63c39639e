// SPDX-License-Identifier: Apache-2.0
// Which enterprise one acts for in this tab, and what one may do for it.
import { computed, shallowRef } from 'vue'
import type { List } from '@/base/api'
import { actFor, call } from '@/base/http'

export interface Membership {
  id: string
  enterprise: string
  name: string
  credit_code?: string
  role: string
  may?: string[] | null
  until?: string | null
  state: 'active' | 'invited'
  invited_by?: string | null
  enterprise_state?: string
}
export const memberships = shallowRef<Membership[]>()
/** The enterprise one acts for; undefined until one was chosen. */
export const company = shallowRef<Membership>()
const mark = 'yiwang-company'

/** Whether one may do things of this authority; a screen hides what the server would refuse anyway. */
export function may(need: string): boolean {
  return company.value?.role === 'legal_person' || !!company.value?.may?.includes(need)
}
export const invitations = computed(() => (memberships.value ?? []).filter((one) => one.state === 'invited'))
export const companies = computed(() =>
  (memberships.value ?? []).filter((one) => one.state === 'active' && one.enterprise_state === 'active'),
)

export function choose(one: Membership | undefined): void {
  company.value = one
  actFor(one?.enterprise ?? null)
  if (one) sessionStorage.setItem(mark, one.enterprise)
  else sessionStorage.removeItem(mark)
}
/** Reads the enterprises of the account and takes up the one chosen before in this tab, or the only one. */
export async function knowCompanies(): Promise<void> {
  const answer = await call<List<Membership>>('/api/my/enterprises')
  memberships.value = answer.ok ? answer.value.rows : []
  const before = sessionStorage.getItem(mark)
  choose(companies.value.find((one) => one.enterprise === before) ?? companies.value[0])
}
