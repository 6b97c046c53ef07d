/** Previews the effect of a status change. */
import { Box, Group, List, Paper, Skeleton, Spoiler, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { AccountStatusImpactQuery, Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { errorMessage } from '@/lib/failure'
import type { Subject } from '@/lib/holds'
import { countLabel, statusLabels } from '@/lib/labels'
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
  /** The wall time of a scheduled change; null for a change now. */
  on: string | null
}

export function ImpactBox({ id, kind, status, on }: ImpactBoxProps) {
  const { timeZone } = useBusiness()
  const { impact, error, fetching } = useImpact(id, kind, status)
  if (error) {
    return <Warning title="This is not possible">{errorMessage(error)}</Warning>
  }
  return (
    <Paper p="sm" aria-live="polite" aria-busy={fetching}>
      <Text size="sm" fw={600} mb={6}>
        {on ? 'This will affect' : 'This affects'}
      </Text>
      {impact ? (
        <Numbers impact={on ? after(impact, instantOf(on, timeZone)) : impact} status={status} />
      ) : (
        <Skeleton height={40} />
      )}
    </Paper>
  )
}

/** Actions scheduled before the change are not affected by it. */
function after(impact: Impact, at: string): Impact {
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

function Numbers({ impact, status }: { impact: Impact; status: Status }) {
  const parts = [
    impact.accounts > 0 && countLabel(impact.accounts, 'account'),
    impact.services > 0 && countLabel(impact.services, 'service'),
    impact.offers > 0 && countLabel(impact.offers, 'offer'),
  ].filter(Boolean)
  return (
    <Stack gap="sm">
      <Text size="sm" data-impact>
        {parts.join(' · ') || `Already ${statusLabels[status].toLowerCase()}.`}
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
            and {countLabel(impact.accounts - impact.sample.length, 'more account')}
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
        {countLabel(impact.conflictingDeferredActionCount, 'deferred action')} will no longer apply
      </Text>
      <List size="sm" mt={4}>
        {impact.conflictingDeferredActions.slice(0, 10).map((action) => (
          <List.Item key={action.id}>
            {action.summary} (<When at={action.scheduledFor} />)
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        They stay pending. Cancel the ones you no longer need.
      </Text>
    </Box>
  )
}
