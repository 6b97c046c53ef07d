/** One item of a bill with its charges, discounts and adjustments. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Stack } from '@mantine/core'
import { IconReceipt2 } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { BillItemPageQuery } from '@/gql/graphql'
import { listCount, type PageSearch, pageArguments } from '@/lib/paging'
import { serverText } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { Fact, Facts } from '@/ui/Facts'
import { ButtonLink, TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, NoSuchScreen, PageRows, QueryResult } from '@/ui/States'
import { BillBreadcrumbs } from './BillBreadcrumbs'
import { ChargesTable } from './ChargesTable'
import { billLink } from './links'
import { MoneyButtons } from './MoneyActions'
import { BillItemPageDocument } from './operations.generated'

type Item = Extract<NonNullable<BillItemPageQuery['node']>, { __typename: 'BillItem' }>

interface BillItemPageProps {
  /** The bill number in the URL. An unbilled item may have moved to the bill of another payer. */
  number: string
  id: string
  search: PageSearch
}

export function BillItemPage({ number, id, search }: BillItemPageProps) {
  const [result, refetch] = useQuery({
    query: BillItemPageDocument,
    variables: { id, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={8}>
      {({ node }) =>
        node?.__typename === 'BillItem' ? <Found item={node} /> : <NoSuchItem number={number} />
      }
    </QueryResult>
  )
}

function Found({ item }: { item: Item }) {
  const { nodes, totalCount, pageInfo } = item.events
  const name = serverText(item.name)
  return (
    <>
      <BillBreadcrumbs account={item.bill.account} bill={item.bill.number} here={name} />
      <PageHeader
        title={name}
        actions={<MoneyButtons id={item.id} what="item" disputable={item.disputable} />}
      />
      <Stack>
        <Facts>
          <Fact label={t`Bill`}>
            <TextLink {...billLink(item.bill.number)}>{item.bill.number}</TextLink>
          </Fact>
          <Fact label={t`Charges of`}>
            <AccountLink account={item.account} />
          </Fact>
          <Fact label={t`Service`}>{item.service?.name ?? t`None (account)`}</Fact>
          <Fact label={t`Total`}>
            <Amount of={item.total} />
          </Fact>
          <Fact label={t`Adjusted`}>
            <Amount of={item.adjusted} />
          </Fact>
          <Fact label={t`Disputed`}>
            <Amount of={item.disputed} />
          </Fact>
          <Fact label={t`Net amount`}>
            <Amount of={item.due} fw={600} />
          </Fact>
        </Facts>
        <Panel title={t`Events`}>
          <PageRows
            page={item.events}
            empty={
              <EmptyMessage
                title={t`No events`}
                hint={t`The charges of this item have moved to another bill.`}
              />
            }
          >
            <ChargesTable charges={nodes} />
            <Pager
              page={pageInfo}
              count={listCount(
                totalCount,
                plural(totalCount, { one: '# event', other: '# events' }),
              )}
            />
          </PageRows>
        </Panel>
      </Stack>
    </>
  )
}

function NoSuchItem({ number }: { number: string }) {
  return (
    <NoSuchScreen
      tab={t`Item not found · Tenure`}
      icon={<IconReceipt2 />}
      title={t`This item doesn't exist`}
      hint={t`Check the address, or open the bill.`}
      action={
        <ButtonLink {...billLink(number)}>
          <Trans>Bill {number}</Trans>
        </ButtonLink>
      }
    />
  )
}
