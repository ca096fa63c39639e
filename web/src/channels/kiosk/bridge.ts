// SPDX-License-Identifier: Apache-2.0
// The machine's devices, through the bridge that runs beside the browser (docs/formats/kiosk-bridge.md).
import { ref } from 'vue'

export interface Devices {
  code: string
  name?: string
  devices: Record<string, string>
}
/** Undefined until asked; null when no bridge runs here. */
export const devices = ref<Devices | null>()

async function ask<T>(path: string, body?: unknown): Promise<T | undefined> {
  try {
    const answer = await fetch(`/bridge/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', 'X-Yiwang': '1' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const json = answer.headers.get('content-type')?.startsWith('application/json')
    return answer.ok && json ? ((await answer.json()) as T) : undefined
  } catch {
    return undefined
  }
}
export async function knowDevices(): Promise<void> {
  devices.value = (await ask<Devices>('devices')) ?? null
}
/** A card on the reader: its number and the name on it. */
export const readCard = () => ask<{ number: string; name: string }>('reader/read', {})
/** Prints lines of text; false when the printer could not. */
export const print = async (title: string, lines: string[]) =>
  (await ask<{ printed: boolean }>('printer/print', { title, lines }))?.printed === true
/** A page from the scanner as a picture address. */
export async function scan(): Promise<string | undefined> {
  const page = await ask<{ type: string; base64: string }>('scanner/scan', {})
  return page && `data:${page.type};base64,${page.base64}`
}
/** Tells the bridge that somebody was served, for the machine's figures. */
export const served = (minutes: number) => ask('session', { minutes })
