/** A payment in a row: when, how much, what became of it and why, by what, for which bill. */
import { Text } from '@mantine/core'
import type { PaymentNodeFragment } from '@/gql/graphql'
import { shownMoney } from '@/lib/money'
import { PaymentStatusBadge } from '@/ui/Badges'
import { BillNumber } from '@/ui/BillNumber'
import type { Column } from '@/ui/DataTable'
import { OnDate } from '@/ui/When'
import { outcomeWords } from './outcome'

export const paymentColumns: Column<PaymentNodeFragment>[] = [
  { id: 'date', header: 'Date', cell: ({ row }) => <OnDate date={row.original.businessDate} /> },
  { id: 'amount', header: 'Amount', cell: ({ row }) => <Amount payment={row.original} /> },
  { id: 'status', header: 'Status', cell: ({ row }) => <PaymentStatusBadge status={row.original.status} /> },
  { id: 'outcome', header: 'What became of it', cell: ({ row }) => <Outcome payment={row.original} /> },
  { id: 'method', header: 'By', cell: ({ row }) => row.original.paymentMethod?.label ?? 'Received' },
  {
    id: 'bill',
    header: 'For bill',
    cell: ({ row }) => (row.original.bill ? <BillNumber number={row.original.bill.number} /> : 'The oldest open ones'),
  },
  { id: 'reference', header: 'Reference', cell: ({ row }) => <Reference text={row.original.reference} /> },
]

function Amount({ payment: { amount } }: { payment: PaymentNodeFragment }) {
  return (
    <Text span inherit fw={500} style={{ whiteSpace: 'nowrap' }}>
      {shownMoney(amount.amount, amount.currency)}
    </Text>
  )
}

function Outcome({ payment }: { payment: PaymentNodeFragment }) {
  const failed = payment.status === 'FAILED'
  return (
    <Text size="sm" c={failed ? 'var(--mantine-color-error)' : undefined}>
      {outcomeWords(payment)}
    </Text>
  )
}

function Reference({ text }: { text: string | null | undefined }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {text ?? '–'}
    </Text>
  )
}
