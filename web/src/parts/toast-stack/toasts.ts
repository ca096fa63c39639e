// SPDX-License-Identifier: Apache-2.0
// The short news now on screen.
import { ref } from 'vue'

const stays_ms = 5000
let last = 0
export const toasts = ref<{ id: number; text: string }[]>([])

/** Shows `text` for five seconds and tells screen readers once. */
export function toast(text: string): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, text }]
  setTimeout(() => {
    toasts.value = toasts.value.filter((one) => one.id !== id)
  }, stays_ms)
}
