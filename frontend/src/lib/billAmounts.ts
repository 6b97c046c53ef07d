/** What a bill asked for, what has been paid of it, and what it credited to the account. */
import type { AmountFragment, BillAmountsFragment } from '@/gql/graphql'
import { isCredit, negated, sumOf } from './money'

/**
 * All charges on the bill, its own and those of accounts it pays for, as adjusted. The adjustments
 * of its summary are not only its own: they include later changes to earlier bills.
 */
export function amountOf({ disputable, disputes }: BillAmountsFragment): AmountFragment {
  const held = disputes.filter(({ status }) => status === 'OPEN')
  const parts = [disputable, ...held.map(({ amount }) => amount)]
  return { ...disputable, amount: sumOf(parts.map(({ amount }) => amount)) }
}

/** What neither remains nor is disputed: payments, and credit that was applied to it. */
export function paidOf(bill: BillAmountsFragment): AmountFragment {
  const settled = settledOf(bill)
  return isCredit(settled.amount) ? { ...settled, amount: '0' } : settled
}

/** What a negative bill added to the credit of its account; null if it added nothing. */
export function creditedOf(bill: BillAmountsFragment): AmountFragment | null {
  const settled = settledOf(bill)
  return isCredit(settled.amount) ? { ...settled, amount: negated(settled.amount) } : null
}

function settledOf({ disputable, openAmount }: BillAmountsFragment): AmountFragment {
  return { ...openAmount, amount: sumOf([disputable.amount, negated(openAmount.amount)]) }
}
