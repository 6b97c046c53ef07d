import type { BillRowFragment } from '@/gql/graphql'
import { isZero } from '@/lib/money'
import { shownPeriod } from '@/lib/time'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { OnDate } from '@/ui/When'
import { billLink } from './links'

interface BillsTableProps {
  bills: BillRowFragment[]
  /** Says of which bill unit each is. */
  ofUnits: boolean
}

export function BillsTable({ bills, ofUnits }: BillsTableProps) {
  const ofOthers = bills.some((bill) => !isZero(bill.subordinateCharges.amount))
  const hidden = new Set([!ofUnits && 'unit', !ofOthers && 'others'])
  return (
    <DataTable
      label="Bills"
      columns={columns.filter((column) => !hidden.has(column.id ?? ''))}
      rows={bills}
      minWidth={860}
      oneLine
      amounts={['charges', 'others', 'total', 'open']}
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
    cell: ({ row }) => shownPeriod(row.original.periodStart, row.original.periodEnd),
  },
  {
    id: 'billed',
    header: 'Billed on',
    cell: ({ row }) => (row.original.billedOn ? <OnDate date={row.original.billedOn} /> : 'Collects charges'),
  },
  { id: 'due', header: 'Due on', cell: ({ row }) => row.original.dueOn && <OnDate date={row.original.dueOn} /> },
  { id: 'charges', header: 'Charges', cell: ({ row }) => <Amount of={row.original.currentCharges} /> },
  { id: 'others', header: 'Of others', cell: ({ row }) => <Amount of={row.original.subordinateCharges} /> },
  { id: 'total', header: 'Total due', cell: ({ row }) => <Amount of={row.original.totalDue} fw={600} /> },
  { id: 'open', header: 'Open', cell: ({ row }) => <Amount of={row.original.openAmount} /> },
]
