import { describe, expect, it } from 'vitest'
import { priceOf } from '@/features/assets/price'
import { deferredFilter, deferredSearch } from '@/features/deferred/search'
import { outcomeOf } from '@/features/deferred/useBulk'
import { outcomeOf as statusOutcome } from '@/features/status/statusChange'
import { choices, type StatusNode } from '@/features/status/subject'
import { buttonLabel, titleOf, verbLabels, verbOf } from '@/features/status/verbs'
import type { HoldCause, Status } from '@/gql/graphql'
import { providerPath, providerProblem, safeReturnPath } from '@/lib/auth'
import { dialogAddress } from '@/lib/dialog'
import { holdSentence } from '@/lib/holds'
import { hasRole } from '@/lib/role'
import { addDays } from '@/lib/time'
import { scheduledAction } from './actions'

it('includes the permissions of the previous role in each role', () => {
  expect(hasRole('VIEWER', 'AGENT')).toBe(false)
  expect(hasRole('AGENT', 'AGENT')).toBe(true)
  expect(hasRole('MANAGER', 'ADMIN')).toBe(false)
  expect(hasRole('ADMIN', 'MANAGER')).toBe(true)
})

it('returns only to paths of this page', () => {
  expect(safeReturnPath('/accounts/A-1?q=x')).toBe('/accounts/A-1?q=x')
  for (const elsewhere of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n\\evil.example',
    'https://evil.example',
    undefined,
  ]) {
    expect(safeReturnPath(elsewhere)).toBe('/accounts')
  }
})

it('begins a sign-in through the provider with the path to return to', () => {
  expect(providerPath('/accounts?q=a&b=1')).toBe('/auth/oidc?from=%2Faccounts%3Fq%3Da%26b%3D1')
  expect(providerPath('//evil.example')).toBe('/auth/oidc?from=%2Faccounts')
})

it('has a text for each reason, and never shows the text of the address', () => {
  expect(providerProblem(undefined)).toBeNull()
  expect(providerProblem('cancelled')).toBe('The sign-in was cancelled.')
  expect(providerProblem('toString')).toBe("Couldn't sign in. Try again.")
})

it('explains the holds in a sentence', () => {
  expect(holdSentence([], 'account')).toBeNull()
  expect(
    holdSentence(
      [
        { effect: 'INACTIVE', cause: 'MANUAL' },
        { effect: 'CLOSED', cause: 'PARENT' },
      ],
      'account',
    ),
  ).toBe('Inactivated by an agent. Closed because its payer is closed.')
})

it('states once that the account is the reason', () => {
  const holds = (...causes: [Status, HoldCause][]) =>
    causes.map(([effect, cause]) => ({ effect, cause }))
  const offer = holds(['INACTIVE', 'ACCOUNT'], ['INACTIVE', 'SERVICE'])
  expect(holdSentence(offer, 'offer')).toBe('Inactive with its account.')
  const closedService = holds(['INACTIVE', 'ACCOUNT'], ['CLOSED', 'SERVICE'])
  expect(holdSentence(closedService, 'offer')).toBe(
    'Inactive with its account. Closed with its service.',
  )
  expect(holdSentence(holds(['INACTIVE', 'SERVICE']), 'offer')).toBe('Inactive with its service.')
})

describe('the allowed status changes', () => {
  const node = (__typename: string, status: string) => ({ __typename, status }) as StatusNode

  it('reopens closed accounts and services, never closed offers', () => {
    expect(choices(node('Account', 'CLOSED'))).toEqual(['ACTIVE'])
    expect(choices(node('Service', 'CLOSED'))).toEqual(['ACTIVE'])
    expect(choices(node('PurchasedOffer', 'CLOSED'))).toEqual([])
  })

  it('has a verb for each change', () => {
    expect(verbLabels[verbOf('ACTIVE', 'CLOSED')]).toBe('Close')
    expect(verbLabels[verbOf('ACTIVE', 'INACTIVE')]).toBe('Inactivate')
    expect(verbLabels[verbOf('CLOSED', 'ACTIVE')]).toBe('Reopen')
    expect(verbLabels[verbOf('INACTIVE', 'ACTIVE')]).toBe('Reactivate')
  })

  it('names on the button what is closed, and when', () => {
    expect(titleOf('close', 'Home')).toBe('Close Home')
    expect(buttonLabel('close', 'service', false)).toBe('Close service')
    expect(buttonLabel('close', 'offer', true)).toBe('Close offer on this date')
    expect(buttonLabel('reopen', 'account', true)).toBe('Reopen on this date')
  })

  it('says what was done, and until when', () => {
    const reactivation = { id: '1', scheduledFor: '2026-12-10T00:00:00Z' }
    const scheduledFor = '2026-12-01T00:00:00Z'
    const deferredAction = { ...scheduledAction({ toStatus: 'INACTIVE' }), scheduledFor }
    const notice = (payload: Parameters<typeof statusOutcome>[0]) =>
      statusOutcome(payload, 'Home', 'inactivate', 'UTC')
    expect(notice({})).toBe('Home: inactivated.')
    expect(notice({ reactivation })).toBe('Home: inactivated, active again on Thu 10 Dec 2026.')
    expect(notice({ deferredAction })).toBe('Scheduled for Tue 1 Dec 2026: Inactivate Hana (A-1)')
    expect(notice({ deferredAction, reactivation })).toBe(
      'Scheduled: inactive from Tue 1 Dec 2026, active again on Thu 10 Dec 2026.',
    )
  })
})

describe('the list of deferred actions in the URL', () => {
  it('drops unknown values', () => {
    const search = deferredSearch({
      status: ['PENDING', 'NONSENSE'],
      kind: 'x',
      from: '1.2.2026',
      to: '2026-12-31',
    })
    expect(search).toMatchObject({
      status: ['PENDING'],
      kind: undefined,
      from: undefined,
      to: '2026-12-31',
    })
  })

  it('includes the last day, in the business time zone', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(deferredFilter({ from: '2026-12-01', to: '2026-12-31' }, 'Europe/Berlin')).toMatchObject(
      {
        scheduledFrom: '2026-11-30T23:00:00.000Z',
        scheduledTo: '2026-12-31T23:00:00.000Z',
      },
    )
  })
})

it('has a result for each action', () => {
  const ids = ['a', 'b', 'c', 'd']
  const payload = {
    deferredActions: [
      { id: 'a', status: 'DONE' as const },
      { id: 'c', status: 'FAILED' as const, failure: 'The login is taken.' },
      { id: 'd', status: 'NOT_APPLICABLE' as const, failure: null },
    ],
    errors: [
      { code: 'NOT_ALLOWED' as const, message: 'It is done already.', path: ['input', 'ids', '1'] },
    ],
  }
  const { outcome, general } = outcomeOf(ids, payload, {
    result: 'Completed.',
    notice: (count) => `${count} completed.`,
  })
  expect(Object.fromEntries(outcome)).toEqual({
    a: { ok: true, message: 'Completed.' },
    b: { ok: false, message: 'It is done already.' },
    c: { ok: false, message: 'Failed: The login is taken.' },
    d: { ok: false, message: 'Skipped.' },
  })
  expect(general).toEqual([])
})

it('reads the dialog of an address, with one subject or several', () => {
  expect(dialogAddress({ dialog: 'run-deferred', on: ['1', '2'] })).toMatchObject({
    on: ['1', '2'],
  })
  expect(dialogAddress({ dialog: 'edit-account', on: 7 })).toMatchObject({ on: ['7'] })
  expect(dialogAddress({ on: 'x' })).toEqual({})
})

it('shows the price of an offer', () => {
  const free = {
    currency: 'USD',
    monthlyFee: null,
    purchaseFee: null,
    usageRate: null,
    usageUnit: null,
  }
  expect(
    priceOf({ ...free, monthlyFee: '29.9', monthlyPercentOff: null, usagePercentOff: null }),
  ).toBe('29.90 USD a month')
  expect(priceOf({ ...free, monthlyPercentOff: '10.0000', usagePercentOff: null })).toBe(
    '10 % off the monthly fee',
  )
})
