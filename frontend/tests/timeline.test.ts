import { describe, expect, it } from 'vitest'
import { standingSentence } from '@/features/accounts/standing'
import { timelineEntries, totalsOf } from '@/features/events/groups'
import { showsScheduled } from '@/features/events/search'
import { undoOf } from '@/features/status/useChangeStatus'
import type { EventNodeFragment } from '@/gql/graphql'
import { chargesBetween } from '@/ui/MoneyImpact'
import { scheduledAction } from './actions'

const money = (amount: string) => ({ amount, currency: 'USD' })

function event(id: string, more: Partial<EventNodeFragment> = {}): EventNodeFragment {
  return {
    id,
    kind: 'STATUS_CHANGE',
    occurredAt: '2026-11-21T10:00:00Z',
    recordedAt: '2026-11-21T10:00:00Z',
    description: id,
    actor: 'Ana',
    ...more,
  } as EventNodeFragment
}

const ofAsset = (__typename: 'Service' | 'PurchasedOffer') => ({
  target: { __typename, id: '1', name: 'Mobile' },
})

describe('the entries of the timeline', () => {
  it('makes one entry of a change with its effects, led by the account', () => {
    const credit = event('credit', {
      kind: 'CYCLE_FEE',
      amount: money('-2.94'),
      followed: { id: 'offer' } as EventNodeFragment['followed'],
    })
    const entries = timelineEntries(
      [
        credit,
        event('offer', { change: '7', ...ofAsset('PurchasedOffer') }),
        event('service', { change: '7', ...ofAsset('Service') }),
        event('account', { change: '7' }),
        event('payment', { kind: 'PAYMENT', amount: money('-10') }),
      ],
      'UTC',
    )
    expect(entries.map(({ lead, others }) => [lead.id, others.map((each) => each.id)])).toEqual([
      ['account', ['credit', 'offer', 'service']],
      ['payment', []],
    ])
    expect(totalsOf(entries[0]?.others ?? [])).toEqual({
      services: 1,
      offers: 1,
      charges: 1,
      sum: { amount: '-2.940000', currency: 'USD' },
    })
  })

  it('makes one entry of the usage of a service in a day of the business time zone', () => {
    const usage = (id: string, occurredAt: string) =>
      event(id, {
        kind: 'USAGE',
        occurredAt,
        amount: money('1'),
        service: { id: 's', name: 'TV', kind: 'tv' },
      })
    const entries = timelineEntries(
      [
        usage('late', '2026-11-21T22:30:00Z'),
        usage('noon', '2026-11-21T11:00:00Z'),
        usage('morning', '2026-11-21T07:00:00Z'),
      ],
      'Europe/Berlin',
    )
    expect(entries.map(({ lead, others }) => [lead.id, others.length])).toEqual([['morning', 2]])
    expect(
      timelineEntries(
        [usage('late', '2026-11-21T23:30:00Z'), usage('noon', '2026-11-21T11:00:00Z')],
        'Europe/Berlin',
      ),
    ).toHaveLength(2)
  })

  it('has what is scheduled above the newest events only', () => {
    expect(showsScheduled({})).toBe(true)
    expect(showsScheduled({ kind: ['DEFERRED_ACTION', 'PAYMENT'] })).toBe(true)
    expect(showsScheduled({ kind: ['PAYMENT'] })).toBe(false)
    expect(showsScheduled({ after: 'cursor' })).toBe(false)
    expect(showsScheduled({ service: 'id' })).toBe(false)
  })
})

describe('the sentence of the header', () => {
  const change = (more: object) => ({
    id: '1',
    occurredAt: '2026-03-02T23:30:00Z',
    fromStatus: 'ACTIVE' as const,
    toStatus: 'INACTIVE' as const,
    cause: 'MANUAL' as const,
    reason: null,
    actor: 'Ben Adeyemi',
    ...more,
  })
  const account = (cause: 'MANUAL' | 'DEBT' | 'PARENT', more: object = {}) => ({
    status: 'INACTIVE' as const,
    holds: [{ effect: 'INACTIVE' as const, cause }],
    statusEvents: { nodes: [change({ cause, ...more })] },
    billUnits: [],
  })

  it('says since when, why and by whom', () => {
    const zone = 'Europe/Berlin'
    expect(standingSentence(account('MANUAL', { reason: 'Back from abroad' }), zone)).toBe(
      'Inactive since 3 Mar 2026: Back from abroad (Ben Adeyemi)',
    )
    expect(standingSentence(account('MANUAL'), 'UTC')).toBe(
      'Inactive since 2 Mar 2026: by Ben Adeyemi',
    )
    const payer = { id: 'a', number: 'A-1', name: 'Northwind Ltd', status: 'INACTIVE' as const }
    const paid = {
      ...account('PARENT'),
      billUnits: [{ id: 'u', payingParent: { id: 'p', account: payer } }],
    }
    expect(standingSentence(paid, zone)).toBe(
      'Inactive since 3 Mar 2026: its payer Northwind Ltd is inactive',
    )
    expect(standingSentence({ ...paid, status: 'ACTIVE', holds: [] }, zone)).toBeNull()
  })
})

describe('the way back', () => {
  const active = { status: 'ACTIVE' as const, holds: [] }
  const held = (cause: 'MANUAL' | 'DEBT') => ({
    status: 'INACTIVE' as const,
    holds: [{ effect: 'INACTIVE' as const, cause }],
  })
  const scheduled = scheduledAction({})

  it('is known for what the rules can take back', () => {
    expect(undoOf(active, 'INACTIVE', {}, {})).toEqual({ status: 'ACTIVE' })
    expect(undoOf(active, 'CLOSED', {}, { deferredAction: scheduled })).toEqual({
      scheduled: scheduled.id,
    })
    expect(undoOf(held('MANUAL'), 'ACTIVE', {}, {})).toEqual({ status: 'INACTIVE' })
    expect(undoOf(held('DEBT'), 'ACTIVE', {}, {})).toBeNull()
    expect(undoOf(active, 'CLOSED', {}, {})).toBeNull()
    expect(undoOf(active, 'INACTIVE', { backdateTo: '2026-11-01' }, {})).toBeNull()
  })
})

it('lists the charges that only the dry run has', () => {
  const charge = (id: string) => ({
    id,
    kind: 'CYCLE_FEE' as const,
    description: id,
    quantity: null,
    unit: null,
    rate: null,
    details: null,
    amount: money('1'),
  })
  const account = (...ids: string[]) => ({
    id: 'a',
    balance: money('0'),
    events: { nodes: ids.map(charge) },
  })
  expect(chargesBetween(account('1'), account('2', '1')).map(({ id }) => id)).toEqual(['2'])
})
