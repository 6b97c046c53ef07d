/** What a bill asked for, what has been paid of it, and what it credited to the account. */
import type { AmountFragment } from '@/gql/graphql'
import { isCredit, negated, sumOf } from '@/lib/money'

interface BillAmounts {
  currentCharges: AmountFragment
  subordinateCharges: AmountFragment
  adjustments: AmountFragment
  disputed: AmountFragment
  openAmount: AmountFragment
}

/** All charges on the bill, its own and those of accounts it pays for, as adjusted. */
export function amountOf(bill: BillAmounts): AmountFragment {
  const { currentCharges, subordinateCharges, adjustments } = bill
  const parts = [currentCharges, subordinateCharges, adjustments]
  return { ...currentCharges, amount: sumOf(parts.map((part) => part.amount)) }
}

/** What neither remains nor is disputed: payments, and credit that was applied to it. */
export function paidOf(bill: BillAmounts): AmountFragment {
  const settled = settledOf(bill)
  return isCredit(settled.amount) ? { ...settled, amount: '0' } : settled
}

/** What a negative bill added to the credit of its account; null if it added nothing. */
export function creditedOf(bill: BillAmounts): AmountFragment | null {
  const settled = settledOf(bill)
  return isCredit(settled.amount) ? { ...settled, amount: negated(settled.amount) } : null
}

function settledOf(bill: BillAmounts): AmountFragment {
  const { disputed, openAmount } = bill
  const notSettled = [negated(disputed.amount), negated(openAmount.amount)]
  return { ...openAmount, amount: sumOf([amountOf(bill).amount, ...notSettled]) }
}
