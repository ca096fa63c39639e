// SPDX-License-Identifier: Apache-2.0
// Fetches what a page shows, again whenever what it depends on changes, and drops late answers.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Answer, Problem } from './http'

export interface Query<T> {
  value: ShallowRef<T | undefined>
  /** Version (ETag) of the value, where the server gives one. */
  version: Ref<string | undefined>
  error: ShallowRef<Problem | undefined>
  loading: Ref<boolean>
  again: () => Promise<void>
}

/** `ask` is called at once and each time something reactive inside `when` changes. */
export function useQuery<T>(
  when: () => unknown,
  ask: (signal: AbortSignal) => Promise<Answer<T>> | undefined,
): Query<T> {
  const value = shallowRef<T>()
  const version = ref<string>()
  const error = shallowRef<Problem>()
  const loading = ref(true)
  let running: AbortController | undefined
  async function again(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    const asked = ask(mine.signal)
    if (!asked) {
      loading.value = false
      return
    }
    loading.value = true
    const answer = await asked
    if (running !== mine) return
    loading.value = false
    if (answer.ok) {
      value.value = answer.value
      version.value = answer.version
      error.value = undefined
    } else {
      error.value = answer.error
    }
  }
  watch(when, again, { immediate: true, deep: true })
  onScopeDispose(() => {
    running?.abort()
    running = undefined
  })
  return { value, version, error, loading, again }
}
