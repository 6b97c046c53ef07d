/** The accounts that a run has quarantined, with the step and the reason. */
import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { QuarantinedNodeFragment } from '@/gql/graphql'
import { AccountLink } from '@/ui/AccountLink'
import { type Column, DataTable } from '@/ui/DataTable'
import { Panel } from '@/ui/Panel'
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
  { id: 'reason', header: t`Reason`, cell: ({ row }) => row.original.reason },
]

export function QuarantinedAccounts({
  accounts,
}: {
  accounts: { nodes: QuarantinedNodeFragment[]; totalCount: number }
}) {
  if (accounts.totalCount === 0) return null
  const more = accounts.totalCount - accounts.nodes.length
  return (
    <Panel title={t`Quarantined`} hint={t`Retried by the next run`}>
      <DataTable
        label={t`Quarantined accounts`}
        columns={columns}
        rows={accounts.nodes}
        minWidth={560}
      />
      {more > 0 && (
        <Text size="sm" c="dimmed" px="md" py="xs">
          {plural(more, { one: 'and # more account', other: 'and # more accounts' })}
        </Text>
      )}
    </Panel>
  )
}
