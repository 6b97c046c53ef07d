/** The payments of all accounts, newest first. */
import { plural, t } from '@lingui/core/macro'
import { Group, Paper } from '@mantine/core'
import { IconCash } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { PaymentListRowFragment } from '@/gql/graphql'
import { paymentStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { type Column, DataTable } from '@/ui/DataTable'
import { DateField } from '@/ui/DateField'
import { FilterSelect } from '@/ui/FilterSelect'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { OnDate } from '@/ui/When'
import { PaymentListDocument } from './operations.generated'
import type { PaymentsSearch } from './search'

const columns: Column<PaymentListRowFragment>[] = [
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.account} />,
  },
  { id: 'date', header: t`Date`, cell: ({ row }) => <OnDate date={row.original.businessDate} /> },
  {
    id: 'status',
    header: t`Status`,
    cell: ({ row }) => <PaymentStatusBadge status={row.original.status} />,
  },
  { id: 'amount', header: t`Amount`, cell: ({ row }) => <Amount of={row.original.amount} /> },
  { id: 'result', header: t`Result`, cell: ({ row }) => row.original.result },
]

export function PaymentsPage({ search }: { search: PaymentsSearch }) {
  const changeSearch = useChangeSearch<PaymentsSearch>()
  const change = (changed: PaymentsSearch) =>
    changeSearch({ after: undefined, before: undefined, ...changed })
  const [result, refetch] = useQuery({
    query: PaymentListDocument,
    variables: {
      filter: { status: search.status, from: search.from },
      ...pageArguments(search),
    },
  })
  const isNarrowed = Boolean(search.status || search.from)
  return (
    <>
      <PageHeader title={t`Payments`} hint={t`Of all accounts, newest first`} />
      <Group gap="xs" mb="sm">
        <FilterSelect
          label={t`Status`}
          labels={paymentStatusLabels}
          selected={search.status}
          onSelect={(status) => change({ status })}
        />
        <DateField
          compact
          label={t`From date`}
          allowPast
          value={search.from ?? null}
          onChange={(from) => change({ from: from ?? undefined })}
        />
        <ViewsMenu list="payments" />
        <ColumnsMenu list="payments" columns={columns} />
      </Group>
      <Paper>
        <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
          {({ payments }) =>
            payments.nodes.length === 0 ? (
              <EmptyMessage
                icon={<IconCash />}
                title={isNarrowed ? t`No payment matches` : t`No payments yet`}
                hint={t`Payments are collected by the bill day or recorded on the account.`}
              />
            ) : (
              <>
                <DataTable
                  label={t`Payments`}
                  list="payments"
                  columns={columns}
                  rows={payments.nodes}
                  minWidth={720}
                  amounts={['amount']}
                />
                <Pager
                  page={payments.pageInfo}
                  count={plural(payments.totalCount, { one: '# payment', other: '# payments' })}
                />
              </>
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
