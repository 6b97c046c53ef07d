/** The reasons that users choose for status changes. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Text, VisuallyHidden } from '@mantine/core'
import { IconBan, IconCircleCheck, IconList } from '@tabler/icons-react'
import type { ReasonNodeFragment } from '@/gql/graphql'
import { useOpenDialog } from '@/lib/dialog'
import { only } from '@/lib/filterValues'
import { statusVerbs } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import { ToneBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { choices } from '@/ui/listFilters'
import { RowMenu } from '@/ui/RowMenu'
import { subjectLink } from '../audit/links'
import { createReason, editReason } from './links'
import { ReasonsDocument } from './operations.generated'
import type { ReasonStatus, ReasonsSearch } from './search'

type Reason = ReasonNodeFragment

const reasonStatusLabels: Record<ReasonStatus, string> = {
  OFFERED: t`Offered`,
  RETIRED: t`Retired`,
}

const filters = [choices('status', t`Status`, reasonStatusLabels)]

export function ReasonsPage({ search }: { search: ReasonsSearch }) {
  const filter = { isRetired: only(search.status, 'RETIRED', 'OFFERED') }
  return (
    <AdminList
      title={t`Reasons`}
      hint={t`What agents choose from when they change a status`}
      list="reasons"
      toolsLabel={t`Filter reasons`}
      search={search}
      filters={filters}
      create={{ label: t`New reason`, dialog: createReason }}
      exported={{ list: 'reasons', filter }}
      query={ReasonsDocument}
      variables={{ ...filter, ...pageArguments(search) }}
      pageOf={({ reasons }) => reasons}
      columns={columns}
      minWidth={620}
      count={(total) => plural(total, { one: '# reason', other: '# reasons' })}
      empty={{
        icon: <IconList />,
        title: t`No reasons yet`,
        hint: t`Until there is one, agents choose from common ones such as Vacation.`,
      }}
      noMatch={{ title: t`No reason matches` }}
    />
  )
}

const columns: Column<Reason>[] = [
  { id: 'label', header: t`Text`, cell: ({ row }) => <Label reason={row.original} /> },
  {
    id: 'appliesTo',
    header: t`Offered for`,
    cell: ({ row }) => row.original.appliesTo.map((status) => statusVerbs[status]).join(', '),
  },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <State reason={row.original} />,
  },
  {
    id: 'menu',
    header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
    isPinned: true,
    cell: ({ row }) => <ReasonMenu reason={row.original} />,
  },
]

function Label({ reason }: { reason: Reason }) {
  return (
    <>
      <Text size="sm" fw={500}>
        {reason.label}
      </Text>
      <Text size="xs" c="dimmed" ff="monospace">
        {reason.code}
      </Text>
    </>
  )
}

function State({ reason }: { reason: Reason }) {
  return reason.isRetired ? (
    <ToneBadge tone="ended" sign={IconBan} word={reasonStatusLabels.RETIRED} />
  ) : (
    <ToneBadge tone="good" sign={IconCircleCheck} word={reasonStatusLabels.OFFERED} />
  )
}

function ReasonMenu({ reason }: { reason: Reason }) {
  const open = useOpenDialog()
  const { label: name } = reason
  return (
    <RowMenu label={t`Actions for ${name}`}>
      {({ Item, Link }) => (
        <>
          <Item onClick={() => open(editReason(reason.id))}>{t`Edit…`}</Item>
          <Link {...subjectLink(reason.code)}>{t`Changes of this reason`}</Link>
        </>
      )}
    </RowMenu>
  )
}
