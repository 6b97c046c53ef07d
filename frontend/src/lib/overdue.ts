/** Whether the open amount of a bill is overdue. */
import type { BillStateFragment } from '@/gql/graphql'
import { isPositive } from './money'

/** From the day after the due date, while an amount is open. */
export function isOverdue(
  bill: Pick<BillStateFragment, 'dueOn' | 'openAmount'>,
  today: string,
): boolean {
  return bill.dueOn != null && bill.dueOn < today && isPositive(bill.openAmount.amount)
}
