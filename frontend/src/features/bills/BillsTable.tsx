/** A table of bills: status, period, dates, its amount and what remains of it. */
import { t } from '@lingui/core/macro'
import type { BillRowFragment } from '@/gql/graphql'
import { DataTable } from '@/ui/DataTable'
import { billAmounts, billColumns } from './billColumns'

interface BillsTableProps {
  bills: BillRowFragment[]
  /** Shows the bill unit of each bill. */
  ofUnits: boolean
}

export function BillsTable({ bills, ofUnits }: BillsTableProps) {
  return (
    <DataTable
      label={t`Bills`}
      columns={ofUnits ? billColumns : billColumns.filter((column) => column.id !== 'unit')}
      rows={bills}
      minWidth={880}
      amounts={billAmounts}
    />
  )
}
