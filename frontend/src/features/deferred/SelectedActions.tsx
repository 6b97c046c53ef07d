import { plural, t } from '@lingui/core/macro'
import { Box, Group, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { DeferredNodeFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useBusiness } from '@/lib/business'
import { withLineBreaks } from '@/lib/lineBreaks'
import { serverMessage } from '@/lib/serverMessage'
import { DeferredStatusBadge } from '@/ui/Badges'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { SelectedDeferredActionsDocument } from './operations.generated'
import { pairSentence } from './reactivation'
import classes from './SelectedActions.module.css'
import type { Outcome, Result } from './useBulk'

interface SelectedActionsProps {
  ids: string[]
  outcome: Outcome | null
  /** "3 actions rescheduled": what happened to the actions that succeeded. */
  sum: (count: number) => string
}

export function SelectedActions({ ids, outcome, sum }: SelectedActionsProps) {
  const [result, refetch] = useQuery({ query: SelectedDeferredActionsDocument, variables: { ids } })
  return (
    <QueryResult
      result={result}
      retry={() => refetch({ requestPolicy: 'network-only' })}
      lines={Math.min(ids.length, 6)}
    >
      {({ nodes }) => {
        const actions = nodes.filter((node) => node?.__typename === 'DeferredAction')
        if (actions.length === 0)
          return (
            <EmptyMessage
              title={t`Not found`}
              hint={t`There are no deferred actions with these ids.`}
            />
          )
        return (
          <>
            {outcome && <Sum outcome={outcome} sum={sum} />}
            <Box
              component="ul"
              m={0}
              p={0}
              mah={320}
              style={{ listStyle: 'none', overflowY: 'auto' }}
              tabIndex={0}
              aria-label={t`Selected actions`}
            >
              {actions.map((action) => (
                <SelectedAction key={action.id} action={action} result={outcome?.get(action.id)} />
              ))}
            </Box>
          </>
        )
      }}
    </QueryResult>
  )
}

function Sum({ outcome, sum }: { outcome: Outcome; sum: SelectedActionsProps['sum'] }) {
  const succeeded = [...outcome.values()].filter((result) => result.ok).length
  const failed = outcome.size - succeeded
  return (
    <Text size="sm" fw={600} role="status">
      {sum(succeeded)}
      {failed > 0 && `, ${plural(failed, { one: '# failed', other: '# failed' })}`}
    </Text>
  )
}

function SelectedAction({
  action,
  result,
}: {
  action: DeferredNodeFragment
  result: Result | undefined
}) {
  const { timeZone } = useBusiness()
  const pair = pairSentence(action, timeZone)
  return (
    <li className={classes.action}>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="start">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {withLineBreaks(actionTitle(action))}
        </Text>
        <DeferredStatusBadge status={action.status} />
      </Group>
      <Text size="xs" c="dimmed">
        {pair ?? <When at={action.scheduledFor} />}
      </Text>
      {result && <ResultMessage result={result} />}
    </li>
  )
}

function ResultMessage({ result: { ok, message } }: { result: Result }) {
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
        {serverMessage(message)}
      </Text>
    </Group>
  )
}
