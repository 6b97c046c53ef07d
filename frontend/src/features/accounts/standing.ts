/** Explains in one sentence since when and why an account is not active. */
import type { AccountSummaryFragment, HoldCause } from '@/gql/graphql'
import { formatDateOf } from '@/lib/time'

type Standing = Pick<AccountSummaryFragment, 'status' | 'holds' | 'statusEvents' | 'billUnits'>
type StatusEvent = Standing['statusEvents']['nodes'][number]

const effects = { INACTIVE: 'Inactive', CLOSED: 'Closed' } as const

/**
 * "Inactive since 3 Mar 2026: its payer Northwind Ltd is inactive". Null for an active account.
 */
export function standingSentence(account: Standing, zone: string): string | null {
  if (account.status === 'ACTIVE') return null
  const events = account.statusEvents.nodes
  const change = events.find(
    ({ fromStatus, toStatus }) => toStatus === account.status && fromStatus !== account.status,
  )
  const since = change ? ` since ${formatDateOf(change.occurredAt, zone)}` : ''
  const causes = account.holds
    .filter((hold) => hold.effect === account.status)
    .map((hold) => causeClause(hold.cause, account, latestOf(events, hold.cause)))
  return `${effects[account.status]}${since}${causes.length > 0 ? ': ' : ''}${causes.join('; ')}`
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
    if (!event) return 'by an agent'
    return event.reason ? `${event.reason} (${event.actor})` : `by ${event.actor}`
  }
  if (cause === 'DEBT') return event?.reason ?? 'a payment failed or is overdue'
  const names = billUnits
    .flatMap((unit) => unit.payingParent?.account ?? [])
    .filter((payer) => payer.status === status)
    .map((payer) => payer.name)
  const payer = ['its payer', ...new Set(names)].slice(0, 2).join(' ')
  return `${payer} is ${status.toLowerCase()}`
}
