/** The lines of the summary of a bill. */
import { t } from '@lingui/core/macro'
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
    { word: t`Previous balance`, amount: bill.previousBalance },
    { word: t`Charges`, amount: bill.currentCharges },
    { word: t`Charges of accounts it pays for`, amount: bill.subordinateCharges },
    { word: t`Payments`, amount: bill.payments },
    { word: t`Adjustments`, amount: bill.adjustments },
    { word: t`Disputed`, amount: heldBack },
  ]
  return lines.filter(
    (line) => line.amount === bill.currentCharges || !isNothing(line.amount.amount),
  )
}
