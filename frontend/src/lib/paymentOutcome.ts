/** The result of a payment as text. */
import { t } from '@lingui/core/macro'
import type { PaymentStatus } from '@/gql/graphql'

const failures: Record<string, string> = {
  invalid_card: t`Card or account not valid`,
  expired: t`Card expired`,
  insufficient_funds: t`Insufficient funds`,
  validation_failed: t`Validation failed`,
  withdrawn: t`Not sent: nothing was owed anymore`,
}

export function outcomeLabels({ status, result, paymentMethod }: PaymentOutcome): string {
  if (status === 'PENDING') return t`Waiting for the gateway. The customer is charged once.`
  if (status === 'FAILED') {
    if (!result) return t`Gateway response: no reason`
    return failures[result] ?? t`Gateway response: ${result}`
  }
  return paymentMethod ? t`Charged` : t`Payment received`
}

export interface PaymentOutcome {
  status: PaymentStatus
  /** The code of the gateway. */
  result?: string | null
  paymentMethod?: object | null
}
