// SPDX-License-Identifier: Apache-2.0
// Remembers the cursors of a keyset list, so that going back needs no counting on the server.
import { computed, ref } from 'vue'

export function usePages() {
  const cursors = ref<string[]>([])
  const after = computed(() => cursors.value[cursors.value.length - 1])
  const page = computed(() => cursors.value.length + 1)
  return {
    /** Cursor to send; undefined on the first page. */
    after,
    page,
    next(cursor: string | null | undefined): void {
      if (cursor) cursors.value.push(cursor)
    },
    back(): void {
      cursors.value.pop()
    },
    first(): void {
      cursors.value = []
    },
  }
}
