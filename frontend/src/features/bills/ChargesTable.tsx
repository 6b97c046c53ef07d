/** The events of a bill item with their calculations. */
import { t } from '@lingui/core/macro'
import { Button, Group, Text, VisuallyHidden } from '@mantine/core'
import type { ChargeRowFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { calculation } from '@/lib/calculation'
import { useOpenDialog } from '@/lib/dialog'
import { eventKindLabels } from '@/lib/labels'
import { isPositive } from '@/lib/money'
import { serverMessage } from '@/lib/serverMessage'
import { Amount } from '@/ui/Amount'
import { type Column, DataTable } from '@/ui/DataTable'
import { When } from '@/ui/When'
import { openDispute } from '../disputes/links'
import { explainCharge } from './links'

export function ChargesTable({ charges }: { charges: ChargeRowFragment[] }) {
  return (
    <DataTable
      label={t`Events`}
      columns={columns}
      rows={charges}
      minWidth={680}
      amounts={['amount']}
    />
  )
}

const columns: Column<ChargeRowFragment>[] = [
  { id: 'when', header: t`When`, cell: ({ row }) => <When at={row.original.occurredAt} /> },
  { id: 'kind', header: t`Kind`, cell: ({ row }) => eventKindLabels[row.original.kind] },
  {
    id: 'what',
    header: t`Description`,
    isText: true,
    cell: ({ row }) => <What charge={row.original} />,
  },
  {
    id: 'amount',
    header: t`Amount`,
    cell: ({ row }) => row.original.amount && <Amount of={row.original.amount} />,
  },
  {
    id: 'explain',
    header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
    cell: ({ row }) => row.original.amount && <Actions charge={row.original} />,
  },
]

function What({ charge }: { charge: ChargeRowFragment }) {
  return (
    <>
      <Text size="sm">{serverMessage(charge.description)}</Text>
      <Text size="xs" c="dimmed">
        {calculation(charge)}
      </Text>
    </>
  )
}

function Actions({ charge }: { charge: ChargeRowFragment }) {
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      <Dispute charge={charge} />
      <Explain charge={charge} />
    </Group>
  )
}

function Dispute({ charge }: { charge: ChargeRowFragment }) {
  const { description } = charge
  const open = useOpenDialog()
  const may = useMay('AGENT')
  if (!may || !charge.disputable || !isPositive(charge.disputable.amount)) return null
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      aria-label={t`Dispute: ${description}`}
      onClick={() => open(openDispute(charge.id))}
    >
      {t({ message: 'Dispute', context: 'verb' })}
    </Button>
  )
}

function Explain({ charge }: { charge: ChargeRowFragment }) {
  const { id, description } = charge
  const open = useOpenDialog()
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      aria-label={t`Details: ${description}`}
      onClick={() => open(explainCharge(id))}
    >
      {t`Details`}
    </Button>
  )
}
