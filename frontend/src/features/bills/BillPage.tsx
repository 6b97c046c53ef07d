/** One bill: its status, the summary of its total, and its items. */
import { Button, Stack } from '@mantine/core'
import { IconFileInvoice, IconFileTypePdf } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { BillPageQuery } from '@/gql/graphql'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { formatPeriod } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { Fact, Facts } from '@/ui/Facts'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { OnDate } from '@/ui/When'
import { accountsLink } from '../accounts/links'
import { amountOf, paidOf } from './amounts'
import { BillBreadcrumbs } from './BillBreadcrumbs'
import { BilledOn } from './BilledOn'
import { BillItems } from './BillItems'
import { MoneyButtons } from './MoneyActions'
import { BillPageDocument } from './operations.generated'
import { TotalPanel } from './TotalPanel'

export type Bill = NonNullable<BillPageQuery['bill']>

interface BillPageProps {
  number: string
  search: PageSearch
  /** Further panels, for example the disputes. */
  children: ReactNode
}

export function BillPage({ number, search, children }: BillPageProps) {
  const [result, refetch] = useQuery({
    query: BillPageDocument,
    variables: { number, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={8}>
      {({ bill }) =>
        bill ? (
          <>
            <BillBreadcrumbs account={bill.account} here={bill.number} />
            <PageHeader title={`Bill ${bill.number}`} actions={<Actions bill={bill} />} />
            <Stack>
              <BillFacts bill={bill} />
              <TotalPanel bill={bill} made={bill.billedOn != null} />
              <BillItems bill={bill} />
              {children}
            </Stack>
          </>
        ) : (
          <NoSuchBill number={number} />
        )
      }
    </QueryResult>
  )
}

function Actions({ bill }: { bill: Bill }) {
  return (
    <>
      {bill.billedOn && (
        <Button
          component="a"
          href={`/bills/${encodeURIComponent(bill.number)}.pdf`}
          size="xs"
          variant="default"
          leftSection={<IconFileTypePdf size={14} aria-hidden />}
        >
          PDF
        </Button>
      )}
      <MoneyButtons id={bill.id} what="bill" disputable={bill.disputable} />
    </>
  )
}

function BillFacts({ bill }: { bill: Bill }) {
  return (
    <Facts>
      <Fact label="Status">
        <BillStatusBadge bill={bill} />
      </Fact>
      <Fact label="Account">
        <AccountLink account={bill.account} />
      </Fact>
      <Fact label="Bill unit">{bill.billUnit.name}</Fact>
      <Fact label="Period">{formatPeriod(bill.periodStart, bill.periodEnd)}</Fact>
      <Fact label="Billed on">
        <BilledOn bill={bill} />
      </Fact>
      <Fact label="Due on">{bill.dueOn && <OnDate date={bill.dueOn} />}</Fact>
      <Fact label="Amount">
        <Amount of={amountOf(bill)} />
      </Fact>
      {bill.billedOn && (
        <>
          <Fact label="Paid">
            <Amount of={paidOf(bill)} />
          </Fact>
          <Fact label="Remaining">
            <Amount of={bill.openAmount} />
          </Fact>
        </>
      )}
    </Facts>
  )
}

function NoSuchBill({ number }: { number: string }) {
  return (
    <>
      <title>Bill not found · Tenure</title>
      <EmptyMessage
        icon={<IconFileInvoice />}
        title={`No bill ${number}`}
        hint="Check the number or search."
        action={<ButtonLink {...accountsLink}>Search all accounts</ButtonLink>}
      />
    </>
  )
}
