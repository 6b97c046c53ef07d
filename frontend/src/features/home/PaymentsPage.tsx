/** The payments of all accounts. */
import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { IconCash } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { PaymentListRowFragment } from '@/gql/graphql'
import { paymentStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { ListTable } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { TextLink } from '@/ui/links'
import { choices } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage } from '@/ui/States'
import { OnDate, When } from '@/ui/When'
import { billLink } from '../bills/links'
import { PaymentListDocument } from './operations.generated'
import { type PaymentsSearch, paymentFilter, paymentSorts } from './search'

type Row = PaymentListRowFragment

const filters = [
  choices('status', t`Status`, paymentStatusLabels),
  date('from', t`From date`),
  date('to', t`To date`),
]

const columns: Column<Row>[] = [
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
  {
    id: 'method',
    header: t`Method`,
    cell: ({ row }) => row.original.paymentMethod?.label ?? t`Received`,
  },
  { id: 'bill', header: t`Applied to`, cell: ({ row }) => <PaidBill payment={row.original} /> },
  {
    id: 'reference',
    header: t`Reference`,
    isExtra: true,
    cell: ({ row }) => <Text size="sm">{row.original.reference}</Text>,
  },
  {
    id: 'created',
    header: t`Recorded`,
    isExtra: true,
    cell: ({ row }) => <When at={row.original.createdAt} />,
  },
  {
    id: 'settled',
    header: t`Completed`,
    isExtra: true,
    cell: ({ row }) => row.original.settledAt && <When at={row.original.settledAt} />,
  },
]

export function PaymentsPage({ search }: { search: PaymentsSearch }) {
  const filter = paymentFilter(search)
  const [result, refetch] = useQuery({
    query: PaymentListDocument,
    variables: { filter, sort: search.sort, ...pageArguments(search) },
  })
  const some = isNarrowed(filters, search)
  return (
    <>
      <PageHeader title={t`Payments`} hint={t`Of all accounts`} />
      <ListTools
        label={t`Filter payments`}
        list="payments"
        search={search}
        filters={filters}
        sorts={paymentSorts}
        columns={columns}
        exported={{ list: 'payments', filter, sort: search.sort }}
      />
      <ListTable
        label={t`Payments`}
        list="payments"
        result={result}
        refetch={refetch}
        pageOf={({ payments }) => payments}
        columns={columns}
        minWidth={880}
        amounts={['amount']}
        count={(total) => plural(total, { one: '# payment', other: '# payments' })}
        empty={
          <EmptyMessage
            icon={<IconCash />}
            title={some ? t`No payment matches` : t`No payments yet`}
            hint={t`Payments are collected by the bill day or recorded on the account.`}
            action={some && <ClearFilters filters={filters} size="xs" />}
          />
        }
      />
    </>
  )
}

function PaidBill({ payment: { bill } }: { payment: Row }) {
  if (!bill) return t`Oldest bills`
  return (
    <TextLink {...billLink(bill.number)} ff="monospace" style={{ whiteSpace: 'nowrap' }}>
      {bill.number}
    </TextLink>
  )
}
