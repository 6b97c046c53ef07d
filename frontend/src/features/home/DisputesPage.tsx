/** The disputes of all accounts, newest first. */
import { plural, t } from '@lingui/core/macro'
import { Group, Paper } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { DisputeListRowFragment } from '@/gql/graphql'
import { disputeStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { DisputeStatusBadge } from '@/ui/Badges'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { type Column, DataTable } from '@/ui/DataTable'
import { FilterSelect } from '@/ui/FilterSelect'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { When } from '@/ui/When'
import { billLink } from '../bills/links'
import { DisputeListDocument } from './operations.generated'
import type { DisputesSearch } from './search'

const columns: Column<DisputeListRowFragment>[] = [
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.account} />,
  },
  {
    id: 'bill',
    header: t`Bill`,
    cell: ({ row }) => (
      <TextLink {...billLink(row.original.bill.number)}>{row.original.bill.number}</TextLink>
    ),
  },
  {
    id: 'status',
    header: t`Status`,
    cell: ({ row }) => <DisputeStatusBadge status={row.original.status} />,
  },
  { id: 'amount', header: t`Disputed`, cell: ({ row }) => <Amount of={row.original.amount} /> },
  { id: 'reason', header: t`Reason`, cell: ({ row }) => row.original.reason },
  { id: 'opened', header: t`Opened`, cell: ({ row }) => <When at={row.original.openedAt} /> },
  { id: 'by', header: t`Opened by`, cell: ({ row }) => row.original.openedBy },
]

export function DisputesPage({ search }: { search: DisputesSearch }) {
  const change = useChangeSearch<DisputesSearch>()
  const [result, refetch] = useQuery({
    query: DisputeListDocument,
    variables: { filter: { status: search.status }, ...pageArguments(search) },
  })
  return (
    <>
      <PageHeader title={t`Disputes`} hint={t`Of all accounts, newest first`} />
      <Group gap="xs" mb="sm">
        <FilterSelect
          label={t`Status`}
          labels={disputeStatusLabels}
          selected={search.status}
          onSelect={(status) => change({ status, after: undefined, before: undefined })}
        />
        <ViewsMenu list="disputes" />
        <ColumnsMenu list="disputes" columns={columns} />
      </Group>
      <Paper>
        <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
          {({ disputes }) =>
            disputes.nodes.length === 0 ? (
              <EmptyMessage
                icon={<IconMessageQuestion />}
                title={search.status ? t`No dispute matches` : t`No disputes yet`}
                hint={t`A bill, an item or an event can be disputed on the page of its bill.`}
              />
            ) : (
              <>
                <DataTable
                  label={t`Disputes`}
                  list="disputes"
                  columns={columns}
                  rows={disputes.nodes}
                  minWidth={860}
                  amounts={['amount']}
                />
                <Pager
                  page={disputes.pageInfo}
                  count={plural(disputes.totalCount, { one: '# dispute', other: '# disputes' })}
                />
              </>
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
