/** The money of a change: what is credited and what is charged, by a dry run. */
import { t } from '@lingui/core/macro'
import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { MoneyOfAccountFragment } from '@/gql/graphql'
import { formatBalance } from '@/lib/money'
import { serverMessage } from '@/lib/serverMessage'
import { Amount } from './Amount'
import { MoneyBeforeChangeDocument } from './MoneyImpact.generated'
import { LoadError } from './States'

const mostShown = 6

interface MoneyImpactProps {
  account: string
  /** The account as the change would leave it. */
  after: MoneyOfAccountFragment
  /** False if other amounts are shown beside: then it shows nothing instead of "No charges". */
  isAll?: boolean
}

export function MoneyImpact({ account, after, isAll = true }: MoneyImpactProps) {
  const [{ data, error }, refetch] = useQuery({
    query: MoneyBeforeChangeDocument,
    variables: { account },
    requestPolicy: 'network-only',
  })
  if (error && !data)
    return <LoadError error={error} retry={() => refetch({ requestPolicy: 'network-only' })} />
  const before = data?.account
  if (!before) return null
  const charges = chargesBetween(before, after)
  if (charges.length === 0) return isAll && <Text size="sm">{t`No charges, no credits.`}</Text>
  const more = charges.length - mostShown
  const from = formatBalance(before.balance.amount, before.balance.currency)
  const to = formatBalance(after.balance.amount, after.balance.currency)
  return (
    <Stack gap={4} data-money>
      {charges.slice(0, mostShown).map((charge) => (
        <Group key={charge.id} justify="space-between" gap="xs" wrap="nowrap" align="start">
          <Text size="sm">{serverMessage(charge.description)}</Text>
          {charge.amount && <Amount of={charge.amount} fz="sm" />}
        </Group>
      ))}
      {charges.length > mostShown && (
        <Text size="xs" c="dimmed">
          {t`and ${more} more`}
        </Text>
      )}
      <Text size="sm" fw={600}>
        {t`Balance: ${from} → ${to}`}
      </Text>
    </Stack>
  )
}

/** The charges and credits that only the dry run has. */
export function chargesBetween(before: MoneyOfAccountFragment, after: MoneyOfAccountFragment) {
  const known = new Set(before.events.nodes.map((event) => event.id))
  return after.events.nodes.filter((event) => !known.has(event.id))
}
