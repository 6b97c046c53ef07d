/** What the chart of bills draws: a bar for each bill, oldest first. */
import type { ChargesOfBillFragment } from '@/gql/graphql'
import { shownMoney } from '@/lib/money'
import { shownDate } from '@/lib/time'

export const chartHeight = 220

export interface Bar {
  number: string
  /** The day on which the bill is made. */
  day: string
  /** Lengths only; what is read is in the words. */
  own: number
  others: number
  words: { own: string; others: string }
}

export function barsOf(bills: ChargesOfBillFragment[]): Bar[] {
  return bills
    .map(({ number, periodEnd, currentCharges: own, subordinateCharges: others }) => ({
      number,
      day: shownDate(periodEnd),
      own: Number(own.amount),
      others: Number(others.amount),
      words: {
        own: shownMoney(own.amount, own.currency),
        others: shownMoney(others.amount, others.currency),
      },
    }))
    .reverse()
}
