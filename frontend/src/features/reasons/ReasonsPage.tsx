/** The reasons that users choose for status changes. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Button, Menu, Paper, Text, VisuallyHidden } from '@mantine/core'
import { IconBan, IconCircleCheck, IconList, IconPlus } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { ReasonNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { statusVerbs } from '@/lib/labels'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { ToneBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { MenuLink } from '@/ui/MenuLink'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { RowMenu } from '@/ui/RowMenu'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { subjectLink } from '../audit/links'
import { createReason, editReason } from './links'
import { ReasonsDocument } from './operations.generated'

type Reason = ReasonNodeFragment

export function ReasonsPage({ search }: { search: PageSearch }) {
  return (
    <AdminsOnly title={t`Reasons`}>
      <Reasons search={search} />
    </AdminsOnly>
  )
}

function Reasons({ search }: { search: PageSearch }) {
  const open = useOpenDialog()
  const [result, refetch] = useQuery({
    query: ReasonsDocument,
    variables: pageArguments(search),
    pause: !useMay('ADMIN'),
  })
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createReason)}>
      {t`New reason`}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t`Reasons`}
        hint={t`What agents choose from when they change a status`}
        actions={create}
      />
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ reasons }) =>
            reasons.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`Reasons`}
                  columns={columns}
                  rows={reasons.nodes}
                  minWidth={620}
                />
                <Pager
                  page={reasons.pageInfo}
                  count={plural(reasons.totalCount, { one: '# reason', other: '# reasons' })}
                />
              </>
            ) : (
              <EmptyMessage
                icon={<IconList />}
                title={t`No reasons yet`}
                hint={t`Until there is one, agents choose from common ones such as Vacation.`}
                action={create}
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}

const columns: Column<Reason>[] = [
  { id: 'label', header: t`Text`, cell: ({ row }) => <Label reason={row.original} /> },
  {
    id: 'appliesTo',
    header: t`Offered for`,
    cell: ({ row }) => row.original.appliesTo.map((status) => statusVerbs[status]).join(', '),
  },
  { id: 'status', header: t`Status`, cell: ({ row }) => <State reason={row.original} /> },
  {
    id: 'menu',
    header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
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
    <ToneBadge tone="ended" sign={IconBan} word={t`Retired`} />
  ) : (
    <ToneBadge tone="good" sign={IconCircleCheck} word={t`Offered`} />
  )
}

function ReasonMenu({ reason }: { reason: Reason }) {
  const open = useOpenDialog()
  return (
    <RowMenu of={reason.label}>
      <Menu.Item onClick={() => open(editReason(reason.id))}>{t`Edit…`}</Menu.Item>
      <MenuLink {...subjectLink(reason.code)}>{t`Changes of this reason`}</MenuLink>
    </RowMenu>
  )
}
