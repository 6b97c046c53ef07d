/** The accounts that a run has quarantined, with the step and the reason, and their retry. */
import { plural, t } from '@lingui/core/macro'
import { Button, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { QuarantinedNodeFragment, RunNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { isRunning } from '@/lib/runProgress'
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

interface QuarantinedAccountsProps {
  run: Pick<RunNodeFragment, 'id' | 'kind' | 'status'>
  accounts: { nodes: QuarantinedNodeFragment[]; totalCount: number }
}

export function QuarantinedAccounts({ run, accounts }: QuarantinedAccountsProps) {
  if (accounts.totalCount === 0) return null
  const more = accounts.totalCount - accounts.nodes.length
  return (
    <Panel
      title={t`Quarantined`}
      hint={t`Retried by the next run`}
      actions={
        <>
          <ColumnsMenu list="quarantined" columns={columns} />
          <ExportLink list="quarantined-accounts" jobRun={run.id} />
          <Retry run={run} />
        </>
      }
    >
      <DataTable
        label={t`Quarantined accounts`}
        list="quarantined"
        columns={columns}
        rows={accounts.nodes}
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
function Retry({ run }: { run: QuarantinedAccountsProps['run'] }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER') || run.kind !== 'BILL_DAY' || isRunning(run)) return null
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
