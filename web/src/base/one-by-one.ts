// SPDX-License-Identifier: Apache-2.0
// The same act on many rows: one request after another, so that each is checked and recorded by itself.
import { newKey, type Answer, type Problem } from './http'

export interface Outcome<T> {
  done: number
  /** What did not work, with the server's words. */
  refused: { row: T; problem: Problem }[]
}

/** Does `each` with every row in turn and tells how far it is; a refusal does not stop the others.
 *  `goes_on` may answer false to stop before the next row. */
export async function oneByOne<T>(
  rows: T[],
  each: (row: T, key: string) => Promise<Answer<unknown>>,
  tell: (done: number) => void = () => undefined,
  goes_on: () => boolean = () => true,
): Promise<Outcome<T>> {
  const outcome: Outcome<T> = { done: 0, refused: [] }
  let at = 0
  for (const row of rows) {
    if (!goes_on()) break
    const key = newKey()
    let answer = await each(row, key)
    // A broken line is tried once more with the same key, which does it at most once.
    if (!answer.ok && answer.error.code === 'web.offline') answer = await each(row, key)
    if (answer.ok) outcome.done += 1
    else outcome.refused.push({ row, problem: answer.error })
    tell(++at)
  }
  return outcome
}
