/** The bills of all accounts. */
import { plural, t } from '@lingui/core/macro'
import { IconFileInvoice } from '@tabler/icons-react'
import type { BillListRowFragment } from '@/gql/graphql'
import { billStatusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { ListScreen } from '@/ui/ListScreen'
import { choices, condition } from '@/ui/listFilters'
import { billAmounts, billColumns } from './billColumns'
import { BillListDocument } from './operations.generated'
import { type BillsSearch, billFilter, billSorts } from './search'

const filters = [
  choices('status', t`Status`, billStatusLabels),
  condition('overdue', t`Overdue`),
  date('from', t`Billed from`, 'past'),
  date('to', t`Billed to`, 'past'),
]

const hint = t`A bill is listed once it has a charge. The bill day finalizes it.`

const account: Column<BillListRowFragment> = {
  id: 'account',
  header: t`Account`,
  stacked: 'line',
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
  return (
    <ListScreen
      title={t`Bills`}
      hint={t`Of all accounts`}
      list="bills"
      toolsLabel={t`Filter bills`}
      search={search}
      filters={filters}
      sorts={billSorts}
      exported={{ list: 'bills', filter, sort: search.sort }}
      query={BillListDocument}
      variables={{ filter, sort: search.sort, ...pageArguments(search) }}
      pageOf={({ bills }) => bills}
      columns={columns}
      minWidth={980}
      amounts={billAmounts}
      count={(total) => plural(total, { one: '# bill', other: '# bills' })}
      empty={{ icon: <IconFileInvoice />, title: t`No bills yet`, hint }}
      noMatch={{ title: t`No bill matches`, hint }}
    />
  )
}
