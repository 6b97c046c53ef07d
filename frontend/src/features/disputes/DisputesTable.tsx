/** Disputes with their reasons and results. Managers can settle open disputes here. */
import { t } from '@lingui/core/macro'
import { Box, Button, Group, Text, VisuallyHidden } from '@mantine/core'
import type { DisputeRowFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { formatMoney } from '@/lib/money'
import { Amount } from '@/ui/Amount'
import { DisputeStatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { billItemLink, billLink } from '../bills/links'
import { settleDispute } from './links'
import { subjectName, subjectTitle } from './subject'

export function DisputesTable({ disputes }: { disputes: DisputeRowFragment[] }) {
  const may = useMay('MANAGER')
  const settle = may && disputes.some((dispute) => dispute.status === 'OPEN')
  return (
    <DataTable
      label={t`Disputes`}
      columns={settle ? [...columns, settling] : columns}
      rows={disputes}
      minWidth={760}
      amounts={['amount']}
    />
  )
}

const columns: Column<DisputeRowFragment>[] = [
  {
    id: 'status',
    header: t`Status`,
    cell: ({ row }) => <DisputeStatusBadge status={row.original.status} />,
  },
  {
    id: 'what',
    header: t`Subject and reason`,
    isText: true,
    cell: ({ row }) => <What dispute={row.original} />,
  },
  {
    id: 'amount',
    header: t`Disputed`,
    stacked: 'aside',
    cell: ({ row }) => <Amount of={row.original.amount} />,
  },
  {
    id: 'opened',
    header: t`Opened`,
    cell: ({ row }) => <Step at={row.original.openedAt} by={row.original.openedBy} />,
  },
  { id: 'settled', header: t`Settled`, cell: ({ row }) => <Settled dispute={row.original} /> },
]

const settling: Column<DisputeRowFragment> = {
  id: 'settle',
  header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
  cell: ({ row }) => row.original.status === 'OPEN' && <Settle dispute={row.original} />,
}

function What({ dispute }: { dispute: DisputeRowFragment }) {
  const { bill, item } = dispute
  const { number } = bill
  const link = item ? billItemLink(number, item.id) : billLink(number)
  return (
    <>
      <TextLink {...link}>{subjectTitle(dispute)}</TextLink>
      <Text size="xs">{dispute.reason}</Text>
      {item && (
        <Text size="xs" c="dimmed">
          {t`Bill ${number}`}
        </Text>
      )}
    </>
  )
}

function Step({ at, by }: { at: string; by: string }) {
  return (
    <Box>
      <When at={at} />
      <Text size="xs" c="dimmed">
        {t`by ${by}`}
      </Text>
    </Box>
  )
}

function Settled({ dispute }: { dispute: DisputeRowFragment }) {
  if (!dispute.settledAt) return null
  const { granted } = dispute
  const credit = granted && formatMoney(granted.amount, granted.currency)
  return (
    <>
      <Step at={dispute.settledAt} by={dispute.settledBy ?? ''} />
      {dispute.status !== 'DENIED' && credit && <Text size="xs">{t`Credited ${credit}`}</Text>}
      {dispute.note && <Text size="xs">{dispute.note}</Text>}
    </>
  )
}

function Settle({ dispute }: { dispute: DisputeRowFragment }) {
  const name = subjectName(dispute)
  const open = useOpenDialog()
  return (
    <Group justify="flex-end">
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={t`Settle: ${name}`}
        onClick={() => open(settleDispute(dispute.id))}
      >
        {t`Settle`}
      </Button>
    </Group>
  )
}
