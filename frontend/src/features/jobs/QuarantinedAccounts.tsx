/** Accounts for which the bill day failed, with the step and the reason, and their retry. */
import { plural, t } from '@lingui/core/macro'
import { Button, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { QuarantinedNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { serverMessage } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { type Column, DataTable } from '@/ui/DataTable'
import { ExportLink } from '@/ui/ExportLink'
import { Panel } from '@/ui/Panel'
import { When } from '@/ui/When'
import { startJob } from './links'
import { stepLabels } from './steps'

const columns: Column<QuarantinedNodeFragment>[] = [
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.account} />,
  },
  {
    id: 'step',
    header: t`Step`,
    cell: ({ row }) => stepLabels[row.original.step] ?? row.original.step,
  },
  { id: 'reason', header: t`Reason`, cell: ({ row }) => serverMessage(row.original.reason) },
  { id: 'at', header: t`Failed at`, cell: ({ row }) => <When at={row.original.at} /> },
]

/** In the list of a run, whose accounts may have been retried by a later one. */
const columnsOfRun: Column<QuarantinedNodeFragment>[] = [
  ...columns,
  {
    id: 'retry',
    header: t({ message: 'Retry', context: 'noun' }),
    cell: ({ row }) => (row.original.awaitsRetry ? t`By the next run` : t`By a later run`),
  },
]

interface QuarantinedAccountsProps {
  accounts: { nodes: QuarantinedNodeFragment[]; totalCount: number }
  /** True for those of one run, false for all that are to be retried. */
  isOfRun?: boolean
}

export function QuarantinedAccounts({ accounts, isOfRun = false }: QuarantinedAccountsProps) {
  const { nodes, totalCount } = accounts
  const [first] = nodes
  if (!first) return null
  const more = totalCount - nodes.length
  const shown = isOfRun ? columnsOfRun : columns
  const awaitsRetry = nodes.some((node) => node.awaitsRetry)
  const isOfOneRun = nodes.every(({ jobRun }) => jobRun.id === first.jobRun.id)
  return (
    <Panel
      title={t`Quarantined`}
      hint={awaitsRetry ? t`Retried by the next run` : t`Retried by a later run`}
      actions={
        <>
          <ColumnsMenu list="quarantined" columns={shown} />
          {isOfOneRun && <ExportLink list="quarantined-accounts" jobRun={first.jobRun.id} />}
          {awaitsRetry && <Retry />}
        </>
      }
    >
      <DataTable
        label={t`Quarantined accounts`}
        list="quarantined"
        columns={shown}
        rows={nodes}
        minWidth={640}
      />
      {more > 0 && (
        <Text size="sm" c="dimmed" px="md" py="xs">
          {plural(more, { one: 'and # more account', other: 'and # more accounts' })}
        </Text>
      )}
    </Panel>
  )
}

/** A run of today also does what is left of earlier dates (rules 6.5). */
function Retry() {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} aria-hidden />}
      onClick={() => open(startJob('BILL_DAY'))}
    >
      {t`Retry now…`}
    </Button>
  )
}
