/** The disputes of all accounts. */
import { plural, t } from '@lingui/core/macro'
import { Button, VisuallyHidden } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import type { DisputeListRowFragment } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { disputeStatusLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { DisputeStatusBadge } from '@/ui/Badges'
import { BillLink } from '@/ui/BillLink'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { ListScreen } from '@/ui/ListScreen'
import { choices } from '@/ui/listFilters'
import { When } from '@/ui/When'
import { settleDispute } from './links'
import { DisputeListDocument } from './operations.generated'
import { type DisputesSearch, disputeFilter, disputeSorts } from './search'

type Row = DisputeListRowFragment

const filters = [
  choices('status', t`Status`, disputeStatusLabels),
  date('from', t`From date`, 'past'),
  date('to', t`To date`, 'past'),
]

const hint = t`A bill, an item or an event can be disputed on the page of its bill.`

const columns: Column<Row>[] = [
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.account} />,
  },
  {
    id: 'bill',
    header: t`Bill`,
    cell: ({ row }) => <BillLink number={row.original.bill.number} />,
  },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <DisputeStatusBadge status={row.original.status} />,
  },
  { id: 'amount', header: t`Disputed`, cell: ({ row }) => <Amount of={row.original.amount} /> },
  { id: 'reason', header: t`Reason`, isText: true, cell: ({ row }) => row.original.reason },
  { id: 'opened', header: t`Opened`, cell: ({ row }) => <When at={row.original.openedAt} /> },
  { id: 'by', header: t`Opened by`, cell: ({ row }) => withLineBreaks(row.original.openedBy) },
  {
    id: 'granted',
    header: t`Credited`,
    isExtra: true,
    cell: ({ row }) => row.original.granted && <Amount of={row.original.granted} orNothing />,
  },
  {
    id: 'settled',
    header: t`Settled`,
    isExtra: true,
    cell: ({ row }) => row.original.settledAt && <When at={row.original.settledAt} />,
  },
  {
    id: 'settledBy',
    header: t`Settled by`,
    isExtra: true,
    cell: ({ row }) => row.original.settledBy,
  },
  { id: 'note', header: t`Note`, isExtra: true, cell: ({ row }) => row.original.note },
]

const settling: Column<Row> = {
  id: 'settle',
  header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
  isPinned: true,
  cell: ({ row }) => row.original.status === 'OPEN' && <Settle dispute={row.original} />,
}

export function DisputesPage({ search }: { search: DisputesSearch }) {
  const { timeZone } = useBusiness()
  const shown = useMay('MANAGER') ? [...columns, settling] : columns
  const filter = disputeFilter(search, timeZone)
  return (
    <ListScreen
      title={t`Disputes`}
      hint={t`Of all accounts`}
      list="disputes"
      toolsLabel={t`Filter disputes`}
      search={search}
      filters={filters}
      sorts={disputeSorts}
      exported={{ list: 'disputes', filter, sort: search.sort }}
      query={DisputeListDocument}
      variables={{ filter, sort: search.sort, ...pageArguments(search) }}
      pageOf={({ disputes }) => disputes}
      columns={shown}
      minWidth={860}
      amounts={['amount', 'granted']}
      count={(total) => plural(total, { one: '# dispute', other: '# disputes' })}
      empty={{ icon: <IconMessageQuestion />, title: t`No disputes yet`, hint }}
      noMatch={{ title: t`No dispute matches`, hint }}
    />
  )
}

function Settle({ dispute }: { dispute: Row }) {
  const open = useOpenDialog()
  const { number } = dispute.bill
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      aria-label={t`Settle: bill ${number}`}
      onClick={() => open(settleDispute(dispute.id))}
    >
      {t`Settle`}
    </Button>
  )
}
