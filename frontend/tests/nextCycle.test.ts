import { expect, it } from 'vitest'
import { cyclesOf, expectedOf, feesOf, mostCycles } from '@/features/overview/nextCycle'
import type { OverviewBillFragment, OverviewCycleFragment } from '@/gql/graphql'

const usd = (amount: string) => ({ amount, currency: 'USD' })

function cycle(id: string, total: string, payer?: string): OverviewCycleFragment {
  const account = { id: `account-${id}`, number: 'A-1', name: 'Ada', status: 'ACTIVE' as const }
  return {
    periodStart: '2026-12-01',
    periodEnd: '2027-01-01',
    total: usd(total),
    fees: [],
    billUnit: { id, name: 'Default', payingParent: payer ? { id: payer } : null, account },
  }
}

function bill(unit: string, status: 'PENDING' | 'OPEN', periodEnd = '2026-12-01') {
  return {
    status,
    billUnit: { id: unit },
    periodEnd,
    openAmount: usd('0'),
    disputable: usd('30.5'),
    disputes: [{ id: 'd', status: 'OPEN', amount: usd('4') }],
  } as OverviewBillFragment
}

const own = { id: 'own' }
const cycles = [cycle('own', '10'), cycle('paid', '2.5', 'own'), cycle('other', '99')]

it('adds up the cycles that a bill unit pays for', () => {
  expect(feesOf(cyclesOf(own, cycles))).toEqual(usd('12.500000'))
  expect(feesOf([])).toBeNull()
})

it('shows a nonpaying bill unit its own cycle only', () => {
  const nonpaying = { id: 'paid', payingParent: { id: 'own' } }
  expect(cyclesOf(nonpaying, cycles)).toEqual([cycles[1]])
  expect(expectedOf(nonpaying, { nodes: [], totalCount: 0 }, cycles)).toBeNull()
})

it('expects the charges so far and the fees of the next cycle (rules 6.2)', () => {
  const nodes = [bill('own', 'PENDING'), bill('other', 'PENDING'), bill('own', 'OPEN')]
  expect(expectedOf(own, { nodes, totalCount: 9 }, cycles)).toEqual(usd('47.000000'))
  expect(expectedOf(own, { nodes: [], totalCount: 0 }, cycles)).toEqual(usd('12.500000'))
})

it('expects nothing from what it does not know', () => {
  const unknown = { nodes: [bill('other', 'PENDING')], totalCount: 9 }
  expect(expectedOf(own, unknown, cycles)).toBeNull()
  const missed = { nodes: [bill('own', 'PENDING', '2026-11-01')], totalCount: 1 }
  expect(expectedOf(own, missed, cycles)).toBeNull()
  const many = Array.from({ length: mostCycles }, () => cycle('own', '1'))
  expect(expectedOf(own, { nodes: [], totalCount: 0 }, many)).toBeNull()
})
