/** The items of an account that are on the bills of its payers (rules 6.7). */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { BilledElsewhereQuery, ItemElsewhereFragment } from '@/gql/graphql'
import { serverText } from '@/lib/serverMessage'
import { formatPeriod } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { BillLink } from '@/ui/BillLink'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, LoadError } from '@/ui/States'
import { billItemLink, billsLink } from './links'
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
  const { name } = unit
  return (
    <Panel title={t`Billed to other accounts: ${name}`} hint={payer && <PaidBy payer={payer} />}>
      {items.length === 0 ? (
        <EmptyMessage
          title={t`No charges yet`}
          hint={t`Charges of this bill unit appear on the bill of its payer.`}
        />
      ) : (
        <DataTable
          label={t`Charges of ${name} billed to other accounts`}
          columns={columns}
          rows={items}
          minWidth={620}
          amounts={['due']}
        />
      )}
      {more > 0 && (
        <Text size="sm" c="dimmed" px="md" py="xs">
          {plural(more, {
            one: 'and # earlier item on bills of previous payers',
            other: 'and # earlier items on bills of previous payers',
          })}
        </Text>
      )}
    </Panel>
  )
}

function PaidBy({
  payer: { number, name },
}: {
  payer: NonNullable<Unit['payingParent']>['account']
}) {
  return (
    <Trans>
      Billed to <TextLink {...billsLink(number)}>{name}</TextLink>
    </Trans>
  )
}

const columns: Column<ItemElsewhereFragment>[] = [
  {
    id: 'name',
    header: t`Item`,
    cell: ({ row }) => (
      <TextLink {...billItemLink(row.original.bill.number, row.original.id)}>
        {serverText(row.original.name)}
      </TextLink>
    ),
  },
  {
    id: 'bill',
    header: t`On bill`,
    cell: ({ row }) => <BillLink number={row.original.bill.number} />,
  },
  {
    id: 'period',
    header: t`Period`,
    cell: ({ row }) => formatPeriod(row.original.bill.periodStart, row.original.bill.periodEnd),
  },
  {
    id: 'of',
    header: t`Payer`,
    cell: ({ row }) => <AccountLink account={row.original.bill.account} />,
  },
  { id: 'due', header: t`Net amount`, cell: ({ row }) => <Amount of={row.original.due} /> },
]
