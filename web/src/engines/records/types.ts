// SPDX-License-Identifier: Apache-2.0
// The record types that the signed-in account may see, fetched once.
import { shallowRef } from 'vue'
import { api, rowsOf, type RecordType } from '@/base/api'
import type { Problem } from '@/base/http'
import { setTitleField } from '@/base/names'

export const record_types = shallowRef<RecordType[]>()
export const types_error = shallowRef<Problem>()
let asked: Promise<void> | undefined

/** Asks the server for the declarations; again after a failure. */
export function knowTypes(): Promise<void> {
  asked ??= api.types().then((answer) => {
    if (!answer.ok) {
      types_error.value = answer.error
      asked = undefined
      return
    }
    types_error.value = undefined
    record_types.value = rowsOf(answer.value)
    for (const type of record_types.value) setTitleField(type.name, type.title_field)
  })
  return asked
}
export function typeOf(name: string): RecordType | undefined {
  return record_types.value?.find((type) => type.name === name)
}
/** Forgets the declarations, for the next account has other rights. */
export function forgetTypes(): void {
  asked = undefined
  record_types.value = undefined
}
