/** The values of the form that changes a status, as the input of the mutation. */
import { t } from '@lingui/core/macro'
import type { Status } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { optionalText } from '@/lib/payload'
import { formatWithWeekday, instantOf } from '@/lib/time'
import type { Timing } from '@/ui/WhenField'
import type { Change, ChangePayload } from './useChangeStatus'
import { doneNotice, type Verb } from './verbs'

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
  {
    version,
    timeZone,
    cancelConflicts,
  }: { version: number; timeZone: string; cancelConflicts: boolean },
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
    cancelConflicts,
  }
}

/** The business date of a backdated change. */
export function backdateOf({ backdateTo }: StatusValues, timing: Timing): string | undefined {
  return timing === 'past' ? (backdateTo ?? undefined) : undefined
}

/** The notice after a change of `name`. Only an inactivation has a reactivation. */
export function outcomeOf(
  { deferredAction, reactivation }: Pick<ChangePayload, 'deferredAction' | 'reactivation'>,
  name: string,
  verb: Verb,
  zone: string,
): string {
  const back = reactivation && formatWithWeekday(reactivation.scheduledFor, zone)
  if (!deferredAction)
    return back ? t`${name}: inactivated, active again on ${back}.` : doneNotice(verb, name)
  const title = actionTitle(deferredAction)
  const from = formatWithWeekday(deferredAction.scheduledFor, zone)
  return back
    ? t`Scheduled: inactive from ${from}, active again on ${back}.`
    : t`Scheduled for ${from}: ${title}`
}
