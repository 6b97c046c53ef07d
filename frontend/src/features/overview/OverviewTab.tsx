/** The state of an account at a glance; each panel leads to the tab with all of it. */
import { useQuery } from 'urql'
import type { OverviewQuery } from '@/gql/graphql'
import { QueryResult } from '@/ui/States'
import { AssetsPanel } from './AssetsPanel'
import { CustomerPanel } from './CustomerPanel'
import { DisputesPanel } from './DisputesPanel'
import { NextBillPanel } from './NextBillPanel'
import { NotesPanel } from './NotesPanel'
import classes from './Overview.module.css'
import { OverviewDocument } from './operations.generated'
import { PaymentsPanel } from './PaymentsPanel'
import { ScheduledPanel } from './ScheduledPanel'

export type OverviewAccount = NonNullable<OverviewQuery['account']>

export function OverviewTab({ number }: { number: string }) {
  const [result, refetch] = useQuery({ query: OverviewDocument, variables: { number } })
  return (
    <QueryResult
      result={result}
      retry={() => refetch({ requestPolicy: 'network-only' })}
      lines={10}
    >
      {({ account }) =>
        account && (
          <div className={classes.panels}>
            <AssetsPanel account={account} />
            <NextBillPanel account={account} />
            <ScheduledPanel account={account} />
            <DisputesPanel account={account} />
            <PaymentsPanel account={account} />
            <NotesPanel account={account} />
            <CustomerPanel account={account} />
          </div>
        )
      }
    </QueryResult>
  )
}
