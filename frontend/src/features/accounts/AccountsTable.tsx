import { Text } from '@mantine/core'
import type { AccountsQuery } from '@/gql/graphql'
import { causeLabels, rankLabels } from '@/lib/labels'
import { StatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'

type Row = AccountsQuery['accounts']['nodes'][number]

const columns: Column<Row>[] = [
  {
    id: 'number',
    header: 'Number',
    cell: ({ row }) => (
      <TextLink to="/accounts/$number" params={{ number: row.original.number }} ff="monospace">
        {row.original.number}
      </TextLink>
    ),
  },
  {
    id: 'name',
    header: 'Name',
    cell: ({ row }) => (
      <Text size="sm" fw={500}>
        {row.original.name}
      </Text>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  {
    id: 'heldBy',
    header: 'Reason',
    cell: ({ row }) =>
      [...new Set(row.original.holds.map((hold) => causeLabels[hold.cause]))].join(', '),
  },
  {
    id: 'rank',
    header: 'Rank',
    cell: ({ row }) => row.original.rank && rankLabels[row.original.rank],
  },
  { id: 'email', header: 'E-mail', cell: ({ row }) => row.original.email },
  { id: 'phone', header: 'Phone', cell: ({ row }) => row.original.phone },
  { id: 'created', header: 'Created', cell: ({ row }) => <When at={row.original.createdAt} day /> },
]

export function AccountsTable({ accounts }: { accounts: Row[] }) {
  return <DataTable label="Accounts" columns={columns} rows={accounts} minWidth={860} oneLine />
}
