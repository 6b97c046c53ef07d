/** Explains in one sentence since when and why an account is not active. */
import { t } from '@lingui/core/macro'
import type { AccountSummaryFragment, HoldCause, Status } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { statusLabels } from '@/lib/labels'
import { serverText } from '@/lib/serverMessage'
import { formatDateOf } from '@/lib/time'

type Standing = Pick<AccountSummaryFragment, 'status' | 'holds' | 'statusEvents' | 'billUnits'>
type StatusEvent = Standing['statusEvents']['nodes'][number]

/**
 * "Inactive since 3 Mar 2026: its payer Northwind Ltd is inactive". Null for an active account.
 */
export function standingSentence(account: Standing, zone: string): string | null {
  if (account.status === 'ACTIVE') return null
  const events = account.statusEvents.nodes
  const change = events.find(
    ({ fromStatus, toStatus }) => toStatus === account.status && fromStatus !== account.status,
  )
  const effect = effectSince(account.status, change && formatDateOf(change.occurredAt, zone))
  const causes = account.holds
    .filter((hold) => hold.effect === account.status)
    .map((hold) => causeClause(hold.cause, account, latestOf(events, hold.cause)))
  return causes.length > 0 ? `${effect}: ${causes.join('; ')}` : effect
}

function effectSince(status: Status, date: string | undefined): string {
  if (!date) return statusLabels[status]
  return status === 'CLOSED' ? t`Closed since ${date}` : t`Inactive since ${date}`
}

/** The latest event that added a hold with this cause. */
function latestOf(events: StatusEvent[], cause: HoldCause): StatusEvent | undefined {
  return events.find((event) => event.cause === cause && event.toStatus !== 'ACTIVE')
}

function causeClause(
  cause: HoldCause,
  { status, billUnits }: Standing,
  event: StatusEvent | undefined,
): string {
  if (cause === 'MANUAL') {
    if (!event) return t`by an agent`
    const { reason } = event
    const actor = actorName(event.actor)
    return reason ? `${reason} (${actor})` : t`by ${actor}`
  }
  if (cause === 'DEBT')
    return event?.reason ? serverText(event.reason) : t`a payment failed or is overdue`
  const payer = billUnits
    .flatMap((unit) => unit.payingParent?.account ?? [])
    .find((each) => each.status === status)?.name
  if (!payer) return status === 'CLOSED' ? t`its payer is closed` : t`its payer is inactive`
  return status === 'CLOSED' ? t`its payer ${payer} is closed` : t`its payer ${payer} is inactive`
}
