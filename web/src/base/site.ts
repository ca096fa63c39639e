// SPDX-License-Identifier: Apache-2.0
// What the city calls itself; no place is named in this program.
import { shallowRef } from 'vue'
import { api, type Site } from './api'

export const site = shallowRef<Site>({
  name: { zh: '政务服务', en: 'Public services' },
  city: { zh: '', en: '' },
  hotline: '12345',
  region: '',
  demo: false,
})

/** Asks the server once; the plain words above stay when it does not answer. */
export async function knowSite(): Promise<void> {
  const answer = await api.site()
  if (answer.ok) site.value = { ...site.value, ...answer.value }
}
