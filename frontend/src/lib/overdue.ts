/** Whether what is open of a bill is late. */
import type { BillStandingFragment } from '@/gql/graphql'
import { isPositive } from './money'

/** From the day after the due date, while something is open. */
export function isOverdue(
  bill: Pick<BillStandingFragment, 'dueOn' | 'openAmount'>,
  today: string,
): boolean {
  return bill.dueOn != null && bill.dueOn < today && isPositive(bill.openAmount.amount)
}
