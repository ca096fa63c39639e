// SPDX-License-Identifier: Apache-2.0
// The number of tasks that wait, kept fresh by the server's event stream.
import { ref } from 'vue'
import { api } from '@/base/api'
import { hasRole } from '@/base/session'

export const todo_count = ref<number>()
export const todo_red = ref(0)
/** Undefined while the server does not count them. */
export const todo_yellow = ref<number>()
/** Grows each time the server says that something about tasks or cases has changed. */
export const changes = ref(0)
/** Grows each time somebody acts on a process. */
export const process_changes = ref(0)
let stream: EventSource | undefined

/** A count in words: the server stops counting at a thousand. */
export const atMost = (count: number) => (count > 999 ? '999+' : String(count))
/** Whether any task can wait for this account; others are not asked about. */
export function hasDesk(): boolean {
  return hasRole('official') // anybody may be asked to help
}
async function count(): Promise<void> {
  if (!hasDesk()) return
  const answer = await api.todoCount()
  if (!answer.ok) return
  todo_count.value = answer.value.count ?? answer.value.total
  todo_red.value = answer.value.red ?? 0
  todo_yellow.value = answer.value.yellow
}
// However many events come, the server is asked at most once in this time. All pages hear an event at the
// same moment, so each waits a little longer of its own, or hundreds would ask at the same moment too.
const at_most_every_ms = 3000
const spread_ms = 2000
let waiting: ReturnType<typeof setTimeout> | undefined
/** The case that changed last, and how often any has; a page compares the id with its own. */
export const changed_case = ref({ id: '', times: 0 })

function changed(event: MessageEvent<string>): void {
  try {
    const data = JSON.parse(event.data) as { case_id?: string; id?: string }
    const id = data.case_id ?? data.id
    if (id) changed_case.value = { id, times: changed_case.value.times + 1 }
  } catch {
    // An event without a body still says that something changed.
  }
  waiting ??= setTimeout(() => {
    waiting = undefined
    changes.value += 1
    void count()
  }, at_most_every_ms + Math.random() * spread_ms)
}
/** Begins to listen; a second call does nothing. */
export function listen(): void {
  if (stream) return
  void count()
  stream = new EventSource('/api/events')
  stream.addEventListener('todo', changed)
  stream.addEventListener('case', changed)
  stream.addEventListener('process', () => {
    process_changes.value += 1
  })
  // After a long break nobody knows what changed: everything shown is asked anew.
  stream.addEventListener('missed', (event) => {
    process_changes.value += 1
    changed(event)
  })
}
export function stopListening(): void {
  stream?.close()
  stream = undefined
  clearTimeout(waiting)
  waiting = undefined
  todo_count.value = undefined
}
/** After one's own act the count is asked at once. */
export function recount(): void {
  void count()
}
