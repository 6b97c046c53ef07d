/** One bill: its status, the summary of its total, and its items. */
import { t } from '@lingui/core/macro'
import { Stack } from '@mantine/core'
import { IconFileInvoice, IconFileTypePdf } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { BillPageQuery } from '@/gql/graphql'
import { amountOf, creditedOf, paidOf } from '@/lib/billAmounts'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { formatPeriod } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { BillStatusBadge } from '@/ui/Badges'
import { DownloadButton } from '@/ui/DownloadButton'
import { Fact, Facts } from '@/ui/Facts'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { NoSuchScreen, QueryResult } from '@/ui/States'
import { OnDate } from '@/ui/When'
import { accountsLink } from '../accounts/links'
import { BillBreadcrumbs } from './BillBreadcrumbs'
import { BilledOn } from './BilledOn'
import { BillItems } from './BillItems'
import classes from './BillPage.module.css'
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
            <PageHeader title={billTitle(bill.number)} actions={<Actions bill={bill} />} />
            <Stack>
              <BillFacts bill={bill} />
              <div className={classes.parts}>
                <div className={classes.summary}>
                  <TotalPanel bill={bill} made={bill.billedOn != null} />
                </div>
                <Stack>
                  <BillItems bill={bill} />
                  {children}
                </Stack>
              </div>
            </Stack>
          </>
        ) : (
          <NoSuchBill number={number} />
        )
      }
    </QueryResult>
  )
}

function billTitle(number: string): string {
  return t`Bill ${number}`
}

function Actions({ bill }: { bill: Bill }) {
  return (
    <>
      {bill.billedOn && (
        <DownloadButton
          href={`/bills/${encodeURIComponent(bill.number)}.pdf`}
          size="xs"
          leftSection={<IconFileTypePdf size={14} aria-hidden />}
        >
          PDF
        </DownloadButton>
      )}
      <MoneyButtons id={bill.id} what="bill" disputable={bill.disputable} />
    </>
  )
}

function BillFacts({ bill }: { bill: Bill }) {
  const credited = creditedOf(bill)
  return (
    <Facts>
      <Fact label={t`Status`}>
        <BillStatusBadge bill={bill} />
      </Fact>
      <Fact label={t`Account`}>
        <AccountLink account={bill.account} />
      </Fact>
      <Fact label={t`Bill unit`}>{bill.billUnit.name}</Fact>
      <Fact label={t`Period`}>{formatPeriod(bill.periodStart, bill.periodEnd)}</Fact>
      <Fact label={t`Billed on`}>
        <BilledOn bill={bill} />
      </Fact>
      <Fact label={t`Due on`}>{bill.dueOn && <OnDate date={bill.dueOn} />}</Fact>
      <Fact label={t`Amount`}>
        <Amount of={amountOf(bill)} />
      </Fact>
      {bill.billedOn && (
        <>
          {credited ? (
            <Fact label={t`Credited to the account`}>
              <Amount of={credited} />
            </Fact>
          ) : (
            <Fact label={t`Paid`}>
              <Amount of={paidOf(bill)} />
            </Fact>
          )}
          <Fact label={t`Remaining`}>
            <Amount of={bill.openAmount} />
          </Fact>
        </>
      )}
    </Facts>
  )
}

function NoSuchBill({ number }: { number: string }) {
  return (
    <NoSuchScreen
      tab={t`Bill not found · Tenure`}
      icon={<IconFileInvoice />}
      title={t`No bill ${number}`}
      hint={t`Check the number or search.`}
      action={<ButtonLink {...accountsLink}>{t`Search all accounts`}</ButtonLink>}
    />
  )
}
