/** Disputes with their reasons and results. Managers can settle open disputes here. */
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
import { subjectName } from './subject'

export function DisputesTable({ disputes }: { disputes: DisputeRowFragment[] }) {
  const may = useMay('MANAGER')
  const settle = may && disputes.some((dispute) => dispute.status === 'OPEN')
  return (
    <DataTable
      label="Disputes"
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
    header: 'Status',
    cell: ({ row }) => <DisputeStatusBadge status={row.original.status} />,
  },
  { id: 'what', header: 'Subject and reason', cell: ({ row }) => <What dispute={row.original} /> },
  { id: 'amount', header: 'Disputed', cell: ({ row }) => <Amount of={row.original.amount} /> },
  {
    id: 'opened',
    header: 'Opened',
    cell: ({ row }) => <Step at={row.original.openedAt} by={row.original.openedBy} />,
  },
  { id: 'settled', header: 'Settled', cell: ({ row }) => <Settled dispute={row.original} /> },
]

const settling: Column<DisputeRowFragment> = {
  id: 'settle',
  header: () => <VisuallyHidden>Actions</VisuallyHidden>,
  cell: ({ row }) => row.original.status === 'OPEN' && <Settle dispute={row.original} />,
}

function What({ dispute }: { dispute: DisputeRowFragment }) {
  const { bill, item } = dispute
  const link = item ? billItemLink(bill.number, item.id) : billLink(bill.number)
  return (
    <>
      <TextLink {...link}>{capital(subjectName(dispute))}</TextLink>
      <Text size="xs">{dispute.reason}</Text>
      {item && (
        <Text size="xs" c="dimmed">
          Bill {bill.number}
        </Text>
      )}
    </>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function Step({ at, by }: { at: string; by: string }) {
  return (
    <Box>
      <When at={at} />
      <Text size="xs" c="dimmed">
        by {by}
      </Text>
    </Box>
  )
}

function Settled({ dispute }: { dispute: DisputeRowFragment }) {
  if (!dispute.settledAt) return null
  return (
    <>
      <Step at={dispute.settledAt} by={dispute.settledBy ?? ''} />
      {dispute.status !== 'DENIED' && dispute.granted && (
        <Text size="xs">
          Credited {formatMoney(dispute.granted.amount, dispute.granted.currency)}
        </Text>
      )}
      {dispute.note && <Text size="xs">{dispute.note}</Text>}
    </>
  )
}

function Settle({ dispute }: { dispute: DisputeRowFragment }) {
  const open = useOpenDialog()
  return (
    <Group justify="flex-end">
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={`Settle: ${subjectName(dispute)}`}
        onClick={() => open(settleDispute(dispute.id))}
      >
        Settle
      </Button>
    </Group>
  )
}
