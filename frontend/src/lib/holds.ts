/** Explains in a sentence why an account or an asset is not active. */
import { t } from '@lingui/core/macro'
import type { HoldCause, Status } from '@/gql/graphql'
import { statusLabels } from './labels'

/** One reason for which an entity is not active. */
export interface Hold {
  effect: Status
  cause: HoldCause
}

export type Subject = 'account' | 'service' | 'offer'

interface Payer {
  name: string
  status: Status
}

/**
 * "Inactivated by an agent. Inactive because its payer Brightwater Logistics is inactive."
 * Null for an entity without holds. `payers` names the payers that the caller knows.
 */
export function holdSentence(holds: Hold[], subject: Subject, payers: Payer[] = []): string | null {
  if (holds.length === 0) return null
  return holds
    .filter((hold) => !followsFromAccount(hold, holds))
    .map((hold) => `${reasonOf(hold, subject, payers)}.`)
    .join(' ')
}

/** A service that is not active because of its account adds no second reason for its offers. */
function followsFromAccount(hold: Hold, holds: Hold[]): boolean {
  return (
    hold.cause === 'SERVICE' &&
    holds.some((other) => other.cause === 'ACCOUNT' && other.effect === hold.effect)
  )
}

function reasonOf({ effect, cause }: Hold, subject: Subject, payers: Payer[]): string {
  const isClosed = effect === 'CLOSED'
  switch (cause) {
    case 'MANUAL':
      return isClosed ? t`Closed by an agent` : t`Inactivated by an agent`
    case 'DEBT':
      return isClosed
        ? t`Closed: a payment failed or is overdue`
        : t`Inactive: a payment failed or is overdue`
    case 'PARENT':
      return payerSentence(isClosed, payers.find((payer) => payer.status === effect)?.name)
    case 'ACCOUNT':
      return isClosed ? t`Closed with its account` : t`Inactive with its account`
    case 'SERVICE':
      if (subject === 'service') return statusLabels[effect]
      return isClosed ? t`Closed with its service` : t`Inactive with its service`
  }
}

function payerSentence(isClosed: boolean, payer: string | undefined): string {
  if (!payer)
    return isClosed
      ? t`Closed because its payer is closed`
      : t`Inactive because its payer is inactive`
  return isClosed
    ? t`Closed because its payer ${payer} is closed`
    : t`Inactive because its payer ${payer} is inactive`
}
