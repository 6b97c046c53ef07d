/** The payment methods and the payments of an account. */
import { plural, t } from '@lingui/core/macro'
import { Button, Stack } from '@mantine/core'
import { IconCash, IconPlus } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { PaymentsQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { DataTable } from '@/ui/DataTable'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { recordPayment } from './links'
import { PaymentsDocument } from './operations.generated'
import { PaymentMethods } from './PaymentMethods'
import { paymentColumns } from './paymentColumns'

type Paying = NonNullable<PaymentsQuery['account']>

export function PaymentsTab({ number, search }: { number: string; search: PageSearch }) {
  const [result, refetch] = useQuery({
    query: PaymentsDocument,
    variables: { number, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) =>
        account && (
          <Stack>
            <PaymentMethods account={account} methods={account.paymentMethods} />
            <Payments account={account} />
          </Stack>
        )
      }
    </QueryResult>
  )
}

function Payments({ account: { id, payments } }: { account: Paying }) {
  return (
    <Panel title={t`Payments`} actions={<RecordPayment accountId={id} />}>
      <PageRows
        page={payments}
        empty={
          <EmptyMessage
            icon={<IconCash />}
            title={t`No payments yet`}
            hint={[
              t`Cards and direct debits are collected on the bill day.`,
              t`Record other payments here.`,
            ].join(' ')}
          />
        }
      >
        <DataTable
          label={t`Payments`}
          columns={paymentColumns}
          rows={payments.nodes}
          minWidth={760}
          amounts={['amount']}
        />
        <Pager
          page={payments.pageInfo}
          count={plural(payments.totalCount, { one: '# payment', other: '# payments' })}
        />
      </PageRows>
    </Panel>
  )
}

function RecordPayment({ accountId }: { accountId: string }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => open(recordPayment(accountId))}
    >
      {t`Record a payment`}
    </Button>
  )
}
