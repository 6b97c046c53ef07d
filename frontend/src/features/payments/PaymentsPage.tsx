/** The payments of all accounts. */
import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { IconCash } from '@tabler/icons-react'
import type { PaymentListRowFragment } from '@/gql/graphql'
import { paymentStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import { BillLink } from '@/ui/BillLink'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { ListScreen } from '@/ui/ListScreen'
import { choices } from '@/ui/listFilters'
import { Outcome, paidBy } from '@/ui/Outcome'
import { OnDate, When } from '@/ui/When'
import { PaymentListDocument } from './operations.generated'
import { type PaymentsSearch, paymentFilter, paymentSorts } from './search'

type Row = PaymentListRowFragment

const filters = [
  choices('status', t`Status`, paymentStatusLabels),
  date('from', t`From date`, 'past'),
  date('to', t`To date`, 'past'),
]

const hint = t`Payments are collected by the bill day or recorded on the account.`

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
  {
    id: 'amount',
    header: t`Amount`,
    stacked: 'aside',
    cell: ({ row }) => <Amount of={row.original.amount} />,
  },
  {
    id: 'result',
    header: t`Result`,
    isText: true,
    cell: ({ row }) => <Outcome payment={row.original} />,
  },
  {
    id: 'method',
    header: t`Method`,
    cell: ({ row }) => paidBy(row.original),
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
  return (
    <ListScreen
      title={t`Payments`}
      hint={t`Of all accounts`}
      list="payments"
      toolsLabel={t`Filter payments`}
      search={search}
      filters={filters}
      sorts={paymentSorts}
      exported={{ list: 'payments', filter, sort: search.sort }}
      query={PaymentListDocument}
      variables={{ filter, sort: search.sort, ...pageArguments(search) }}
      pageOf={({ payments }) => payments}
      columns={columns}
      minWidth={880}
      amounts={['amount']}
      count={(total) => plural(total, { one: '# payment', other: '# payments' })}
      empty={{ icon: <IconCash />, title: t`No payments yet`, hint }}
      noMatch={{ title: t`No payment matches`, hint }}
    />
  )
}

function PaidBill({ payment: { bill } }: { payment: Row }) {
  return bill ? <BillLink number={bill.number} /> : t`Oldest bills`
}
