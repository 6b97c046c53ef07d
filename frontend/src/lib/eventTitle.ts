/** What happened, as the title of an entry. */
import { t } from '@lingui/core/macro'
import type { EventKind, Status } from '@/gql/graphql'

interface EventText {
  kind?: EventKind
  description: string
  fromStatus?: Status | null
  toStatus?: Status | null
  /** The service or offer; null for the account. */
  target?: { name: string } | null
  /** What the event concerns. */
  service?: { name: string; kind: string } | null
  offer?: { name: string } | null
  details?: unknown
}

const changed: Record<Status, (name: string) => string> = {
  ACTIVE: (name) => t`${name} is now active`,
  INACTIVE: (name) => t`${name} is now inactive`,
  CLOSED: (name) => t`${name} is now closed`,
}

const kept: Record<Status, (name: string) => string> = {
  ACTIVE: (name) => t`${name} is still active`,
  INACTIVE: (name) => t`${name} is still inactive`,
  CLOSED: (name) => t`${name} is still closed`,
}

/** The fields of an account as its events name them. */
const accountFields: Record<string, string> = {
  name: t`name`,
  email: t`email`,
  phone: t`phone`,
  rank: t`rank`,
  credit_limit: t`credit limit`,
}

/**
 * Changes of a status in the words of the page, and what else has its values in typed fields;
 * other events as the API describes them, in English.
 */
export function eventTitle(event: EventText): string {
  const { kind, description, fromStatus, toStatus, target } = event
  if (fromStatus && toStatus)
    return (fromStatus === toStatus ? kept : changed)[toStatus](target?.name ?? t`The account`)
  return (kind === 'ACCOUNT_CHANGE' && accountChange(event)) || description
}

function accountChange({ service, offer, details }: EventText): string | null {
  const bought = offer?.name
  if (bought) return t`Bought ${bought}`
  if (service) {
    const { kind, name } = service
    return t`Added ${kind} service ${name}`
  }
  const { changed: values } = (details ?? {}) as { changed?: object }
  const names = Object.keys(values ?? {}).map((field) => accountFields[field])
  if (names.length === 0 || names.includes(undefined)) return null
  const fields = names.join(', ')
  return t`Changed ${fields}`
}
