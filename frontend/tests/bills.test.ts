import { describe, expect, it } from 'vitest'
import { barsOf } from '@/features/bills/chart'
import { statementLines } from '@/features/bills/statement'
import { grantedBy } from '@/features/disputes/decision'
import { openFirst, subjectName, subjectOf, subjectTitle } from '@/features/disputes/subject'
import { billsOf } from '@/features/events/bills'
import type { BillStatementFragment, MoneySubjectFragment } from '@/gql/graphql'
import { calculation } from '@/lib/calculation'
import { isOverdue } from '@/lib/overdue'
import { formatPeriod } from '@/lib/time'

const usd = (amount: string) => ({ amount, currency: 'USD' })

describe('the summary of a bill', () => {
  const bill: BillStatementFragment = {
    previousBalance: usd('-1'),
    currentCharges: usd('20.5'),
    subordinateCharges: usd('10'),
    payments: usd('-4'),
    adjustments: usd('-2'),
    disputed: usd('6'),
    totalDue: usd('17.5'),
    openAmount: usd('19.5'),
    carriedOver: [],
  }

  it('signs each line as it changes the total', () => {
    expect(statementLines(bill).map(({ word, amount }) => [word, amount.amount])).toEqual([
      ['Previous balance', '-1'],
      ['Charges', '20.5'],
      ['Charges of accounts it pays for', '10'],
      ['Payments', '-4'],
      ['Adjustments', '-2'],
      ['Disputed', '-6'],
    ])
  })

  it('adds up to the total', () => {
    const cents = statementLines(bill).map(({ amount }) => Math.round(Number(amount.amount) * 100))
    expect(cents.reduce((sum, next) => sum + next)).toBe(1750)
  })

  it('always has the own charges and omits other zero lines', () => {
    const none = usd('0')
    const empty = {
      previousBalance: none,
      currentCharges: none,
      subordinateCharges: none,
      payments: none,
      adjustments: none,
      disputed: none,
      totalDue: none,
      openAmount: none,
      carriedOver: [],
    }
    const nothing = { ...empty, currentCharges: usd('0.00') }
    expect(statementLines(nothing).map((line) => line.word)).toEqual(['Charges'])
  })
})

it('is overdue from the day after the due date, while an amount is open', () => {
  const bill = { dueOn: '2026-12-09', openAmount: usd('3') }
  expect(isOverdue(bill, '2026-12-09')).toBe(false)
  expect(isOverdue(bill, '2026-12-10')).toBe(true)
  expect(isOverdue({ ...bill, openAmount: usd('0') }, '2026-12-10')).toBe(false)
  expect(isOverdue({ ...bill, dueOn: null }, '2026-12-10')).toBe(false)
})

it('shows a period by its first and last day', () => {
  expect(formatPeriod('2026-11-01', '2026-12-01')).toBe('1 Nov – 30 Nov 2026')
  expect(formatPeriod('2026-12-23', '2027-01-23')).toBe('23 Dec 2026 – 22 Jan 2027')
})

describe('the calculation of a charge', () => {
  const charge = {
    ...{ kind: 'CYCLE_FEE' as const, quantity: '1', unit: 'month', rate: '39.9' },
    ...{ amount: usd('34.58'), details: null },
  }

  it('multiplies quantity and rate', () => {
    expect(calculation({ ...charge, amount: usd('39.9') })).toBe('1 month × 39.90 USD = 39.90 USD')
    expect(
      calculation({ ...charge, quantity: '1200', unit: 'minute', rate: '0.05', amount: usd('60') }),
    ).toBe('1,200 minutes × 0.05 USD = 60.00 USD')
    expect(calculation({ ...charge, unit: null, rate: '49', amount: usd('49') })).toBe(
      '1 × 49.00 USD = 49.00 USD',
    )
  })

  it('never says that a product is what it is not', () => {
    const usage = { ...charge, kind: 'USAGE' as const, unit: 'GB', rate: '0.0123' }
    const price = '0.777 GB × 0.0123 USD = 0.0095571 USD'
    for (const [amount, shown] of [
      ['0', '0.00'],
      ['0.01', '0.01'],
    ] as const) {
      expect(calculation({ ...usage, quantity: '0.777', amount: usd(amount) })).toBe(
        `${price}, rounded with the other usage to ${shown} USD`,
      )
    }
    expect(calculation({ ...usage, quantity: '-100', amount: usd('-1.23') })).toBe(
      '-100 GB × 0.0123 USD = -1.23 USD',
    )
  })

  it('shows the part of the cycle, also for a credit', () => {
    const part = '1 month × 39.90 USD, 26 of 30 days = '
    expect(calculation({ ...charge, details: { days: 26, cycleDays: 30 } })).toBe(
      `${part}34.58 USD`,
    )
    const back = { ...charge, amount: usd('-34.58'), details: { days: -26, cycleDays: 30 } }
    expect(calculation(back)).toBe('1 month × 39.90 USD, credit for 26 of 30 days = -34.58 USD')
    expect(calculation({ ...charge, details: { days: 30, cycleDays: 30 } })).not.toContain(
      'of 30 days',
    )
  })

  it('shows percentages, and nothing without a calculation', () => {
    const discount = {
      kind: 'DISCOUNT' as const,
      quantity: null,
      unit: '%',
      rate: '10',
      amount: usd('-3.99'),
      details: { days: 30, cycleDays: 30 },
    }
    expect(calculation(discount)).toBe('10 % off = -3.99 USD')
    expect(calculation({ ...discount, unit: null, rate: null })).toBeNull()
    expect(calculation({ ...charge, amount: null })).toBeNull()
  })
})

it('charts bills from the oldest to the newest, labelled to the cent', () => {
  const bill = (number: string, periodEnd: string, own: string) => ({
    id: number,
    number,
    periodEnd,
    currentCharges: usd(own),
    subordinateCharges: usd('0'),
  })
  const bars = barsOf([bill('B-2', '2026-12-10', '1234.5'), bill('B-1', '2026-11-10', '20')])
  expect(bars.map((bar) => [bar.number, bar.day, bar.own])).toEqual([
    ['B-1', '10 Nov 2026', 20],
    ['B-2', '10 Dec 2026', 1234.5],
  ])
  expect(bars[1]?.labels).toEqual({ own: '1,234.50 USD', others: '0.00 USD' })
})

describe('the subject of a dispute or an adjustment', () => {
  const bill = {
    __typename: 'Bill',
    id: 'b',
    number: 'B-1',
    left: usd('48'),
  } as MoneySubjectFragment
  const event = {
    __typename: 'Event',
    id: 'e',
    description: 'Net, November',
    leftOfCharge: usd('9'),
  }

  it('has one id for the input, and the remaining amount', () => {
    expect(subjectOf(bill)).toEqual({
      name: 'bill B-1',
      currency: 'USD',
      left: '48',
      input: { billId: 'b' },
    })
    expect(subjectOf(event as MoneySubjectFragment)).toMatchObject({
      left: '9',
      input: { eventId: 'e' },
    })
    const account = { __typename: 'Account', id: 'a', number: 'A-1', name: 'Ada', currency: 'EUR' }
    expect(subjectOf(account as MoneySubjectFragment)).toMatchObject({
      left: null,
      input: { accountId: 'a' },
    })
  })

  it('is null for a node without an amount', () => {
    expect(subjectOf({ ...event, leftOfCharge: null } as MoneySubjectFragment)).toBeNull()
    expect(subjectOf({ __typename: 'Service', id: 's' } as MoneySubjectFragment)).toBeNull()
    expect(subjectOf(null)).toBeNull()
  })

  it('is named by its smallest part', () => {
    const of = { bill: { id: 'b', number: 'B-1' }, item: { id: 'i', name: 'Usage' }, event: null }
    expect(subjectName(of)).toBe('Usage')
    expect(subjectName({ ...of, event: { id: 'e', description: 'Net, November' } })).toBe(
      'Net, November',
    )
    expect(subjectName({ ...of, item: null })).toBe('bill B-1')
    expect(subjectTitle({ ...of, item: null })).toBe('Bill B-1')
    expect(subjectTitle(of)).toBe('Usage')
  })
})

it('grants the disputed amount in full, in part, or not', () => {
  expect(grantedBy('full', '20', '5')).toBe('20')
  expect(grantedBy('part', '20', '5.50')).toBe('5.50')
  expect(grantedBy('denied', '20', '5')).toBe('0')
})

it('lists open disputes before settled ones, each in their order', () => {
  const disputes = [
    { id: 1, status: 'DENIED' as const },
    { id: 2, status: 'OPEN' as const },
    { id: 3, status: 'GRANTED' as const },
    { id: 4, status: 'OPEN' as const },
  ]
  expect(openFirst(disputes).map((dispute) => dispute.id)).toEqual([2, 4, 1, 3])
})

it('finds the bills of an event by its item, else by its details', () => {
  const item = { id: 'i', bill: { id: 'b', number: 'B-1' } }
  expect(billsOf({ item, details: { bills: { 'B-2': '5.00' } } })).toEqual(['B-1'])
  expect(billsOf({ item: null, details: { bills: { 'B-2': '5.00', 'B-3': '1.00' } } })).toEqual([
    'B-2',
    'B-3',
  ])
  expect(billsOf({ item: null, details: { bill: 'B-4' } })).toEqual(['B-4'])
  expect(billsOf({ item: null, details: null })).toEqual([])
})
