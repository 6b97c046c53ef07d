/** The result of a payment as text. */
import type { PaymentNodeFragment } from '@/gql/graphql'

const failures: Record<string, string> = {
  invalid_card: 'The card or account is not valid.',
  expired: 'The card has expired.',
  insufficient_funds: 'Insufficient funds.',
  validation_failed: 'The validation failed.',
  withdrawn: 'Not sent: nothing was owed anymore.',
}

export function outcomeLabels({ status, result, paymentMethod }: PaymentOutcome): string {
  if (status === 'PENDING') return 'Waiting for the gateway. The customer is charged once.'
  if (status === 'FAILED')
    return failures[result ?? ''] ?? `Gateway response: ${result ?? 'no reason'}.`
  return paymentMethod ? 'Charged' : 'Payment received'
}

type PaymentOutcome = Pick<PaymentNodeFragment, 'status' | 'result' | 'paymentMethod'>
