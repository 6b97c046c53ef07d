/** The runs that have ended, newest first, with their results and durations. */
import { plural, t } from '@lingui/core/macro'
import { Box, Text } from '@mantine/core'
import type { JobBoardQuery, RunNodeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { jobKindLabels } from '@/lib/labels'
import { serverMessage } from '@/lib/serverMessage'
import { JobStatusBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { ListRows } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { TextLink } from '@/ui/links'
import { choices } from '@/ui/listFilters'
import { Panel } from '@/ui/Panel'
import { EmptyMessage } from '@/ui/States'
import { OnDate, When } from '@/ui/When'
import { DurationBar } from './DurationBar'
import { endedStatusLabels, type JobsSearch } from './historySearch'
import { jobRunLink } from './links'
import { progressText } from './steps'

type Row = RunNodeFragment

const filters = [
  choices('kind', t`Job`, jobKindLabels),
  choices('status', t`Status`, endedStatusLabels),
]

const nothingYet = t`The scheduler starts jobs by the business clock. A manager can start one here.`

interface HistoryProps {
  ended: JobBoardQuery['ended']
  search: JobsSearch
}

export function History({ ended, search }: HistoryProps) {
  const columns = columnsFor(ended.nodes)
  const some = isNarrowed(filters, search)
  return (
    <Panel title={t`History`}>
      <Box px="md" pt="sm">
        <ListTools
          label={t`Filter the history`}
          list="jobs"
          search={search}
          filters={filters}
          columns={columns}
        />
      </Box>
      <ListRows
        label={t`Job history`}
        list="jobs"
        page={ended}
        columns={columns}
        minWidth={940}
        count={(total) => plural(total, { one: '# job run', other: '# job runs' })}
        empty={
          some ? (
            <EmptyMessage
              title={t`No job run matches`}
              hint={t`The filters apply to runs that have ended.`}
              action={<ClearFilters filters={filters} size="xs" />}
            />
          ) : (
            <EmptyMessage title={t`No finished jobs`} hint={nothingYet} />
          )
        }
      />
    </Panel>
  )
}

function columnsFor(runs: Row[]): Column<Row>[] {
  return [
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
    { id: 'done', header: t`Done`, cell: ({ row }) => <Done run={row.original} /> },
    { id: 'failed', header: t`Failed`, cell: ({ row }) => <Failed run={row.original} /> },
    {
      id: 'duration',
      header: t`Duration`,
      cell: ({ row }) => <DurationBar run={row.original} runs={runs} />,
    },
    {
      id: 'by',
      header: t`Requested by`,
      cell: ({ row }) => actorName(row.original.requestedBy),
    },
    {
      id: 'requested',
      header: t`Requested`,
      isExtra: true,
      cell: ({ row }) => <When at={row.original.createdAt} />,
    },
    {
      id: 'started',
      header: t`Started`,
      isExtra: true,
      cell: ({ row }) => row.original.startedAt && <When at={row.original.startedAt} />,
    },
    {
      id: 'finished',
      header: t`Finished`,
      cell: ({ row }) => row.original.finishedAt && <When at={row.original.finishedAt} />,
    },
  ]
}

function Ended({ run }: { run: Row }) {
  return (
    <>
      <JobStatusBadge status={run.status} />
      {run.failure && (
        <Text size="xs" c="dimmed" mt={2}>
          {serverMessage(run.failure)}
        </Text>
      )}
    </>
  )
}

function Done({ run }: { run: Row }) {
  return <span style={{ whiteSpace: 'nowrap' }}>{progressText(run)}</span>
}

function Failed({ run }: { run: Row }) {
  if (run.failed === 0) return '0'
  return (
    <TextLink {...jobRunLink(run.id)}>
      {plural(run.failed, { one: '# failure', other: '# failures' })}
    </TextLink>
  )
}
