/** The effect of overdue bills on the status of an account (rules 7.3, 7.4). */

import { plural, t } from '@lingui/core/macro'
import type { Status } from '@/gql/graphql'
import type { Hold } from '@/lib/holds'
import { addDays, formatDate } from '@/lib/time'

interface Debtor {
  status: Status
  holds: Hold[]
  overdueSince: string
}

/** The first date on which a failed validation inactivates the account. */
export function inactivatedFrom(overdueSince: string, afterDays: number): string {
  return addDays(overdueSince, afterDays - 1)
}

export function debtSentence(
  { status, holds, overdueSince }: Debtor,
  afterDays: number,
  today: string,
): string {
  const hold = holds.find(({ cause }) => cause === 'DEBT')
  if (hold) {
    return [
      hold.effect === 'CLOSED'
        ? t`A payment failed, so the account was closed.`
        : t`A payment failed, so the account was inactivated.`,
      t`It reactivates automatically once the overdue amount and all failed payments are paid.`,
    ].join(' ')
  }
  if (status === 'CLOSED') return t`The account is closed. Its status will not change.`
  const from = inactivatedFrom(overdueSince, afterDays)
  if (from <= today)
    return t`A payment with an invalid card or a failed validation will inactivate this account.`
  const date = formatDate(from)
  return [
    t`A payment with an invalid card will inactivate this account.`,
    plural(afterDays, {
      one: `From ${date} (# day past due), a failed validation will too.`,
      other: `From ${date} (# days past due), a failed validation will too.`,
    }),
  ].join(' ')
}
