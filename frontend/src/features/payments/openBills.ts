/** The bills of an account with an open amount, oldest first. */
import { t } from '@lingui/core/macro'
import type { PayingAccountQuery } from '@/gql/graphql'
import { formatMoney, isNothing } from '@/lib/money'
import { formatDate } from '@/lib/time'

type Bill = NonNullable<PayingAccountQuery['account']>['bills']['nodes'][number]

export function openBills(newestFirst: Bill[]): Bill[] {
  return newestFirst
    .filter((bill) => bill.status === 'OPEN' && !isNothing(bill.openAmount.amount))
    .reverse()
}

/** "B-7-20261201: 25.00 USD open, due 31 Dec 2026". */
export function openBillLabels({ number, dueOn, openAmount: { amount, currency } }: Bill): string {
  const open = formatMoney(amount, currency)
  if (!dueOn) return t`${number}: ${open} open`
  const due = formatDate(dueOn)
  return t`${number}: ${open} open, due ${due}`
}
