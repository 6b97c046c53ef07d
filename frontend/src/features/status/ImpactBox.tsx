/** What a status change would do, before it is done. */
import { Box, Group, List, Paper, Skeleton, Spoiler, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { AccountStatusImpactQuery, Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { sentenceOf } from '@/lib/failure'
import type { Subject } from '@/lib/holds'
import { counted } from '@/lib/labels'
import { instantOf } from '@/lib/time'
import { StatusBadge } from '@/ui/Badges'
import { Warning } from '@/ui/Warning'
import { When } from '@/ui/When'
import { AccountStatusImpactDocument, AssetStatusImpactDocument } from './operations.generated'

type Impact = AccountStatusImpactQuery['accountStatusImpact']

interface ImpactBoxProps {
  id: string
  kind: Subject
  status: Status
  /** The wall time that it is put off to; null: now. */
  on: string | null
}

export function ImpactBox({ id, kind, status, on }: ImpactBoxProps) {
  const { timeZone } = useBusiness()
  const { impact, error, fetching } = useImpact(id, kind, status)
  if (error) {
    return <Warning title="As things stand, this is not possible">{sentenceOf(error)}</Warning>
  }
  return (
    <Paper p="sm" aria-live="polite" aria-busy={fetching}>
      <Text size="sm" fw={600} mb={6}>
        {on ? 'What this would change, as things stand' : 'What this changes now'}
      </Text>
      {impact ? (
        <Numbers impact={on ? behind(impact, instantOf(on, timeZone)) : impact} />
      ) : (
        <Skeleton height={40} />
      )}
    </Paper>
  )
}

/** What takes place before a change is not made pointless by it. */
function behind(impact: Impact, at: string): Impact {
  const listed = impact.conflictingDeferredActions
  const later = listed.filter((action) => Date.parse(action.scheduledFor) > Date.parse(at))
  const before = listed.length - later.length
  return {
    ...impact,
    conflictingDeferredActions: later,
    conflictingDeferredActionCount: impact.conflictingDeferredActionCount - before,
  }
}

function useImpact(id: string, kind: Subject, status: Status) {
  const ofAccount = kind === 'account'
  const variables = { id, status }
  const requestPolicy = 'network-only' as const
  const [account] = useQuery({
    query: AccountStatusImpactDocument,
    variables,
    pause: !ofAccount,
    requestPolicy,
  })
  const [asset] = useQuery({
    query: AssetStatusImpactDocument,
    variables,
    pause: ofAccount,
    requestPolicy,
  })
  const { error, fetching } = ofAccount ? account : asset
  return {
    impact: ofAccount ? account.data?.accountStatusImpact : asset.data?.assetStatusImpact,
    error,
    fetching,
  }
}

function Numbers({ impact }: { impact: Impact }) {
  const parts = [
    counted(impact.accounts, 'account'),
    counted(impact.services, 'service'),
    counted(impact.offers, 'offer'),
  ]
  const nothing = impact.accounts + impact.services + impact.offers === 0
  return (
    <Stack gap="sm">
      <Text size="sm" data-impact>
        {nothing ? 'Nothing: it is so already.' : parts.join(' · ')}
      </Text>
      {impact.sample.length > 1 && <Sample impact={impact} />}
      {impact.conflictingDeferredActionCount > 0 && <Conflicts impact={impact} />}
    </Stack>
  )
}

function Sample({ impact }: { impact: Impact }) {
  return (
    <Spoiler maxHeight={96} showLabel="Show more accounts" hideLabel="Show fewer">
      <Stack gap={4}>
        {impact.sample.map((account) => (
          <Group key={account.id} gap="xs" wrap="nowrap" justify="space-between">
            <Text size="sm" truncate>
              {account.name}{' '}
              <Text span size="xs" c="dimmed" ff="monospace">
                {account.number}
              </Text>
            </Text>
            <StatusBadge status={account.status} size="sm" />
          </Group>
        ))}
        {impact.accounts > impact.sample.length && (
          <Text size="xs" c="dimmed">
            and {counted(impact.accounts - impact.sample.length, 'more account')}
          </Text>
        )}
      </Stack>
    </Spoiler>
  )
}

function Conflicts({ impact }: { impact: Impact }) {
  return (
    <Box>
      <Text size="sm" fw={600}>
        {counted(impact.conflictingDeferredActionCount, 'pending deferred action')} would no longer
        be possible
      </Text>
      <List size="sm" mt={4}>
        {impact.conflictingDeferredActions.slice(0, 10).map((action) => (
          <List.Item key={action.id}>
            {action.summary} (<When at={action.scheduledFor} />)
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        They stay pending. Cancel those that are not wanted any more.
      </Text>
    </Box>
  )
}
