/** The result of a payment as text. */
import { t } from '@lingui/core/macro'
import type { PaymentNodeFragment } from '@/gql/graphql'

const failures: Record<string, string> = {
  invalid_card: t`The card or account is not valid.`,
  expired: t`The card has expired.`,
  insufficient_funds: t`Insufficient funds.`,
  validation_failed: t`The validation failed.`,
  withdrawn: t`Not sent: nothing was owed anymore.`,
}

export function outcomeLabels({ status, result, paymentMethod }: PaymentOutcome): string {
  if (status === 'PENDING') return t`Waiting for the gateway. The customer is charged once.`
  if (status === 'FAILED') {
    if (!result) return t`Gateway response: no reason.`
    return failures[result] ?? t`Gateway response: ${result}.`
  }
  return paymentMethod ? t`Charged` : t`Payment received`
}

type PaymentOutcome = Pick<PaymentNodeFragment, 'status' | 'result' | 'paymentMethod'>
