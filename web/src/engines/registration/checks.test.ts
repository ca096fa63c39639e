// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { nameFaults, peopleFaults, sharesOf } from './checks'

const someone = { name: '赵一', citizen_id: '11010519491231002X', roles: ['legal', 'shareholder'], share: 60 }
const other = { name: '钱二', citizen_id: '440524188001010014', roles: ['shareholder'], share: 40 }

describe('checks of a registration', () => {
  it('ask for one legal representative and a whole of shares', () => {
    expect(peopleFaults([someone, other])).toEqual([])
    expect(peopleFaults([{ ...someone, roles: ['shareholder'] }, other])).toHaveLength(1)
    expect(peopleFaults([someone, { ...other, roles: ['legal', 'shareholder'] }])).toHaveLength(1)
    expect(peopleFaults([someone])).toHaveLength(1)
  })
  it('name the person whose number cannot be right', () => {
    expect(peopleFaults([someone, { ...other, citizen_id: '440524188001010015' }])[0]!.target).toBe(
      'person-1-id',
    )
  })
  it('count thirds as a whole and the shares of shareholders alone', () => {
    const third = { ...other, share: 33.3333 }
    expect(sharesOf([third, third, { ...third, share: 33.3334 }])).toBe(100)
    expect(sharesOf([someone, { ...other, roles: ['director'] }])).toBe(60)
  })
  it('want a name checked before it is taken', () => {
    const name = { place: '甲市', brand: '明月', trade: '餐饮', form: '有限公司' }
    expect(nameFaults(name)).toHaveLength(1)
    expect(
      nameFaults(name, { name: '甲市明月餐饮有限公司', verdict: 'near', others: [], offers: [] }),
    ).toEqual([])
    expect(nameFaults({ ...name, brand: ' ' })[0]!.target).toBe('name-brand')
  })
})
