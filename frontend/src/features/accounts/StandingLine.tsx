/** Why an account is not active, what it owes, and what is scheduled next. */
import { Group, Text } from '@mantine/core'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { formatBalance, formatMoney, isNothing } from '@/lib/money'
import { TextLink } from '@/ui/links'
import { OnDate, When } from '@/ui/When'
import { billsLink } from '../bills/links'
import { timelineLink } from '../events/links'
import classes from './AccountHeader.module.css'
import { standingSentence } from './standing'

type Props = { account: AccountSummaryFragment }

export function StandingLine({ account }: Props) {
  const { timeZone } = useBusiness()
  const why = standingSentence(account, timeZone)
  return (
    <Group className={classes.standing} gap="4px 16px">
      {why && (
        <Text size="sm" fw={600} data-why>
          {why}
        </Text>
      )}
      <Overdue account={account} />
      <Text size="sm">
        Balance{' '}
        <TextLink {...billsLink(account.number)} fw={600} data-balance>
          {formatBalance(account.balance.amount, account.balance.currency)}
        </TextLink>
      </Text>
      <Next account={account} />
    </Group>
  )
}

function Overdue({ account: { overdue, overdueSince } }: Props) {
  if (isNothing(overdue.amount) || !overdueSince) return null
  return (
    <Text size="sm" c="var(--mantine-color-error)" fw={600}>
      {formatMoney(overdue.amount, overdue.currency)} overdue since <OnDate date={overdueSince} />
    </Text>
  )
}

function Next({ account: { number, deferredActions } }: Props) {
  const [next] = deferredActions.nodes
  if (!next) return null
  return (
    <Text size="sm" data-next>
      Next: <When at={next.scheduledFor} />,{' '}
      <TextLink {...timelineLink(number)} underline="always">
        {next.summary}
      </TextLink>
      {deferredActions.totalCount > 1 && ` and ${deferredActions.totalCount - 1} more`}
    </Text>
  )
}
