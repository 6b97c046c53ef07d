/** What a status change job does to each of its accounts, and why. */
import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { Status, StatusChangeOfRunFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { formatDate, formatWithWeekday } from '@/lib/time'
import { Dotted } from '@/ui/Dotted'

export function StatusChangeSentence({ change }: { change: StatusChangeOfRunFragment }) {
  const { timeZone } = useBusiness()
  const { backdateTo, cancelledDeferredActionCount: cancelled, reason, note } = change
  const since = backdateTo && formatDate(backdateTo)
  const parts = [
    changeText(change, timeZone),
    since && t`Backdated to ${since}`,
    cancelled > 0 &&
      plural(cancelled, {
        one: '# deferred action cancelled',
        other: '# deferred actions cancelled',
      }),
    reason && t`Reason: ${reason}`,
    note && t`Note: ${note}`,
  ]
  return (
    <Text size="sm" mb="sm" style={{ overflowWrap: 'anywhere' }}>
      <Dotted>{parts}</Dotted>
    </Text>
  )
}

function changeText(change: StatusChangeOfRunFragment, zone: string): string {
  const { status, deferUntil, reactivateOn } = change
  const from = deferUntil && formatWithWeekday(deferUntil, zone)
  const back = reactivateOn && formatWithWeekday(reactivateOn, zone)
  if (from && back) return t`Schedules: inactive from ${from}, active again on ${back}`
  if (back) return t`Inactivates accounts until ${back}`
  return from ? scheduledLabels[status](from) : labels[status]
}

const labels: Record<Status, string> = {
  ACTIVE: t`Reactivates accounts`,
  INACTIVE: t`Inactivates accounts`,
  CLOSED: t`Closes accounts`,
}

const scheduledLabels: Record<Status, (date: string) => string> = {
  ACTIVE: (date) => t`Schedules: active from ${date}`,
  INACTIVE: (date) => t`Schedules: inactive from ${date}`,
  CLOSED: (date) => t`Schedules: closed from ${date}`,
}
