// SPDX-License-Identifier: Apache-2.0
// How the citizens' pages ask for published service items.
import { api, feelText, type Item, type List } from '@/base/api'
import { call } from '@/base/http'
import { pick } from '@/base/words'

export interface ItemQuery {
  q?: string
  department?: string
  type?: string
  object?: string
  event?: string
  after?: string
  limit?: number
  total?: boolean
}

/** The item's name in the language on screen; the short one where there is little room. */
export function itemName(item: Item, short = false): string {
  const english = typeof item.name_en === 'string' ? item.name_en : undefined
  return pick({ zh: short ? item.short_name || item.name : item.name, en: english })
}

/** Published items that fit; filters are joined with `and`. Words alone are searched forgivingly: typos,
 *  synonyms, pinyin. */
export function findItems(query: ItemQuery, signal?: AbortSignal) {
  if (query.q && !query.department && !query.type && !query.object && !query.event)
    return call<List<Item>>('/api/items/search', { query: { q: query.q, limit: query.limit ?? 20 }, signal })
  const filter = ['state = "published"', 'level != "4"']
  if (query.department) filter.push(`department = ${feelText(query.department)}`)
  if (query.type) filter.push(`item_type = ${feelText(query.type)}`)
  if (query.object) filter.push(`list contains(objects, ${feelText(query.object)})`)
  if (query.event) filter.push(`list contains(life_events, ${feelText(query.event)})`)
  return api.list<Item>(
    'item',
    {
      filter: filter.join(' and '),
      q: query.q,
      sort: query.q ? undefined : '-popularity',
      after: query.after,
      limit: query.limit ?? 20,
      total: query.total ? 1 : undefined,
    },
    signal,
  )
}

/** Which drawing goes with a life event; the words come from the city's code list. */
export const event_icons: Record<string, string> = {
  birth: 'baby',
  school: 'book',
  work: 'work',
  marriage: 'rings',
  health: 'health',
  housing: 'house',
  vehicle: 'car',
  retire: 'card',
  elderly: 'elder',
  disability: 'heart',
  death: 'leaf',
  'start-business': 'shop',
  construction: 'crane',
  tax: 'money',
}
