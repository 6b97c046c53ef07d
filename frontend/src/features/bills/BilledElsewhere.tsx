/** The items of an account that are on the bills of its payers (rules 6.7). */
import { Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { BilledElsewhereQuery, ItemElsewhereFragment } from '@/gql/graphql'
import { countLabel } from '@/lib/labels'
import { formatPeriod } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, LoadError } from '@/ui/States'
import { billItemLink, billLink, billsLink } from './links'
import { BilledElsewhereDocument } from './operations.generated'

type Account = NonNullable<BilledElsewhereQuery['account']>
type Unit = Account['billUnits'][number]

export function BilledElsewhere({ number }: { number: string }) {
  const [{ data, error }, refetch] = useQuery({
    query: BilledElsewhereDocument,
    variables: { number },
  })
  if (error)
    return <LoadError error={error} retry={() => refetch({ requestPolicy: 'network-only' })} />
  const account = data?.account
  return account?.billUnits.map((unit) => (
    <PaidByAnother key={unit.id} unit={unit} of={account.id} />
  ))
}

function PaidByAnother({ unit, of }: { unit: Unit; of: string }) {
  const items = unit.items.nodes.filter((item) => item.bill.account.id !== of)
  const payer = unit.payingParent?.account
  if (!payer && items.length === 0) return null
  const more = payer ? unit.items.totalCount - unit.items.nodes.length : 0
  return (
    <Panel
      title={`Billed to other accounts: ${unit.name}`}
      hint={payer && <PaidBy payer={payer} />}
    >
      {items.length === 0 ? (
        <EmptyMessage
          title="No charges yet"
          hint="Charges of this bill unit appear on the bill of its payer."
        />
      ) : (
        <DataTable
          label={`Charges of ${unit.name} billed to other accounts`}
          columns={columns}
          rows={items}
          minWidth={620}
          amounts={['due']}
        />
      )}
      {more > 0 && (
        <Text size="sm" c="dimmed" px="md" py="xs">
          and {countLabel(more, 'earlier item')} on bills of previous payers
        </Text>
      )}
    </Panel>
  )
}

function PaidBy({ payer }: { payer: NonNullable<Unit['payingParent']>['account'] }) {
  return (
    <>
      Billed to <TextLink {...billsLink(payer.number)}>{payer.name}</TextLink>
    </>
  )
}

const columns: Column<ItemElsewhereFragment>[] = [
  {
    id: 'name',
    header: 'Item',
    cell: ({ row }) => (
      <TextLink {...billItemLink(row.original.bill.number, row.original.id)}>
        {row.original.name}
      </TextLink>
    ),
  },
  {
    id: 'bill',
    header: 'On bill',
    cell: ({ row }) => (
      <TextLink
        {...billLink(row.original.bill.number)}
        ff="monospace"
        style={{ whiteSpace: 'nowrap' }}
      >
        {row.original.bill.number}
      </TextLink>
    ),
  },
  {
    id: 'period',
    header: 'Period',
    cell: ({ row }) => formatPeriod(row.original.bill.periodStart, row.original.bill.periodEnd),
  },
  {
    id: 'of',
    header: 'Payer',
    cell: ({ row }) => <AccountLink account={row.original.bill.account} />,
  },
  { id: 'due', header: 'Due', cell: ({ row }) => <Amount of={row.original.due} /> },
]
