import { expect, it } from 'vitest'
import type { DisputeStatus } from '@/gql/graphql'
import { amountOf, creditedOf, paidOf } from '@/lib/billAmounts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const dispute = (status: DisputeStatus, amount: string) => ({
  ...{ id: status, status },
  amount: usd(amount),
})

/** Charges of 140, of which 10 are disputed and 30 remain. */
const bill = {
  disputable: usd('130'),
  disputes: [dispute('OPEN', '10'), dispute('DENIED', '7')],
  openAmount: usd('30'),
}

it('tells the amount of a bill and what has been paid of it', () => {
  expect(amountOf(bill)).toEqual(usd('140.000000'))
  expect(paidOf(bill)).toEqual(usd('100.000000'))
  expect(creditedOf(bill)).toBeNull()
})

it('counts a bill with nothing open as paid', () => {
  const paid = { disputable: usd('140'), disputes: [], openAmount: usd('0') }
  expect(paidOf(paid)).toEqual(amountOf(paid))
})

it('counts a negative bill as credited to the account, not as paid', () => {
  const negative = { disputable: usd('-118.78'), disputes: [], openAmount: usd('0') }
  expect(amountOf(negative)).toEqual(usd('-118.780000'))
  expect(paidOf(negative)).toEqual(usd('0'))
  expect(creditedOf(negative)).toEqual(usd('118.780000'))
})
