/** The values of the form that changes a status, as the input of the mutation. */
import type { Status } from '@/gql/graphql'
import { optionalText } from '@/lib/payload'
import { formatWithWeekday, instantOf } from '@/lib/time'
import type { Timing } from '@/ui/WhenField'
import type { Change, ChangePayload } from './useChangeStatus'

export interface StatusValues {
  status: Status
  deferUntil: string | null
  backdateTo: string | null
  reactivateOn: string | null
  reason: string
  note: string
  login: string
}

export function changeOf(
  values: StatusValues,
  timing: Timing,
  { version, timeZone }: { version: number; timeZone: string },
): Change {
  const instant = (wall: string | null) => (wall ? instantOf(wall, timeZone) : undefined)
  return {
    status: values.status,
    reason: optionalText(values.reason),
    note: optionalText(values.note),
    login: optionalText(values.login),
    deferUntil: timing === 'later' ? instant(values.deferUntil) : undefined,
    backdateTo: backdateOf(values, timing),
    reactivateOn: values.status === 'INACTIVE' ? instant(values.reactivateOn) : undefined,
    expectedVersion: version,
  }
}

/** The business date of a backdated change. */
export function backdateOf({ backdateTo }: StatusValues, timing: Timing): string | undefined {
  return timing === 'past' ? (backdateTo ?? undefined) : undefined
}

const doneLabels: Record<string, string> = {
  Close: 'closed',
  Inactivate: 'inactivated',
  Reopen: 'reopened',
  Reactivate: 'reactivated',
}

/** The notice after a change of `name`; `word` is the verb of its button. */
export function outcomeOf(
  { deferredAction, reactivation }: ChangePayload,
  name: string,
  word: string,
  zone: string,
): string {
  const done = `${name}: ${doneLabels[word]}`
  const back =
    reactivation && `active again on ${formatWithWeekday(reactivation.scheduledFor, zone)}`
  if (!deferredAction) return back ? `${done}, ${back}.` : `${done}.`
  const from = formatWithWeekday(deferredAction.scheduledFor, zone)
  return back
    ? `Scheduled: inactive from ${from}, ${back}.`
    : `Scheduled for ${from}: ${deferredAction.summary}`
}
