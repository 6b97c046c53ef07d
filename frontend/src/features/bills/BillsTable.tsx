/** A table of bills: status, period, dates and amounts. */
import { Text } from '@mantine/core'
import type { BillRowFragment } from '@/gql/graphql'
import { isNothing } from '@/lib/money'
import { formatPeriod } from '@/lib/time'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { OnDate } from '@/ui/When'
import { BilledOn } from './BilledOn'
import { billLink } from './links'

interface BillsTableProps {
  bills: BillRowFragment[]
  /** Shows the bill unit of each bill. */
  ofUnits: boolean
}

export function BillsTable({ bills, ofUnits }: BillsTableProps) {
  return (
    <DataTable
      label="Bills"
      columns={ofUnits ? columns : columns.filter((column) => column.id !== 'unit')}
      rows={bills}
      minWidth={880}
      oneLine
      amounts={['charges', 'total', 'open']}
    />
  )
}

const columns: Column<BillRowFragment>[] = [
  {
    id: 'number',
    header: 'Number',
    cell: ({ row }) => (
      <TextLink {...billLink(row.original.number)} ff="monospace">
        {row.original.number}
      </TextLink>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ row }) => <BillStatusBadge bill={row.original} /> },
  { id: 'unit', header: 'Bill unit', cell: ({ row }) => row.original.billUnit.name },
  {
    id: 'period',
    header: 'Period',
    cell: ({ row }) => formatPeriod(row.original.periodStart, row.original.periodEnd),
  },
  {
    id: 'billed',
    header: 'Billed on',
    cell: ({ row }) => <BilledOn bill={row.original} />,
  },
  {
    id: 'due',
    header: 'Due on',
    cell: ({ row }) => row.original.dueOn && <OnDate date={row.original.dueOn} />,
  },
  { id: 'charges', header: 'Charges', cell: ({ row }) => <Charges bill={row.original} /> },
  {
    id: 'total',
    header: 'Amount',
    cell: ({ row }) => <Amount of={row.original.totalDue} fw={600} />,
  },
  { id: 'open', header: 'Remaining', cell: ({ row }) => <Amount of={row.original.openAmount} /> },
]

/** The own charges, and below them the charges of accounts that it pays for. */
function Charges({ bill }: { bill: BillRowFragment }) {
  return (
    <>
      <Amount of={bill.currentCharges} />
      {!isNothing(bill.subordinateCharges.amount) && (
        <Text size="xs" c="dimmed">
          plus <Amount of={bill.subordinateCharges} /> of others
        </Text>
      )}
    </>
  )
}
