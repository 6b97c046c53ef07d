/** The account below which the accounts of the list are. Loaded with the link that sets it. */
import { t } from '@lingui/core/macro'
import { Group, Text } from '@mantine/core'
import type { AccountRefFragment } from '@/gql/graphql'
import { AccountLink } from '@/ui/AccountLink'

export default function BelowChip({ account }: { account: AccountRefFragment }) {
  return (
    <Group gap="xs" px="xs" wrap="nowrap">
      <Text size="sm">{t`Below`}</Text>
      <AccountLink account={account} />
    </Group>
  )
}
