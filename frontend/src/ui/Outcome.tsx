/** The result of a payment, and the method that it was paid by. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { PaymentMethodKind } from '@/gql/graphql'
import { paymentMethodLabel } from '@/lib/labels'
import { outcomeLabels, type PaymentOutcome } from '@/lib/paymentOutcome'

export function Outcome({ payment }: { payment: PaymentOutcome }) {
  const failed = payment.status === 'FAILED'
  return (
    <Text size="sm" c={failed ? 'var(--mantine-color-error)' : undefined}>
      {outcomeLabels(payment)}
    </Text>
  )
}

type Method = { kind: PaymentMethodKind; label: string }

/** The method that was charged, or "Received" of a payment that was recorded. */
export function paidBy({ paymentMethod }: { paymentMethod?: Method | null }): string {
  return paymentMethod ? paymentMethodLabel(paymentMethod) : t`Received`
}
