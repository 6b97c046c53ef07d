/** What a bill asked for, and what has been paid of it. */
import type { AmountFragment } from '@/gql/graphql'
import { negated, sumOf } from '@/lib/money'

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
  const { disputed, openAmount } = bill
  const notPaid = [negated(disputed.amount), negated(openAmount.amount)]
  return { ...openAmount, amount: sumOf([amountOf(bill).amount, ...notPaid]) }
}
