/** Whether a payment can be collected now from a payment method. */
import { t } from '@lingui/core/macro'
import type { PaymentMethodKind, Status } from '@/gql/graphql'
import { expirationOf, formatExpiration, validityOf } from './expiration'

interface Method {
  kind: PaymentMethodKind
  expirationMonth?: number | null
  expirationYear?: number | null
}

/** Why the server would refuse it; null if it would not. `today` is a business date. */
export function chargeRefusal(method: Method, accountStatus: Status, today: string): string | null {
  if (method.kind === 'INVOICE') return t`The customer pays invoices.`
  if (accountStatus === 'CLOSED') return t`A closed account can't be charged.`
  const expiration = expirationOf(method)
  if (!expiration || validityOf(expiration, today) !== 'expired') return null
  const shown = formatExpiration(expiration)
  return t`The card expired at the end of ${shown} and can't be charged.`
}
