/** What being overdue means for the status of an account: no more than the rules say (7.3, 7.4). */
import dayjs from 'dayjs'
import type { Status } from '@/gql/graphql'
import type { Held } from '@/lib/holds'
import { shownDate } from '@/lib/time'

interface Debtor {
  status: Status
  holds: Held[]
  overdueSince: string
}

/** The first day on which a failed validation inactivates: so many days past the due date, which is the day before. */
export function inactivatedFrom(overdueSince: string, afterDays: number): string {
  return dayjs
    .utc(overdueSince)
    .add(afterDays - 1, 'day')
    .format('YYYY-MM-DD')
}

export function debtSentence(
  { status, holds, overdueSince }: Debtor,
  afterDays: number,
  today: string,
): string {
  const hold = holds.find(({ cause }) => cause === 'DEBT')
  if (hold) {
    const word = hold.effect === 'CLOSED' ? 'closed' : 'inactivated'
    return (
      `A payment failed, and that ${word} the account. Once what is overdue is paid, and any other bill whose ` +
      'payment failed, that hold goes by itself.'
    )
  }
  if (status === 'CLOSED') return 'The account is closed: nothing more happens to it.'
  const from = inactivatedFrom(overdueSince, afterDays)
  const since = from <= today ? `since ${shownDate(from)}` : `from ${shownDate(from)} on`
  return (
    'Being overdue alone changes no status. A payment that fails does: at once where the card is not valid, and ' +
    `${since} (${afterDays} days past due) where its validation fails.`
  )
}
