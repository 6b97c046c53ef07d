/** The bills of all accounts. */
import { plural, t } from '@lingui/core/macro'
import { IconFileInvoice } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { BillListRowFragment } from '@/gql/graphql'
import { billStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { ListTable } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { choices, condition } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage } from '@/ui/States'
import { billAmounts, billColumns } from './billColumns'
import { BillListDocument } from './operations.generated'
import { type BillsSearch, billFilter, billSorts } from './search'

const filters = [
  choices('status', t`Status`, billStatusLabels),
  condition('overdue', t`Overdue`),
  date('from', t`Billed from`),
  date('to', t`Billed to`),
]

const account: Column<BillListRowFragment> = {
  id: 'account',
  header: t`Account`,
  cell: ({ row }) => <AccountLink account={row.original.account} />,
}

const [number, ...others] = billColumns
const columns: Column<BillListRowFragment>[] = [
  ...(number ? [number] : []),
  account,
  ...others.map((column) => (column.id === 'unit' ? { ...column, isExtra: true } : column)),
]

export function BillsPage({ search }: { search: BillsSearch }) {
  const filter = billFilter(search)
  const [result, refetch] = useQuery({
    query: BillListDocument,
    variables: { filter, sort: search.sort, ...pageArguments(search) },
  })
  const some = isNarrowed(filters, search)
  return (
    <>
      <PageHeader title={t`Bills`} hint={t`Of all accounts`} />
      <ListTools
        label={t`Filter bills`}
        list="bills"
        search={search}
        filters={filters}
        sorts={billSorts}
        columns={columns}
        exported={{ list: 'bills', filter, sort: search.sort }}
      />
      <ListTable
        label={t`Bills`}
        list="bills"
        result={result}
        refetch={refetch}
        pageOf={({ bills }) => bills}
        columns={columns}
        minWidth={980}
        oneLine
        amounts={billAmounts}
        count={(total) => plural(total, { one: '# bill', other: '# bills' })}
        empty={
          <EmptyMessage
            icon={<IconFileInvoice />}
            title={some ? t`No bill matches` : t`No bills yet`}
            hint={t`A bill is listed once it has a charge. The bill day finalizes it.`}
            action={some && <ClearFilters filters={filters} size="xs" />}
          />
        }
      />
    </>
  )
}
