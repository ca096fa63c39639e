// SPDX-License-Identifier: Apache-2.0
// The number of tasks that wait, kept fresh by the server's event stream.
import { ref } from 'vue'
import { api } from '@/base/api'
import { hasRole } from '@/base/session'

export const todo_count = ref<number>()
export const todo_red = ref(0)
export const todo_yellow = ref(0)
/** Grows each time the server says that something about tasks or cases has changed. */
export const changes = ref(0)
let stream: EventSource | undefined

/** Whether any task can wait for this account; others are not asked about. */
export function hasDesk(): boolean {
  return hasRole('clerk', 'handler', 'reviewer', 'approver', 'supervisor')
}
async function count(): Promise<void> {
  if (!hasDesk()) return
  const answer = await api.todoCount()
  if (!answer.ok) return
  todo_count.value = answer.value.count ?? answer.value.total
  todo_red.value = answer.value.red ?? 0
  todo_yellow.value = answer.value.yellow ?? 0
}
/** Begins to listen; a second call does nothing. */
export function listen(): void {
  if (stream) return
  void count()
  stream = new EventSource('/api/events')
  const changed = () => {
    changes.value += 1
    void count()
  }
  stream.addEventListener('todo', changed)
  stream.addEventListener('case', changed)
}
export function stopListening(): void {
  stream?.close()
  stream = undefined
  todo_count.value = undefined
}
/** After one's own act the count is asked at once. */
export function recount(): void {
  void count()
}
