/** The details of an audit entry in words: fields with their values before and after. */
import { t } from '@lingui/core/macro'
import {
  eventKindLabels,
  jobStatusLabels,
  offerKindLabels,
  roleLabels,
  statusLabels,
} from './labels'
import { formatInstant } from './time'

export interface FieldChange {
  field: string
  before: string
  after: string
}

const fieldLabels: Record<string, string> = {
  allowActiveServiceWithInactiveAccount: t`Active services with an inactive account`,
  appliesTo: t`Offered for`,
  cancelFee: t`Cancel fee`,
  changeStartTimeOnActivation: t`Restart offers on reactivation`,
  clock: t`Business clock`,
  closedLoginPrefix: t`Prefix for closed logins`,
  code: t`Code`,
  currency: t`Currency`,
  description: t`Description`,
  email: t`E-mail`,
  eventKinds: t`Events`,
  expiresAt: t`Expires`,
  inactivateAfterDaysPastDue: t`Inactivate after days past due`,
  isRetired: t`Retired`,
  kind: t`Kind`,
  label: t`Text`,
  monthlyFee: t`Monthly fee`,
  monthlyPercentOff: t`Monthly percent off`,
  name: t`Name`,
  paymentTermDays: t`Payment term in days`,
  purchaseFee: t`Purchase fee`,
  revokedAt: t`Revoked`,
  role: t`Role`,
  serviceKind: t`Service kind`,
  status: t`Status`,
  timeZone: t`Business time zone`,
  url: t`Address`,
  usagePercentOff: t`Usage percent off`,
  usageRate: t`Usage rate`,
  usageUnit: t`Usage unit`,
}

/** The words of enum values, whatever the field. */
const valueLabels: Record<string, string> = {
  ...eventKindLabels,
  ...jobStatusLabels,
  ...roleLabels,
  ...statusLabels,
  DISABLED: t`Disabled`,
  FAILING: t`Failing`,
  PAUSED: t`Paused`,
}

/** The words of the field `kind`, which is that of an offer. */
const kindLabels: Record<string, string> = offerKindLabels

export function fieldChanges(details: unknown, zone: string): FieldChange[] {
  if (typeof details !== 'object' || details === null) return []
  return Object.entries(details).map(([field, values]) => {
    const [before, after] = Array.isArray(values) ? values : [null, values]
    const inWords = (value: unknown) =>
      (field === 'kind' && kindLabels[String(value)]) || auditValue(value, zone)
    return {
      field: fieldLabels[field] ?? words(field),
      before: inWords(before),
      after: inWords(after),
    }
  })
}

/** A value in words; a dash for none. */
export function auditValue(value: unknown, zone: string): string {
  if (value === null || value === undefined || value === '') return '–'
  if (value === true) return t`Yes`
  if (value === false) return t`No`
  if (Array.isArray(value)) return value.map((each) => auditValue(each, zone)).join(', ') || '–'
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return formatInstant(text, zone)
  return valueLabels[text] ?? text
}

/** "Monthly fee" of monthlyFee: a field that has no label. */
function words(field: string): string {
  const lower = field.replace(/([A-Z])/g, ' $1').toLowerCase()
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}
