import { Box, Group, Text } from '@mantine/core'
import { useQuery } from 'urql'
import { ChosenDeferredActionsDocument, type DeferredNodeFragment } from '@/gql/graphql'
import { DeferredStatusBadge } from '@/ui/Badges'
import { Answer, Nothing } from '@/ui/States'
import { When } from '@/ui/When'
import type { Outcome } from './useBulk'

export function ChosenActions({ ids, outcome }: { ids: string[]; outcome: Outcome | null }) {
  const [result, ask] = useQuery({ query: ChosenDeferredActionsDocument, variables: { ids } })
  return (
    <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={Math.min(ids.length, 6)}>
      {({ nodes }) => {
        const actions = nodes.filter((node) => node?.__typename === 'DeferredAction')
        if (actions.length === 0)
          return <Nothing title="Not found" hint="There are no deferred actions with these ids." />
        return (
          <Box
            component="ul"
            m={0}
            p={0}
            mah={320}
            style={{ listStyle: 'none', overflowY: 'auto' }}
            tabIndex={0}
            aria-label="Chosen actions"
          >
            {actions.map((action) => (
              <Chosen key={action.id} action={action} outcome={outcome} />
            ))}
          </Box>
        )
      }}
    </Answer>
  )
}

function Chosen({ action, outcome }: { action: DeferredNodeFragment; outcome: Outcome | null }) {
  const failure = outcome?.get(action.id)
  return (
    <Box component="li" py={6} style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {action.summary} · <When at={action.scheduledFor} />
        </Text>
        <DeferredStatusBadge status={action.status} />
      </Group>
      {failure && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {failure}
        </Text>
      )}
    </Box>
  )
}
