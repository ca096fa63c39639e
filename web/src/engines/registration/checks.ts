// SPDX-License-Identifier: Apache-2.0
// What an application lacks before it can go on, in the order of its steps. The server decides; this
// saves people a way.
import { say } from '@/base/words'
import { isCitizenId } from '@/engines/forms/formats'
import type { Application, NameFinding, NameParts, Person } from './calls'

export interface Fault {
  text: string
  target: string
}
/** The steps of an application, in order. */
export const steps = ['name', 'place', 'scope', 'people', 'papers'] as const
export type Step = (typeof steps)[number]

export function nameFaults(name: NameParts, finding?: NameFinding): Fault[] {
  const out: Fault[] = []
  for (const part of ['place', 'brand', 'trade', 'form'] as const)
    if (!name[part].trim())
      out.push({
        text: say('registration.fill', { what: say('registration.name_' + part) }),
        target: `name-${part}`,
      })
  if (!out.length && !finding) out.push({ text: say('registration.check_first'), target: 'name-check' })
  return out
}
export function placeFaults(draft: Application): Fault[] {
  const out: Fault[] = []
  if (!draft.address_region || !draft.address?.trim())
    out.push({
      text: say('registration.fill', { what: say('registration.address') }),
      target: 'address-county',
    })
  if (typeof draft.capital !== 'number' || draft.capital <= 0)
    out.push({ text: say('registration.fill', { what: say('registration.capital') }), target: 'capital' })
  return out
}
export function scopeFaults(draft: Application): Fault[] {
  return draft.scope.length ? [] : [{ text: say('registration.scope_none'), target: 'scope-search' }]
}
/** Shares of all who hold one, in per cent. */
export function sharesOf(people: Person[]): number {
  const sum = people.reduce((all, one) => all + (one.roles.includes('shareholder') ? (one.share ?? 0) : 0), 0)
  return Math.round(sum * 1e6) / 1e6
}
export function peopleFaults(people: Person[]): Fault[] {
  const out: Fault[] = []
  people.forEach((one, at) => {
    if (!one.name.trim())
      out.push({
        text: say('registration.fill', { what: say('registration.person_name') }),
        target: `person-${at}-name`,
      })
    if (!isCitizenId(one.citizen_id))
      out.push({ text: say('registration.id_wrong'), target: `person-${at}-id` })
    if (!one.roles.length)
      out.push({ text: say('registration.role_none', { name: one.name }), target: `person-${at}-roles` })
  })
  if (people.filter((one) => one.roles.includes('legal')).length !== 1)
    out.push({ text: say('registration.legal_one'), target: 'person-0-roles' })
  if (sharesOf(people) !== 100)
    out.push({ text: say('registration.shares_wrong', { sum: sharesOf(people) }), target: 'person-0-share' })
  return out
}
