/** The bills that an account pays, its charges that others pay, and its disputes. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Skeleton, Stack } from '@mantine/core'
import { IconAdjustmentsDollar, IconFileInvoice } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { useQuery } from 'urql'
import type { AccountBillsQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { adjust } from '../disputes/links'
import { BilledElsewhere } from './BilledElsewhere'
import { BillsTable } from './BillsTable'
import { chartHeight } from './chart'
import { AccountBillsDocument } from './operations.generated'

const BillChart = lazy(() => import('./BillChart'))

type Billed = NonNullable<AccountBillsQuery['account']>

interface BillsTabProps {
  number: string
  search: PageSearch
  /** Further panels, for example the disputes. */
  children: ReactNode
}

export function BillsTab({ number, search, children }: BillsTabProps) {
  const [result, refetch] = useQuery({
    query: AccountBillsDocument,
    variables: { number, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={8}>
      {({ account }) =>
        account && (
          <Stack>
            <Bills account={account} />
            <BilledElsewhere number={number} />
            {children}
          </Stack>
        )
      }
    </QueryResult>
  )
}

function Bills({ account }: { account: Billed }) {
  const { nodes, pageInfo, totalCount } = account.bills
  return (
    <>
      {totalCount > 1 && (
        <Suspense fallback={<Skeleton height={chartHeight + 80} aria-hidden />}>
          <BillChart number={account.number} />
        </Suspense>
      )}
      <Panel title={t`Bills`} actions={<AdjustAccount id={account.id} />}>
        <PageRows
          page={account.bills}
          empty={
            <EmptyMessage
              icon={<IconFileInvoice />}
              title={t`No bills`}
              hint={
                account.billUnits.some((unit) => unit.payingParent)
                  ? t`Charges that other accounts pay are on their bills. See below.`
                  : t`The first bill appears with the first charge.`
              }
            />
          }
        >
          <BillsTable bills={nodes} ofUnits={account.billUnits.length > 1} />
          <Pager page={pageInfo} count={plural(totalCount, { one: '# bill', other: '# bills' })} />
        </PageRows>
      </Panel>
    </>
  )
}

function AdjustAccount({ id }: { id: string }) {
  const open = useOpenDialog()
  const may = useMay('MANAGER')
  if (!may) return null
  return (
    <Group justify="flex-end">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconAdjustmentsDollar size={14} aria-hidden />}
        onClick={() => open(adjust(id))}
      >
        {t`Adjust account`}
      </Button>
    </Group>
  )
}
