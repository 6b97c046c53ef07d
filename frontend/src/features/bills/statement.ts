/** How the total of a bill comes about, line by line. */
import type { AmountFragment, BillStatementFragment } from '@/gql/graphql'
import { isNothing, negated } from '@/lib/money'

export interface StatementLine {
  word: string
  amount: AmountFragment
}

/** What adds up to the total, signed as it acts. Its own charges always, of the rest what there is. */
export function statementLines(bill: BillStatementFragment): StatementLine[] {
  const heldBack = { ...bill.disputed, amount: negated(bill.disputed.amount) }
  const lines: StatementLine[] = [
    { word: 'Previous balance', amount: bill.previousBalance },
    { word: 'Charges', amount: bill.currentCharges },
    { word: 'Charges of others that it pays for', amount: bill.subordinateCharges },
    { word: 'Payments', amount: bill.payments },
    { word: 'Adjustments', amount: bill.adjustments },
    { word: 'Disputed', amount: heldBack },
  ]
  return lines.filter(
    (line) => line.amount === bill.currentCharges || !isNothing(line.amount.amount),
  )
}
