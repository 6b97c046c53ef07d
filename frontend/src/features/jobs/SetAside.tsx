/** The accounts that a run went on without, each with the step and the reason. */
import { Text } from '@mantine/core'
import type { AsideNodeFragment } from '@/gql/graphql'
import { counted } from '@/lib/words'
import { AccountLink } from '@/ui/AccountLink'
import { type Column, DataTable } from '@/ui/DataTable'
import { Panel } from '@/ui/Panel'
import { stepWords } from './steps'

const columns: Column<AsideNodeFragment>[] = [
  { id: 'account', header: 'Account', cell: ({ row }) => <AccountLink account={row.original.account} /> },
  { id: 'step', header: 'Step', cell: ({ row }) => stepWords[row.original.step] ?? row.original.step },
  { id: 'reason', header: 'Why', cell: ({ row }) => row.original.reason },
]

export function SetAside({ aside }: { aside: { nodes: AsideNodeFragment[]; totalCount: number } }) {
  if (aside.totalCount === 0) return null
  const more = aside.totalCount - aside.nodes.length
  return (
    <Panel title="Set aside" hint="The next run tries them again">
      <DataTable label="Accounts set aside" columns={columns} rows={aside.nodes} minWidth={560} />
      {more > 0 && (
        <Text size="sm" c="dimmed" px="md" py="xs">
          and {counted(more, 'more account')}
        </Text>
      )}
    </Panel>
  )
}
