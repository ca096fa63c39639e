// SPDX-License-Identifier: Apache-2.0
// Halls as the server shows them.
import type { ApiPath } from '@/base/client'
import { call, type Answer } from '@/base/http'
import type { Row } from '@/base/api'

export interface Business {
  code: string
  name: string
}
export interface Hall extends Row {
  name: string
  level: string
  address?: string
  hours?: string
  phone?: string
  businesses: Business[]
}
export interface Screen {
  name: string
  hours?: string
  now: string
  calls: { number: string; window: string; at: string; times: number; calling: boolean }[]
  waiting: { business: string; name: string; count: number; minutes: number | null; windows_open: number }[]
}
export interface Ticket {
  id: string
  number: string
  business: string
  source: string
  state: string
  issued_at?: string
  window_number?: string | null
  recalls?: number
  name?: string | null
  ahead?: number
  minutes?: number | null
}
export interface Desk {
  id: string
  hall: string
  hall_name: string
  number: string
  name?: string
  state: string
  clerk?: string | null
  clerk_name?: string | null
  businesses: Business[]
  serves: string[]
  recalls_most: number
  ticket: Ticket | null
  waiting: Ticket[]
}
const post = <T>(path: ApiPath, body: unknown = {}): Promise<Answer<T>> =>
  call<T>(path, { method: 'POST', body })

export const halls = {
  screen: (id: string) => call<Screen>(`/api/halls/${id}/screen`),
  slots: (id: string, business: string, day: string) =>
    call<{ slots: { slot: string; places: number; left: number }[] }>(`/api/halls/${id}/slots`, {
      query: { business, day },
    }),
  take: (id: string, body: unknown) => post<Ticket>(`/api/halls/${id}/tickets`, body),
  giveUp: (ticket: string) => post(`/api/tickets/${ticket}/give-up`),
  book: (id: string, body: unknown) => post<{ id: string }>(`/api/halls/${id}/appointments`, body),
  cancel: (id: string) => post(`/api/appointments/${id}/cancel`),
  desk: (id: string) => call<Desk>(`/api/windows/${id}/desk`),
  act: (id: string, act: string, body: unknown = {}) => post<Desk>(`/api/windows/${id}/acts/${act}`, body),
  figures: (id: string) => call<Record<string, number>>(`/api/halls/${id}/figures`),
}
