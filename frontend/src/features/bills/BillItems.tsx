/** The items of a bill, with the account of each item that another account caused. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Text, VisuallyHidden } from '@mantine/core'
import type { BillItemRowFragment, PageFragment } from '@/gql/graphql'
import { serverText } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows } from '@/ui/States'
import { billItemLink } from './links'
import { MoneyMenu } from './MoneyActions'
import { WhyItem } from './WhyItem'

interface BillItemsProps {
  bill: {
    number: string
    account: { id: string }
    items: { nodes: BillItemRowFragment[]; totalCount: number; pageInfo: PageFragment }
  }
}

export function BillItems({ bill }: BillItemsProps) {
  const { nodes, totalCount, pageInfo } = bill.items
  return (
    <Panel title={t`Items`}>
      <PageRows
        page={bill.items}
        empty={
          <EmptyMessage
            title={t`No items`}
            hint={t`No charges in this period. The bill carries the previous balance.`}
          />
        }
      >
        <DataTable
          label={t`Items`}
          columns={columnsFor(bill)}
          rows={nodes}
          minWidth={600}
          amounts={['total', 'adjusted', 'disputed', 'due']}
        />
        <Pager page={pageInfo} count={plural(totalCount, { one: '# item', other: '# items' })} />
      </PageRows>
    </Panel>
  )
}

function columnsFor({ number, account }: BillItemsProps['bill']): Column<BillItemRowFragment>[] {
  return [
    {
      id: 'name',
      header: t`Item`,
      cell: ({ row }) => (
        <>
          <TextLink {...billItemLink(number, row.original.id)}>
            {serverText(row.original.name)}
          </TextLink>
          {row.original.account.id !== account.id && (
            <Text size="xs" component="div">
              <Trans>
                of <AccountLink account={row.original.account} />
              </Trans>
            </Text>
          )}
        </>
      ),
    },
    { id: 'total', header: t`Total`, cell: ({ row }) => <Amount of={row.original.total} /> },
    {
      id: 'adjusted',
      header: t`Adjusted`,
      cell: ({ row }) => <Amount of={row.original.adjusted} orNothing />,
    },
    {
      id: 'disputed',
      header: t`Disputed`,
      cell: ({ row }) => <Amount of={row.original.disputed} orNothing />,
    },
    {
      id: 'due',
      header: t`Net amount`,
      cell: ({ row }) => <Amount of={row.original.due} fw={600} />,
    },
    {
      id: 'actions',
      header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
      cell: ({ row }) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <WhyItem number={number} payer={account.id} item={row.original} />
          <MoneyMenu
            id={row.original.id}
            name={serverText(row.original.name)}
            disputable={row.original.disputable}
          />
        </Group>
      ),
    },
  ]
}
