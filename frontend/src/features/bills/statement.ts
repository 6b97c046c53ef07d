/** The lines of the summary of a bill. */
import type { AmountFragment, BillStatementFragment } from '@/gql/graphql'
import { isNothing, negated } from '@/lib/money'

export interface StatementLine {
  word: string
  amount: AmountFragment
}

/** The signed lines that add up to the total. Zero lines are omitted, except own charges. */
export function statementLines(bill: BillStatementFragment): StatementLine[] {
  const heldBack = { ...bill.disputed, amount: negated(bill.disputed.amount) }
  const lines: StatementLine[] = [
    { word: 'Previous balance', amount: bill.previousBalance },
    { word: 'Charges', amount: bill.currentCharges },
    { word: 'Charges of accounts it pays for', amount: bill.subordinateCharges },
    { word: 'Payments', amount: bill.payments },
    { word: 'Adjustments', amount: bill.adjustments },
    { word: 'Disputed', amount: heldBack },
  ]
  return lines.filter(
    (line) => line.amount === bill.currentCharges || !isNothing(line.amount.amount),
  )
}
