import { Box, Group, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { DeferredNodeFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { counted } from '@/lib/labels'
import { DeferredStatusBadge } from '@/ui/Badges'
import { Answer, Nothing } from '@/ui/States'
import { When } from '@/ui/When'
import { ChosenDeferredActionsDocument } from './operations.generated'
import { pairSentence } from './pair'
import type { Outcome, Result } from './useBulk'

interface ChosenActionsProps {
  ids: string[]
  outcome: Outcome | null
  /** "rescheduled": what happened to the actions that succeeded. */
  verb: string
}

export function ChosenActions({ ids, outcome, verb }: ChosenActionsProps) {
  const [result, ask] = useQuery({ query: ChosenDeferredActionsDocument, variables: { ids } })
  return (
    <Answer
      of={result}
      retry={() => ask({ requestPolicy: 'network-only' })}
      lines={Math.min(ids.length, 6)}
    >
      {({ nodes }) => {
        const actions = nodes.filter((node) => node?.__typename === 'DeferredAction')
        if (actions.length === 0)
          return <Nothing title="Not found" hint="There are no deferred actions with these ids." />
        return (
          <>
            {outcome && <Sum outcome={outcome} verb={verb} />}
            <Box
              component="ul"
              m={0}
              p={0}
              mah={320}
              style={{ listStyle: 'none', overflowY: 'auto' }}
              tabIndex={0}
              aria-label="Selected actions"
            >
              {actions.map((action) => (
                <Chosen key={action.id} action={action} result={outcome?.get(action.id)} />
              ))}
            </Box>
          </>
        )
      }}
    </Answer>
  )
}

function Sum({ outcome, verb }: { outcome: Outcome; verb: string }) {
  const well = [...outcome.values()].filter((result) => result.ok).length
  const failed = outcome.size - well
  return (
    <Text size="sm" fw={600} role="status">
      {`${counted(well, 'action')} ${verb}`}
      {failed > 0 && `, ${failed.toLocaleString('en')} failed`}
    </Text>
  )
}

function Chosen({ action, result }: { action: DeferredNodeFragment; result: Result | undefined }) {
  const { timeZone } = useBusiness()
  const pair = pairSentence(action, timeZone)
  return (
    <Box
      component="li"
      py={6}
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {action.summary} · <When at={action.scheduledFor} />
        </Text>
        <DeferredStatusBadge status={action.status} />
      </Group>
      {pair && (
        <Text size="xs" c="dimmed">
          {pair}
        </Text>
      )}
      {result && <HowItWent result={result} />}
    </Box>
  )
}

function HowItWent({ result: { ok, words } }: { result: Result }) {
  const Sign = ok ? IconCircleCheck : IconCircleX
  return (
    <Group gap={5} wrap="nowrap" align="start">
      <Sign
        size={15}
        color={ok ? 'var(--tenure-good)' : 'var(--tenure-bad)'}
        style={{ flexShrink: 0, marginTop: 1 }}
        aria-hidden
      />
      <Text size="xs" c={ok ? undefined : 'var(--mantine-color-error)'} data-result>
        {words}
      </Text>
    </Group>
  )
}
