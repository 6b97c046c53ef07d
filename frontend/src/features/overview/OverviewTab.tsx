/** The state of an account at a glance; each panel leads to the tab with all of it. */
import { useQuery } from 'urql'
import type { OverviewQuery } from '@/gql/graphql'
import { QueryResult } from '@/ui/States'
import { AssetsPanel } from './AssetsPanel'
import { ContactsPanel } from './ContactsPanel'
import { CustomerPanel } from './CustomerPanel'
import { DisputesPanel } from './DisputesPanel'
import { NextBillPanel } from './NextBillPanel'
import { NotesPanel } from './NotesPanel'
import classes from './Overview.module.css'
import { OverviewDocument } from './operations.generated'
import { PaymentsPanel } from './PaymentsPanel'
import { ScheduledPanel } from './ScheduledPanel'
import type { OverviewSearch } from './search'

export type OverviewAccount = NonNullable<OverviewQuery['account']>

interface OverviewTabProps {
  number: string
  search: OverviewSearch
}

export function OverviewTab({ number, search }: OverviewTabProps) {
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
            <NextBillPanel account={account} search={search} />
            <ScheduledPanel account={account} />
            <DisputesPanel account={account} />
            <PaymentsPanel account={account} />
            <NotesPanel account={account} search={search} />
            <CustomerPanel account={account} />
            <ContactsPanel account={account} search={search} />
          </div>
        )
      }
    </QueryResult>
  )
}
