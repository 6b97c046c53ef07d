/** The name and number of an account, linked to its page. */
import { Group, Text } from '@mantine/core'
import { TextLink } from './links'

export function AccountLink({ account }: { account: { number: string; name: string } }) {
  return (
    <Group gap={6} wrap="nowrap" display="inline-flex" maw="100%">
      <TextLink
        to="/accounts/$number"
        params={{ number: account.number }}
        fw={500}
        className="ellipsis"
      >
        {account.name}
      </TextLink>
      <Text span size="xs" c="dimmed" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
        {account.number}
      </Text>
    </Group>
  )
}
