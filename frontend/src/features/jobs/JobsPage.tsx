/** Job runs, the newest first; asked again while one of them runs. */
import { Anchor, Box, Button, Paper, Progress, Text } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { JobRunsDocument, type JobRunsQuery, StartJobDocument } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { told } from '@/lib/told'
import { useAction } from '@/lib/useAction'
import { counted, jobKindWords } from '@/lib/words'
import { JobStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { Problems } from '@/ui/FormDialog'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { Answer, Nothing } from '@/ui/States'
import { OnDate, When } from '@/ui/When'
import { jobFailures } from './links'

type Run = JobRunsQuery['jobRuns']['nodes'][number]

export function isRunning(run: Pick<Run, 'status'>): boolean {
  return run.status === 'QUEUED' || run.status === 'RUNNING'
}

export function JobsPage({ search }: { search: PageSearch }) {
  const [result, ask] = useQuery({ query: JobRunsDocument, variables: pageArguments(search) })
  const start = useAction(StartJobDocument, (data) => data.startJob)
  const mayStart = useMay('MANAGER')
  useAskWhile(result.data?.jobRuns.nodes.some(isRunning) ?? false, () => ask({ requestPolicy: 'network-only' }))

  async function runDeferred() {
    const payload = await start.run({ input: { kind: 'DEFERRED_ACTIONS' } })
    if (payload) told('The deferred actions that are due are being run.')
  }

  return (
    <>
      <PageHeader
        title="Jobs"
        hint="What ran by the clock or by hand, and how it went."
        actions={
          mayStart && (
            <Button leftSection={<IconPlayerPlay size={16} />} loading={start.busy} onClick={() => void runDeferred()}>
              Run deferred actions now
            </Button>
          )
        }
      />
      <Problems of={start.problems} />
      <Paper>
        <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })} lines={8}>
          {({ jobRuns }) =>
            jobRuns.nodes.length === 0 ? (
              <Nothing
                title="No job has run yet"
                hint="The scheduler starts them by the business clock; a manager can start one here."
              />
            ) : (
              <>
                <DataTable label="Job runs" columns={columns} rows={jobRuns.nodes} minWidth={820} />
                <Pager page={jobRuns.pageInfo} total={jobRuns.totalCount} one="job run" />
              </>
            )
          }
        </Answer>
      </Paper>
    </>
  )
}

function useAskWhile(running: boolean, ask: () => void): void {
  const { start, stop } = useInterval(ask, 1000)
  // biome-ignore lint/correctness/useExhaustiveDependencies: start and stop are new at every render.
  useEffect(() => {
    if (running) start()
    return stop
  }, [running])
}

const columns: Column<Run>[] = [
  {
    id: 'kind',
    header: 'Job',
    cell: ({ row }) => (
      <Text size="sm" fw={500}>
        {jobKindWords[row.original.kind]}
      </Text>
    ),
  },
  { id: 'date', header: 'Business date', cell: ({ row }) => <OnDate date={row.original.businessDate} /> },
  { id: 'status', header: 'Status', cell: ({ row }) => <JobStatusBadge status={row.original.status} /> },
  { id: 'progress', header: 'Done', cell: ({ row }) => <Done run={row.original} /> },
  { id: 'failed', header: 'Failed', cell: ({ row }) => <Failed run={row.original} /> },
  {
    id: 'by',
    header: 'Asked for',
    cell: ({ row }) => (
      <>
        {row.original.requestedBy}, <When at={row.original.createdAt} />
      </>
    ),
  },
  {
    id: 'finished',
    header: 'Ended',
    cell: ({ row }) => row.original.finishedAt && <When at={row.original.finishedAt} />,
  },
]

function Done({ run }: { run: Run }) {
  return (
    <Box miw={110}>
      <Text size="sm">
        {run.done.toLocaleString('en')} of {run.total.toLocaleString('en')}
        {run.step && isRunning(run) && ` · ${run.step}`}
      </Text>
      {isRunning(run) && (
        <Progress
          value={run.total > 0 ? ((run.done + run.failed) / run.total) * 100 : 0}
          size="sm"
          mt={4}
          aria-label={`Progress of ${jobKindWords[run.kind]}`}
        />
      )}
    </Box>
  )
}

function Failed({ run }: { run: Run }) {
  const open = useOpenDialog()
  if (run.failed === 0) return '0'
  return (
    <Anchor component="button" size="sm" onClick={() => open(jobFailures(run.id))}>
      {counted(run.failed, 'failure')}
    </Anchor>
  )
}
