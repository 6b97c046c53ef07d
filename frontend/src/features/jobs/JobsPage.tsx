/** Job runs: the running ones with live progress, what needs a retry, and the finished ones. */
import { t } from '@lingui/core/macro'
import { Button, Stack } from '@mantine/core'
import { IconCalendarMonth, IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { JobBoardQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { pageArguments } from '@/lib/paging'
import { ConnectionNotice } from '@/ui/ConnectionNotice'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { LoadError, QueryResult } from '@/ui/States'
import { calendarLink } from '../deferred/links'
import { importsLink } from '../imports/links'
import { History } from './History'
import { historyFilter, type JobsSearch } from './historySearch'
import { startJob } from './links'
import { JobBoardDocument } from './operations.generated'
import { QuarantinedAccounts } from './QuarantinedAccounts'
import { endLabels, RunningRuns } from './RunningRuns'
import { useLiveJobRuns } from './useLiveJobRuns'

export function JobsPage({ search }: { search: JobsSearch }) {
  const [result, refetch] = useQuery({
    query: JobBoardDocument,
    variables: { ...historyFilter(search), ...pageArguments(search) },
  })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  return (
    <>
      <PageHeader title={t`Jobs`} hint={t`Scheduled and manual runs`} actions={<Actions />} />
      <ConnectionNotice onMeanwhile={refetchNow} />
      <QueryResult result={result} retry={refetchNow} lines={8}>
        {(board) => <Board board={board} search={search} refetchNow={refetchNow} />}
      </QueryResult>
    </>
  )
}

interface BoardProps {
  board: JobBoardQuery
  search: JobsSearch
  refetchNow: () => void
}

function Board({ board, search, refetchNow }: BoardProps) {
  const { running, ended, quarantinedAccounts } = board
  const { runs, error, listen } = useLiveJobRuns(running.nodes, {
    onNew: refetchNow,
    onEnd: (run) => {
      notify(endLabels(run))
      refetchNow()
    },
  })
  return (
    <Stack gap="lg">
      {error && <LoadError error={error} retry={listen} />}
      <RunningRuns runs={runs} />
      <QuarantinedAccounts accounts={quarantinedAccounts} />
      <History ended={ended} search={search} />
    </Stack>
  )
}

function ImportAccounts() {
  if (!useMay('ADMIN')) return null
  return (
    <ButtonLink
      {...importsLink}
      variant="default"
      leftSection={<IconFileUpload size={16} aria-hidden />}
    >
      {t`Import accounts`}
    </ButtonLink>
  )
}

function Actions() {
  const open = useOpenDialog()
  const mayStart = useMay('MANAGER')
  return (
    <>
      <ButtonLink
        {...calendarLink()}
        variant="default"
        leftSection={<IconCalendarMonth size={16} aria-hidden />}
      >
        {t`Calendar`}
      </ButtonLink>
      <ImportAccounts />
      {mayStart && (
        <>
          <Button variant="default" onClick={() => open(startJob())}>
            {t`Start a job`}
          </Button>
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => open(startJob('BILL_DAY'))}
          >
            {t`Run the bill day…`}
          </Button>
        </>
      )}
    </>
  )
}
