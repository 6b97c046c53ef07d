/** The bills of an account with an open amount, oldest first. */
import { t } from '@lingui/core/macro'
import type { OpenBillFragment } from '@/gql/graphql'
import { formatMoney, isNothing } from '@/lib/money'
import { formatDate } from '@/lib/time'

/** Without those whose open amount is disputed. */
export function openBills(bills: { nodes: OpenBillFragment[] }): OpenBillFragment[] {
  return bills.nodes.filter((bill) => !isNothing(bill.openAmount.amount))
}

/** "B-7-20261201: 25.00 USD open, due 31 Dec 2026". */
export function openBillLabels({
  number,
  dueOn,
  openAmount: { amount, currency },
}: OpenBillFragment): string {
  const open = formatMoney(amount, currency)
  if (!dueOn) return t`${number}: ${open} open`
  const due = formatDate(dueOn)
  return t`${number}: ${open} open, due ${due}`
}
