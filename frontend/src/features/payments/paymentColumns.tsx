/** The columns of the table of payments. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { PaymentNodeFragment } from '@/gql/graphql'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import { BillLink } from '@/ui/BillLink'
import type { Column } from '@/ui/DataTable'
import { Outcome, paidBy } from '@/ui/Outcome'
import { OnDate } from '@/ui/When'

export const paymentColumns: Column<PaymentNodeFragment>[] = [
  { id: 'date', header: t`Date`, cell: ({ row }) => <OnDate date={row.original.businessDate} /> },
  {
    id: 'amount',
    header: t`Amount`,
    stacked: 'aside',
    cell: ({ row }) => <Amount of={row.original.amount} fw={500} />,
  },
  {
    id: 'status',
    header: t`Status`,
    cell: ({ row }) => <PaymentStatusBadge status={row.original.status} />,
  },
  {
    id: 'outcome',
    header: t`Result`,
    cell: ({ row }) => <Outcome payment={row.original} />,
  },
  {
    id: 'method',
    header: t`Method`,
    cell: ({ row }) => paidBy(row.original),
  },
  {
    id: 'bill',
    header: t`Applied to`,
    cell: ({ row }) => <PaidBill payment={row.original} />,
  },
  {
    id: 'reference',
    header: t`Reference`,
    cell: ({ row }) => <Reference text={row.original.reference} />,
  },
]

function PaidBill({ payment: { bill } }: { payment: PaymentNodeFragment }) {
  return bill ? <BillLink number={bill.number} /> : t`Oldest bills`
}

function Reference({ text }: { text: string | null | undefined }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {text ?? '–'}
    </Text>
  )
}
