/** The columns of the list of accounts. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { AccountRowFragment } from '@/gql/graphql'
import { causeLabels, rankLabels } from '@/lib/labels'
import { Amount } from '@/ui/Amount'
import { StatusBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'

type Row = AccountRowFragment

/** The ids of the columns with amounts. */
export const accountAmounts = ['balance', 'overdue']

export const accountColumns: Column<Row>[] = [
  {
    id: 'number',
    header: t`Number`,
    cell: ({ row }) => (
      <TextLink to="/accounts/$number" params={{ number: row.original.number }} ff="monospace">
        {row.original.number}
      </TextLink>
    ),
  },
  {
    id: 'name',
    header: t`Name`,
    stacked: 'line',
    cell: ({ row }) => (
      <Text size="sm" fw={500} className="name">
        {row.original.name}
      </Text>
    ),
  },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  {
    id: 'heldBy',
    header: t`Reason`,
    cell: ({ row }) =>
      [...new Set(row.original.holds.map((hold) => causeLabels[hold.cause]))].join(', '),
  },
  {
    id: 'rank',
    header: t`Rank`,
    cell: ({ row }) => row.original.rank && rankLabels[row.original.rank],
  },
  { id: 'email', header: t`E-mail`, cell: ({ row }) => row.original.email },
  { id: 'phone', header: t`Phone`, cell: ({ row }) => row.original.phone },
  {
    id: 'balance',
    header: t`Balance`,
    isExtra: true,
    cell: ({ row }) => <Amount of={row.original.balance} />,
  },
  {
    id: 'overdue',
    header: t`Overdue`,
    isExtra: true,
    cell: ({ row }) => <Amount of={row.original.overdue} orNothing />,
  },
  {
    id: 'created',
    header: t`Created`,
    cell: ({ row }) => <When at={row.original.createdAt} day />,
  },
]
