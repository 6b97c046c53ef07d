/** The data of the bill chart: a bar for each bill, oldest first. */
import type { ChargesOfBillFragment } from '@/gql/graphql'
import { formatMoney } from '@/lib/money'
import { formatDate } from '@/lib/time'

export const chartHeight = 220

export interface Bar {
  number: string
  /** The date on which the bill is made. */
  day: string
  /** The lengths of the bars; `labels` has the exact amounts. */
  own: number
  others: number
  labels: { own: string; others: string }
}

export function barsOf(bills: ChargesOfBillFragment[]): Bar[] {
  return bills
    .map(({ number, periodEnd, currentCharges: own, subordinateCharges: others }) => ({
      number,
      day: formatDate(periodEnd),
      own: Number(own.amount),
      others: Number(others.amount),
      labels: {
        own: formatMoney(own.amount, own.currency),
        others: formatMoney(others.amount, others.currency),
      },
    }))
    .reverse()
}
