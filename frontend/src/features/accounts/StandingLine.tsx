/** Why an account is not active, what it owes, and what is scheduled next. */
import { Trans } from '@lingui/react/macro'
import { Group, Text } from '@mantine/core'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useBusiness } from '@/lib/business'
import { formatCount } from '@/lib/language'
import { withLineBreaks } from '@/lib/lineBreaks'
import { formatBalance, formatMoney, isNothing } from '@/lib/money'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { billsLink } from '../bills/links'
import { timelineLink } from '../events/links'
import classes from './AccountHeader.module.css'
import { standingSentence } from './standing'

type Props = { account: AccountSummaryFragment }

export function StandingLine({ account }: Props) {
  const { timeZone } = useBusiness()
  const why = standingSentence(account, timeZone)
  const balance = formatBalance(account.balance.amount, account.balance.currency)
  return (
    <Group className={classes.standing} gap="4px 16px">
      {why && (
        <Text size="sm" fw={600} data-why>
          {withLineBreaks(why)}
        </Text>
      )}
      <Overdue account={account} />
      <Text size="sm">
        <Trans>
          Balance{' '}
          <TextLink {...billsLink(account.number)} fw={600} data-balance>
            {balance}
          </TextLink>
        </Trans>
      </Text>
      <Next account={account} />
    </Group>
  )
}

function Overdue({ account: { overdue } }: Props) {
  if (isNothing(overdue.amount)) return null
  const amount = formatMoney(overdue.amount, overdue.currency)
  return (
    <Text size="sm" c="var(--mantine-color-error)" fw={600}>
      <Trans>{amount} overdue</Trans>
    </Text>
  )
}

function Next({ account: { number, deferredActions } }: Props) {
  const [next] = deferredActions.nodes
  if (!next) return null
  const time = <When at={next.scheduledFor} />
  const change = (
    <TextLink {...timelineLink(number, next.id)} underline="always">
      {actionTitle(next)}
    </TextLink>
  )
  const more = formatCount(deferredActions.totalCount - 1)
  return (
    <Text size="sm" className="wrapped" data-next>
      {deferredActions.totalCount > 1 ? (
        <Trans>
          Next: {time}, {change} and {more} more
        </Trans>
      ) : (
        <Trans>
          Next: {time}, {change}
        </Trans>
      )}
    </Text>
  )
}
