/** The summary of an account and its next deferred actions. */
import { Group, Stack, Text } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { countLabel } from '@/lib/labels'
import { formatBalance, formatMoney } from '@/lib/money'
import { AccountLink } from '@/ui/AccountLink'
import { Fact, Facts } from '@/ui/Facts'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'

type Props = { account: AccountSummaryFragment }

export function AccountFacts({ account }: Props) {
  const payers = new Map(
    account.billUnits.flatMap((unit) =>
      unit.payingParent ? [[unit.payingParent.account.id, unit.payingParent.account]] : [],
    ),
  )
  const parent = account.ancestors.at(0)
  return (
    <Stack gap="sm" mt="sm">
      <Facts>
        <Fact label="E-mail">{account.email}</Fact>
        <Fact label="Phone">{account.phone}</Fact>
        <Fact label="Created">
          <When at={account.createdAt} day />
        </Fact>
        <Fact label="Balance">
          {formatBalance(account.balance.amount, account.balance.currency)}
        </Fact>
        {account.closedAt ? (
          <Fact label="Closed">
            <When at={account.closedAt} />
          </Fact>
        ) : (
          <Fact label="Credit limit">
            {account.creditLimit
              ? formatMoney(account.creditLimit.amount, account.creditLimit.currency)
              : `None (${account.currency})`}
          </Fact>
        )}
        <Fact label="Payer">
          {' '}
          {payers.size === 0
            ? 'This account'
            : [...payers.values()].map((payer) => <AccountLink key={payer.id} account={payer} />)}
        </Fact>
        <Fact label="Parent">{parent ? <AccountLink account={parent} /> : 'None'}</Fact>
        <Fact label="Hierarchy">
          {account.descendantCount > 0
            ? `${countLabel(account.descendantCount, 'account')} below`
            : 'No accounts below'}
        </Fact>
      </Facts>
      <Upcoming account={account} />
    </Stack>
  )
}

/** The next pending actions, soonest first. The connection lists the latest first. */
function Upcoming({ account }: Props) {
  const { totalCount, nodes } = account.deferredActions
  if (totalCount === 0) return null
  return (
    <Stack gap={4}>
      {nodes.toReversed().map((action) => (
        <Group key={action.id} gap={6} wrap="nowrap" align="start">
          <IconClock
            size={16}
            style={{ flexShrink: 0, marginTop: 2 }}
            color="var(--tenure-busy)"
            aria-hidden
          />
          <Text size="sm">
            <When at={action.scheduledFor} fw={600} />: {action.summary}
          </Text>
        </Group>
      ))}
      {totalCount > nodes.length && (
        <TextLink to="/accounts/$number/deferred-actions" params={{ number: account.number }}>
          and {totalCount - nodes.length} more
        </TextLink>
      )}
    </Stack>
  )
}
