/** The rejected lines of the import, or of the check before it, with downloads. */
import { plural, t } from '@lingui/core/macro'
import { useQuery } from 'urql'
import type { ImportFileNodeFragment, ImportRejectsQuery } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { pageArguments } from '@/lib/paging'
import { serverMessage } from '@/lib/serverMessage'
import { type Column, DataTable } from '@/ui/DataTable'
import { DownloadButton } from '@/ui/DownloadButton'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { ImportRejectsDocument } from './operations.generated'
import { modeLabels, runOf } from './runs'
import type { ImportSearch } from './search'

type Read = Extract<NonNullable<ImportRejectsQuery['node']>, { __typename: 'ImportRun' }>
type Reject = Read['rejects']['nodes'][number]

interface RejectsProps {
  file: ImportFileNodeFragment
  search: ImportSearch
  isExpired: boolean
}

export function Rejects({ file, search, isExpired }: RejectsProps) {
  const run = runOf(file, 'IMPORT') ?? runOf(file, 'CHECK')
  const [result, refetch] = useQuery({
    query: ImportRejectsDocument,
    variables: { id: run?.id ?? '', ...pageArguments(search) },
    pause: !run || isExpired,
    requestPolicy: 'cache-and-network',
  })
  if (isExpired) {
    return <EmptyMessage title={t`No list`} hint={t`The file and its lists are deleted.`} />
  }
  if (!run || run.rejected === 0) return <NoRejects />
  const job = encodeURIComponent(run.jobRun.id)
  return (
    <Panel
      title={t`Rejected lines`}
      hint={modeLabels[run.mode]}
      actions={
        <>
          <DownloadButton size="xs" href={`/exports/rejected-lines.csv?jobRun=${job}`}>
            {t`Reasons (CSV)`}
          </DownloadButton>
          <DownloadButton size="xs" href={`/imports/${job}/rejected-lines`}>
            {t`Lines to correct`}
          </DownloadButton>
        </>
      }
    >
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={8}
      >
        {({ node }) =>
          node?.__typename === 'ImportRun' && (
            <PageRows page={node.rejects} empty={<NoRejects />}>
              <DataTable
                label={t`Rejected lines`}
                columns={columns}
                rows={node.rejects.nodes}
                minWidth={560}
              />
              <Pager
                page={node.rejects.pageInfo}
                count={plural(node.rejects.totalCount, {
                  one: '# rejected line',
                  other: '# rejected lines',
                })}
              />
            </PageRows>
          )
        }
      </QueryResult>
    </Panel>
  )
}

function NoRejects() {
  return (
    <EmptyMessage
      title={t`No rejected lines`}
      hint={t`Lines that cannot be imported are listed here, with the reason.`}
    />
  )
}

const columns: Column<Reject>[] = [
  {
    id: 'line',
    header: t`Line`,
    stacked: 'label',
    cell: ({ row }) => formatCount(row.original.line),
  },
  { id: 'number', header: t`Number`, cell: ({ row }) => row.original.number ?? '–' },
  {
    id: 'reason',
    header: t`Reason`,
    isText: true,
    cell: ({ row }) => serverMessage(row.original.reason),
  },
]
