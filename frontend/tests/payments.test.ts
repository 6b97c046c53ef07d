import { describe, expect, it } from 'vitest'
import { debtSentence, inactivatedFrom } from '@/features/accounts/debt'
import { emptyOffer, offerInput, offerRules } from '@/features/catalog/offer'
import { catalogSearch } from '@/features/catalog/search'
import { caughtUpDate, stepFacts, stepsOf } from '@/features/jobs/steps'
import {
  expirationOf,
  formatExpiration,
  readExpiration,
  validityOf,
} from '@/features/payments/expiration'
import { openBillLabels, openBills } from '@/features/payments/openBills'
import { formatBalance, isCredit, isNothing } from '@/lib/money'
import { outcomeLabels } from '@/lib/paymentOutcome'

it('shows whether a balance is a credit', () => {
  expect(formatBalance('25', 'USD')).toBe('25.00 USD')
  expect(formatBalance('-25.5', 'USD')).toBe('25.50 USD credit')
  expect(formatBalance('0', 'USD')).toBe('0.00 USD')
  expect([isCredit('-0.00'), isCredit('-1'), isNothing('0.000'), isNothing('0.01')]).toEqual([
    false,
    true,
    true,
    false,
  ])
})

describe('the expiration of a card', () => {
  it('is valid until the end of its month', () => {
    const validity = (month: number, year: number) => validityOf({ month, year }, '2026-12-31')
    expect([validity(11, 2026), validity(12, 2026), validity(1, 2027)]).toEqual([
      'expired',
      'expiring',
      'valid',
    ])
    expect(validity(12, 2025)).toBe('expired')
  })

  it('is null for an invoice', () => {
    expect(expirationOf({ expirationMonth: null, expirationYear: null })).toBeNull()
    expect(formatExpiration({ month: 3, year: 2027 })).toBe('03/2027')
  })

  it('is read as it stands on the card', () => {
    const august = { month: 8, year: 2030 }
    for (const typed of ['08/30', '8/2030', '0830', ' 08 / 30 ', '08.30', '082030'])
      expect(readExpiration(typed)).toEqual(august)
    for (const typed of ['', '13/30', '00/30', '830', '08/3', '8/30/30'])
      expect(readExpiration(typed)).toBeNull()
  })
})

describe('the result of a payment', () => {
  const method = { id: '1', label: 'Visa ···· 4242' }

  it('has a text for every result of the gateway', () => {
    expect(outcomeLabels({ status: 'FAILED', result: 'expired', paymentMethod: method })).toBe(
      'Card expired',
    )
    expect(outcomeLabels({ status: 'FAILED', result: 'on_strike', paymentMethod: method })).toBe(
      'Gateway response: on_strike',
    )
    expect(outcomeLabels({ status: 'PENDING', result: 'no_answer', paymentMethod: method })).toBe(
      'Waiting for the gateway. The customer is charged once.',
    )
    expect(outcomeLabels({ status: 'SUCCEEDED', result: null, paymentMethod: null })).toBe(
      'Payment received',
    )
  })
})

it('lists the open bills without those whose open amount is disputed', () => {
  const bill = (number: string, amount: string) => ({
    ...{ id: number, number, dueOn: '2026-12-31' },
    openAmount: { amount, currency: 'USD' },
  })
  const nodes = [bill('B-1', '9'), bill('B-2', '0'), bill('B-3', '7.5')]
  expect(openBills({ nodes }).map(openBillLabels)).toEqual([
    'B-1: 9.00 USD open, due 31 Dec 2026',
    'B-3: 7.50 USD open, due 31 Dec 2026',
  ])
})

describe('the effect of overdue bills', () => {
  const debtor = { status: 'ACTIVE' as const, holds: [], overdueSince: '2026-12-02' }

  it('counts days from the due date', () => {
    expect(inactivatedFrom('2026-12-02', 30)).toBe('2026-12-31')
    expect(debtSentence(debtor, 30, '2026-12-30')).toBe(
      'A payment with an invalid card will inactivate this account. ' +
        'From 31 Dec 2026 (30 days past due), a failed validation will too.',
    )
    expect(debtSentence(debtor, 30, '2026-12-31')).toBe(
      'A payment with an invalid card or a failed validation will inactivate this account.',
    )
  })

  it('describes an inactivated account, and nothing for a closed one', () => {
    const held = {
      ...debtor,
      status: 'INACTIVE' as const,
      holds: [{ effect: 'INACTIVE', cause: 'DEBT' } as const],
    }
    expect(debtSentence(held, 30, '2026-12-30')).toBe(
      'A payment failed, so the account was inactivated. It reactivates automatically ' +
        'once the overdue amount and all failed payments are paid.',
    )
    const closed = {
      ...debtor,
      status: 'CLOSED' as const,
      holds: [{ effect: 'CLOSED', cause: 'MANUAL' } as const],
    }
    expect(debtSentence(closed, 30, '2026-12-30')).toBe(
      'The account is closed. Its status will not change.',
    )
  })
})

describe('a new offer', () => {
  const typed = {
    ...emptyOffer,
    code: ' X ',
    name: 'X',
    monthlyFee: '9.90',
    monthlyPercentOff: '10',
    currency: 'eur',
  }

  it('has fees or percentages, never both', () => {
    expect(offerInput(typed)).toEqual({
      kind: 'CHARGE',
      code: 'X',
      name: 'X',
      currency: 'EUR',
      monthlyFee: '9.90',
    })
    expect(offerInput({ ...typed, kind: 'DISCOUNT' })).toMatchObject({
      kind: 'DISCOUNT',
      monthlyPercentOff: '10',
    })
    expect(offerInput({ ...typed, kind: 'DISCOUNT' })).not.toHaveProperty('monthlyFee')
  })

  it('needs a unit for its usage rate', () => {
    expect(offerRules.usageUnit('', { ...typed, usageRate: '0.1' })).toBe(
      'Enter the unit of the rate.',
    )
    expect(offerRules.monthlyFee('ten', typed)).toBe('Enter a number, for example 9.90.')
    expect(offerRules.monthlyPercentOff('ten', typed)).toBeNull()
  })

  it('reads its search from the URL', () => {
    expect(catalogSearch({ q: 'tv', kind: ['DISCOUNT', 'NONSENSE'] })).toMatchObject({
      q: 'tv',
      kind: ['DISCOUNT'],
    })
  })
})

describe('the steps of a bill day', () => {
  const step = (
    name: string,
    businessDate: string,
    finishedAt: string | null,
    done = 0,
    failed = 0,
    total = 0,
  ) => ({
    ...{ name, businessDate, startedAt: '2026-12-01T01:00:00Z', finishedAt },
    ...{ done, failed, total },
  })
  const at = '2026-12-01T01:00:12Z'

  it('are done, running or waiting', () => {
    const begun = [
      step('deferred actions', '2026-12-01', at),
      step('cycle fees', '2026-12-01', at, 1200),
      step('nonpaying bill units', '2026-12-01', null, 800, 3, 5000),
    ]
    const steps = stepsOf('BILL_DAY', begun, true)
    expect(steps.map(stepFacts)).toEqual([
      ['Nothing to do'],
      ['Completed', '1,200 in 12 seconds'],
      ['Running', '800 of 5,000, 3 failed'],
      ...Array(4).fill(['Waiting']),
    ])
    expect(stepsOf('BILL_DAY', begun, false).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'stopped',
    ])
  })

  it('repeat for each caught-up date in the same order', () => {
    const begun = [
      step('bills', '2026-11-30', at, 5),
      step('payments', '2026-11-30', at, 5),
      step('deferred actions', '2026-12-01', at),
      step('cycle fees', '2026-12-01', null, 7),
    ]
    const states = stepsOf('BILL_DAY', begun, true).map(({ name, state }) => `${name}: ${state}`)
    expect(states.slice(0, 2)).toEqual(['deferred actions: done', 'cycle fees: runs'])
    expect(states.slice(3)).toEqual([
      'bills: waits',
      'purchase fees: waits',
      'payments: waits',
      'overdue accounts: waits',
    ])
    expect(caughtUpDate(begun, '2026-12-05')).toBe('2026-12-01')
    expect(caughtUpDate(begun, '2026-12-01')).toBeNull()
  })
})
