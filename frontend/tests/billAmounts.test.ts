import { expect, it } from 'vitest'
import { amountOf, creditedOf, paidOf } from '@/features/bills/amounts'

const usd = (amount: string) => ({ amount, currency: 'USD' })

const bill = {
  currentCharges: usd('36'),
  subordinateCharges: usd('110.5'),
  adjustments: usd('-6.5'),
  disputed: usd('10'),
  openAmount: usd('30'),
}

it('tells the amount of a bill and what has been paid of it', () => {
  expect(amountOf(bill)).toEqual(usd('140.000000'))
  expect(paidOf(bill)).toEqual(usd('100.000000'))
})

it('counts a bill with nothing open as paid', () => {
  const paid = { ...bill, disputed: usd('0'), openAmount: usd('0') }
  expect(paidOf(paid)).toEqual(amountOf(paid))
})

it('counts a negative bill as credited to the account, not as paid', () => {
  const negative = {
    ...bill,
    adjustments: usd('-265.28'),
    disputed: usd('0'),
    openAmount: usd('0'),
  }
  expect(amountOf(negative)).toEqual(usd('-118.780000'))
  expect(paidOf(negative)).toEqual(usd('0'))
  expect(creditedOf(negative)).toEqual(usd('118.780000'))
  expect(creditedOf(bill)).toBeNull()
})
