/** The columns of a list of bills. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import type { BillRowFragment } from '@/gql/graphql'
import { amountOf, paidOf } from '@/lib/billAmounts'
import { isNothing } from '@/lib/money'
import { formatPeriod } from '@/lib/time'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { BillLink } from '@/ui/BillLink'
import type { Column } from '@/ui/DataTable'
import { OnDate } from '@/ui/When'
import { BilledOn } from './BilledOn'

/** The ids of the columns with amounts. */
export const billAmounts = ['amount', 'paid', 'open']

export const billColumns: Column<BillRowFragment>[] = [
  {
    id: 'number',
    header: t`Number`,
    cell: ({ row }) => <BillLink number={row.original.number} />,
  },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <BillStatusBadge bill={row.original} />,
  },
  { id: 'unit', header: t`Bill unit`, cell: ({ row }) => row.original.billUnit.name },
  {
    id: 'period',
    header: t`Period`,
    cell: ({ row }) => formatPeriod(row.original.periodStart, row.original.periodEnd),
  },
  {
    id: 'billed',
    header: t`Billed on`,
    cell: ({ row }) => <BilledOn bill={row.original} />,
  },
  {
    id: 'due',
    header: t`Due on`,
    cell: ({ row }) => row.original.dueOn && <OnDate date={row.original.dueOn} />,
  },
  { id: 'amount', header: t`Amount`, cell: ({ row }) => <Charges bill={row.original} /> },
  {
    id: 'paid',
    header: t`Paid`,
    cell: ({ row }) => row.original.billedOn && <Amount of={paidOf(row.original)} orNothing />,
  },
  {
    id: 'open',
    header: t`Remaining`,
    cell: ({ row }) => row.original.billedOn && <Amount of={row.original.openAmount} />,
  },
]

/** All charges, and below them how much of it is of accounts that it pays for. */
function Charges({ bill }: { bill: BillRowFragment }) {
  return (
    <>
      <Amount of={amountOf(bill)} fw={600} />
      {!isNothing(bill.subordinateCharges.amount) && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
          <Trans>
            incl. <Amount of={bill.subordinateCharges} /> of others
          </Trans>
        </Text>
      )}
    </>
  )
}
