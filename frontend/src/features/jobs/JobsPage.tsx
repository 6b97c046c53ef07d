/** Job runs: the running ones with live progress, and the finished ones, newest first. */
import { plural, t } from '@lingui/core/macro'
import { Button, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { JobBoardQuery, RunNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { jobKindLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { JobStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, LoadError, QueryResult } from '@/ui/States'
import { OnDate, When } from '@/ui/When'
import { ConnectionNotice } from './ConnectionNotice'
import { jobRunLink, startJob } from './links'
import { JobBoardDocument } from './operations.generated'
import { endLabels, RunningRuns } from './RunningRuns'
import { progressText } from './steps'
import { useLiveJobRuns } from './useLiveJobRuns'

export function JobsPage({ search }: { search: PageSearch }) {
  const [result, refetch] = useQuery({ query: JobBoardDocument, variables: pageArguments(search) })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  return (
    <>
      <PageHeader title={t`Jobs`} hint={t`Scheduled and manual runs`} actions={<StartJob />} />
      <ConnectionNotice onMeanwhile={refetchNow} />
      <QueryResult result={result} retry={refetchNow} lines={8}>
        {(board) => <Board board={board} refetchNow={refetchNow} />}
      </QueryResult>
    </>
  )
}

function Board({
  board: { running, ended },
  refetchNow,
}: {
  board: JobBoardQuery
  refetchNow: () => void
}) {
  const { runs, error, listen } = useLiveJobRuns(running.nodes, {
    onNew: refetchNow,
    onEnd: (run) => {
      notify(endLabels(run))
      refetchNow()
    },
  })
  return (
    <>
      {error && <LoadError error={error} retry={listen} />}
      <RunningRuns runs={runs} />
      <Panel title={t`History`}>
        {ended.nodes.length === 0 ? (
          <EmptyMessage
            title={t`No finished jobs`}
            hint={t`The scheduler starts jobs by the business clock. A manager can start one here.`}
          />
        ) : (
          <>
            <DataTable label={t`Job history`} columns={columns} rows={ended.nodes} minWidth={820} />
            <Pager
              page={ended.pageInfo}
              count={plural(ended.totalCount, { one: '# job run', other: '# job runs' })}
            />
          </>
        )}
      </Panel>
    </>
  )
}

function StartJob() {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => open(startJob())}>
      {t`Start a job`}
    </Button>
  )
}

const columns: Column<RunNodeFragment>[] = [
  {
    id: 'kind',
    header: t`Job`,
    cell: ({ row }) => (
      <TextLink {...jobRunLink(row.original.id)} fw={500}>
        {jobKindLabels[row.original.kind]}
      </TextLink>
    ),
  },
  {
    id: 'date',
    header: t`Business date`,
    cell: ({ row }) => <OnDate date={row.original.businessDate} />,
  },
  { id: 'status', header: t`Status`, cell: ({ row }) => <Ended run={row.original} /> },
  {
    id: 'done',
    header: t`Done`,
    cell: ({ row }) => progressText(row.original),
  },
  { id: 'failed', header: t`Failed`, cell: ({ row }) => <Failed run={row.original} /> },
  {
    id: 'by',
    header: t`Requested by`,
    cell: ({ row }) => (
      <>
        {row.original.requestedBy}, <When at={row.original.createdAt} />
      </>
    ),
  },
  {
    id: 'finished',
    header: t`Finished`,
    cell: ({ row }) => row.original.finishedAt && <When at={row.original.finishedAt} />,
  },
]

function Ended({ run }: { run: RunNodeFragment }) {
  return (
    <>
      <JobStatusBadge status={run.status} />
      {run.failure && (
        <Text size="xs" c="dimmed" mt={2}>
          {run.failure}
        </Text>
      )}
    </>
  )
}

function Failed({ run }: { run: RunNodeFragment }) {
  if (run.failed === 0) return '0'
  return (
    <TextLink {...jobRunLink(run.id)}>
      {plural(run.failed, { one: '# failure', other: '# failures' })}
    </TextLink>
  )
}
