/** The path from the root to an account, and the accounts directly below it. */
import { plural } from '@lingui/core/macro'
import { Box, Button, Group, Stack, Text } from '@mantine/core'
import { IconCornerDownRight, IconSitemap } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { HierarchyQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { rankLabels } from '@/lib/labels'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import { StatusBadge } from '@/ui/Badges'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { accountsBelowLink } from '../accounts/links'
import { changeHierarchy } from './links'
import { HierarchyDocument } from './operations.generated'

type Placed = NonNullable<HierarchyQuery['account']>
type Child = Placed['children']['nodes'][number]

export function HierarchyTab({ number, search }: { number: string; search: PageSearch }) {
  const [result, refetch] = useQuery({
    query: HierarchyDocument,
    variables: { number, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) =>
        account && (
          <Stack>
            <Panel title="Hierarchy" actions={<Change account={account} />}>
              <Path account={account} />
            </Panel>
            <Panel
              title="Accounts below"
              actions={
                account.descendantCount > 0 && (
                  <TextLink {...accountsBelowLink(account.number)}>
                    View all {account.descendantCount.toLocaleString('en')}
                  </TextLink>
                )
              }
            >
              <Children account={account} />
            </Panel>
          </Stack>
        )
      }
    </QueryResult>
  )
}

function Change({ account }: { account: Placed }) {
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  return (
    <Button size="xs" variant="default" onClick={() => open(changeHierarchy(account.id))}>
      Change hierarchy
    </Button>
  )
}

function Path({ account }: { account: Placed }) {
  if (account.ancestors.length === 0 && account.descendantCount === 0) {
    return (
      <EmptyMessage
        icon={<IconSitemap />}
        title="No hierarchy"
        hint="Use Change hierarchy to move it below another account. The payer stays the same."
      />
    )
  }
  return (
    <Box
      component="ol"
      m={0}
      px="md"
      py="sm"
      style={{ listStyle: 'none' }}
      aria-label="From the root to this account"
    >
      {[...account.ancestors.toReversed(), account].map((each, level) => (
        <Group
          key={each.id}
          component="li"
          gap={6}
          wrap="nowrap"
          pl={Math.min(level, 6) * 18}
          py={3}
        >
          {level > 0 && <IconCornerDownRight size={14} style={{ flexShrink: 0 }} aria-hidden />}
          {each.id === account.id ? (
            <Text size="sm" fw={600} aria-current="true">
              {each.name}
            </Text>
          ) : (
            <AccountLink account={each} />
          )}
          <StatusBadge status={each.status} size="sm" style={{ flexShrink: 0 }} />
        </Group>
      ))}
    </Box>
  )
}

function payersOf(child: Child): string {
  const names = child.billUnits.flatMap((unit) => unit.payingParent?.account.name ?? [])
  return names.length > 0 ? [...new Set(names)].join(', ') : 'Own account'
}

const columns: Column<Child>[] = [
  { id: 'account', header: 'Account', cell: ({ row }) => <AccountLink account={row.original} /> },
  {
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  { id: 'payer', header: 'Payer', cell: ({ row }) => payersOf(row.original) },
  {
    id: 'rank',
    header: 'Rank',
    cell: ({ row }) => row.original.rank && rankLabels[row.original.rank],
  },
]

function Children({ account }: { account: Placed }) {
  const { children } = account
  if (children.nodes.length === 0) {
    return (
      <EmptyMessage
        icon={<IconSitemap />}
        title="No accounts below"
        hint="To add one, change the hierarchy on the page of that account."
      />
    )
  }
  return (
    <>
      <DataTable label="Children" columns={columns} rows={children.nodes} minWidth={540} />
      <Pager
        page={children.pageInfo}
        count={plural(children.totalCount, { one: '# child', other: '# children' })}
      />
    </>
  )
}
