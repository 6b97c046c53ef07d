import { plural, t } from '@lingui/core/macro'
import { Box, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import { actionTitle } from '@/lib/actionTitle'
import { useSubjectId } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import { withLineBreaks } from '@/lib/lineBreaks'
import { serverMessage } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { FailuresToRetryDocument } from './operations.generated'
import { type FailedAgain, type Retried, useRetryAll } from './useRetryAll'

const mostShown = 100

export default function RetryFailuresDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({ query: FailuresToRetryDocument, variables: { id } })
  const node = result.data?.node
  if (node?.__typename === 'JobRun') return <RetryForm id={id} total={node.failures.totalCount} />
  return (
    <DialogFrame title={t`Retry all failures`}>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={3}
      >
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no job run with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

function RetryForm({ id, total }: { id: string; total: number }) {
  const retry = useRetryAll(id)
  const stop = useEffectEvent(retry.stop)
  useEffect(() => () => stop(), [])
  return (
    <FormDialog
      title={t`Retry all failures`}
      submit={plural(total, { one: 'Retry # failure', other: 'Retry # failures' })}
      onSubmit={(event) => {
        event?.preventDefault()
        void retry.run()
      }}
      busy={retry.state === 'busy'}
      problems={retry.problems}
      ready={total > 0}
      over={retry.state === 'over'}
    >
      {retry.state === 'ready' ? (
        <Text size="sm">
          {total > 0
            ? [
                t`Every failed action runs now, whatever its scheduled date.`,
                t`Actions that fail again are listed here.`,
                t`Closing this window stops after the current batch.`,
              ].join(' ')
            : t`Nothing failed in this run, or all failures have been retried.`}
        </Text>
      ) : (
        <Outcome retried={retry.retried} total={total} over={retry.state === 'over'} />
      )}
    </FormDialog>
  )
}

function Outcome({ retried, total, over }: { retried: Retried; total: number; over: boolean }) {
  const { tried, done, failedAgain } = retried
  const all = Math.max(total, tried)
  const again = formatCount(failedAgain.length)
  const result = plural(done, {
    one: `# action completed, ${again} failed again`,
    other: `# actions completed, ${again} failed again`,
  })
  const [triedCount, allCount] = [formatCount(tried), formatCount(all)]
  const progress = t`${triedCount} of ${allCount} tried: ${result}`
  return (
    <Stack gap="sm">
      <Progress value={(tried / Math.max(1, all)) * 100} size="lg" aria-label={t`Retried`} />
      <Text size="sm" fw={600} role="status">
        {over ? result : progress}
      </Text>
      {failedAgain.length > 0 && <Again failures={failedAgain} />}
    </Stack>
  )
}

function Again({ failures }: { failures: FailedAgain[] }) {
  return (
    <Box
      component="ul"
      m={0}
      p={0}
      mah={320}
      style={{ listStyle: 'none', overflowY: 'auto' }}
      tabIndex={0}
      aria-label={t`Failed again`}
    >
      {failures.slice(0, mostShown).map(({ action, why }) => (
        <Box
          component="li"
          key={action.id}
          py={6}
          style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
        >
          <Text size="sm">{withLineBreaks(actionTitle(action))}</Text>
          <Text size="xs" c="var(--mantine-color-error)">
            {serverMessage(why)}
          </Text>
          <AccountLink account={action.account} />
        </Box>
      ))}
      {failures.length > mostShown && (
        <Text size="sm">
          {plural(failures.length - mostShown, {
            one: 'and # more action',
            other: 'and # more actions',
          })}
        </Text>
      )}
    </Box>
  )
}
