/** What happened, as the title of an entry. In English it is the `description` of the event. */
import { t } from '@lingui/core/macro'
import type { EventTitleFragment, Status, UpdateAccountInput } from '@/gql/graphql'
import { changedFields } from './changedFields'
import { type EventDetails, operationTitle } from './operationTitle'
import { serverText } from './serverMessage'

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

/** `credit_limit` for `creditLimit`. */
type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : ''

type AccountField = SnakeCase<Exclude<keyof UpdateAccountInput, 'accountId' | 'expectedVersion'>>

/** The fields of an account as its events name them. */
const accountFields: Record<string, string> = {
  name: t`name`,
  email: t`email`,
  phone: t`phone`,
  rank: t`rank`,
  credit_limit: t`credit limit`,
} satisfies Record<AccountField, string>

/**
 * Charges, and events of earlier releases, whose details have no operation, have the description of
 * the API as the page shows texts of the server. `zone` is the business time zone.
 */
export function eventTitle(event: EventTitleFragment, zone: string): string {
  const { kind, description, fromStatus, toStatus, target } = event
  if (fromStatus && toStatus)
    return (fromStatus === toStatus ? kept : changed)[toStatus](target?.name ?? t`The account`)
  const details = (event.details ?? {}) as EventDetails
  const title = operationTitle(details, event, zone)
  const change = title ?? (kind === 'ACCOUNT_CHANGE' && accountChange(event, details))
  return change || serverText(description)
}

function accountChange(
  { service, offer }: EventTitleFragment,
  { changed: values }: EventDetails,
): string | undefined {
  const bought = offer?.name
  if (bought) return t`Bought ${bought}`
  if (service) {
    const { kind, name } = service
    return t`Added ${kind} service ${name}`
  }
  const fields = changedFields(values, accountFields)
  return fields && t`Changed ${fields}`
}
