/** What an entry of the audit log tells. In English it is the `summary` of the entry. */
import { plural, t } from '@lingui/core/macro'
import type { AuditTitleFragment, JobKind, Status } from '@/gql/graphql'
import { changedFields } from './changedFields'
import { serverText } from './serverMessage'
import { formatDate, formatInstant } from './time'

/** The values of a summary; which of them it has depends on `operation` and the action. */
interface Values {
  operation?: string
  user: string
  issuer: string | null
  network: string
  count: number
  token: string
  kind: JobKind
  date: string
  file: string
  toStatus: Status
  deferUntil: string | null
  backdateTo: string | null
  webhook: string
  delivery: number
  code: string
}

/**
 * An entry without values, of an earlier release, has the English summary of the API. `zone` is the
 * business time zone.
 */
export function auditTitle(entry: AuditTitleFragment, zone: string): string {
  const values = entry.summaryValues as Values | null
  const title = values && titles[values.operation ?? entry.action]?.(values, entry, zone)
  return title ?? titleOfDetails(entry, zone) ?? serverText(entry.summary)
}

type Title = (values: Values, entry: AuditTitleFragment, zone: string) => string | undefined

/** By the operation, or by the action where there is none. */
const titles: Record<string, Title> = {
  SIGNED_IN: ({ user, issuer }) =>
    issuer === null ? t`${user} signed in.` : t`${user} signed in through ${issuer}.`,
  SIGN_IN_REFUSED: ({ user, network, count }) =>
    plural(count, {
      one: `Refused a sign-in as ${user} from ${network}.`,
      other: `Refused # sign-ins in five minutes as ${user} from ${network}.`,
    }),
  PASSWORD_SET: ({ user }) => t`Set a new password for ${user}.`,
  OWN_PASSWORD_CHANGED: ({ user }) => t`${user} changed the own password.`,
  SESSIONS_ENDED: ({ user, count }) =>
    plural(count, { one: `Ended # session of ${user}.`, other: `Ended # sessions of ${user}.` }),
  SESSIONS_ENDED_BY_PROVIDER: ({ user, count }) =>
    plural(count, {
      one: `Ended # session of ${user}, who signed out at the provider.`,
      other: `Ended # sessions of ${user}, who signed out at the provider.`,
    }),
  USER_CHANGED: ({ user }, { details }) => {
    const fields = changedFields(details, userFields)
    return fields && t`Changed ${fields} of ${user}.`
  },
  USER_LINKED: ({ user }) => t`Linked ${user}, who signs in through a provider.`,
  USER_UNLINKED: ({ user }) => t`Unlinked ${user}, who signs in through a provider.`,
  TOKEN_REVOKED: ({ token }) => t`Revoked token ${token}.`,
  JOB_STARTED: (values) => {
    const [job, date] = [jobs[values.kind], formatDate(values.date)]
    return job && t`Started the job ${job} for ${date}.`
  },
  JOB_CANCELLED: (values) => {
    const [job, date] = [jobs[values.kind], formatDate(values.date)]
    return job && t`Cancelled the job ${job} for ${date}.`
  },
  STATUS_CHANGE_STARTED: statusChangeTitle,
  IMPORT_CHECK_STARTED: ({ file }) => t`Started the check of the import file ${file}.`,
  IMPORT_STARTED: ({ file }) => t`Started the import of the file ${file}.`,
  WEBHOOK_CREATED: ({ webhook }) => t`Created webhook ${webhook}.`,
  WEBHOOK_CHANGED: ({ webhook }) => t`Changed webhook ${webhook}.`,
  WEBHOOK_SECRET_ROTATED: ({ webhook }) => t`Rotated the secret of webhook ${webhook}.`,
  WEBHOOK_CHANGED_AND_SECRET_ROTATED: ({ webhook }) =>
    t`Changed webhook ${webhook} and rotated its secret.`,
  WEBHOOK_GONE: ({ webhook }) => t`Stopped webhook ${webhook}: it answered 410 Gone.`,
  WEBHOOK_FAILING: ({ webhook }) =>
    t`Stopped webhook ${webhook}: every attempt has failed for three days.`,
  WEBHOOK_DELETED: ({ webhook }) => t`Deleted webhook ${webhook}.`,
  DELIVERY_REQUESTED: ({ webhook, delivery }) =>
    t`Requested delivery ${delivery} to webhook ${webhook} again.`,
  REASON_CREATED: ({ code }) => t`Created reason ${code}.`,
  REASON_CHANGED: ({ code }) => t`Changed reason ${code}.`,
}

const userFields: Record<string, string> = { name: t`name`, role: t`role`, status: t`status` }

/** The business settings as the audit log names them. */
const settingFields: Record<string, string> = {
  timeZone: t`time zone`,
  allowActiveServiceWithInactiveAccount: t`allow active service with inactive account`,
  changeStartTimeOnActivation: t`change start time on activation`,
  closedLoginPrefix: t`closed login prefix`,
  inactivateAfterDaysPastDue: t`inactivate after days past due`,
  paymentTermDays: t`payment term days`,
}

const jobs: Record<JobKind, string> = {
  DEFERRED_ACTIONS: t`deferred actions`,
  BILL_DAY: t`bill day`,
  STATUS_CHANGE: t`status change`,
  IMPORT: t({ message: 'import', context: 'noun' }),
}

const changeAccounts: Record<Status, (count: number) => string> = {
  ACTIVE: (count) => plural(count, { one: 'reactivate # account', other: 'reactivate # accounts' }),
  INACTIVE: (count) =>
    plural(count, { one: 'inactivate # account', other: 'inactivate # accounts' }),
  CLOSED: (count) => plural(count, { one: 'close # account', other: 'close # accounts' }),
}

function statusChangeTitle(
  { toStatus, count, deferUntil, backdateTo }: Values,
  _: AuditTitleFragment,
  zone: string,
): string {
  const change = changeAccounts[toStatus](count)
  if (backdateTo) {
    const date = formatDate(backdateTo)
    return t`Started a job: ${change}, backdated to ${date}.`
  }
  if (!deferUntil) return t`Started a job: ${change}.`
  const time = formatInstant(deferUntil, zone)
  return t`Started a job: ${change} on ${time}.`
}

/** Entries whose changed fields tell everything. */
function titleOfDetails(entry: AuditTitleFragment, zone: string): string | null | undefined {
  const { action, actor, details } = entry
  const after = valuesAfter(details)
  const { code, email, name, role, clock } = after
  switch (action) {
    case 'SIGNED_OUT':
      return t`${actor} signed out.`
    case 'USER_CREATED':
      return email && role && t`Created user ${email} as ${role}.`
    case 'TOKEN_CREATED':
      return name && role && t`Created token ${name} as ${role}.`
    case 'OFFER_CREATED':
      return code && name && t`Created offer ${code}, ${name}.`
    case 'SETTINGS_CHANGED': {
      const fields = changedFields(details, settingFields)
      return fields && t`Changed ${fields}.`
    }
    case 'CLOCK_SET': {
      if (!('clock' in after)) return undefined
      if (!clock) return t`Set the business clock to real time.`
      const time = formatInstant(clock, zone)
      return t`Set the business clock to ${time}.`
    }
  }
}

/** The fields with their values after the change. */
function valuesAfter(details: unknown): Record<string, string | null | undefined> {
  const changes = (details ?? {}) as Record<string, [unknown, string | null]>
  return Object.fromEntries(Object.entries(changes).map(([field, [, after]]) => [field, after]))
}
