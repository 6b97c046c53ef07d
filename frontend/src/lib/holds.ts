/** Says in a sentence why an account or an asset is not active. */
import type { HoldCause, Status } from '@/gql/graphql'

/** What keeps something from being active. */
export interface Held {
  effect: Status
  cause: HoldCause
}

export type Subject = 'account' | 'service' | 'offer'

const because: Record<HoldCause, (word: string, subject: Subject) => string> = {
  MANUAL: (word) => `${word} by hand`,
  DEBT: (word) => `${word} for debt: a payment failed or is overdue`,
  PARENT: (word) => `an account that pays for it is ${word}`,
  ACCOUNT: (word) => `its account is ${word}`,
  SERVICE: (word) => `its service is ${word}`,
}

const words: Record<Status, string> = { ACTIVE: 'active', INACTIVE: 'inactive', CLOSED: 'closed' }

function holdReasons(holds: Held[], subject: Subject): string[] {
  return holds.map((hold) => {
    const word =
      hold.cause === 'MANUAL' || hold.cause === 'DEBT' ? pastOf(hold.effect) : words[hold.effect]
    return because[hold.cause](word, subject)
  })
}

function pastOf(effect: Status): string {
  return effect === 'CLOSED' ? 'closed' : 'inactivated'
}

/** "Inactivated by hand. An account that pays for it is inactive." Null for what is active. */
export function holdSentence(holds: Held[], subject: Subject): string | null {
  if (holds.length === 0) return null
  return holdReasons(holds, subject)
    .map((reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`)
    .join(' ')
}
