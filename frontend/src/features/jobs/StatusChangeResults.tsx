/** The accounts of a status change job with their results; failed ones can be tried again. */
import { plural, t } from '@lingui/core/macro'
import { Button, Text } from '@mantine/core'
import {
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  type IconProps,
  IconRefresh,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useQuery } from 'urql'
import type { StatusChangeResultNodeFragment, StatusChangeResultStatus } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { isRunning } from '@/lib/runProgress'
import { serverMessage } from '@/lib/serverMessage'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { useRefresh } from '@/lib/useRefresh'
import { AccountLink } from '@/ui/AccountLink'
import { StatusBadge, type Tone, ToneBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { DownloadButton } from '@/ui/DownloadButton'
import { FilterSelect } from '@/ui/FilterSelect'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { retryStatusChanges } from './links'
import { StatusChangeResultsDocument } from './operations.generated'
import { type JobRunSearch, resultLabels } from './search'
import type { LiveRun } from './useLiveJobRuns'

const noResults = { failed: { totalCount: 0 }, unchanged: { totalCount: 0 } }
const firstPage = { resultsAfter: undefined, resultsBefore: undefined }

interface StatusChangeResultsProps {
  run: LiveRun
  search: JobRunSearch
}

export function StatusChangeResults({ run, search }: StatusChangeResultsProps) {
  const change = useChangeSearch<JobRunSearch>()
  const [result, refetch] = useQuery({
    query: StatusChangeResultsDocument,
    variables: {
      id: run.id,
      status: search.result,
      ...pageArguments({ after: search.resultsAfter, before: search.resultsBefore }),
    },
  })
  const turn = ({ after, before }: PageSearch) =>
    change({ resultsAfter: after, resultsBefore: before })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  const running = isRunning(run)
  useRefresh(refetchNow, running ? 3 : null)
  const node = result.data?.node
  const { failed, unchanged } = node?.__typename === 'JobRun' ? node : noResults
  return (
    <Panel
      title={t`Results`}
      hint={unchanged.totalCount > 0 && unchangedText(unchanged.totalCount)}
      actions={
        <>
          <FilterSelect
            label={t`Result`}
            labels={resultLabels}
            selected={search.result}
            onSelect={(result) => change({ result, ...firstPage })}
          />
          <FailureActions run={run} failed={failed.totalCount} />
        </>
      }
    >
      <QueryResult result={result} retry={refetchNow} lines={6}>
        {() =>
          node?.__typename === 'JobRun' && (
            <PageRows
              page={node.results}
              empty={
                <EmptyMessage
                  icon={<IconCircleCheck />}
                  title={t`No account has this result`}
                  hint={t`Choose another result to see other accounts.`}
                />
              }
            >
              <DataTable
                label={t`Results`}
                columns={columns}
                rows={node.results.nodes}
                minWidth={640}
              />
              <Pager
                page={node.results.pageInfo}
                count={plural(node.results.totalCount, { one: '# account', other: '# accounts' })}
                onTurn={turn}
              />
            </PageRows>
          )
        }
      </QueryResult>
    </Panel>
  )
}

function unchangedText(count: number): string {
  return plural(count, {
    one: '# account had this status before',
    other: '# accounts had this status before',
  })
}

function FailureActions({ run, failed }: { run: LiveRun; failed: number }) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const rest = failed + (run.status === 'CANCELLED' ? run.total - run.done - run.failed : 0)
  if (!may) return null
  return (
    <>
      {failed > 0 && (
        <DownloadButton
          href={`/exports/failed-status-changes.csv?jobRun=${encodeURIComponent(run.id)}`}
        >
          {t`Export failures`}
        </DownloadButton>
      )}
      {rest > 0 && !isRunning(run) && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => open(retryStatusChanges(run.id))}
        >
          {plural(rest, { one: 'Retry # account', other: 'Retry # accounts' })}
        </Button>
      )}
    </>
  )
}

const styles: Record<StatusChangeResultStatus, [Tone, ComponentType<IconProps>]> = {
  DONE: ['good', IconCircleCheck],
  UNCHANGED: ['ended', IconBan],
  FAILED: ['bad', IconCircleX],
  PENDING: ['busy', IconClock],
}

function ResultBadge({ status }: { status: StatusChangeResultStatus }) {
  const [tone, sign] = styles[status]
  return <ToneBadge tone={tone} sign={sign} word={resultLabels[status]} />
}

const columns: Column<StatusChangeResultNodeFragment>[] = [
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.account} />,
  },
  {
    id: 'status',
    header: t`Status now`,
    cell: ({ row }) => <StatusBadge status={row.original.account.status} />,
  },
  {
    id: 'result',
    isText: true,
    header: t`Result`,
    cell: ({ row }) => (
      <>
        <ResultBadge status={row.original.status} />
        {row.original.message && (
          <Text size="xs" mt={2} c="var(--mantine-color-error)">
            {serverMessage(row.original.message)}
          </Text>
        )}
      </>
    ),
  },
  {
    id: 'at',
    header: t`Time`,
    cell: ({ row }) => row.original.at && <When at={row.original.at} />,
  },
]
