/** The columns of the table of payments. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { PaymentNodeFragment } from '@/gql/graphql'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { OnDate } from '@/ui/When'
import { billLink } from '../bills/links'
import { outcomeLabels } from './outcome'

export const paymentColumns: Column<PaymentNodeFragment>[] = [
  { id: 'date', header: t`Date`, cell: ({ row }) => <OnDate date={row.original.businessDate} /> },
  {
    id: 'amount',
    header: t`Amount`,
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
    cell: ({ row }) => row.original.paymentMethod?.label ?? t`Received`,
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
  if (!bill) return t`Oldest bills`
  return (
    <TextLink {...billLink(bill.number)} ff="monospace" style={{ whiteSpace: 'nowrap' }}>
      {bill.number}
    </TextLink>
  )
}

function Outcome({ payment }: { payment: PaymentNodeFragment }) {
  const failed = payment.status === 'FAILED'
  return (
    <Text size="sm" c={failed ? 'var(--mantine-color-error)' : undefined}>
      {outcomeLabels(payment)}
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
