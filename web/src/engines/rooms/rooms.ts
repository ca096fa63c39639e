// SPDX-License-Identifier: Apache-2.0
// The shapes of video rooms as the server tells them.
import type { List } from '@/base/api'

export type Side = 'host' | 'guest'
export interface Shows {
  screen: boolean
  camera: boolean
  sound: boolean
}
export interface RoomDocument {
  id: string
  title: string
  state: 'shown' | 'signed' | 'declined'
  digest: string
  shown_at: string
  settled_at?: string | null
  reason?: string | null
  attachment?: string | null
  sm3?: string | null
}
export interface Room {
  id: string
  case_id: string
  number: string
  item_name: string
  /** Null: an official who may take the free seat. */
  side: Side | null
  state: 'open' | 'ended'
  host_name?: string | null
  guest_name?: string | null
  at_window?: boolean
  host_in: boolean
  guest_in: boolean
  host_shows?: Shows | null
  guest_shows?: Shows | null
  opened_at: string
  ends_at: string
  seconds_left: number
  closed_at?: string | null
  closed_by_name?: string | null
  close_reason?: 'host' | 'guest' | 'time' | null
  documents: RoomDocument[]
  ice?: RTCIceServer[]
}
export interface RoomsOfCase extends List<Room> {
  /** Whether video is set up in this city. */
  ready: boolean
  may_open: boolean
}
/** What the server pushes to a page in a room. */
export type Heard =
  | { kind: 'entered'; other: boolean }
  | { kind: 'jsep'; on: 'out' | 'in'; jsep: RTCSessionDescriptionInit }
  | { kind: 'up'; on: 'out' | 'in' }
  | { kind: 'other-here' | 'other-gone' | 'gone' | 'closed' | 'slow' | 'quiet' | 'trouble' }

/** "12:05" of a count of seconds; never below zero. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
export const other = (side: Side): Side => (side === 'host' ? 'guest' : 'host')
