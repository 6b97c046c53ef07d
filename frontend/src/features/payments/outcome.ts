/** What became of a payment, in words. */
import type { PaymentNodeFragment } from '@/gql/graphql'

const failures: Record<string, string> = {
  invalid_card: 'The card or account is not valid.',
  expired: 'The card has expired.',
  insufficient_funds: 'Insufficient funds.',
  validation_failed: 'The validation failed.',
  withdrawn: 'It never reached the gateway, and nothing was owed any more.',
}

export function outcomeLabels({ status, result, paymentMethod }: LiveRuns): string {
  if (status === 'PENDING')
    return 'The gateway has not answered yet. It is asked again; nobody is charged twice.'
  if (status === 'FAILED')
    return failures[result ?? ''] ?? `The gateway answered: ${result ?? 'no reason'}.`
  return paymentMethod ? 'The gateway took the money.' : 'The money came in by itself.'
}

type LiveRuns = Pick<PaymentNodeFragment, 'status' | 'result' | 'paymentMethod'>
