/** What the import of a checked file would create. */
import { plural, t } from '@lingui/core/macro'
import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type {
  ImportAccountNodeFragment,
  ImportFileNodeFragment,
  ImportPreviewQuery,
} from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { pageArguments } from '@/lib/paging'
import { Amount } from '@/ui/Amount'
import { StatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { ButtonLink } from '@/ui/links'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { importFileLink } from './links'
import { ImportPreviewDocument } from './operations.generated'
import { ImportAccounts, importHint, RunCounts } from './RunStep'
import { accountsText, isComplete, isLive, runOf } from './runs'
import type { ImportSearch } from './search'

type Read = Extract<NonNullable<ImportPreviewQuery['node']>, { __typename: 'ImportRun' }>
type NewOffer = Read['offerPreview']['nodes'][number]

interface PreviewProps {
  file: ImportFileNodeFragment
  search: ImportSearch
  isExpired: boolean
}

export function Preview({ file, search, isExpired }: PreviewProps) {
  const check = runOf(file, 'CHECK')
  const [result, refetch] = useQuery({
    query: ImportPreviewDocument,
    variables: { id: check?.id ?? '', ...pageArguments(search) },
    pause: !check || !isComplete(check) || isExpired,
  })
  if (isExpired) {
    return <EmptyMessage title={t`No preview`} hint={t`The file and its lists are deleted.`} />
  }
  if (!check || !isComplete(check)) {
    return (
      <EmptyMessage
        title={t`No preview yet`}
        hint={t`It is shown when the check is complete.`}
        action={<ButtonLink {...importFileLink(file.id, 'check')}>{t`Go to the check`}</ButtonLink>}
      />
    )
  }
  const mayImport = check.accounts > 0 && !runOf(file, 'IMPORT') && !file.runs.some(isLive)
  return (
    <Stack>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{importHint(check)}</Text>
        {mayImport && <ImportAccounts file={file} check={check} />}
      </Group>
      <RunCounts run={check} />
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={8}
      >
        {({ node }) => (node?.__typename === 'ImportRun' ? <Lists read={node} /> : null)}
      </QueryResult>
    </Stack>
  )
}

function Lists({ read: { offerPreview, accountPreview } }: { read: Read }) {
  const more = offerPreview.totalCount - offerPreview.nodes.length
  return (
    <>
      {offerPreview.nodes.length > 0 && (
        <Panel title={t`New offers in the catalog`} hint={t`Their codes are not known yet`}>
          <DataTable
            label={t`New offers in the catalog`}
            columns={offerColumns}
            rows={offerPreview.nodes}
            amounts={['fee']}
            minWidth={480}
          />
          {more > 0 && (
            <Text size="sm" c="dimmed" px="md" py="xs">
              {plural(more, { one: 'and # more offer', other: 'and # more offers' })}
            </Text>
          )}
        </Panel>
      )}
      <PageRows page={accountPreview} empty={null}>
        <Panel title={t`New accounts`}>
          <DataTable
            label={t`New accounts`}
            columns={accountColumns}
            rows={accountPreview.nodes}
            minWidth={760}
          />
          <Pager page={accountPreview.pageInfo} count={accountsText(accountPreview.totalCount)} />
        </Panel>
      </PageRows>
    </>
  )
}

const offerColumns: Column<NewOffer>[] = [
  { id: 'code', header: t`Code`, cell: ({ row }) => row.original.code },
  { id: 'name', header: t`Name`, stacked: 'line', cell: ({ row }) => row.original.name },
  {
    id: 'fee',
    header: t`Monthly fee`,
    cell: ({ row }) => row.original.monthlyFee && <Amount of={row.original.monthlyFee} />,
  },
]

const accountColumns: Column<ImportAccountNodeFragment>[] = [
  { id: 'number', header: t`Number`, cell: ({ row }) => row.original.number },
  { id: 'name', header: t`Name`, stacked: 'line', cell: ({ row }) => row.original.name },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  { id: 'parent', header: t`Parent`, cell: ({ row }) => row.original.parent ?? '–' },
  { id: 'services', header: t`Services`, cell: ({ row }) => formatCount(row.original.services) },
  {
    id: 'purchases',
    header: t`Purchased offers`,
    cell: ({ row }) => formatCount(row.original.purchases),
  },
  { id: 'line', header: t`Line`, cell: ({ row }) => formatCount(row.original.line) },
]
