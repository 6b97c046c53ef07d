import { describe, expect, it } from 'vitest'
import { lastingPayer, payerBelow, payerByParent, presentChoice } from '@/features/hierarchy/payers'
import { placeOf } from '@/features/hierarchy/useMove'
import type { HierarchySubjectQuery, PayingAccountFragment } from '@/gql/graphql'

type Subject = NonNullable<HierarchySubjectQuery['account']>

/** An account whose bill unit is paid by that of another one. */
function account(name: string, payer?: PayingAccountFragment): PayingAccountFragment {
  const payingParent = payer ? { id: `unit of ${payer.name}`, account: payer } : null
  return {
    id: name,
    number: name,
    name,
    status: 'ACTIVE',
    billUnits: [{ id: `unit of ${name}`, payingParent }],
  }
}

function moved(parent: PayingAccountFragment | null, payer?: PayingAccountFragment): Subject {
  const { billUnits, ...rest } = account('Moved', payer)
  return {
    ...rest,
    version: 1,
    descendantCount: 0,
    parent,
    billUnits: billUnits.map((unit) => ({ ...unit, nextBillOn: '2026-12-01' })),
  }
}

const group = account('Group')
const hotel = account('Hotel', group)
const spa = account('Spa', group)
const other = account('Other')
const outside = account('Outside')

describe('the payer of a moved account', () => {
  it.each([
    ['nobody', moved(group), undefined, undefined],
    ['its parent', moved(group, group), group, undefined],
    ['the payer of its parent', moved(hotel, group), group, undefined],
    ['an account outside', moved(group, outside), undefined, outside],
    ['an account outside, without a parent', moved(null, outside), undefined, outside],
  ])('is %s', (_, subject, byParent, lasting) => {
    expect(payerByParent(subject)?.id).toBe(byParent?.id)
    expect(lastingPayer(subject)?.id).toBe(lasting?.id)
    expect(placeOf(subject).parentPays).toBe(byParent !== undefined)
  })

  it('below an account is who pays for that one', () => {
    expect(payerBelow(hotel).id).toBe('Group')
    expect(payerBelow(other).id).toBe('Other')
  })

  it.each([
    ['the account itself', moved(group), other, false],
    ['an account outside', moved(group, outside), other, false],
    ['the parent, which pays for the new one', moved(group, group), spa, true],
    ['the payer of both parents', moved(hotel, group), spa, true],
    ['the parent, which cannot stay', moved(group, group), other, null],
    ['the payer of the parent, which cannot stay', moved(hotel, group), other, null],
  ])('is preselected: %s', (_, subject, parent, choice) => {
    expect(presentChoice(subject, payerBelow(parent))).toBe(choice)
  })
})

it('restores the parent of a moved account', () => {
  expect(placeOf(moved(other))).toEqual({
    accountId: 'Moved',
    parentId: 'Other',
    parentPays: false,
    children: 'FOLLOW',
  })
})
