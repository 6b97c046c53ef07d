/** Explains in a sentence why an account or an asset is not active. */
import type { HoldCause, Status } from '@/gql/graphql'

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

const effectLabels: Record<Status, string> = {
  ACTIVE: 'Active',
  INACTIVE: 'Inactive',
  CLOSED: 'Closed',
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
  const label = effectLabels[effect]
  switch (cause) {
    case 'MANUAL':
      return `${effect === 'CLOSED' ? 'Closed' : 'Inactivated'} by an agent`
    case 'DEBT':
      return `${label}: a payment failed or is overdue`
    case 'PARENT':
      return `${label} because ${payerOf(effect, payers)} is ${label.toLowerCase()}`
    case 'ACCOUNT':
      return `${label} with its account`
    case 'SERVICE':
      return subject === 'service' ? label : `${label} with its service`
  }
}

function payerOf(effect: Status, payers: Payer[]): string {
  const names = payers.filter((payer) => payer.status === effect).map((payer) => payer.name)
  return ['its payer', ...new Set(names)].slice(0, 2).join(' ')
}
