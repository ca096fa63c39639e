// SPDX-License-Identifier: Apache-2.0
// A machine forgets: whoever walks away leaves neither a session nor a typed word behind.
import { onMounted, onScopeDispose, ref } from 'vue'
import { signOut } from '@/base/session'

/** Seconds without a touch before people are asked, and seconds they have to answer (WCAG 2.2.1: 20 or more). */
export const quiet_s = 60
export const warning_s = 20

/** Ends the session, empties what the browser keeps and loads the front page anew. */
export async function wipe(): Promise<void> {
  await signOut()
  sessionStorage.clear()
  localStorage.clear()
  location.replace('/kiosk/')
}

const inside = (asked: Element, event: Event) => event.target instanceof Node && asked.contains(event.target)
/**
 * Watches for touches while the page is used. `left`: seconds until all is wiped, 0 when nobody need be asked.
 * A touch inside `question` gives time to answer; the answer is its button's.
 */
export function useIdle(active: () => boolean, question: () => Element | undefined) {
  const left = ref(0)
  let quiet = 0
  const touched = (event?: Event) => {
    const asked = left.value ? question() : undefined
    // A finger beside the question is a touch like any other; a key is always meant for it.
    if (asked && event && event.target !== asked && (event.type === 'keydown' || inside(asked, event))) {
      quiet = quiet_s
      return
    }
    quiet = 0
    left.value = 0
  }
  function tick(): void {
    if (!active()) {
      touched()
      return
    }
    quiet += 1
    left.value = quiet > quiet_s ? Math.max(quiet_s + warning_s - quiet, 0) : 0
    if (quiet >= quiet_s + warning_s) {
      quiet = 0
      void wipe()
    }
  }
  const kinds = ['pointerdown', 'keydown', 'input', 'wheel'] as const
  let timer = 0
  onMounted(() => {
    for (const kind of kinds) addEventListener(kind, touched, { passive: true })
    timer = window.setInterval(tick, 1000)
  })
  onScopeDispose(() => {
    clearInterval(timer)
    for (const kind of kinds) removeEventListener(kind, touched)
  })
  return { left, stay: () => touched() }
}
