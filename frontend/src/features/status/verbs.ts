/** The verb of a status change, and the texts that contain it. */
import { plural, t } from '@lingui/core/macro'
import type { Status } from '@/gql/graphql'
import type { Subject } from '@/lib/holds'

export type Verb = 'close' | 'inactivate' | 'reopen' | 'reactivate'

export function verbOf(from: Status, to: Status): Verb {
  if (to === 'CLOSED') return 'close'
  if (to === 'INACTIVE') return 'inactivate'
  return from === 'CLOSED' ? 'reopen' : 'reactivate'
}

export const verbLabels: Record<Verb, string> = {
  close: t`Close`,
  inactivate: t`Inactivate`,
  reopen: t`Reopen`,
  reactivate: t`Reactivate`,
}

const verbLabelsOnDate: Record<Exclude<Verb, 'close'>, string> = {
  inactivate: t`Inactivate on this date`,
  reopen: t`Reopen on this date`,
  reactivate: t`Reactivate on this date`,
}

const closeLabels: Record<Subject, string> = {
  account: t`Close account`,
  service: t`Close service`,
  offer: t`Close offer`,
}

const closeLabelsOnDate: Record<Subject, string> = {
  account: t`Close account on this date`,
  service: t`Close service on this date`,
  offer: t`Close offer on this date`,
}

/** The label of the button that makes the change. */
export function buttonLabel(verb: Verb, kind: Subject, onDate: boolean): string {
  if (verb === 'close') return (onDate ? closeLabelsOnDate : closeLabels)[kind]
  return onDate ? verbLabelsOnDate[verb] : verbLabels[verb]
}

/** The title of the dialog. */
export function titleOf(verb: Verb, name: string): string {
  const titles: Record<Verb, string> = {
    close: t`Close ${name}`,
    inactivate: t`Inactivate ${name}`,
    reopen: t`Reopen ${name}`,
    reactivate: t`Reactivate ${name}`,
  }
  return titles[verb]
}

/** The notice after the change. */
export function doneNotice(verb: Verb, name: string): string {
  const notices: Record<Verb, string> = {
    close: t`${name}: closed.`,
    inactivate: t`${name}: inactivated.`,
    reopen: t`${name}: reopened.`,
    reactivate: t`${name}: reactivated.`,
  }
  return notices[verb]
}

/** The title of the dialog that changes many accounts; null until their number is known. */
export function jobTitle(count: number | null): string {
  if (count === null) return t`Change status of all accounts that match`
  return plural(count, {
    one: 'Change status of # account',
    other: 'Change status of # accounts',
  })
}

/** The label of the button that starts the change of many accounts. */
export function jobButtonLabel(to: Status, count: number | null, onDate: boolean): string {
  if (count === null) return onDate ? t`Schedule` : verbLabels[verbOf('ACTIVE', to)]
  const now: Record<Status, string> = {
    ACTIVE: plural(count, { one: 'Reactivate # account', other: 'Reactivate # accounts' }),
    INACTIVE: plural(count, { one: 'Inactivate # account', other: 'Inactivate # accounts' }),
    CLOSED: plural(count, { one: 'Close # account', other: 'Close # accounts' }),
  }
  return onDate
    ? plural(count, { one: 'Schedule for # account', other: 'Schedule for # accounts' })
    : now[to]
}

/** The notice after the start of the job. */
export function jobStarted(count: number): string {
  return plural(count, {
    one: 'Status change of # account started.',
    other: 'Status change of # accounts started.',
  })
}
